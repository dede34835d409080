"""The table of commands, and the function that parses a command line and runs its command."""

import argparse
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import NamedTuple, NoReturn, final

from engine import UsageError
from gui.process.exit_codes import run_to_end


class Command(NamedTuple):
    """A module with `add_arguments(parser)` and `run(arguments)`, imported when it is needed."""

    module: str
    summary: str


COMMANDS = {
    "list": Command("gui.cli.list", "print the names and titles of the built-in experiments"),
    "run": Command("gui.cli.run", "train without a window, write every frame, print a summary"),
    "export": Command(
        "gui.cli.export", "render a video, an animation or pictures without a window"
    ),
    "inspect": Command(
        "gui.cli.inspect", "draw initial weights and compare them with their formula"
    ),
    "ensemble": Command(
        "gui.cli.ensemble", "train every run from many seeds, and count solved networks"
    ),
    "data": Command("gui.cli.data", "read a file of points, and print how it is understood"),
    "claims": Command("gui.cli.claims", "measure every claim about initial weights"),
}
"""What users can type; a command is added here and in its module."""
WINDOW = Command("gui.cli.window", "See why the initial weights of a neural network matter.")
"""What runs without a command."""
CHILD_COMMANDS = {"--job": Command("gui.cli.job", "write an export that the window started")}
"""What only the window runs."""


@final
class Parser(argparse.ArgumentParser):
    """A parser that reports its errors as `UsageError`."""

    def print_help(self, file: object = None) -> None:
        print(self.format_help(), end="")  # argparse would ignore a full disk

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def main(words: Sequence[str]) -> int:
    """Run the command that the words of a command line name, and return the exit code."""
    return run_to_end(partial(_run, words))


def _run(words: Sequence[str]) -> int:
    name = words[0] if words else ""
    known = {**COMMANDS, **CHILD_COMMANDS}
    prog, epilog, arguments = f"main.py {name}", None, words[1:]
    if name not in known:
        lines = [f"  {name:10}{command.summary}" for name, command in COMMANDS.items()]
        epilog = "\n".join(["commands (main.py COMMAND --help lists the arguments):", *lines])
        prog, arguments = "main.py", words
    command = known.get(name, WINDOW)
    parser = Parser(
        prog=prog,
        description=command.summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module = import_module(command.module)
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(arguments))
    return code
