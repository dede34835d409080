"""The ensemble and sweep studies: every run trained from many seeds."""
