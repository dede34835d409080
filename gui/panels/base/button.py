"""A button on a panel: a text in a frame; the panel says what a click on it means."""

from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.item import AreaItem
from gui.panels.base.label import Label
from gui.style.theme import Theme, font

HEIGHT = 22.0
PADDING = 9.0


@final
class Button(AreaItem):
    """A text in a frame; hidden while the text is empty."""

    def __init__(self, parent: QGraphicsItem, theme: Theme, size: float = 13.0) -> None:
        super().__init__(parent)
        self._colour = QColor(theme.accent)
        self._label = Label(self, theme.accent, font(size))

    @property
    def text(self) -> str:
        return self._label.text

    def set_text(self, text: str) -> None:
        """Change the text, to be followed by `arrange_at_right`."""
        self._label.set_text(text)
        self.setVisible(bool(text))

    def arrange_at_right(self, right: float, middle: float) -> float:
        """End at `right`, as wide as the text; return the left edge."""
        width = self._label.width + 2.0 * PADDING if self.text else 0.0
        area = QRectF(right - width, middle - HEIGHT / 2.0, width, HEIGHT)
        if area != self.area:
            self.arrange(area)
            self._label.setPos(area.center())
        return area.left()

    def is_at(self, point: QPointF) -> bool:
        """Whether a point of the panel is on the button."""
        return bool(self.text) and self.area.contains(point)

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._colour, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.area.adjusted(0.6, 0.6, -0.6, -0.6), 5.0, 5.0)
