"""Widgets and actions that the whole window shares."""
