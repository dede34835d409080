"""Finds the names of the columns: a header row, a comment above the numbers, or none."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, final

from engine.errors import UsageError, require
from engine.points.numbers import NumberFormat, is_missing
from engine.points.splitting import BLANKS, MAX_COLUMNS, Cells, Row, trimmed
from engine.text import counted


@final
class Table(NamedTuple):
    """The rows of a file, all with as many cells as there are names.

    Attributes
    ----------
    header : str
        "names", "numbers" for 0, 1, …, n−1 as pandas writes them, or "none".
    names : tuple of str
        One for each column, as in the file; empty without a header.
    """

    header: str
    names: tuple[str, ...]
    rows: list[Row]
    notes: tuple[str, ...]

    def column(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row.cells[place] for row in self.rows]


def find_header(cells: Cells, numbers: NumberFormat) -> Table:
    """Return the rows below the header, and the names in it.

    Raises
    ------
    UsageError
        If a line has another number of cells than the others, or no line is a point.
    """
    rows = cells.rows
    sklearn = _sizes_and_classes(rows, numbers)
    if sklearn:
        return sklearn
    first = rows[0]
    columns = _columns(rows)
    # R's write.table names the columns, but not the first, which holds the names of the rows.
    if len(rows) > 1 and len(first.cells) == columns - 1 and first.cells[-1]:
        first = Row(first.line, ("", *first.cells))
        rows = [first, *rows[1:]]
    rows = [_fitted(row, columns, rows[0].line) for row in rows]
    require(columns <= MAX_COLUMNS, f"{columns:,} columns; at most {MAX_COLUMNS:,} are read")
    kind = _kind(rows, numbers)
    if kind != "none":
        require(len(rows) > 1, "has a header but no points below it")
        return Table(kind, rows[0].cells, rows[1:], ())
    names = _words_of_comment(cells, columns, numbers)
    if names:
        note = "The names of the columns are from the comment above the numbers."
        return Table("names", names, rows, (note,))
    return Table("none", (), rows, ())


def _columns(rows: Sequence[Row]) -> int:
    """Return the number of columns that most lines have, without empty cells at their ends."""
    lengths = Counter(len(trimmed(row.cells)) for row in rows[1:] or rows)
    common = max(lengths.items(), key=lambda item: (item[1], item[0]))[0]
    return max(common, len(trimmed(rows[0].cells)))


def _fitted(row: Row, columns: int, first_line: int) -> Row:
    cells = row.cells if len(row.cells) <= columns else trimmed(row.cells)
    if len(row.cells) < columns or len(cells) > columns:
        raise UsageError(
            f"line {row.line}: expected {counted(columns, 'column')} as in line {first_line}, "
            f"got {len(row.cells)}"
        )
    return Row(row.line, (*cells, *[""] * (columns - len(cells))))


def _kind(rows: Sequence[Row], numbers: NumberFormat) -> str:
    first, later = rows[0].cells, [row.cells for row in rows[1:]]
    values = [numbers.parse(cell) for cell in first]
    if not any(
        value is None and not is_missing(cell) for value, cell in zip(values, first, strict=False)
    ):
        return _kind_of_numbers(first, later, numbers)
    if all(value is None for value in values):
        numeric = [
            any(numbers.parse(cells[place]) is not None for cells in later[:50])
            for place in range(len(first))
        ]
        return "names" if any(numeric) or not later else "none"
    return (
        "names"
        if any(
            value is None and not is_missing(cell) and _are_numbers(later, place, numbers)
            for place, (cell, value) in enumerate(zip(first, values, strict=False))
        )
        else "none"
    )


def _kind_of_numbers(
    first: Sequence[str], later: Sequence[tuple[str, ...]], numbers: NumberFormat
) -> str:
    """Return whether a row of numbers is 0, 1, …, n−1, as pandas names the columns of an array."""
    start = 1 if not first[0] else 0
    if [*first[start:]] != [str(number) for number in range(len(first) - start)] or not later:
        return "none"
    if start:
        counting = [cells[0] for cells in later]
        return "numbers" if counting == [str(n) for n in range(len(later))] else "none"
    found = (numbers.parse(cell) for cells in later for cell in cells)
    return "numbers" if any(v is None or v != round(v) for v in found if v != _INF) else "none"


_INF = float("inf")


def _are_numbers(rows: Sequence[tuple[str, ...]], place: int, numbers: NumberFormat) -> bool:
    cells = [cells[place] for cells in rows if not is_missing(cells[place])]
    return bool(cells) and all(numbers.parse(cell) is not None for cell in cells)


def _words_of_comment(cells: Cells, columns: int, numbers: NumberFormat) -> tuple[str, ...] | None:
    mark = None if cells.separator == BLANKS else cells.separator
    for words in (cells.comment.split(mark), cells.comment.split()):
        names = tuple(word.strip().strip('"') for word in words)
        if len(names) == columns and all(name and numbers.parse(name) is None for name in names):
            return names
    return None


def _sizes_and_classes(rows: Sequence[Row], numbers: NumberFormat) -> Table | None:
    """Return the table of a file that begins as scikit-learn's do: 150,4,setosa,versicolor,…"""
    first, later = rows[0].cells, rows[1:]
    if len(first) < 4 or not later or not all(re.fullmatch("[0-9]+", c) for c in first[:2]):
        return None
    columns, labels = int(first[1]) + 1, first[2:]
    if int(first[0]) != len(later) or any(len(row.cells) != columns for row in later):
        return None
    if any(numbers.parse(label) is not None for label in labels):
        return None
    note = "The first line gives the sizes and the names of the classes, as in scikit-learn."
    named = []
    for row in later:
        number = numbers.parse(row.cells[-1])
        if number is None or number not in range(len(labels)):
            return None
        named.append(Row(row.line, (*row.cells[:-1], labels[int(number)])))
    return Table("none", (), named, (note,))
