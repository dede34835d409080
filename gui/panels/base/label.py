"""A line of text on the stage, optionally on a coloured background."""

from typing import final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText, QTransform
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.item import Item

CHIP_MARGIN = 3.0
MOST_CHARACTERS = 2000
"""No more of a text is laid out: no stage is wider, and of millions Qt cannot tell the width."""


MOST_LAYOUTS = 4096
"""The number of texts whose layout is cached: numbers repeat from frame to frame."""
_LAYOUTS: dict[tuple[str, str], tuple[QStaticText, float]] = {}
_METRICS: dict[str, QFontMetricsF] = {}


@final
class Label(Item):
    """Text whose left end, middle or right end is at the item's position.

    Parameters
    ----------
    parent : QGraphicsItem
    colour : str or QColor
    font : QFont
    alignment : Qt.AlignmentFlag
        AlignLeft, AlignHCenter or AlignRight; the position is the middle of the line's height.
    chip : str, optional
        A colour behind the text, so that lines beneath do not cross it.
    text : str, optional
        The first text.

    Attributes
    ----------
    text : str
        The text, whole; `set_text` changes it.
    width : float
        The width of the whole text, or of its first `MOST_CHARACTERS`.
    layout : QStaticText
        The text as painted, shortened to `max_width`.
    """

    def __init__(
        self,
        parent: QGraphicsItem,
        colour: str | QColor,
        font: QFont,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
        chip: str | None = None,
        text: str = "",
    ) -> None:
        super().__init__(parent)
        self._colour = QColor(colour)
        self._chip = QColor(chip) if chip else None
        self._alignment = alignment
        self.text = text
        self._rect, self._bounds = QRectF(), QRectF()
        self._max_width: float | None = None
        self.width = 0.0
        self.layout = QStaticText()
        self._font_key = ""
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Change the font."""
        key = font.key()
        if key != self._font_key:
            self._font, self._font_key = font, key
            self._metrics = _METRICS.setdefault(key, QFontMetricsF(font))
            self._place()

    def set_text(self, text: str, colour: str | QColor | None = None) -> None:
        """Change the text, and its colour if one is given."""
        if text != self.text:
            self.text = text
            self._place()
        if colour is not None:
            self.set_colour(colour)

    def set_colour(self, colour: str | QColor) -> None:
        """Change the colour of the text."""
        if QColor(colour) != self._colour:
            self._colour = QColor(colour)
            self.update()

    @property
    def max_width(self) -> float | None:
        """The width beyond which a text ends in an ellipsis."""
        return self._max_width

    @max_width.setter
    def max_width(self, width: float | None) -> None:
        if width != self._max_width:
            self._max_width = width
            self._place()

    def arrange_at_foot(self, area: QRectF, height: float) -> None:
        """Move to the left end of an area, `height` above its foot, and be no wider than it."""
        self.setPos(area.left(), area.bottom() - height)
        self.max_width = area.width()

    def _place(self) -> None:
        self.prepareGeometryChange()
        text, height = self.text, self._metrics.height()
        if len(text) > MOST_CHARACTERS:
            text = f"{text[: MOST_CHARACTERS - 1]}…"
        shown, width = self._laid_out(text)
        self.width = width
        if self._max_width is not None and width > self._max_width:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, self._max_width)
            shown, width = self._laid_out(text)
        left = {Qt.AlignmentFlag.AlignLeft: 0.0, Qt.AlignmentFlag.AlignRight: -width}
        self._rect = QRectF(left.get(self._alignment, -width / 2.0), -height / 2.0, width, height)
        self._bounds = self._rect.adjusted(-CHIP_MARGIN, 0.0, CHIP_MARGIN, 0.0)
        self.layout = shown
        self.update()

    def _laid_out(self, text: str) -> tuple[QStaticText, float]:
        """Return a text and its width, laid out once for all labels and frames."""
        found = _LAYOUTS.get((self._font_key, text))
        if found is None:
            shown = QStaticText(text)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.prepare(QTransform(), self._font)
            found = shown, self._metrics.horizontalAdvance(text)
            if len(_LAYOUTS) >= MOST_LAYOUTS:
                _LAYOUTS.clear()
            _LAYOUTS[self._font_key, text] = found
        return found

    def boundingRect(self) -> QRectF:
        return self._bounds  # Qt asks several times for every painting

    def paint_item(self, painter: QPainter) -> None:
        if not self.text:
            return
        if self._chip is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._chip)
            painter.drawRoundedRect(self._bounds, 3.0, 3.0)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawStaticText(self._rect.topLeft(), self.layout)
