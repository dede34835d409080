"""The process: exit codes, signals, the display and the command that starts the program."""
