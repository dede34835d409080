"""Settings and the log, stored from one start to the next."""
