"""Initscope: parse the command line, and hand over."""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # While modules are loaded, which takes a moment, Python would tell of Ctrl+C by a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import NoReturn, final

from engine.errors import UsageError
from gui.process.exit_codes import die_of_signals, run_to_end

VERSION = "0.1.0"
COMMANDS = {
    "list": "the built-in experiments: name and title",
    "run": "train without a window, write every frame, print a summary of each run",
    "export": "render without a window: a video, an animation or a folder of frames",
    "inspect": "draw the first weights of a network, and check them against what is promised",
    "ensemble": "train every run from many seeds, and count how many are solved by when",
    "claims": "measure what the texts claim about first weights, and print the verdicts",
}
EPILOG = "commands (main.py COMMAND --help tells what each takes):\n" + "\n".join(
    f"  {name:8}{description}" for name, description in COMMANDS.items()
)

Handler = Callable[[argparse.Namespace], int]


@final
class Parser(argparse.ArgumentParser):
    """A parser whose errors are told like all others."""

    def print_help(self, file: object = None) -> None:
        print(self.format_help(), end="")  # argparse would pass over a full disk

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; {self.prog} --help tells more")


def main(words: Sequence[str]) -> int:
    """Do what the words of the command line ask for, and return the exit code."""
    return run_to_end(partial(_hand_over, words))


def _hand_over(words: Sequence[str]) -> int:
    command = words[0] if words and words[0] in COMMANDS else ""
    parser = Parser(
        prog=f"main.py {command}".rstrip(),
        description=COMMANDS.get(command, "See why the first weights of a neural network matter."),
        epilog=None if command else EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    handler = _prepare(parser, command)
    return handler(parser.parse_args(words[1:] if command else words))


def _prepare(parser: argparse.ArgumentParser, command: str) -> Handler:
    """Declare a command's arguments and return what carries it out; load no other command."""
    if command == "export":
        from gui.cli.export import add_export_arguments, export

        add_export_arguments(parser)
        return export
    if command == "claims":
        from gui.cli.claims import add_claims_arguments, claims

        add_claims_arguments(parser)
        return claims
    if command == "ensemble":
        from gui.cli.ensemble import add_ensemble_arguments, ensemble

        add_ensemble_arguments(parser)
        return ensemble
    if command == "inspect":
        from gui.cli.inspect import add_inspect_arguments, inspect_scheme

        add_inspect_arguments(parser)
        return inspect_scheme
    if command:
        from gui.cli.training import (
            add_list_arguments,
            add_run_arguments,
            list_experiments,
            run,
        )

        add_arguments, handler = {
            "list": (add_list_arguments, list_experiments),
            "run": (add_run_arguments, run),
        }[command]
        add_arguments(parser)
        return handler
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        nargs="?",
        help="what to open: the name of a built-in experiment, a TOML file, or a file that "
        "Initscope exported",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    return _open_window


def _open_window(arguments: argparse.Namespace) -> int:
    if arguments.version:
        print(f"Initscope {VERSION}")
        return 0
    die_of_signals()  # before Qt is imported, which would abort at an exception amid
    from gui.app import open_window

    return open_window(arguments.experiment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
