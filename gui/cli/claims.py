"""The command `claims`: measures every claim and prints the verdicts. It needs no Qt."""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from engine import InitscopeError, counted, finite_or_none
from engine.claims.catalogue import CLAIMS, measure_all
from engine.claims.claim import DIFFERS, Outcome, Verdict
from gui.cli.arguments import add_json, add_progress
from gui.process.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `claims`."""
    add_json(parser)
    add_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every claim with its verdict.

    Raises
    ------
    InitscopeError
        After the output, if a claim could not be measured or a number is outside its interval.
    """
    outcomes = []
    with Progress("measuring", len(CLAIMS), "claims") as progress:
        for outcome in measure_all():
            outcomes.append(outcome)
            progress.report(len(outcomes))
            if arguments.progress == "json":
                # What the window, which has the claims, needs of an outcome.
                measurement = {
                    "id": outcome.claim.id,
                    "measured": _numbers(outcome),
                    "problem": outcome.problem,
                }
                print(json.dumps(measurement, allow_nan=False), flush=True)
    if arguments.progress == "json":
        return 0
    if arguments.json:
        print(json.dumps([_row(outcome) for outcome in outcomes], indent=2, allow_nan=False))
    else:
        print(_table(outcomes))
    different = [outcome.claim.id for outcome in outcomes if not outcome.agrees]
    if different:
        raise InitscopeError(
            f"{len(different)} of {len(outcomes)} claims differ from their statement: "
            f"{', '.join(different)}"
        )
    return 0


def _row(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as a JSON document; numbers that are not finite are null."""
    claim = outcome.claim
    row = {
        "id": claim.id,
        "text": claim.text.value,
        "says": claim.says,
        "verdict": outcome.phrase,
        "condition": claim.condition,
        "measured": _numbers(outcome),
        "expected": {name: list(interval) for name, interval in claim.expected.items()},
        "experiments": list(claim.shown),
    }
    return {**row, "reason": outcome.problem} if outcome.problem else row


def _numbers(outcome: Outcome) -> dict[str, float | None]:
    return {name: finite_or_none(value) for name, value in outcome.measured.items()}


def _table(outcomes: Sequence[Outcome]) -> str:
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
