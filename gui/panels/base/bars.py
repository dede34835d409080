"""The bars of a histogram, in the field of a plot panel."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

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

    def set_data(self, edges: NDArray[np.float64], heights: NDArray[np.float64]) -> None:
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

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        for bar in self._bars:
            painter.drawRect(bar)
