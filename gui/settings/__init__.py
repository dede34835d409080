"""Settings and the log, which are stored between sessions."""
