"""The command `claims`: measures every claim, attacks it if asked, and prints the verdicts."""

import argparse
import json
import math
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import Any

import msgspec

from engine.claims.attack.attack import Attack
from engine.claims.catalogue import CLAIMS, measure_all
from engine.claims.claim import DIFFERS, Outcome, Verdict
from engine.claims.reports import Report, Reports, attack_all
from engine.errors import InitscopeError
from engine.io.staged_output import write_text
from engine.text import counted, finite_or_none
from gui.cli.arguments import add_json, add_progress
from gui.process.progress import Progress

SECONDS = 60.0
"""The time of an attack on all claims, unless another one is given."""
NOT_ATTACKED = Report()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `claims`."""
    parser.add_argument(
        "--attack",
        nargs="?",
        const=SECONDS,
        type=_seconds,
        metavar="SECONDS",
        help="search for experiments that contradict the claims, for a minute unless given",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, help="the seed of the experiments that are tried"
    )
    add_json(parser)
    add_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every claim with its verdict.

    Experiments that contradict a claim are printed as TOML in the JSON document, and otherwise
    written into the current folder.

    Raises
    ------
    InitscopeError
        After the output, if a claim is contradicted, could not be measured, or has a number
        outside its interval.
    """
    reports: Reports = {}
    if arguments.attack is not None:
        with Progress("attacking", math.ceil(arguments.attack), "seconds") as progress:
            reports = attack_all(
                arguments.attack, arguments.seed, lambda seconds: progress.report(int(seconds))
            )
    if arguments.progress == "json":
        if arguments.attack is None:
            _measured(as_json=True)
        for id, report in reports.items():
            print(json.dumps({"id": id, "report": msgspec.to_builtins(report)}), flush=True)
        return 0
    outcomes = _measured()
    if arguments.json:
        rows = [_row(each, reports.get(each.claim.id, NOT_ATTACKED)) for each in outcomes]
        print(json.dumps(rows, indent=2, allow_nan=False))
    else:
        print(_table(outcomes, {id: _write(id, reports[id]) for id in reports}))
        if reports:
            print(_attack_text(reports))
    _raise_differences(outcomes, reports)
    return 0


def _measured(as_json: bool = False) -> list[Outcome]:
    """Measure all claims, and print each outcome for the window as it is measured."""
    outcomes = []
    with Progress("measuring", len(CLAIMS), "claims") as progress:
        for outcome in measure_all():
            outcomes.append(outcome)
            progress.report(len(outcomes))
            if as_json:
                # What the window, which has the claims, needs of an outcome.
                measurement = {
                    "id": outcome.claim.id,
                    "measured": _numbers(outcome),
                    "problem": outcome.problem,
                }
                print(json.dumps(measurement, allow_nan=False), flush=True)
    return outcomes


def _raise_differences(outcomes: Sequence[Outcome], reports: Reports) -> None:
    different = [outcome.claim.id for outcome in outcomes if not outcome.agrees]
    contradicted = [id for id, report in reports.items() if report.contradicted]
    problems = []
    if different:
        problems.append(
            f"{len(different)} of {len(outcomes)} claims differ from their statement: "
            f"{', '.join(different)}"
        )
    if contradicted:
        problems.append(
            f"{counted(len(contradicted), 'claim')} contradicted by experiments: "
            f"{', '.join(contradicted)}"
        )
    if problems:
        raise InitscopeError("; ".join(problems))


def _row(outcome: Outcome, report: Report) -> dict[str, Any]:
    """Return an outcome as a JSON document; numbers that are not finite are null."""
    claim, attack = outcome.claim, outcome.claim.attack
    row = {
        "id": claim.id,
        "text": claim.text.value,
        "says": claim.says,
        "verdict": outcome.phrase,
        "condition": claim.condition,
        "measured": _numbers(outcome),
        "expected": {name: list(interval) for name, interval in claim.expected.items()},
        "experiments": list(claim.shown),
        "derived": claim.derived,
        "domain": attack.domain.words if isinstance(attack, Attack) else None,
        "not_attacked": None if isinstance(attack, Attack) else attack,
        "tried": report.tried,
        "contradicted": list(report.contradicted),
    }
    return {**row, "reason": outcome.problem} if outcome.problem else row


def _numbers(outcome: Outcome) -> dict[str, float | None]:
    return {name: finite_or_none(value) for name, value in outcome.measured.items()}


def _write(id: str, report: Report) -> list[Path]:
    """Write the experiments that contradict a claim into the current folder."""
    files = []
    for number, text in enumerate(report.contradicted, start=1):
        files.append(Path(f"{id}-counterexample-{number}.toml"))
        write_text(files[-1], text)
    return files


def _attack_text(reports: Reports) -> str:
    """Return the result of an attack in a sentence."""
    tried = sum(report.tried for report in reports.values())
    contradicted = sum(bool(report.contradicted) for report in reports.values())
    found = "none is" if not contradicted else f"{contradicted} are" if contradicted > 1 else "1 is"
    return f"{counted(len(reports), 'claim')} checked {tried:,} times: {found} contradicted"


def _table(outcomes: Sequence[Outcome], against: dict[str, list[Path]]) -> str:
    """Return a line for each claim, or two on a terminal, and the differences."""
    wide = not sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns
    id_width = max(len(outcome.claim.id) for outcome in outcomes)
    text_width = max(len(outcome.claim.text.value) for outcome in outcomes)
    word_width = max(len(outcome.word) for outcome in outcomes)
    lines = []
    for outcome in outcomes:
        claim = outcome.claim
        head = (
            f"{claim.id:{id_width}}  {claim.text.value:{text_width}}  {outcome.word:{word_width}}"
        )
        if wide:
            lines.append(f"{head}  {claim.says}")
        else:
            lines += [head.rstrip(), *(f"    {part}" for part in wrap(claim.says, columns - 4))]
        lines += [f"    {difference}" for difference in _differences(outcome)]
        lines += [f"    contradicted by {file}" for file in against.get(claim.id, ())]
    counts = Counter(outcome.word for outcome in outcomes)
    words = (*(verdict.value for verdict in Verdict), DIFFERS)
    verdicts = ", ".join(f"{counts[word]} {word}" for word in words if counts[word])
    return "\n".join([*lines, "", f"{counted(len(outcomes), 'claim')}: {verdicts}"])


def _differences(outcome: Outcome) -> list[str]:
    """Return a line for each number that is outside its interval."""
    if outcome.agrees:
        return []
    if outcome.problem:
        return [f"not measured: {outcome.problem}"]
    expected = outcome.claim.expected
    return [
        f"stated as: {outcome.claim.stated.value}",
        *(
            f"{name}: {value:.6g}, expected {expected[name][0]:.6g} to {expected[name][1]:.6g}"
            for name, value in outcome.outside.items()
        ),
    ]


def _seconds(text: str) -> float:
    """Return a positive number of seconds."""
    with suppress(ValueError):
        value = float(text)
        if 0.0 < value < math.inf:
            return value
    raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, got {text}")


def _seed(text: str) -> int:
    """Return a seed, which is not negative."""
    with suppress(ValueError):
        value = int(text)
        if value >= 0:
            return value
    raise argparse.ArgumentTypeError(f"expected 0 or a larger integer, got {text}")
