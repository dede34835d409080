"""The highlight of the weight or bias that is selected or dragged."""

from typing import final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem, QGraphicsLineItem

from gui.panels.base import TEXT, Label
from gui.style.theme import Theme, font, translucent

HALO = 9.0
"""By how much the halo is wider than the edge it surrounds."""
RING = 4.0
"""How far outside a unit its ring runs."""


@final
class Mark:
    """A halo around an edge, or a ring around a unit, and a chip with the name and the value."""

    def __init__(self, panel: QGraphicsItem, theme: Theme) -> None:
        colour = QColor(theme.accent)
        soft = translucent(colour, 0.45)
        self._halo = QGraphicsLineItem(panel)
        self._halo.setPen(QPen(soft, HALO))
        self._halo.setZValue(-1.9)
        self._line = QGraphicsLineItem(panel)  # above all edges, of which there may be hundreds
        self._line.setZValue(-1.8)
        self._ring = QGraphicsEllipseItem(panel)
        self._ring.setPen(QPen(colour, 2.5))
        self._ring.setZValue(2.0)
        front = theme.background if theme.is_dark else theme.surface
        self._chip = Label(panel, front, font(TEXT, bold=True), chip=theme.accent)
        self._chip.setZValue(3.0)
        self.hide()

    @property
    def has_edge(self) -> bool:
        """Whether an edge is marked, whose text is at the foot."""
        return self._halo.isVisible()

    def hide(self) -> None:
        """Mark nothing."""
        for item in (self._halo, self._line, self._ring, self._chip):
            item.hide()

    def show_edge(self, edge: QGraphicsLineItem, text: str, area: QRectF) -> None:
        """Mark an edge, with the text at the foot of the area, where it hides no unit."""
        self.hide()
        pen = self._halo.pen()
        pen.setWidthF(edge.pen().widthF() + HALO)
        self._halo.setPen(pen)
        self._line.setPen(edge.pen())
        for item in (self._halo, self._line):
            item.setLine(edge.line())
            item.show()
        self._show_chip(QPointF(area.left(), area.bottom()), text, area)

    def show_unit(self, centre: QPointF, radius: float, text: str, area: QRectF) -> None:
        """Mark a unit, with the text below it."""
        self.hide()
        reach = radius + RING
        self._ring.setRect(centre.x() - reach, centre.y() - reach, 2.0 * reach, 2.0 * reach)
        self._ring.show()
        self._show_chip(QPointF(centre.x(), centre.y() + radius + 9.0), text, area)

    def _show_chip(self, at: QPointF, text: str, area: QRectF) -> None:
        self._chip.set_text(text)
        half = self._chip.boundingRect().width() / 2.0
        x = min(max(at.x(), area.left() + half), max(area.right() - half, area.left() + half))
        self._chip.setPos(x, min(max(at.y(), area.top() + 9.0), area.bottom() - 9.0))
        self._chip.show()
