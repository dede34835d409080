"""The panels of the logistic study."""
