"""A widget that shows an explanation, with the height that its width requires."""

from typing import final

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.explain.notation import Line
from gui.formulas.sheet import Sheet
from gui.style.theme import Theme

MARGIN = 18


@final
class ExplanationView(QWidget):
    """Shows the lines of an explanation, inside a scroll area."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("explanation")
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._sheet = Sheet((), theme, 0.0)

    def show_lines(self, lines: tuple[Line, ...], theme: Theme) -> None:
        """Show these lines in the colours of a theme."""
        self._lines, self._theme = lines, theme
        self._set()

    def _set(self) -> None:
        self._sheet = Sheet(self._lines, self._theme, self.width() - 2.0 * MARGIN)
        self.setMinimumHeight(round(self._sheet.height) + 2 * MARGIN)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._set()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        painter.translate(MARGIN, MARGIN)
        self._sheet.paint(painter)
