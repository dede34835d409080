"""The panels of the symmetry-breaking study."""
