"""The window, which the program opens without a command."""

import argparse

from gui.process.program import VERSION
from gui.process.signals import restore_default_signals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that the program takes without a command."""
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        nargs="?",
        help="what to open: the name of a built-in experiment, a TOML file, or a file exported by "
        "Initscope",
    )
    parser.add_argument("--version", action="store_true", help="print the version")


def run(arguments: argparse.Namespace) -> int:
    """Open the window, or print the version."""
    if arguments.version:
        print(f"Initscope {VERSION}")
        return 0
    restore_default_signals()  # before Qt is imported: an exception during its import aborts
    from gui.app import open_window

    return open_window(arguments.experiment)
