"""Filled shapes in the field of a plot panel: bars of a histogram, and a band between curves."""

from typing import Any, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from engine import Array
from gui.panels.base.item import Item
from gui.panels.base.plot import PlotPanel
from gui.style.theme import translucent


@final
class Bars(Item):
    """Bars from height 0, each between two edges."""

    def __init__(self, panel: PlotPanel[Any], colour: str | QColor, opacity: float = 0.55) -> None:
        super().__init__(panel.field)
        self._panel = panel
        self._colour = translucent(colour, opacity)
        self._bars: list[QRectF] = []

    def set_data(self, edges: Array, heights: Array) -> None:
        """Show bars of these heights (n,) between edges (n + 1,); those of height 0 are none."""
        lefts, tops = self._panel.at(edges[:-1], heights)
        rights, bottoms = self._panel.at(edges[1:], np.zeros_like(heights))
        self.prepareGeometryChange()
        self._bars = [
            QRectF(left, top, right - left, bottom - top)
            for left, top, right, bottom, height in zip(
                lefts.tolist(),
                tops.tolist(),
                rights.tolist(),
                bottoms.tolist(),
                heights.tolist(),
                strict=True,
            )
            if height > 0.0
        ]
        self.update()

    def boundingRect(self) -> QRectF:
        return self._panel.field.rect()

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        for bar in self._bars:
            painter.drawRect(bar)


@final
class FilledBand(Item):
    """The area between low and high, cached as a picture."""

    def __init__(self, panel: PlotPanel[Any], colour: str | QColor, still: bool = False) -> None:
        super().__init__(panel.still_field if still else panel.field)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._panel = panel
        self._colour = translucent(colour, 0.22)
        self._shape = QPolygonF()

    def set_data(self, x: Array, low: Array, high: Array) -> None:
        """Fill between these data coordinates; points that are not finite are left out."""
        known = np.isfinite(low) & np.isfinite(high)
        across = np.concatenate([x[known], x[known][::-1]])
        lefts, tops = self._panel.at(across, np.concatenate([low[known], high[known][::-1]]))
        self.prepareGeometryChange()
        places = zip(lefts.tolist(), tops.tolist(), strict=True)
        self._shape = QPolygonF([QPointF(left, top) for left, top in places])
        self.update()

    def boundingRect(self) -> QRectF:
        return self._shape.boundingRect()

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawPolygon(self._shape)
