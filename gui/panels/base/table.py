"""A table item, short texts in rows and columns, and the base of panels that show one."""

from abc import abstractmethod
from collections.abc import Sequence
from itertools import zip_longest
from math import inf
from typing import ClassVar, NamedTuple, final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.item import AreaItem
from gui.panels.base.label import Label
from gui.panels.base.panel import TEXT, Panel, S, ViewState
from gui.panels.base.text import size_text
from gui.style.theme import Theme, font

LEFT = Qt.AlignmentFlag.AlignLeft
CENTRE = Qt.AlignmentFlag.AlignHCenter
RIGHT = Qt.AlignmentFlag.AlignRight
PAD = 6.0


class TableCell(NamedTuple):
    """A text, its colour (the theme's text by default), fill and outline."""

    text: str = ""
    colour: str | QColor | None = None
    bold: bool = False
    fill: str | QColor | None = None
    outline: str | QColor | None = None


class Column(NamedTuple):
    """A column's share of the width, and how its texts are aligned."""

    share: float = 1.0
    alignment: Qt.AlignmentFlag = LEFT


@final
class Table(AreaItem):
    """Rows of cells in an area.

    Parameters
    ----------
    parent : QGraphicsItem
    theme : Theme
    columns : sequence of Column
    size : float
        Of the text.
    row_height : float
        The most; less where there is no room.
    """

    def __init__(
        self,
        parent: QGraphicsItem,
        theme: Theme,
        columns: Sequence[Column],
        size: float = 13.0,
        row_height: float = 26.0,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = tuple(columns)
        self._fonts = {bold: font(size, bold=bold) for bold in (False, True)}
        self._row_height = row_height
        self.rows: tuple[tuple[TableCell, ...], ...] = ()
        self._labels: list[list[Label]] = []

    def arrange(self, area: QRectF) -> None:
        """Take this place, in the parent's coordinates."""
        super().arrange(area)
        self._place()

    def set_rows(self, rows: Sequence[Sequence[TableCell]]) -> None:
        """Show these rows; each has a cell for each column, or fewer: the last may then be long."""
        new = tuple(tuple(row) for row in rows)
        if new == self.rows:
            return
        placed = [len(row) for row in new] == [len(row) for row in self.rows]
        self.rows = new
        while len(self._labels) < len(new):
            self._labels.append(
                [
                    Label(self, self._theme.text, self._fonts[False], column.alignment)
                    for column in self._columns
                ]
            )
        for labels, row in zip_longest(self._labels, new, fillvalue=()):
            padding = [TableCell()] * (len(labels) - len(row))
            for label, cell in zip(labels, [*row, *padding], strict=True):
                label.set_font(self._fonts[cell.bold])
                label.set_text(cell.text, cell.colour or self._theme.text)
        if not placed:
            self._place()
        self.update()

    def row_at(self, point: QPointF) -> int | None:
        """Return the row at a point of the parent, if there is one."""
        if not self.rows or not self.area.contains(point):
            return None
        row = int((point.y() - self.area.top()) // self._height())
        return row if row < len(self.rows) else None

    def column_at(self, point: QPointF) -> int:
        """Return the column at a point of the parent."""
        return max(0, sum(left <= point.x() for left, _ in self._spans()) - 1)

    @property
    def bottom(self) -> float:
        """Where the last row ends, in the parent's coordinates."""
        return self.area.top() + self._height() * len(self.rows)

    def _height(self) -> float:
        return min(self._row_height, self.area.height() / max(1, len(self.rows)))

    def _spans(self) -> list[tuple[float, float]]:
        """Return the left edge and the width of every column."""
        total = sum(column.share for column in self._columns)
        spans, left = [], self.area.left()
        for column in self._columns:
            width = self.area.width() * column.share / total
            spans.append((left, width))
            left += width
        return spans

    def _place(self) -> None:
        height = self._height()
        spans = self._spans()
        for number, labels in enumerate(self._labels):
            middle = self.area.top() + (number + 0.5) * height
            last = len(self.rows[number]) - 1 if number < len(self.rows) else -1
            columns = zip(labels, self._columns, spans, strict=True)
            for at, (label, column, (left, width)) in enumerate(columns):
                room = self.area.right() - left if at == last else width
                label.max_width = max(1.0, room - PAD)
                across = {LEFT: 0.0, CENTRE: width / 2.0, RIGHT: width - PAD}
                label.setPos(left + across[column.alignment], middle)

    def paint_item(self, painter: QPainter) -> None:
        height, spans = self._height(), self._spans()
        gap = min(2.0, 0.1 * height)
        for number, row in enumerate(self.rows):
            top = self.area.top() + number * height
            for cell, (left, width) in zip(row, spans, strict=False):
                if cell.fill is None and cell.outline is None:
                    continue
                painter.setBrush(
                    QColor(cell.fill) if cell.fill is not None else Qt.BrushStyle.NoBrush
                )
                painter.setPen(
                    QPen(QColor(cell.outline), 1.8)
                    if cell.outline is not None
                    else QPen(Qt.PenStyle.NoPen)
                )
                rect = QRectF(left, top, width, height).adjusted(gap, gap, -gap, -gap)
                painter.drawRoundedRect(rect, 3.0, 3.0)


class TablePanel(Panel[S]):
    """A panel filled by a table, above lines of words in a foot of height `foot`.

    A subclass makes `table` in `make_items`, and gives its rows.
    """

    most_width: ClassVar[float] = inf
    """The width beyond which the table would only move its columns apart."""
    table: Table

    def arrange_items(self, area: QRectF) -> None:
        place = area.adjusted(0.0, 0.0, 0.0, -self.foot)
        place.setWidth(min(area.width(), self.most_width))
        self.table.arrange(place)
        self.arrange_foot(area)

    def make_table(self, columns: Sequence[Column], row_height: float, size: float = TEXT) -> Table:
        """Return a new table in the theme of the panel."""
        return Table(self, self.theme, columns, size, row_height)

    @abstractmethod
    def rows(self, state: ViewState) -> Sequence[Sequence[TableCell]]:
        """Return the rows of the table, and show the words below it."""

    def draw(self, state: ViewState) -> None:
        self.table.set_rows(self.rows(state))

    def muted(self, *texts: str) -> list[TableCell]:
        """Return cells of secondary text."""
        return [TableCell(text, self.theme.muted) for text in texts]

    def difference_cell(self, difference: float, digits: int) -> TableCell:
        """Return the cell of a size that is marked where it is exactly 0."""
        is_zero = difference == 0.0
        return TableCell(
            size_text(difference, digits), self.theme.accent if is_zero else None, is_zero
        )

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        """Return the tool tip of a cell, counted from 0 at the top left."""
        return ""

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        row = self.table.row_at(point)
        return "" if row is None else self.cell_text(row, self.table.column_at(point), state)
