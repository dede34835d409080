"""The commands, and what runs without one: the window."""
