"""The claims browser: what the texts claim, measured, with the frame that shows it."""
