"""The network diagram: weights as coloured edges of their width, activations in the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsLineItem

from engine.comparison import Comparison
from engine.editing import Parameter
from gui.panels.colours import Legend
from gui.panels.label import Label
from gui.panels.panel import TEXT, Moment, Panel, number_text, subscript
from gui.theme import Theme, font

MOST_UNITS = 12
"""Units drawn of each layer; those of wider layers are counted in words."""
MOST_EDGES = 1600
"""Of a network that would have more, fewer units of each layer are drawn."""
LEAST_COLUMN = 62.0
"""Narrower columns have no room for a word each."""
LEAST_ROOM = 17.0
"""Vertical distance between two numbers from which on both can be read."""


@dataclass
class _Edge:
    layer: int
    row: int
    column: int
    line: QGraphicsLineItem
    number: Label | None


@dataclass
class _Unit:
    layer: int
    index: int
    circle: QGraphicsEllipseItem
    symbol: Label
    value: Label
    bias: Label


@final
class NetworkPanel(Panel):
    """Units in columns by layer; the edge from unit i to unit j is the weight W[l] of row j."""

    name = "network"
    title = "Network"
    breadth = 1.45

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        sizes = comparison.experiment.network.layers
        self._sizes = sizes
        self._drawn = _drawn(sizes)
        self._edges = [
            self._make_edge(layer, row, column)
            for layer in range(1, len(sizes))
            for row in range(self._drawn[layer])
            for column in range(self._drawn[layer - 1])
        ]
        self._numbers = [edge.number for edge in self._edges if edge.number]
        self._units = [
            self._make_unit(layer, index)
            for layer in range(len(sizes))
            for index in range(self._drawn[layer])
        ]
        self._more = [
            Label(self, theme.muted, font(TEXT - 1)) if size > drawn else None
            for size, drawn in zip(sizes, self._drawn, strict=True)
        ]
        self._caption = Label(self, theme.muted, font(TEXT - 1), Qt.AlignmentFlag.AlignLeft)
        self._legend = Legend(self, theme)
        self._places: list[list[QPointF]] = []
        self._radius = 1.0

    def _make_edge(self, layer: int, row: int, column: int) -> _Edge:
        line = QGraphicsLineItem(self)
        line.setZValue(-2.0)
        number = None
        if self._drawn[layer] * self._drawn[layer - 1] <= 16:
            number = Label(self, self.theme.text, font(TEXT), chip=self.theme.surface)
            number.setZValue(-1.0)
        return _Edge(layer, row, column, line, number)

    def _make_unit(self, layer: int, index: int) -> _Unit:
        theme = self.theme
        circle = QGraphicsEllipseItem(self)
        hidden = 0 < layer < len(self._sizes) - 1
        colour = theme.unit(index) if hidden else QColor(theme.muted)
        circle.setPen(QPen(colour, 2.5))
        circle.setBrush(QColor(theme.background))
        symbol = Label(self, colour if hidden else theme.text, font(TEXT, bold=True))
        only = self._sizes[-1] == 1
        letter = "x" if layer == 0 else "a" if hidden else "ŷ"
        symbol.set_text(letter if letter == "ŷ" and only else letter + subscript(index + 1))
        value = Label(self, theme.text, font(TEXT - 1))
        bias = Label(self, theme.muted, font(TEXT - 1), chip=theme.surface)
        bias.setZValue(-1.0)
        return _Unit(layer, index, circle, symbol, value, bias)

    def arrange_items(self, area: QRectF) -> None:
        self._legend.arrange(area)
        self._legend.setVisible(not self.compact)
        self._caption.setVisible(not self.compact)
        foot = 0.0 if self.compact else Legend.HEIGHT + 22.0
        self._caption.setPos(area.left(), area.bottom() - Legend.HEIGHT - 10.0)
        self._caption.max_width = area.width()
        field = area.adjusted(0.0, 2.0, 0.0, -foot)
        rows = max(self._drawn)
        across = field.width() / len(self._sizes)
        bias_room = 15.0
        room = max(4.0, 0.43 * (field.height() / rows - bias_room))
        self._radius = max(1.2, min(29.0, room, 0.3 * across))
        gap = field.width() - 2.0 * self._radius - 16.0
        self._places = []
        for layer, count in enumerate(self._drawn):
            x = field.left() + 8.0 + self._radius + gap * layer / (len(self._drawn) - 1)
            step = min(field.height() / count, 2.0 * self._radius + 95.0)
            top = field.center().y() - step * (count - 1) / 2.0 - bias_room / 2.0
            self._places.append([QPointF(x, top + step * i) for i in range(count)])
            more = self._more[layer]
            if more:
                more.set_text(f"{count} of {self._sizes[layer]} units")
                more.setPos(x, field.top() - 2.0)
                more.setVisible(across >= LEAST_COLUMN)
        for edge in self._edges:
            self._place_edge(edge)
        for unit in self._units:
            self._place_unit(unit)

    def _place_edge(self, edge: _Edge) -> None:
        start = self._places[edge.layer - 1][edge.column]
        end = self._places[edge.layer][edge.row]
        line = QLineF(start, end)
        edge.line.setLine(line)
        if edge.number is None:
            return
        # Numbers stand where the edges of one unit have parted, before those of others cross.
        ends = self._places[edge.layer]
        rise = abs(ends[1].y() - ends[0].y()) if len(ends) > 1 else 2.0 * self._radius
        starts = self._places[edge.layer - 1]
        near = 0.3 if len(ends) > 1 else 0.5
        other = abs(starts[1].y() - starts[0].y()) if len(starts) > 1 else rise
        room = min(rise * near if len(ends) > 1 else other * (1.0 - near), other * (1.0 - near))
        length = hypot(line.dx(), line.dy())
        clear = self._radius + 26.0
        at = min(0.5, max(near, clear / max(length, 1.0)))
        edge.number.setPos(line.pointAt(at))
        edge.number.setVisible(room >= LEAST_ROOM and length > 2.0 * clear)

    def _place_unit(self, unit: _Unit) -> None:
        place, radius = self._places[unit.layer][unit.index], self._radius
        pen = unit.circle.pen()
        pen.setWidthF(min(2.5, 0.4 * radius))
        unit.circle.setPen(pen)
        unit.circle.setRect(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
        roomy = radius >= 17.5
        unit.symbol.setVisible(radius >= 9.0)
        unit.symbol.setPos(place.x(), place.y() - (0.27 * radius if roomy else 0.0))
        unit.value.setVisible(roomy)
        unit.value.set_font(font(min(TEXT - 1.0, 0.5 * radius)))
        unit.value.setPos(place.x(), place.y() + 0.33 * radius)
        unit.bias.setVisible(radius >= 15.0 and unit.layer > 0)
        unit.bias.setPos(place.x(), place.y() + radius + 9.0)

    def draw(self, moment: Moment) -> None:
        frame, scale = moment.frames[self.run], moment.weights
        weights = [w.tolist() for w in frame.W]
        for edge in self._edges:
            value = weights[edge.layer][edge.row][edge.column]
            style = Qt.PenStyle.DotLine if value == 0.0 else Qt.PenStyle.SolidLine
            width = scale.width(value) * min(1.0, 0.25 * self._radius)
            edge.line.setPen(QPen(scale.colour(value), width, style))
            if edge.number:
                edge.number.set_text(number_text(value))
        for unit in self._units:
            unit.value.set_text(f"{_short(frame.A[unit.layer][unit.index, moment.example])}")
            if unit.layer > 0:
                unit.bias.set_text(f"b {number_text(frame.b[unit.layer][unit.index, 0])}")
        self._legend.set_scale("weights", scale)
        self._caption.set_text(self._example_text(moment))

    def _example_text(self, moment: Moment) -> str:
        data = moment.comparison.recordings[self.run].data
        example = moment.example
        inputs = ", ".join(_short(x) for x in data.X[:4, example])
        more = ", …" if len(data.X) > 4 else ""
        target = ", ".join(f"{y:g}" for y in data.Y[:4, example])
        text = (
            f"units: example {example + 1} of {data.examples}, x = ({inputs}{more}), y = {target}"
        )
        left_out = any(label is not None and not label.isVisible() for label in self._more)
        return f"{max(self._drawn)} units of each layer are drawn" if left_out else text

    def _unit_at(self, point: QPointF) -> _Unit | None:
        for unit in self._units:
            place = self._places[unit.layer][unit.index]
            if QLineF(place, point).length() <= self._radius:
                return unit
        return None

    def _edge_at(self, point: QPointF) -> _Edge | None:
        near = [(_distance(edge.line.line(), point), edge) for edge in self._edges]
        distance, edge = min(near, key=lambda pair: pair[0])
        return edge if distance <= 7.0 else None

    def target_at(self, point: QPointF) -> Parameter | None:
        unit = self._unit_at(point)
        if unit is not None:
            return Parameter(self.run, f"b{unit.layer}", unit.index) if unit.layer else None
        edge = self._edge_at(point)
        if edge is None:
            return None
        return Parameter(self.run, f"W{edge.layer}", edge.row, edge.column)

    def tool_tip(self, point: QPointF, moment: Moment) -> str:
        frame = moment.frames[self.run]
        unit, edge = self._unit_at(point), self._edge_at(point)
        if unit is not None:
            return _unit_text(unit, moment, self.run)
        if edge is None:
            return ""
        where = f"{edge.layer}[{edge.row},{edge.column}]"
        weight = frame.W[edge.layer][edge.row, edge.column]
        gradient = frame.dW[edge.layer][edge.row, edge.column]
        return f"W{where} = {weight!s}\ndW{where} = {gradient!s}\nclick to change it"


def _drawn(sizes: Sequence[int]) -> list[int]:
    """Return how many units of each layer are drawn."""
    most = MOST_UNITS
    while True:
        drawn = [min(size, most) for size in sizes]
        if most <= 3 or sum(a * b for a, b in pairwise(drawn)) <= MOST_EDGES:
            return drawn
        most -= 1


def _unit_text(unit: _Unit, moment: Moment, run: int) -> str:
    frame, layer, index = moment.frames[run], unit.layer, unit.index
    if layer == 0:
        return f"x{subscript(index + 1)} = {frame.A[0][index, moment.example]!s}"
    lines = [
        f"b{layer}[{index},0] = {frame.b[layer][index, 0]!s}",
        f"db{layer}[{index},0] = {frame.db[layer][index, 0]!s}",
        f"z = {frame.Z[layer][index, moment.example]!s}",
        f"a = {frame.A[layer][index, moment.example]!s}",
        "click to change the bias",
    ]
    return "\n".join(lines)


def _short(value: float) -> str:
    """Write an activation for the inside of a unit."""
    return f"{value:.2f}".replace("-", "−") if abs(value) < 100.0 else f"{value:.0e}"


def _distance(line: QLineF, point: QPointF) -> float:
    start = np.array([line.x1(), line.y1()])
    along = np.array([line.dx(), line.dy()])
    to = np.array([point.x(), point.y()]) - start
    at = float(np.clip(to @ along / max(float(along @ along), 1e-12), 0.0, 1.0))
    return float(np.hypot(*(to - at * along)))
