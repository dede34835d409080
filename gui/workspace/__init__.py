"""The workspace: what the controllers of one window share."""
