"""Export: frames rendered off screen and written to a file."""
