"""Examples from a CSV file: a header row, then one point a row, x1 … xn and its targets y."""

import csv
import math
from pathlib import Path

from engine.errors import UsageError
from engine.parts import MAX_EXAMPLES
from engine.text_file import read_text

Point = tuple[float, ...]


def read_points(path: str | Path) -> tuple[Point, ...]:
    """Return the rows of a CSV file, each as long as its header row.

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
    lines = text.replace("\r\n", "\n").split("\n")
    separator = next((mark for mark in ";\t" if mark in lines[0]), ",")
    header: list[str] = []
    points: list[Point] = []
    for number, line in enumerate(lines, start=1):
        try:
            # Each line by itself: a quote that is never closed must not swallow the rest.
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells)
            elif len(points) == MAX_EXAMPLES:
                raise UsageError(f"more than {MAX_EXAMPLES:,} points; use fewer")
            else:
                points.append(_point(cells, header, separator))
        except (UsageError, csv.Error) as error:
            raise UsageError(f"{source}, line {number}: {error}") from None
    if not points:
        raise UsageError(f"{source}: has no points; write a header row, then one point a row")
    return tuple(points)


def _header(cells: list[str]) -> list[str]:
    if any(_number(cell, ";") is not None for cell in cells):
        raise UsageError("expected a header row such as x1,x2,y before the first point")
    return [cell.strip() for cell in cells]


def _point(cells: list[str], header: list[str], separator: str) -> Point:
    if len(cells) != len(header):
        raise UsageError(f"expected {len(header)} numbers as in the header row, got {len(cells)}")
    point = []
    for name, cell in zip(header, cells, strict=True):
        number = _number(cell, separator)
        if number is None:
            raise UsageError(f"column {name[:40]}: {cell[:40]!r} is not a number")
        if not math.isfinite(number):
            raise UsageError(f"column {name[:40]}: {cell[:40]!r} is not a finite number")
        point.append(number)
    return tuple(point)


def _number(cell: str, separator: str) -> float | None:
    """Return the number a cell holds, or None; `float` alone would also take 1_000."""
    text = cell.strip()
    if separator != ",":
        text = text.replace(",", ".")
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
