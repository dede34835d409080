"""Experiments read from files, and the built-in ones."""
