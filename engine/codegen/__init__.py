"""Generated code: a run as a script, and a frame as text."""
