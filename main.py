"""Initscope: runs the command that the command line names."""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Ctrl+C during the imports, which take a moment, would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys

from gui.cli.commands import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
