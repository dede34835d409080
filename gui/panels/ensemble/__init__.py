"""The panels of the ensemble and sweep studies."""
