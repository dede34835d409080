"""Points in CSV files: one a row, x1 … xn and its targets y, below a header row or without one."""

import csv
import io
import math
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from engine import UsageError, counted, one_line, parse_number, require
from engine.experiment.specs import MAX_EXAMPLES
from engine.io.staged_output import write_text
from engine.io.text_file import read_text
from engine.nn import MAX_WIDTH, Data

MAX_COLUMNS = 2 * MAX_WIDTH
"""The most inputs and outputs of a network."""
MAX_NUMBERS = 2_000_000
LARGEST = 1e12
"""The greatest size of a number in an experiment."""

_NAME = re.compile(r"(?P<kind>[xy])(?P<number>[0-9]{0,6})")

Point = tuple[float, ...]


class PointsTable(NamedTuple):
    """The contents of a file: the name of each column, or its number in the file, and the rows.

    In columns that were read as labels, cells that are not numbers remain text.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[float | str, ...], ...]


def read_points(path: str | Path) -> tuple[Point, ...]:
    """Return the rows of a CSV file, all of the same length, with the targets at their ends.

    Columns named x1 … xn, and y or y1 … yk, may be in any order; among other names, y may come
    first.

    The numbers are separated by commas, or by semicolons or tabs, and then a decimal comma is
    read as well.

    Raises
    ------
    UsageError
        If the file is not such a table; the message begins with its name and the line.
    """
    return parse_points(read_text(path), str(path))


def parse_points(text: str, source: str = "points") -> tuple[Point, ...]:
    """Return the rows of CSV text; `source` names it in errors (see `read_points`)."""
    return tuple(tuple(float(cell) for cell in row) for row in parse_table(text, source).rows)


def parse_table(text: str, source: str = "points", labels: int = 0) -> PointsTable:
    """Return the table in CSV text, whose last `labels` columns may contain words.

    Raises
    ------
    UsageError
        As `read_points` does; `source` names the text.
    """
    reader = _Reader(labels)
    # Line by line, so that an unclosed quote does not include the rest.
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        try:
            reader.read_line(number, line.rstrip("\n"))
        except (UsageError, csv.Error) as error:
            raise UsageError(f"{source}, line {number}: {one_line(str(error))}") from None
    require(reader.rows, f"{source}: has no points; write one a row: its inputs, then its targets")
    return PointsTable(tuple(reader.columns), tuple(reader.rows))


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


class _Reader:
    """Reads a table line by line; the first line with cells determines the columns."""

    def __init__(self, labels: int) -> None:
        self.columns: list[str] = []
        self.rows: list[tuple[float | str, ...]] = []
        self._labels = labels
        self._order: Sequence[int] = ()
        self._separator = ""
        self._first_line = 0

    def read_line(self, number: int, line: str) -> None:
        """Read one line; raise `UsageError` or `csv.Error` if it is invalid."""
        if not line.strip():
            return
        if not self._separator:
            self._separator = next((mark for mark in ";\t" if mark in line), ",")
        found = line.count(self._separator) + 1
        if found > MAX_COLUMNS:  # checked before splitting, which would take memory
            raise UsageError(f"{found:,} columns; at most {MAX_COLUMNS:,} can be read")
        cells = next(csv.reader([line], delimiter=self._separator, skipinitialspace=True))
        if not any(cell.strip() for cell in cells):
            return
        if self._first_line:
            self._add(cells)
            return
        self._first_line = number
        if any(self._number(cell) is not None for cell in cells):
            self.columns = [str(place) for place in range(1, len(cells) + 1)]
            self._order = range(len(cells))
            self._add(cells)
        else:
            self._order = _order(cells)
            self.columns = [cells[place].strip() or str(place + 1) for place in self._order]

    def _add(self, cells: Sequence[str]) -> None:
        if len(cells) != len(self.columns):
            raise UsageError(
                f"expected {counted(len(self.columns), 'column')} as in line "
                f"{self._first_line}, got {len(cells)}"
            )
        require(len(self.rows) < MAX_EXAMPLES, f"more than {MAX_EXAMPLES:,} points; use fewer")
        require(
            len(cells) * (len(self.rows) + 1) <= MAX_NUMBERS,
            f"more than {MAX_NUMBERS:,} numbers; use fewer points or columns",
        )
        self.rows.append(
            tuple(self._value(place, cells[found]) for place, found in enumerate(self._order))
        )

    def _value(self, place: int, cell: str) -> float | str:
        number = self._number(cell)
        if number is not None and math.isfinite(number) and abs(number) <= LARGEST:
            return number
        text = cell.strip()
        if number is None and text and place >= len(self.columns) - self._labels:
            return text
        if number is None:
            fault = "is not a number"
        elif not math.isfinite(number):
            fault = "is not a finite number"
        else:
            fault = "is beyond 10¹²"
        raise UsageError(f"column {self.columns[place][:40]}: {cell[:40]!r} {fault}")

    def _number(self, cell: str) -> float | None:
        """Return the number in a cell, or None."""
        return parse_number(cell if self._separator == "," else cell.replace(",", "."))


def _order(names: Sequence[str]) -> Sequence[int]:
    """Return the order of the columns: x1 … xn, then y, or y1 … yk.

    With other names among them, leading y columns move to the end and no other column moves: of
    x, y and class, y is an input.
    """
    places = range(len(names))
    keys = [_NAME.fullmatch(name.strip().lower()) for name in names]
    ours = [(key["kind"], int(key["number"] or 0)) for key in keys if key]
    if len(ours) == len(names) and max(ours)[0] == "y":
        return sorted(places, key=lambda place: ours[place])
    targets = sum(1 for _ in takewhile(lambda key: key and key["kind"] == "y", keys))
    return places if ("x", 0) in ours else (*places[targets:], *places[:targets])
