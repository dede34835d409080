"""The command claims: measure every claim, and tell what came out. It needs no Qt."""

import argparse
import json
import math
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from engine.claims.catalogue import CLAIMS, measure_all
from engine.claims.claim import DIFFERS, Outcome, Verdict
from engine.errors import InitscopeError
from engine.text import counted
from gui.cli.progress import Progress


def add_claims_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `claims` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--progress", choices=["text", "json"], default="text", help=argparse.SUPPRESS
    )


def claims(arguments: argparse.Namespace) -> int:
    """Print every claim with its verdict.

    Raises
    ------
    InitscopeError
        After all has been printed, if a claim was not measured or a number is not where it was
        expected.
    """
    outcomes = []
    with Progress("measuring claims", len(CLAIMS)) as progress:
        for outcome in measure_all():
            outcomes.append(outcome)
            progress.show(len(outcomes))
            if arguments.progress == "json":
                print(json.dumps(_brief(outcome), allow_nan=False), flush=True)
    if arguments.progress == "json":
        return 0
    if arguments.json:
        print(json.dumps([_row(outcome) for outcome in outcomes], indent=2, allow_nan=False))
    else:
        print(_table(outcomes))
    otherwise = [outcome.claim.id for outcome in outcomes if not outcome.agrees]
    if otherwise:
        raise InitscopeError(
            f"{len(otherwise)} of {len(outcomes)} claims came out otherwise than stated: "
            f"{', '.join(otherwise)}"
        )
    return 0


def _row(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON has it; a number that is not finite becomes null.

    What keeps a claim from being measured is its reason.
    """
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


def _brief(outcome: Outcome) -> dict[str, Any]:
    """Return what a window that has the claims itself needs to know."""
    return {
        "id": outcome.claim.id,
        "measured": _numbers(outcome),
        "problem": outcome.problem,
    }


def _numbers(outcome: Outcome) -> dict[str, float | None]:
    return {
        name: value if math.isfinite(value) else None for name, value in outcome.measured.items()
    }


def _table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each claim, or two on a terminal, and more on what differs."""
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
    """Return what came out otherwise than stated, in a line for each number."""
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
