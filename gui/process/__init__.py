"""The process: exit codes, signals, progress, the display and the program's command line."""
