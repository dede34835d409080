"""A run as a program of its own, for those who want to see it work without Initscope."""
