"""Reads a file of points, and reports everything that was decided about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import final

from engine.errors import UsageError, require
from engine.io.text_file import read_bytes
from engine.points.classes import LARGEST, Targets, Task, make_targets, number_in
from engine.points.decoding import Decoded, decode
from engine.points.header import Table, find_header
from engine.points.numbers import NumberFormat, detect_format, is_missing
from engine.points.roles import Column, Dropped, Roles, assign_roles
from engine.points.splitting import split
from engine.text import counted

Point = tuple[float, ...]
"""The inputs of an example, then one target for each output unit."""
SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".data", ".arff")
"""How the names of files of points end."""
MAX_POINTS = 100_000
MAX_NUMBERS = 2_000_000
FAR, NARROW = 3.0, 0.1
"""Inputs are reported if a mean or deviation is above `FAR`, or a deviation is below `NARROW`."""


@final
@dataclass(frozen=True)
class Skipped:
    """A line that was not read, counted from 1, and the reason."""

    line: int
    why: str


@final
@dataclass(frozen=True)
class PointsFile:
    """The points in a file, and what was decided to read them.

    Attributes
    ----------
    encoding : str
        The standard name of the codec.
    separator : str
        A character, or "blanks".
    decimal : str
        The decimal mark.
    header : str
        "names", "numbers" or "none".
    inputs, targets : tuple of str
        The names of the columns in the file; without a header x1 …, y.
    dropped : tuple of Dropped
    classes : dict of str to int, or None
        The value of each label.
    task : str
        "binary", "classes" or "regression".
    skipped : tuple of Skipped
    notes : tuple of str
        Further decisions, each in a sentence.
    points : tuple of tuple of float
        The rows: inputs, then one target for each output unit; of classes, a 1 and zeros.
    """

    encoding: str
    separator: str
    decimal: str
    header: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    classes: dict[str, int] | None
    task: Task
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    points: tuple[Point, ...] = field(repr=False)

    @property
    def outputs(self) -> int:
        """The number of output units that the targets need."""
        return len(self.points[0]) - len(self.inputs)

    @property
    def summary(self) -> list[str]:
        """The decisions that can surprise, in short clauses."""
        clauses = [f"target {', '.join(self.targets)}"] if self.header != "none" else []
        if self.classes and self.task == "binary" and not self._is_0_and_1:
            pairs = (f"{label} → {value}" for label, value in self.classes.items())
            clauses.append(", ".join(pairs).replace("-", "−"))
        clauses += [
            f"column {each.column or 'without a name'} dropped ({each.why})"
            for each in self.dropped
        ]
        if self.skipped:
            clauses.append(f"{counted(len(self.skipped), 'incomplete row')} skipped")
        return clauses

    @property
    def _is_0_and_1(self) -> bool:
        numbers = NumberFormat(self.decimal)
        return all(numbers.parse(label) == value for label, value in (self.classes or {}).items())

    def as_dict(self) -> dict[str, object]:
        """Return the decisions, without the points, as JSON can hold them."""
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "decimal": self.decimal,
            "header": self.header,
            "inputs": list(self.inputs),
            "targets": list(self.targets),
            "dropped": [each._asdict() for each in self.dropped],
            "classes": self.classes,
            "task": self.task,
            "examples": len(self.points),
            "skipped": [{"line": each.line, "why": each.why} for each in self.skipped],
            "notes": list(self.notes),
        }


def read_points_file(
    path: str | Path,
    inputs: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
    *,
    skip_incomplete: bool = False,
) -> PointsFile:
    """Return the points in a file of text.

    Parameters
    ----------
    path : path
    inputs, targets : sequence of str, optional
        The names of the columns to use, or their numbers from 1 in a file without names.
    skip_incomplete : bool
        Skip rows with empty cells instead of refusing them.

    Raises
    ------
    UsageError
        If the file is not a table of points; the message begins with its name.
    """
    try:
        decoded = decode(read_bytes(path))
        return parse_points_file(decoded, inputs, targets, skip_incomplete=skip_incomplete)
    except UsageError as error:
        text = str(error)
        if text.startswith(str(path)):
            raise
        mark = ", " if text.startswith("line") else ": "
        raise UsageError(f"{path}{mark}{text}") from None


def parse_points_file(
    decoded: Decoded,
    inputs: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
    *,
    skip_incomplete: bool = False,
) -> PointsFile:
    """Return the points in decoded text; see `read_points_file`."""
    cells = split(decoded.text)
    numbers = detect_format(chain.from_iterable(row.cells for row in cells.rows))
    table = find_header(cells, numbers)
    _check_size(table)
    roles = assign_roles(table, numbers, inputs, targets)
    keep, skipped = _complete_rows(table, roles, skip_incomplete=skip_incomplete)
    columns = [_input_values(table, column, keep) for column in roles.inputs]
    made = _targets(table, roles, keep)
    points = tuple(
        (*row, *target) for row, target in zip(zip(*columns, strict=True), made.rows, strict=True)
    )
    return PointsFile(
        decoded.encoding,
        cells.separator,
        numbers.decimal,
        table.header,
        _names(table, roles.inputs, "x", inputs),
        _names(table, roles.targets, "y", targets),
        tuple(roles.dropped),
        made.classes,
        made.task,
        skipped,
        (*table.notes, *roles.notes, *made.notes, *_scale_notes(columns)),
        points,
    )


def _check_size(table: Table) -> None:
    columns = len(table.rows[0].cells)
    require(len(table.rows) <= MAX_POINTS, f"more than {MAX_POINTS:,} points; use fewer")
    require(
        columns * len(table.rows) <= MAX_NUMBERS,
        f"more than {MAX_NUMBERS:,} numbers; use fewer points or columns",
    )


def _complete_rows(
    table: Table, roles: Roles, *, skip_incomplete: bool
) -> tuple[list[int], tuple[Skipped, ...]]:
    """Return the numbers of the rows without a missing value, and the lines of the others."""
    columns = [*roles.inputs, *roles.targets]
    keep: list[int] = []
    skipped: list[Skipped] = []
    for number, row in enumerate(table.rows):
        empty = [column for column in columns if is_missing(column.cells[number])]
        if empty:
            name = empty[0].name or f"column {empty[0].place + 1}"
            skipped.append(Skipped(row.line, f"no value for {name}"))
        else:
            keep.append(number)
    require(keep, "every row has empty cells; fill them in, or leave out a column")
    if skipped and not skip_incomplete:
        lines = ", ".join(str(each.line) for each in skipped[:5])
        more = f" and {len(skipped) - 5:,} more" if len(skipped) > 5 else ""
        raise UsageError(
            f"line{'s' * (len(skipped) > 1)} {lines}{more}: {skipped[0].why}; "
            "complete them, or skip them with skip_incomplete"
        )
    return keep, tuple(skipped)


def _targets(table: Table, roles: Roles, keep: Sequence[int]) -> Targets:
    if not any(column.is_words for column in roles.targets):
        for column in roles.targets:
            _check_numbers(table, column, keep)
    return make_targets(roles.targets, keep)


def _input_values(table: Table, column: Column, keep: Sequence[int]) -> list[float]:
    _check_numbers(table, column, keep)
    return [number_in(column, row) for row in keep]


def _check_numbers(table: Table, column: Column, keep: Sequence[int]) -> None:
    """Raise `UsageError` with the line of the first cell that is not a usable number."""
    for row in keep:
        value = column.values[row]
        if value is None or not abs(value) <= LARGEST:
            try:
                number_in(column, row)
            except UsageError as error:
                raise UsageError(f"line {table.rows[row].line}: {error}") from None


def _names(
    table: Table, columns: Sequence[Column], letter: str, chosen: Sequence[str] | None
) -> tuple[str, ...]:
    if table.names or chosen is not None:
        return tuple(column.name for column in columns)
    if letter == "y" and len(columns) == 1:
        return ("y",)
    return tuple(f"{letter}{number}" for number in range(1, len(columns) + 1))


def _scale_notes(columns: Sequence[Sequence[float]]) -> list[str]:
    """Return a sentence if inputs are far from mean 0 and deviation 1."""
    for values in columns:
        mean = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
        if max(abs(mean), deviation) > FAR:
            effect = "they can saturate the hidden units from the start"
        elif 0.0 < deviation < NARROW:
            effect = "the units hardly distinguish the points"
        else:
            continue
        return [
            f"Inputs are far from mean 0 and deviation 1 (one has mean {mean:.3g} and deviation "
            f"{deviation:.3g}): {effect}. Standardise them."
        ]
    return []
