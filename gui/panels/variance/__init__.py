"""The panels of the variance study."""
