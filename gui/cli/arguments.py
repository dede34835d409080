"""Arguments that several commands share."""

import argparse

from engine import parse_whole


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """Add the positional argument EXPERIMENT."""
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        help="the name of a built-in experiment, a TOML file, or a file exported by Initscope",
    )


def whole(text: str) -> int:
    """Return the whole number in an argument; the `type` of one. `int` also reads ٣ and 1_000."""
    number = parse_whole(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}")
    return number


def add_progress(parser: argparse.ArgumentParser) -> None:
    """Add the hidden option `--progress`, by which other programs read the progress."""
    parser.add_argument(
        "--progress", choices=["text", "json"], default="text", help=argparse.SUPPRESS
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
