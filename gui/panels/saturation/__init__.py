"""The panels of the saturation study."""
