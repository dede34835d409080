"""Files, copies and what is remembered."""
