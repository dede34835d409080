"""The panels of the stage, one folder for each family."""
