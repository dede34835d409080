"""Draws mutants: `python -m tests.mutation draw --seed 20261130 --count 60`."""

import argparse
import sys

from tests.mutation.drawing import draw
from tests.mutation.mutants import write_mutants


def main(words: list[str]) -> int:
    """Do what the words say; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw the list anew")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.add_argument("--count", type=int, default=60)
    chosen = parser.parse_args(words)
    write_mutants(draw(chosen.seed, chosen.count), chosen.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
