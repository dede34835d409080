"""Writes points as CSV text that reads back to the same bits."""

import csv
import io
from pathlib import Path

from engine.io.staged_output import write_text
from engine.nn import Data


def format_points(data: Data) -> str:
    """Return the CSV text of examples, which reads back to the same bits."""
    inputs, outputs = len(data.X), len(data.Y)
    names = [f"x{number}" for number in range(1, inputs + 1)]
    names += ["y"] if outputs == 1 else [f"y{number}" for number in range(1, outputs + 1)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([*x, *y] for x, y in zip(data.X.T.tolist(), data.Y.T.tolist(), strict=True))
    return text.getvalue()


def write_points(path: str | Path, data: Data) -> None:
    """Write examples to a CSV file atomically; raise `InitscopeError` if that fails."""
    write_text(path, format_points(data))
