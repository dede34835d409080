"""Splits the text of a table into cells, and finds the separator that its lines agree on."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, final

from engine.errors import UsageError, one_line, require
from engine.points.numbers import is_missing, looks_numeric

BLANKS = "blanks"
SEPARATORS = (",", ";", "\t", "|", BLANKS)
"""The separators that are tried, in the order of preference."""
MAX_COLUMNS = 2_048
SAMPLE = 400
"""The number of lines from which the separator is found."""
_NO_POINTS = "has no points; write one in each line: its inputs, then its targets"
_ATTRIBUTE = re.compile(r"""\s*@attribute\s+(?:'([^']*)'|"([^"]*)"|(\S+))""", re.IGNORECASE)


class Row(NamedTuple):
    """The cells of one line, without surrounding blanks; lines are counted from 1."""

    line: int
    cells: tuple[str, ...]


@final
class Cells(NamedTuple):
    """A file split into cells, and its last comment before the numbers."""

    separator: str
    rows: list[Row]
    comment: str


def split(text: str) -> Cells:
    """Return the cells of a table. Blank lines and comments, which begin with # or %, are skipped.

    Raises
    ------
    UsageError
        If the text has no lines, a line cannot be split, or no separator splits all lines into
        the same number of columns, two or more.
    """
    every = enumerate(io.StringIO(text, newline=None), start=1)  # CRLF, CR and LF end a line
    lines = [(number, line.rstrip("\n")) for number, line in every if line.strip()]
    separator = ""
    if lines and lines[0][1].strip().strip('"').lower().startswith("sep="):
        separator = lines.pop(0)[1].strip().strip('"')[4:5] or "\t"
        require(
            separator in ",;\t| :",
            f"sep={separator}: expected a comma, a semicolon, a tab, a blank, a colon or |",
        )
    comment, body = "", []
    for number, line in lines:
        if not line.lstrip().startswith(("#", "%")):
            body.append((number, line))
        elif not body:
            comment = line.strip().lstrip("#% ")
    if body and body[0][1].lower().lstrip().startswith("@relation"):
        body = _without_arff_header(body)
    require(body, _NO_POINTS)
    separator = BLANKS if separator == " " else separator or _find_separator(body)
    rows = [Row(number, split_line(number, line, separator)) for number, line in body]
    rows = [row for row in rows if any(row.cells)]
    require(rows, _NO_POINTS)
    return Cells(separator, rows, comment)


def _without_arff_header(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the lines of Weka's ARFF with the names of the attributes as a header row."""
    names = []
    for place, (number, line) in enumerate(lines):
        if attribute := _ATTRIBUTE.match(line):
            names.append('"' + (attribute[1] or attribute[2] or attribute[3]) + '"')
        elif line.lower().lstrip().startswith("@data"):
            return [(number, ",".join(names)), *lines[place + 1 :]]
    return []


def split_line(number: int, line: str, separator: str) -> tuple[str, ...]:
    """Return the cells of a line; double quotes protect separators."""
    if separator == BLANKS:
        line, separator = line.replace("\t", " ").strip(), " "
    columns = line.count(separator) + 1
    if columns > 2 * MAX_COLUMNS:  # checked before splitting, which would take memory
        raise UsageError(f"line {number}: {columns:,} columns; at most {MAX_COLUMNS:,} are read")
    if '"' not in line:
        cells: Sequence[str] = line.split(separator) if separator != " " else line.split()
    else:
        try:
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
        except csv.Error as error:
            raise UsageError(f"line {number}: {one_line(str(error))}") from None
    return tuple(_without_quotes(cell.strip()) for cell in cells)


def _without_quotes(cell: str) -> str:
    """Return a cell without the single quotes that Weka writes around words."""
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == "'" else cell


def _find_separator(lines: Sequence[tuple[int, str]]) -> str:
    sample = lines[:SAMPLE]
    scores = {separator: _score(sample, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=scores.__getitem__)
    require(
        scores[best] != _NO_COLUMNS,
        "has 1 column; write the inputs and the target of a point in one line, separated by commas",
    )
    return best


_NO_COLUMNS = (0.0, 0.0, 0)


def _score(lines: Sequence[tuple[int, str]], separator: str) -> tuple[float, float, int]:
    """Return how well a separator fits: numbers and agreeing lines, as shares, then columns."""
    rows = [split_line(number, line, separator) for number, line in lines]
    lengths = Counter(len(trimmed(row)) for row in rows)
    columns, agreeing = max(lengths.items(), key=lambda item: (item[1], item[0]))
    columns = max(columns, Counter(map(len, rows)).most_common(1)[0][0])
    if columns < 2:
        return _NO_COLUMNS
    agreeing = sum(len(trimmed(row)) <= columns <= len(row) for row in rows)
    cells = [cell for row in rows[1:] or rows for cell in row]
    values = sum(looks_numeric(cell) or is_missing(cell) for cell in cells)
    # A word that contains another separator was probably not split.
    words = sum(
        not (looks_numeric(cell) or any(mark in cell for mark in ",;\t|")) for cell in cells
    )
    share = (values + 0.5 * words) / len(cells)
    return round(agreeing / len(rows), 3) * share, share, columns


def trimmed(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a row without empty ones at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
