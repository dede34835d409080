"""The version of the program, and the command line that starts it."""

import sys
from pathlib import Path

VERSION = "0.1.0"


def program_command() -> list[str]:
    """Return the command line that runs this program; append the arguments."""
    return [sys.executable, str(Path(__file__).resolve().parents[2] / "main.py")]
