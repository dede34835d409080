"""The panels of a stage, one file for each."""
