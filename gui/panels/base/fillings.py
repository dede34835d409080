"""Filled shapes in the field of a plot panel: bars of a histogram, and a band between curves."""

from typing import Any, final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from engine import Array
from gui.panels.base.plot import FieldItem, PlotPanel
from gui.style.theme import translucent


@final
class Bars(FieldItem):
    """Bars from height 0, each between two edges."""

    def __init__(self, panel: PlotPanel[Any], colour: str | QColor, opacity: float = 0.55) -> None:
        super().__init__(panel, panel.field)
        self._colour = translucent(colour, opacity)
        self._bars: list[QRectF] = []

    def set_data(self, edges: Array, heights: Array) -> None:
        """Show bars of these heights (n,) between edges (n + 1,); those of height 0 are none."""
        lefts, tops = self._panel.at(edges[:-1], heights)
        rights, bottoms = self._panel.at(edges[1:], np.zeros_like(heights))
        corners = np.stack([lefts, tops, rights - lefts, bottoms - tops], axis=1)
        self._bars = [QRectF(*corner) for corner in corners[heights > 0.0].tolist()]
        self.set_bounds(self._panel.field.rect())

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        for bar in self._bars:
            painter.drawRect(bar)


@final
class FilledBand(FieldItem):
    """The area between low and high, cached as a picture."""

    def __init__(self, panel: PlotPanel[Any], colour: str | QColor, still: bool = False) -> None:
        super().__init__(panel, panel.still_field if still else panel.field)
        self.cache()
        self._colour = translucent(colour, 0.22)
        self._shape = QPolygonF()

    def set_data(self, x: Array, low: Array, high: Array) -> None:
        """Fill between these data coordinates; points that are not finite are left out."""
        known = np.isfinite(low) & np.isfinite(high)
        across = np.concatenate([x[known], x[known][::-1]])
        up = np.concatenate([low[known], high[known][::-1]])
        self._shape = QPolygonF(self._panel.points(across, up))
        self.set_bounds(self._shape.boundingRect())

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawPolygon(self._shape)
