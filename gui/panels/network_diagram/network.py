"""The network diagram: weights as coloured edges of their width, activations in the units."""

from collections.abc import Sequence
from itertools import combinations
from math import hypot
from typing import final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsLineItem,
)

from engine import plain_text
from engine.editing.parameters import Parameter
from engine.training import Comparison
from gui.panels.base import (
    TEXT,
    ActivationMenuRequested,
    ColourLegend,
    Interaction,
    Label,
    Panel,
    ParameterClicked,
    ParameterDragged,
    ParameterDropped,
    ViewState,
    number_text,
    register_panel,
    subscript,
)
from gui.panels.network_diagram.layer_handles import LayerHandles
from gui.panels.network_diagram.marks import Mark
from gui.panels.network_diagram.parts import Edge, Unit, drawn_units, short, unit_text
from gui.style.theme import font

LEAST_COLUMN = 62.0
"""Narrower columns have no room for a word each."""
LEAST_ROOM = 17.0
"""Vertical distance between two numbers from which on both can be read."""
NUMBER = 30.0, 13.0
"""The horizontal and vertical distance below which numbers overlap."""
THINNEST, SLENDER = 0.1, 0.15
"""Small units are many: their edges are the thinner, by this share and so much a radius."""
LARGEST = 29.0
"""The radius of a unit where there is room for it."""
SPREAD = 0.4
"""The largest distance between units of a layer, as a share of the height."""
NEAR = 7.0
"""How far from an edge a click on it may be."""
STILL = 4.0
"""By so much the pointer may move in a click."""


@register_panel(name="network", position=10, title="Network")
@final
class NetworkPanel(Panel[Comparison]):
    """Units in columns by layer; the edge from unit i to unit j is the weight W[l] of row j."""

    breadth = 1.45
    proportion = 1.6

    def make_items(self) -> None:
        sizes = self.subject.experiment.network.layers
        self._sizes = sizes
        self._drawn = drawn_units(sizes)
        self._edges = [
            self._make_edge(layer, row, column)
            for layer in range(1, len(sizes))
            for row in range(self._drawn[layer])
            for column in range(self._drawn[layer - 1])
        ]
        self._units = [
            self._make_unit(layer, index)
            for layer in range(len(sizes))
            for index in range(self._drawn[layer])
        ]
        parts: list[Edge | Unit] = [*self._edges, *(unit for unit in self._units if unit.layer)]
        self._parts = {self._parameter_of(part): part for part in parts}
        self._names = [Label(self.card, self.theme.muted, font(TEXT - 1)) for _ in sizes]
        self._caption = Label(
            self.card, self.theme.muted, font(TEXT - 1), Qt.AlignmentFlag.AlignLeft
        )
        self._legend = ColourLegend(self.card, self.theme)
        self._mark = Mark(self, self.theme)
        self._handles = LayerHandles(self, self.theme, sizes, self.run)
        self._grabbed: Parameter | None = None

    def _make_edge(self, layer: int, row: int, column: int) -> Edge:
        line = QGraphicsLineItem(self)
        line.setZValue(-2.0)
        number = None
        if self._drawn[layer] * self._drawn[layer - 1] <= 16:
            number = Label(self, self.theme.text, font(TEXT), chip=self.theme.surface)
            number.setZValue(-1.0)
        return Edge(layer, row, column, line, number)

    def _make_unit(self, layer: int, index: int) -> Unit:
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
        return Unit(layer, index, circle, symbol, value, bias)

    def arrange_items(self, area: QRectF) -> None:
        self._legend.arrange(area)
        self._legend.setVisible(not self.compact)
        self._caption.setVisible(not self.compact)
        foot = 0.0 if self.compact else ColourLegend.HEIGHT + 22.0
        self._caption.setPos(area.left(), area.bottom() - ColourLegend.HEIGHT - 10.0)
        self._caption.max_width = area.width()
        field = area.adjusted(0.0, 2.0, 0.0, -foot)
        rows = max(self._drawn)
        across = self._across = field.width() / len(self._sizes)
        bias_room = 15.0
        room = max(4.0, 0.43 * (field.height() / rows - bias_room))
        self._radius = max(1.2, min(LARGEST, room, 0.3 * across))
        gap = field.width() - 2.0 * self._radius - 16.0
        columns = [
            field.left() + 8.0 + self._radius + gap * layer / (len(self._drawn) - 1)
            for layer in range(len(self._drawn))
        ]
        # Beside the title, where there is one: the units need the room below it.
        top_row = self._title.y() if self._title.isVisible() else area.top() + 5.0
        self._places: list[list[QPointF]] = []
        for count, x, name in zip(self._drawn, columns, self._names, strict=True):
            apart = max(2.0 * self._radius + 95.0, SPREAD * field.height())
            step = min(field.height() / count, apart)
            top = field.center().y() - step * (count - 1) / 2.0 - bias_room / 2.0
            self._places.append([QPointF(x, top + step * i) for i in range(count)])
            name.setPos(x, top_row)
            name.setVisible(self._has_names)
        least = (field.width() - 2.0 * LARGEST - 16.0) / (len(columns) - 1)
        bottom_row = field.bottom() - 7.0
        self._handles.arrange(columns, least, top_row, bottom_row, self._has_names)
        for edge in self._edges:
            self._place_edge(edge)
        for layer in range(1, len(self._sizes)):
            self._hide_crowded([edge for edge in self._edges if edge.layer == layer])
        lines = [edge.line.line() for edge in self._edges]
        # x, y, dx, dy of each edge
        self._lines = np.array([(each.x1(), each.y1(), each.dx(), each.dy()) for each in lines])
        for unit in self._units:
            self._place_unit(unit)

    @property
    def _has_names(self) -> bool:
        """Whether there is room for a word above each column."""
        return self._across >= LEAST_COLUMN and not self.compact

    def _place_edge(self, edge: Edge) -> None:
        start = self._places[edge.layer - 1][edge.column]
        end = self._places[edge.layer][edge.row]
        line = QLineF(start, end)
        edge.line.setLine(line)
        if edge.number is None:
            return
        # Numbers are where the edges of one unit have diverged, before edges of other units cross.
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
        edge.room = 2.0 * (at * length - self._radius)
        edge.number.setVisible(room >= LEAST_ROOM and length > 2.0 * clear)

    def _hide_crowded(self, edges: Sequence[Edge]) -> None:
        """Hide the numbers of a layer's edges where two would overlap."""
        numbers = [edge.number for edge in edges if edge.number and edge.number.isVisible()]
        apart = (one.pos() - other.pos() for one, other in combinations(numbers, 2))
        if any(abs(way.x()) < NUMBER[0] and abs(way.y()) < NUMBER[1] for way in apart):
            for number in numbers:
                number.hide()

    def _place_unit(self, unit: Unit) -> None:
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

    def draw(self, state: ViewState) -> None:
        frame, scale = state.frames[self.run], state.weights
        most = max(self._drawn)
        weights = [w[:most, :most].tolist() for w in frame.W]  # those drawn, of maybe millions
        for edge in self._edges:
            value = weights[edge.layer][edge.row][edge.column]
            style = Qt.PenStyle.DotLine if value == 0.0 else Qt.PenStyle.SolidLine
            width = scale.width(value) * min(1.0, THINNEST + SLENDER * self._radius)
            # Strong edges are above weak ones; in steps, because sorting items again costs time.
            edge.line.setZValue(-3.0 + round(4.0 * scale.strength(value)) / 4.0)
            edge.line.setPen(QPen(scale.colour(value), width, style))
            edge.show_number(value)
        for unit in self._units:
            unit.value.set_text(f"{short(frame.A[unit.layer][unit.index, state.example])}")
            if unit.layer > 0:
                unit.bias.set_text(f"b {number_text(frame.b[unit.layer][unit.index, 0])}")
        names = self.subject.recordings[self.run].spec_at(frame.index).hidden_names
        for layer, label in enumerate(self._names):
            label.set_text(self._name_of(layer, names))
        self._draw_mark(state)
        self._legend.set_scale("weights", scale)
        self._caption.set_text("" if self._mark.has_edge else self._example_text(state))

    def _name_of(self, layer: int, hidden: Sequence[str]) -> str:
        """Return the text above a column: its activation, and the number of units drawn."""
        size, drawn = self._sizes[layer], self._drawn[layer]
        parts = [hidden[layer - 1]] if 0 < layer < len(self._sizes) - 1 else []
        parts += [f"{drawn} of {size}"] if size > drawn else []
        return " · ".join(parts)

    def _draw_mark(self, state: ViewState) -> None:
        """Mark what the keyboard or a hand changes, if it is of this run and drawn."""
        parameter = state.what_if.parameter if state.what_if else state.selected
        self._mark.hide()
        part = self._parts.get(parameter) if parameter else None
        if parameter is None or part is None:
            return
        area = QRectF(QPointF(), self.rect.size()).adjusted(4.0, 4.0, -4.0, -4.0)
        if self._caption.isVisible():
            area.setBottomLeft(self._caption.pos() + QPointF(0.0, 9.0))  # its words can wait
        text = f"{parameter.name} = {number_text(parameter.value_in(state.frames[self.run]), 4)}"
        if isinstance(part, Unit):
            self._mark.show_unit(self._places[part.layer][part.index], self._radius, text, area)
        else:
            self._mark.show_edge(part.line, text, area)

    def _parameter_of(self, part: Edge | Unit) -> Parameter:
        if isinstance(part, Edge):
            return Parameter(self.run, f"W{part.layer}", part.row, part.column)
        return Parameter(self.run, f"b{part.layer}", part.index)

    def _example_text(self, state: ViewState) -> str:
        data = state.comparison.recordings[self.run].data
        example = state.example
        inputs = ", ".join(short(x) for x in data.X[:4, example])
        more = ", …" if len(data.X) > 4 else ""
        target = ", ".join(plain_text(y, 6) for y in data.Y[:4, example])
        text = (
            f"units: example {example + 1} of {data.examples}, x = ({inputs}{more}), y = {target}"
        )
        left_out = not self._has_names and max(self._sizes) > max(self._drawn)
        return f"{max(self._drawn)} units of each layer are drawn" if left_out else text

    def _unit_at(self, point: QPointF) -> Unit | None:
        for unit in self._units:
            if QLineF(self._places[unit.layer][unit.index], point).length() <= self._radius:
                return unit
        return None

    def _edge_at(self, point: QPointF) -> Edge | None:
        start, along = self._lines[:, :2], self._lines[:, 2:]
        to = (point.x(), point.y()) - start
        lengths = np.maximum((along * along).sum(axis=1), 1e-12)
        at = np.clip((to * along).sum(axis=1) / lengths, 0.0, 1.0)
        distances = np.hypot(*(to - at[:, None] * along).T)
        nearest = int(distances.argmin())
        return self._edges[nearest] if distances[nearest] <= NEAR else None

    def _layer_at(self, point: QPointF) -> ActivationMenuRequested | None:
        """Return what a click on the name of a hidden layer means, where one is at a point."""
        for layer, label in list(enumerate(self._names))[1:-1]:
            if label.isVisible() and label.boundingRect().contains(point - label.pos()):
                return ActivationMenuRequested(self.run, layer)
        return None

    def interaction_at(self, point: QPointF) -> Interaction | None:
        on_handle = self._handles.at(point) or self._layer_at(point)
        if on_handle is not None:
            return on_handle
        part: Unit | Edge | None = self._unit_at(point) or self._edge_at(point)
        if part is None or part.layer == 0:
            return None
        return ParameterClicked(self._parameter_of(part))

    @property
    def parameters(self) -> list[Parameter]:
        return list(self._parts)

    def position_of(self, parameter: Parameter) -> QPointF | None:
        part = self._parts.get(parameter)
        if isinstance(part, Unit):
            return self._places[part.layer][part.index]
        return None if part is None else part.line.line().center()

    def grab(self, point: QPointF) -> bool:
        found = self.interaction_at(point)
        self._grabbed = found.parameter if isinstance(found, ParameterClicked) else None
        self._grabbed_at, self._is_pulled = point.y(), False
        return self._grabbed is not None

    def drag(self, point: QPointF) -> ParameterDragged | None:
        rise = self._grabbed_at - point.y()
        if self._grabbed is None or not (self._is_pulled or abs(rise) > STILL):
            return None
        if not self._is_pulled:  # measured from here, so that the value does not jump
            self._is_pulled, self._grabbed_at, rise = True, point.y(), 0.0
        self._rise = rise
        return ParameterDragged(self._grabbed, rise)

    def drop(self) -> ParameterDropped | None:
        parameter, self._grabbed = self._grabbed, None
        return ParameterDropped(parameter, self._rise) if parameter and self._is_pulled else None

    def point_at(self, point: QPointF | None) -> None:
        self._show_handles(point is not None)
        found = None if point is None else self.interaction_at(point)
        if isinstance(found, ParameterClicked):
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        elif found is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def _show_handles(self, shown: bool) -> None:
        self._handles.set_visible(shown)
        # Where columns are many and narrow, the first handles cover the title.
        covered = shown and self._handles.left < self._title.x() + self._title.width
        self._title.setOpacity(0.0 if covered else 1.0)
        for name in self._names:
            name.setOpacity(0.0 if self._handles.cover_names else 1.0)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        frame = state.frames[self.run]
        on_handle = self._handles.at(point) or self._layer_at(point)
        if on_handle is not None:
            return on_handle.text
        unit, edge = self._unit_at(point), self._edge_at(point)
        if unit is not None:
            return unit_text(unit, state, self.run)
        if edge is None:
            return ""
        where = f"{edge.layer}[{edge.row},{edge.column}]"
        weight = frame.W[edge.layer][edge.row, edge.column]
        gradient = frame.dW[edge.layer][edge.row, edge.column]
        return f"W{where} = {weight!s}\ndW{where} = {gradient!s}\nclick or drag to change it"
