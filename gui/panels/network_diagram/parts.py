"""The edges and units of the network diagram, and their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsLineItem

from engine import typeset
from gui.panels.base import Label, ViewState, number_text, subscript

MOST_UNITS = 12
"""Units drawn of each layer; those of wider layers are counted in words."""
MOST_EDGES = 1600
"""Of a network that would have more, fewer units of each layer are drawn."""


@final
@dataclass
class Edge:
    """The weight of row `row` and column `column` of W[layer].

    Its number, where there is one, has so much `room` between the units.
    """

    layer: int
    row: int
    column: int
    line: QGraphicsLineItem
    number: Label | None
    room: float = 0.0

    def show_number(self, value: float) -> None:
        """Write the weight, with one digit where more of a power of ten would be under a unit."""
        if self.number is None:
            return
        self.number.set_text(number_text(value))
        if self.number.width > self.room and "·" in self.number.text:
            sign = "−" if value < 0.0 else "+"
            self.number.set_text(sign + typeset(f"{abs(value):.0e}"))


@final
@dataclass
class Unit:
    """Unit `index` of A[layer]."""

    layer: int
    index: int
    circle: QGraphicsEllipseItem
    symbol: Label
    value: Label
    bias: Label


def drawn_units(sizes: Sequence[int]) -> list[int]:
    """Return how many units of each layer are drawn."""
    most = MOST_UNITS
    while True:
        drawn = [min(size, most) for size in sizes]
        if most <= 3 or sum(a * b for a, b in pairwise(drawn)) <= MOST_EDGES:
            return drawn
        most -= 1


def unit_text(unit: Unit, state: ViewState, run: int) -> str:
    """Return the numbers of a unit with all digits."""
    frame, layer, index = state.frames[run], unit.layer, unit.index
    if layer == 0:
        return f"x{subscript(index + 1)} = {frame.A[0][index, state.example]!s}"
    lines = [
        f"b{layer}[{index},0] = {frame.b[layer][index, 0]!s}",
        f"db{layer}[{index},0] = {frame.db[layer][index, 0]!s}",
        f"z = {frame.Z[layer][index, state.example]!s}",
        f"a = {frame.A[layer][index, state.example]!s}",
        "click or drag to change the bias",
    ]
    return "\n".join(lines)


def short(value: float) -> str:
    """Write an activation for the inside of a unit.

    >>> short(-0.5), short(123.4), short(5e11)
    ('−0.50', '123', '5·10¹¹')
    """
    digits = ".2f" if abs(value) < 100.0 else ".0f" if abs(value) < 1000.0 else ".0e"
    return typeset(format(value, digits))
