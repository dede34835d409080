"""The symmetry-breaking study: one weight changed by ever smaller amounts."""
