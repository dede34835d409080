"""Turns target columns into numbers: two classes, several classes, or a regression."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from engine.errors import UsageError, require
from engine.points.roles import Column

Task = Literal["binary", "classes", "regression"]
MAX_CLASSES = 10
LARGEST = 1e12
"""The greatest absolute value of a number in an experiment."""


class Targets(NamedTuple):
    """The targets of every row, one number for each output unit.

    Attributes
    ----------
    classes : dict of str to int, or None
        The value of each label: 0 or 1, or the number of the output unit of a softmax.
    """

    task: Task
    classes: dict[str, int] | None
    rows: list[tuple[float, ...]]
    notes: list[str]


def make_targets(columns: Sequence[Column], keep: Sequence[int]) -> Targets:
    """Return the targets in columns.

    Parameters
    ----------
    columns : sequence of Column
        One or more target columns.
    keep : sequence of int
        The complete rows.

    Raises
    ------
    UsageError
        If there is one class only, or more than `MAX_CLASSES`, or a label among numbers.
    """
    if len(columns) > 1:
        return _several(columns, keep)
    column = columns[0]
    labels = [column.cells[row] for row in keep]
    if column.is_words:
        return _classes(labels, sorted({*labels}, key=_word_order), column)
    values = _numbers(column, keep)
    distinct = sorted({*values})
    require(
        len(distinct) > 1, f"{_named(column)} has the same value in every row; give two classes"
    )
    count = len(distinct)
    if count == 2 or (count <= MAX_CLASSES and distinct in (_counted(count), _counted(count, 1))):
        texts = dict(zip(reversed(values), reversed(labels), strict=False))
        return _classes([texts[v] for v in values], [texts[v] for v in distinct], column)
    return Targets("regression", None, [(value,) for value in values], [])


def _several(columns: Sequence[Column], keep: Sequence[int]) -> Targets:
    rows = list(zip(*(_numbers(column, keep) for column in columns), strict=True))
    found = {value for row in rows for value in row}
    if not found <= {0.0, 1.0}:
        return Targets("regression", None, rows, [])
    if any(sum(row) != 1.0 for row in rows):
        note = "Each target column is a class of its own: a row can belong to several."
        return Targets("binary", None, rows, [note])
    require(len(columns) <= MAX_CLASSES, f"{len(columns)} classes; at most {MAX_CLASSES} are read")
    note = "Every row has one 1 in the target columns: they are classes (one-hot)."
    return Targets("classes", {column.name: n for n, column in enumerate(columns)}, rows, [note])


def _classes(labels: Sequence[str], ordered: Sequence[str], column: Column) -> Targets:
    count = len(ordered)
    require(count > 1, f"{_named(column)} has one class only, {ordered[0]!r}; give two or more")
    require(
        count <= MAX_CLASSES,
        f"{_named(column)} has {count:,} different words; at most {MAX_CLASSES} classes are read",
    )
    classes = {label: number for number, label in enumerate(ordered)}
    if count == 2:
        return Targets("binary", classes, [(float(classes[label]),) for label in labels], [])
    rows = [tuple(float(n == classes[label]) for n in range(count)) for label in labels]
    return Targets("classes", classes, rows, [])


def _word_order(label: str) -> tuple[bool, float, str, str]:
    """Sort numbers by value, then words without regard to case."""
    try:
        return False, float(label), "", label
    except ValueError:
        return True, 0.0, label.casefold(), label


def _numbers(column: Column, keep: Sequence[int]) -> list[float]:
    return [number_in(column, row) for row in keep]


def number_in(column: Column, row: int) -> float:
    """Return the number in a cell; raise `UsageError` if it is none that can be used."""
    value, cell = column.values[row], column.cells[row][:40]
    if value is None:
        raise UsageError(f"{_named(column)}: {cell!r} is not a number")
    require(math.isfinite(value), f"{_named(column)}: {cell!r} is not a finite number")
    require(abs(value) <= LARGEST, f"{_named(column)}: {cell!r} is beyond 10¹²")
    return value


def _counted(count: int, first: int = 0) -> list[float]:
    return [float(number) for number in range(first, first + count)]


def _named(column: Column) -> str:
    return f"column {column.name[:40] or column.place + 1}"
