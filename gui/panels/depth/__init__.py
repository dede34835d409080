"""The panels of the depth study."""
