"""A band between two curves, in the field of a plot panel."""

from typing import Any, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.types import Array
from gui.panels.base.item import Item
from gui.panels.base.plot import PlotPanel
from gui.style.theme import translucent


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

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawPolygon(self._shape)
