"""The numbers of a frame that can be explained, and their names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine import UsageError

_NAMED = re.compile(r"(dW|db|Z|A)([1-9][0-9]?)\[([0-9]{1,4})(?:,([0-9]{1,4}))?\]")


class Quantity(NamedTuple):
    """An entry of dW[l], db[l], Z[l] or A[l]; the column of Z and A is an example.

    The layer counts from 1, row and column from 0; only dW has more than one column.
    """

    array: str
    layer: int
    row: int
    column: int = 0

    @property
    def name(self) -> str:
        """The name: dW1[0,1], db1[0,0], and without an example Z1[0] or A1[0]."""
        if self.array in ("dW", "db"):
            return self.name_of(self.column)
        return f"{self.array}{self.layer}[{self.row}]"

    def name_of(self, column: int) -> str:
        """Return the name of the entry in a column, as a NumPy index."""
        return f"{self.array}{self.layer}[{self.row},{column}]"

    def within(self, sizes: Sequence[int]) -> "Quantity":
        """Return the nearest quantity that a network of layers n0 … nL has."""
        layer = min(self.layer, len(sizes) - 1)
        row = min(self.row, sizes[layer] - 1)
        return self._replace(layer=layer, row=row, column=min(self.column, sizes[layer - 1] - 1))


class Question(NamedTuple):
    """A quantity of a run to explain; with `other`, its difference from the row of another unit."""

    run: int
    quantity: Quantity
    other: int | None = None


FIRST = Quantity("dW", 1, 0, 0)
"""The quantity that is explained by default; every network has it."""


def parse_quantity(text: str) -> Quantity:
    """Return the quantity with a name; raise `UsageError` if there is none.

    The column of db is optional.

    >>> parse_quantity("dW1[0,1]")
    Quantity(array='dW', layer=1, row=0, column=1)
    """
    match = _NAMED.fullmatch(text)
    if match is None or not _has_column(match[1], match[4]):
        raise UsageError(f'"{text}" is no number to explain; expected one as dW1[0,1] or A1[0]')
    return Quantity(match[1], int(match[2]), int(match[3]), int(match[4] or 0))


def _has_column(array: str, column: str | None) -> bool:
    """Tell whether a name of an array may have this column, or none."""
    if array == "dW":
        return column is not None
    return column is None or (array == "db" and column == "0")
