"""Decides which columns are inputs, which are targets, and which are left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, final

from engine.errors import UsageError, require, suggestion
from engine.points.header import Table
from engine.points.numbers import NumberFormat, is_missing

TARGET_NAMES = frozenset(
    (
        *("y", "class", "classes", "label", "labels", "target", "targets", "outcome", "output"),
        *("diagnosis", "species", "variety", "category", "response", "result", "survived"),
    )
)
"""Names of target columns, in lower case and without a number at the end."""
INDEX_NAMES = frozenset(("", "index", "id", "idx", "no", "no.", "nr", "row", "row names"))
_UNNAMED = re.compile(r"unnamed: ?[0-9]+")
_ENDS_IN_ID = re.compile(r".*(?:[a-z](?:Id|ID)|[ _.-](?:id|Id|ID))")
_NUMBERED = re.compile(r"(?P<stem>.*?)[ _.-]?(?P<number>[0-9]*)")
_X = re.compile(r"x[ _.-]?[0-9]+")


class Dropped(NamedTuple):
    """A column that is not read, by its name in the file, and the reason."""

    column: str
    why: str


@final
@dataclass(frozen=True)
class Column:
    """The cells of one column and what they are."""

    place: int
    name: str
    cells: Sequence[str] = field(repr=False)
    values: Sequence[float | None] = field(repr=False)

    @property
    def present(self) -> list[str]:
        """The cells with a value."""
        return [cell for cell in self.cells if not is_missing(cell)]

    @property
    def is_words(self) -> bool:
        """Whether at least half of the cells with a value are words."""
        words = sum(
            value is None and not is_missing(cell)
            for cell, value in zip(self.cells, self.values, strict=True)
        )
        return words > 0 and 2 * words >= len(self.present)

    @property
    def distinct(self) -> set[object]:
        """The different values: numbers, or words where the column has words."""
        if self.is_words:
            return set(self.present)
        return {value for value in self.values if value is not None}


class Roles(NamedTuple):
    """Which columns are used for what."""

    inputs: list[Column]
    targets: list[Column]
    dropped: list[Dropped]
    notes: list[str]


def make_columns(table: Table, numbers: NumberFormat) -> list[Column]:
    """Return the columns of a table, with the numbers in them."""
    columns = []
    for place in range(len(table.rows[0].cells)):
        cells = table.column(place)
        name = table.names[place] if table.names else ""
        columns.append(Column(place, name, cells, [numbers.parse(cell) for cell in cells]))
    return columns


def assign_roles(
    table: Table,
    numbers: NumberFormat,
    inputs: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
) -> Roles:
    """Decide the role of every column; `inputs` and `targets` name them where they are given.

    Raises
    ------
    UsageError
        If a name is unknown or given twice, or no input or no target is left.
    """
    columns = make_columns(table, numbers)
    if not table.names:
        columns = _numbered_names(columns, inputs, targets)
    dropped: list[Dropped] = []
    notes: list[str] = []
    chosen = _named(columns, targets) if targets is not None else None
    given = _named(columns, inputs) if inputs is not None else None
    named = {column.place for column in (*(chosen or ()), *(given or ()))}
    left = []
    for column in columns:
        why = "" if column.place in named else _reason_to_drop(column, columns, bool(table.names))
        if why:
            dropped.append(Dropped(column.name, why))
        else:
            left.append(column)
    if chosen is None:
        taken = {column.place for column in given or ()}
        chosen = _find_targets([c for c in left if c.place not in taken], left, notes)
    places = {column.place for column in chosen}
    if given is not None:
        twice = places & {column.place for column in given}
        require(not twice, "inputs and targets name the same column")
        dropped += [
            Dropped(c.name, "not among the chosen columns")
            for c in left
            if c not in given and c.place not in places
        ]
        return Roles(given, chosen, dropped, notes)
    rest = [column for column in left if column.place not in places]
    words = [column for column in rest if column.is_words]
    dropped += [Dropped(column.name, "words; inputs are numbers") for column in words]
    rest = [column for column in rest if not column.is_words]
    require(rest, "no column of numbers is left for the inputs")
    return Roles(_in_order(rest), _in_order(chosen), dropped, notes)


def _numbered_names(
    columns: Sequence[Column], inputs: Sequence[str] | None, targets: Sequence[str] | None
) -> list[Column]:
    """Name the columns of a file without a header by their numbers where roles are chosen."""
    if inputs is None and targets is None:
        return list(columns)
    return [Column(c.place, str(c.place + 1), c.cells, c.values) for c in columns]


def _named(columns: Sequence[Column], names: Iterable[str]) -> list[Column]:
    by_name: dict[str, Column] = {}
    for column in columns:
        by_name.setdefault(column.name, column)
    found = []
    for name in names:
        if name not in by_name:
            raise UsageError(f'has no column "{name}": {suggestion(name, [*by_name])}')
        require(by_name[name] not in found, f'the column "{name}" is named twice')
        found.append(by_name[name])
    require(found, "name at least one input and one target")
    return found


def _reason_to_drop(column: Column, columns: Sequence[Column], has_names: bool) -> str:
    """Return why a column is neither an input nor a target; empty if it may be one."""
    if not column.present:
        return "empty throughout"
    values = column.values
    whole = all(value is not None and value == int(value) for value in values if value != _INF)
    different = len({*column.cells}) == len(column.cells) > 1
    start = values[0]
    counting = whole and start in (0, 1) and all(v == start + i for i, v in enumerate(values))
    if has_names:
        name = column.name.lower()
        is_index = name in INDEX_NAMES or _UNNAMED.fullmatch(name) is not None
        if (is_index or _ENDS_IN_ID.fullmatch(column.name)) and different:
            if counting:
                return "an index: it counts the rows"
            return "an index: all its values are different" if whole or column.is_words else ""
        return ""
    # Without names only the first column can be an index, and only beside two inputs or more.
    if column.place != 0 or len(columns) < 4 or not whole or not different or len(values) < 4:
        return ""
    if counting:
        return "an index: it counts the rows"
    others = [value for other in columns[1:] for value in other.values if value is not None]
    large = min(abs(value) for value in values if value is not None) >= 1000.0
    return (
        "an index: its values are large, whole and all different"
        if large and any(value != int(value) for value in others if abs(value) != _INF)
        else ""
    )


_INF = float("inf")


def _find_targets(
    candidates: Sequence[Column], columns: Sequence[Column], notes: list[str]
) -> list[Column]:
    require(candidates, "no column is left for the target")
    stems = {column.place: _stem(column, columns) for column in candidates}
    named = [column for column in candidates if stems[column.place]]
    groups = {stems[column.place] for column in named}
    if len(groups) == 1:
        return named
    if len(groups) > 1:
        names = ", ".join(f'"{column.name}"' for column in named)
        raise UsageError(
            f"several columns can be the target: {names}; choose with targets = [{names}]"
        )
    words = [column for column in candidates if column.is_words]
    if len(words) == 1:
        return words
    two = [column for column in candidates if len(column.distinct) == 2 and not column.is_words]
    if not words and len(two) == 1:
        return two
    notes.append("No column is named as a target; the last one is taken.")
    return [candidates[-1]]


def _stem(column: Column, columns: Sequence[Column]) -> str:
    """Return the target name that a column's name consists of, but for a number; else empty."""
    name = column.name.strip().lower()
    match = _NUMBERED.fullmatch(name)
    stem = match["stem"] if match else name
    names = {other.name.strip().lower() for other in columns}
    if name == "y" and "x" in names:
        # x and y are coordinates where another column is a target.
        others = names - {"x", "y", "z"}
        return "" if others & TARGET_NAMES else "y"
    if stem in TARGET_NAMES:
        return stem
    prefix = re.split(r"[ _.-]", name, maxsplit=1)[0]
    group = [other for other in names if re.match(rf"{re.escape(prefix)}[ _.-]", other)]
    is_dummy = prefix in TARGET_NAMES - {"y"} and len(group) > 1 and column.distinct <= {0.0, 1.0}
    return prefix if is_dummy else ""


def _in_order(columns: Sequence[Column]) -> list[Column]:
    """Return columns x1 … xn or y1 … yk by their numbers, others as in the file."""
    numbers = [re.fullmatch(r"([xy])[ _.-]?([0-9]{1,6})", c.name.strip().lower()) for c in columns]
    found = [match for match in numbers if match]
    if len(found) < len(columns) or len({match[1] for match in found}) > 1:
        return list(columns)
    order = sorted(range(len(columns)), key=lambda place: int(found[place][2]))
    return [columns[place] for place in order]
