"""The rows of dW[1] as coloured cells, and their differences."""

from itertools import combinations
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from engine import counted
from engine.experiment import Quantity, Question
from engine.training import Comparison
from gui.panels.base import (
    TEXT,
    ColourLegend,
    Label,
    Panel,
    QuantityClicked,
    ViewState,
    number_text,
    register_panel,
    shaded_zone,
    size_text,
    subscript,
)
from gui.style.theme import Theme, font

MOST_ROWS = 12
MOST_COLUMNS = 8
MOST_PAIRS = 6
"""Pairs of rows whose difference is written out; of more, the largest is."""
ROW_HEIGHT = 30.0
LEAST_HEIGHT = 12.5
"""Lower rows have no room for a name, but for a mark in the colour of their unit."""
MARK_WIDTH = 6.0
READABLE_HEIGHT = 18.0
"""So much each row has before there is a second line of words."""
HEAD_HEIGHT = 18.0


@register_panel(name="gradient-rows", position=20, title="Gradient rows, dW[1]")
@final
class GradientRowsPanel(Panel[Comparison]):
    """Each row a unit, each cell a number; below, the difference of every pair of rows."""

    breadth = 1.25

    def make_items(self) -> None:
        inputs, units = self.subject.experiment.network.layers[:2]
        self._units = units
        self._hidden = len(self.subject.experiment.network.layers) > 2
        self._columns = min(inputs, MOST_COLUMNS)
        rows = min(units, MOST_ROWS)
        pairs = list(combinations(range(units), 2)) if units <= 4 else []
        self._pairs = pairs[:MOST_PAIRS]
        left = Qt.AlignmentFlag.AlignLeft
        colours = [self.theme.unit(row) if self._hidden else self.theme.text for row in range(rows)]
        kind = "unit" if self._hidden else "output"
        self._row_names = [
            Label(self.card, colour, font(TEXT, bold=True), left, text=f"{kind} {row}")
            for row, colour in enumerate(colours, 1)
        ]
        self._marks = [shaded_zone(self.card, colour, 1.0) for colour in colours]
        self._pair_names = [
            Label(self.card, self.theme.muted, font(TEXT), left, text=f"row {i + 1} − row {j + 1}")
            for i, j in self._pairs
        ]
        self._cells = [_Cell(self, self.theme) for _ in range(rows * self._columns)]
        self._differences = [_Cell(self, self.theme) for _ in range(len(pairs) * self._columns)]
        self._heads = [
            Label(self.card, self.theme.muted, font(TEXT - 1), text=f"from x{subscript(column)}")
            for column in range(1, self._columns + 1)
        ]
        self._words = Label(self, self.theme.text, font(TEXT + 1, bold=True), left)
        self._since = Label(self, self.theme.muted, font(TEXT), left)
        self._legend = ColourLegend(self.card, self.theme)

    def arrange_items(self, area: QRectF) -> None:
        self._legend.arrange(area)
        self._legend.setVisible(not self.compact)
        foot = area.bottom() - (0.0 if self.compact else ColourLegend.HEIGHT)
        rows, pairs = len(self._row_names), len(self._pair_names)
        room = foot - 46.0 - area.top() - HEAD_HEIGHT
        self._brief = room < rows * READABLE_HEIGHT
        if self._brief:
            room += 24.0
        self._since.setPos(area.left(), foot - 14.0)
        self._since.setVisible(not self._brief)
        self._words.setPos(area.left(), foot - (9.0 if self._brief else 33.0))
        for label in (self._since, self._words):
            label.max_width = area.width()
        if room < (rows + pairs) * 1.5 * LEAST_HEIGHT:
            pairs = 0
        extra = 10.0 if pairs else 0.0
        height = min(ROW_HEIGHT, (room - extra) / (rows + pairs))
        named = height >= LEAST_HEIGHT
        names = (88.0 if pairs else 64.0) if named else MARK_WIDTH + 4.0
        width = (area.width() - names) / self._columns
        top = area.top() + max(0.0, (room - extra - height * (rows + pairs)) * 0.35)
        for column, head in enumerate(self._heads):
            head.setPos(area.left() + names + (column + 0.5) * width, top + 6.0)
        top += HEAD_HEIGHT
        for row, mark in enumerate(self._marks):
            mark.setRect(area.left(), top + row * height, MARK_WIDTH, 0.8 * height)
            mark.setVisible(not named)
        self._place_rows(
            self._row_names, self._cells, QRectF(area.left(), top, names, height), width
        )
        top += rows * height + extra
        place = QRectF(area.left(), top, names, height if pairs else 0.0)
        self._place_rows(self._pair_names, self._differences, place, width)

    def _place_rows(
        self, labels: list[Label], cells: list["_Cell"], first: QRectF, width: float
    ) -> None:
        """Put rows below one another, from the place of the first name on; of height 0, hide."""
        height = first.height()
        gap = min(4.0, 0.2 * height)
        for row, label in enumerate(labels):
            y = first.top() + row * height
            label.setPos(first.left(), y + (height - gap) / 2.0)
            label.setVisible(height >= LEAST_HEIGHT)
            for column in range(self._columns):
                cell = cells[row * self._columns + column]
                x = first.right() + column * width
                cell.place(QRectF(x + 2.0, y, width - 4.0, max(0.0, height - gap)))
                cell.setVisible(height > 0.0)

    def draw(self, state: ViewState) -> None:
        gradient = state.frames[self.run].dW[1]
        rows = gradient[: len(self._row_names), : self._columns]
        for cell, value in zip(self._cells, rows.ravel().tolist(), strict=True):
            cell.set_value(value, state)
        # inf − inf is a question of a run that has just diverged, and shows as NaN.
        with np.errstate(invalid="ignore"):
            differences = [gradient[i] - gradient[j] for i, j in self._pairs]
        values = [float(x) for row in differences for x in row[: self._columns]]
        for cell, value in zip(self._differences, values, strict=True):
            cell.set_value(value, state)
        self._legend.set_scale("dW[1]", state.gradients)
        self._say(state)

    def _say(self, state: ViewState) -> None:
        theme = self.theme
        if self._units < 2:
            self._words.set_text("one unit: one row", theme.muted)
            self._since.set_text("no other row to compare")
            return
        shown = state.frames[self.run].index
        if state.what_if and state.what_if.parameter.run == self.run:
            self._say_what_if(state.frames[self.run].dW[1])
            return
        difference = state.comparison.diagnostics[self.run].row_difference[: shown + 1]
        now = float(difference[shown])
        if now == 0.0:
            streak = _trailing_zeros(difference)
            zero = not state.frames[self.run].dW[1].any()
            kind = "all rows exactly 0" if zero else "rows identical"
            start = shown + 1 - streak
            since = f"since frame {start:,}" if start else "since the start"
            words = f"{kind} {since}" if self._brief else f"{kind} for {counted(streak, 'frame')}"
            more = f"difference exactly 0, {since}"
        else:
            words, more = "rows differ", f"by up to {size_text(now, 4)}"
            if self._brief:
                words = f"{words} {more}"
        self._words.set_text(words, theme.text if now else theme.accent)
        self._since.set_text(more)

    def _say_what_if(self, gradient: NDArray[np.float64]) -> None:
        """Say of a frame that no recording holds what the rows are; there is no since."""
        with np.errstate(invalid="ignore"):
            difference = float(np.ptp(gradient, axis=0).max())
        words, colour = (
            ("rows differ", self.theme.text)
            if difference
            else ("rows identical", self.theme.accent)
        )
        self._words.set_text(words, colour)
        by = "by up to " if difference else "difference "
        self._since.set_text(f"{by}{size_text(difference, 4)}")

    def _entry_at(self, point: QPointF) -> tuple[int, int | None, int] | None:
        """Return the row, the row subtracted from it or None, and the column at a point."""
        for number, cell in enumerate(self._cells):
            if cell.rect().contains(point):
                row, column = divmod(number, self._columns)
                return row, None, column
        for number, cell in enumerate(self._differences):
            if cell.isVisible() and cell.rect().contains(point):
                pair, column = divmod(number, self._columns)
                return *self._pairs[pair], column
        return None

    def interaction_at(self, point: QPointF) -> QuantityClicked | None:
        found = self._entry_at(point)
        if found is None:
            return None
        row, subtracted, column = found
        return QuantityClicked(Question(self.run, Quantity("dW", 1, row, column), subtracted))

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        found = self._entry_at(point)
        if found is None:
            return ""
        gradient, (row, subtracted, column) = state.frames[self.run].dW[1], found
        name, value = f"dW1[{row},{column}]", gradient[row, column]
        if subtracted is not None:
            name += f" − dW1[{subtracted},{column}]"
            value = value - gradient[subtracted, column]
        return f"{name} = {value!s}\nclick to see why"


@final
class _Cell(QGraphicsRectItem):
    """A number on its colour; exact zero is an empty frame around the words."""

    def __init__(self, panel: Panel[Any], theme: Theme) -> None:
        super().__init__(panel)
        self._theme = theme
        self._label = Label(self, theme.text, font(TEXT))

    def place(self, rect: QRectF) -> None:
        self.setRect(rect)
        self._label.setPos(rect.center())
        self._label.setVisible(rect.height() >= 13.0 and rect.width() >= 56.0)

    def set_value(self, value: float, state: ViewState) -> None:
        if value == 0.0:
            self.setPen(QPen(QColor(self._theme.outline), 1.0))
            self.setBrush(QColor(self._theme.background))
            self._label.set_text("exactly 0", self._theme.muted)
        else:
            self.setPen(QPen(Qt.PenStyle.NoPen))
            self.setBrush(state.gradients.colour(value))
            self._label.set_text(number_text(value, 4), state.gradients.text_on(value))


def _trailing_zeros(values: np.ndarray) -> int:
    nonzero = values[::-1] != 0.0
    first = int(np.argmax(nonzero))
    return first if nonzero[first] else len(values)
