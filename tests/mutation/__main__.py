"""Draws mutants of the program, and runs the tests against them: `python -m tests.mutation run`.

`draw --seed 20261130 --count 60` draws the list anew, `check` asks whether it fits the program.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.mutation.drawing import draw
from tests.mutation.mutants import Mutant, read_mutants, write_mutants
from tests.mutation.probes import coverage
from tests.mutation.running import WHOLE, Log, run_each, run_together

COVERAGE = Path(tempfile.gettempdir(), "initscope-mutants-coverage.json")


def main(words: list[str]) -> int:
    """Do what the words say; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw the list anew")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.add_argument("--count", type=int, default=60)
    commands.add_parser("check", help="ask whether every mutant of the list can be applied")
    running = commands.add_parser("run", help="run the tests against the mutants of the list")
    running.add_argument("--only", nargs="+", metavar="ID", help="these mutants alone")
    running.add_argument("--output", type=Path, help="a file to add verdicts to, and go on from")
    running.add_argument(
        "--coverage",
        type=Path,
        default=COVERAGE,
        help="which tests run what; made where missing (default: %(default)s)",
    )
    running.add_argument("--timeout", type=float, default=600.0, help="seconds for each mutant")
    running.add_argument(
        "--together", action="store_true", help="at last, run all tests with all survivors at once"
    )
    chosen = parser.parse_args(words)
    if chosen.command == "draw":
        write_mutants(draw(chosen.seed, chosen.count), chosen.seed)
        return 0
    try:
        mutants = read_mutants()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.command == "run":
        _run(mutants, chosen)
    return 0


def _run(mutants: list[Mutant], chosen: argparse.Namespace) -> None:
    if not chosen.coverage.exists():
        print("running all tests with probes", file=sys.stderr, flush=True)
        tests, failed = coverage(mutants, WHOLE * chosen.timeout)
        print(f"{len(failed)} tests fail with probes", *failed, sep="\n", file=sys.stderr)
        chosen.coverage.write_text(json.dumps(tests, indent=1), encoding="utf-8")
    covered = json.loads(chosen.coverage.read_text(encoding="utf-8"))
    log = Log(chosen.output)
    wanted = [mutant for mutant in mutants if not chosen.only or mutant.id in chosen.only]
    run_each(wanted, covered, log, chosen.timeout)
    if chosen.together:
        run_together(wanted, log, chosen.timeout)
    print(log.summary())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
