"""Arguments that several commands share."""

import argparse


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """Add the positional argument EXPERIMENT."""
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        help="the name of a built-in experiment, a TOML file, or a file exported by Initscope",
    )


def add_progress(parser: argparse.ArgumentParser) -> None:
    """Add the hidden option `--progress`, by which other programs read the progress."""
    parser.add_argument(
        "--progress", choices=["text", "json"], default="text", help=argparse.SUPPRESS
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
