"""The panels of formulas."""
