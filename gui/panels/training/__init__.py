"""The panels that show a training."""
