"""The command that starts this program once more, for its child processes."""

import sys
from pathlib import Path


def program_command() -> list[str]:
    """Return the words of a command line that runs this program; arguments are appended."""
    return [sys.executable, str(Path(__file__).resolve().parents[2] / "main.py")]
