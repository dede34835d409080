"""Thousands of networks at once: every run of an experiment, from many seeds."""
