"""What a panel of formulas is made of: an explanation that fills the panel."""

from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.explaining.notation import Line
from gui.explaining.sheet import Sheet
from gui.theme import Theme


@final
class Formulas(QGraphicsItem):
    """Lines of an explanation in an area, in type as large as there is room for."""

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rect = QRectF()
        self._lines: tuple[Line, ...] = ()
        self._sheet = Sheet((), theme, 0.0)

    def arrange(self, area: QRectF) -> None:
        """Take this place."""
        self.prepareGeometryChange()
        self.setPos(area.topLeft())
        self._rect = QRectF(0.0, 0.0, area.width(), area.height())
        self._set()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        if lines != self._lines:
            self._lines = lines
            self._set()

    def _set(self) -> None:
        # Here and not in `paint`, in which an error would end the program.
        width, height = self._rect.width(), self._rect.height()
        self._sheet = Sheet(self._lines, self._theme, width, height)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setClipRect(self._rect)
        self._sheet.paint(painter)
