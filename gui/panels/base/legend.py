"""The legend of a plot: a row of markers and lines with their meanings."""

from collections.abc import Sequence
from typing import NamedTuple, final

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.item import AreaItem
from gui.panels.base.label import Label
from gui.style.theme import Theme, font

LINE = 26.0
MARK = 14.0
GAP = 16.0


class Entry(NamedTuple):
    """A text with its marker, or its line if it has no symbol."""

    text: str
    colour: str | QColor
    symbol: str | None = None
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.2
    short: str = ""
    """The text where there is no room for all texts."""


@final
class Legend(AreaItem):
    """Entries from left to right; what finds no room is left out."""

    def __init__(
        self, parent: QGraphicsItem, theme: Theme, entries: Sequence[Entry], size: float = 13.0
    ) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self._labels = [
            Label(self, theme.text, font(size), Qt.AlignmentFlag.AlignLeft) for _ in self._entries
        ]
        self._lefts: list[float] = []

    def arrange(self, area: QRectF) -> None:
        """Stand in the middle of this area's height, from its left."""
        super().arrange(area)
        self._lefts = []
        left, middle = area.left(), area.center().y()
        self._set_texts([entry.text for entry in self._entries])
        if self._width() > area.width():
            self._set_texts([entry.short or entry.text for entry in self._entries])
        for entry, label in zip(self._entries, self._labels, strict=True):
            mark = MARK if entry.symbol else LINE
            self._lefts.append(left)
            label.setPos(left + mark + 5.0, middle)
            left += mark + 5.0 + label.width
            label.setVisible(left <= area.right() + 1.0)
            left += GAP

    def arrange_at_foot(self, area: QRectF, height: float) -> None:
        """Fill the width of an area, with the top `height` above its foot."""
        self.arrange(QRectF(area.left(), area.bottom() - height, area.width(), 20.0))

    def _set_texts(self, texts: Sequence[str]) -> None:
        for label, text in zip(self._labels, texts, strict=True):
            label.set_text(text)

    def _width(self) -> float:
        marks = sum(MARK if entry.symbol else LINE for entry in self._entries)
        gaps = (5.0 + GAP) * len(self._entries) - GAP
        return marks + gaps + sum(label.width for label in self._labels)

    def paint_item(self, painter: QPainter) -> None:
        middle = self.area.center().y()
        for entry, label, left in zip(self._entries, self._labels, self._lefts, strict=True):
            if not label.isVisible():
                continue
            if entry.symbol:
                at = QPointF(left + MARK / 2.0, middle)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(entry.colour))
                painter.translate(at)
                painter.drawPath(symbol_path(entry.symbol, 12.0))
                painter.translate(-at)
            else:
                painter.setPen(
                    QPen(QColor(entry.colour), entry.width, entry.style, Qt.PenCapStyle.FlatCap)
                )
                painter.drawLine(QLineF(left, middle, left + LINE, middle))


def symbol_path(symbol: str, size: float) -> QPainterPath:
    """Return the outline of a mark about the origin, named as pyqtgraph names it."""
    path: QPainterPath = QTransform.fromScale(size, size).map(Symbols[symbol])
    return path
