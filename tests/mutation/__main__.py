"""Command line of the mutation tests: `python -m tests.mutation run`.

`draw --seed 20261130 --count 60` replaces the list, `check` checks that it can be applied.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.mutation.drawing import draw
from tests.mutation.mutants import Mutant, read_mutants, write_mutants
from tests.mutation.probes import coverage
from tests.mutation.running import WHOLE, Log, run_combined, run_each

COVERAGE = Path(tempfile.gettempdir(), "initscope-mutants-coverage.json")


def main(words: list[str]) -> int:
    """Execute a command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw a new list of mutants")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.add_argument("--count", type=int, default=60)
    commands.add_parser("check", help="check that every mutant can be applied")
    running = commands.add_parser("run", help="run the tests against the mutants")
    running.add_argument("--only", nargs="+", metavar="ID", help="run only these mutants")
    running.add_argument("--output", type=Path, help="file of verdicts to resume and append to")
    running.add_argument(
        "--coverage",
        type=Path,
        default=COVERAGE,
        help="file of tests by mutant, created if missing (default: %(default)s)",
    )
    running.add_argument("--timeout", type=float, default=600.0, help="seconds per mutant")
    running.add_argument(
        "--combined", action="store_true", help="finally run all tests with all survivors applied"
    )
    chosen = parser.parse_args(words)
    if chosen.command == "draw":
        write_mutants(draw(chosen.seed, chosen.count), chosen.seed)
        return 0
    try:
        mutants, removed = read_mutants()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.command == "run":
        _run(mutants, chosen)
    print(f"{len(mutants)} mutants can be applied; the code of {len(removed)} was removed")
    return 0


def _run(mutants: list[Mutant], chosen: argparse.Namespace) -> None:
    if not chosen.coverage.exists():
        print("running all tests with probes", file=sys.stderr, flush=True)
        tests, failed = coverage(mutants, WHOLE * chosen.timeout)
        print(f"{len(failed)} tests failed with probes:", *failed, sep="\n", file=sys.stderr)
        chosen.coverage.write_text(json.dumps(tests, indent=1), encoding="utf-8")
    covered = json.loads(chosen.coverage.read_text(encoding="utf-8"))
    log = Log(chosen.output)
    wanted = [mutant for mutant in mutants if not chosen.only or mutant.id in chosen.only]
    run_each(wanted, covered, log, chosen.timeout)
    if chosen.combined:
        run_combined(wanted, log, chosen.timeout)
    print(log.summary())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
