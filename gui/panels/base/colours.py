"""The colour scale of signed numbers, and its legend."""

from dataclasses import dataclass
from math import isfinite, log10
from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine import typeset
from gui.panels.base.field_image import paint_image
from gui.panels.base.item import Item
from gui.panels.base.label import Label
from gui.style.theme import Theme, font

DECADES = 8.0
"""What a logarithmic scale spans: numbers 10⁻⁸ of the limit have the palest colour."""
PALEST = 0.3
"""Where on the colour map the smallest numbers begin, so that none looks like exact zero."""


@final
@dataclass(frozen=True)
class ColourScale:
    """Colours for numbers from −limit to limit; exact zero and NaN have colours of their own.

    Attributes
    ----------
    limit : float
        The size that gets the strongest colour, above 0.
    theme : Theme
    logarithmic : bool
    """

    limit: float
    theme: Theme
    logarithmic: bool = False

    def strength(self, value: float) -> float:
        """Return how far |value| reaches from 0 to the limit, 0 … 1."""
        size = abs(value)
        if size == 0.0:
            return 0.0
        if size >= self.limit or not isfinite(size):
            return 1.0
        if self.logarithmic:
            return max(0.0, 1.0 + (log10(size) - log10(self.limit)) / DECADES)
        return size / self.limit

    def colour(self, value: float) -> QColor:
        """Return the colour of a number."""
        if value != value:
            return QColor(self.theme.missing)
        if value == 0.0:
            return QColor(self.theme.zero)
        shift = PALEST + (1.0 - PALEST) * self.strength(value)
        index = 255 + round(255.0 * (shift if value > 0.0 else -shift))
        red, green, blue = self.theme.lut()[index].tolist()
        return QColor(red, green, blue)

    def width(self, value: float) -> float:
        """Return the width of a line that represents a number."""
        return 1.2 + 5.3 * self.strength(value)

    def text_on(self, value: float) -> QColor:
        """Return black or white, whichever can be read on the colour of a number."""
        colour = self.colour(value)
        bright = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
        return QColor("#101216" if bright > 140.0 else "#ffffff")


def scale_image(colours: NDArray[np.uint8]) -> QImage:
    """Return RGB colours (n, 3) as an image one pixel high."""
    row = np.ascontiguousarray(colours[None])
    image = QImage(row.data, len(colours), 1, 3 * len(colours), QImage.Format.Format_RGB888)
    return image.copy()


@final
class ColourLegend(Item):
    """A colour bar between two numbers, with a caption."""

    HEIGHT = 16.0

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._shown: tuple[str, ColourScale] | None = None
        self._bar = QRectF()
        self._width = 0.0
        self._what, self._low, self._high = (
            Label(self, theme.muted, font(12), alignment)
            for alignment in (
                Qt.AlignmentFlag.AlignLeft,
                Qt.AlignmentFlag.AlignRight,
                Qt.AlignmentFlag.AlignLeft,
            )
        )

    def arrange(self, area: QRectF) -> None:
        """Lie along the foot of an area: words on the left, the bar on the right."""
        self.setPos(area.left(), area.bottom() - self.HEIGHT)
        middle = self.HEIGHT / 2.0
        self._width = area.width()
        self._what.setPos(0.0, middle)
        self._place_bar()

    def _place_bar(self) -> None:
        """Put the bar and its numbers where the words leave room."""
        middle = self.HEIGHT / 2.0
        numbers = self._low.width + self._high.width + 10.0
        bar = max(24.0, min(120.0, self._width - self._what.width - numbers - 14.0))
        right = self._width - self._high.width - 5.0
        self.prepareGeometryChange()
        self._bar = QRectF(right - bar, middle - 4.0, bar, 8.0)
        self._what.max_width = max(1.0, self._width - bar - numbers - 14.0)
        self._low.setPos(self._bar.left() - 5.0, middle)
        self._high.setPos(self._bar.right() + 5.0, middle)

    def set_colours(self, what: str, low: str, high: str, colours: NDArray[np.uint8]) -> None:
        """Show a caption, and colours (n, 3) between two numbers."""
        self._what.set_text(what)
        self._low.set_text(low)
        self._high.set_text(high)
        self._image = scale_image(colours)
        self._place_bar()

    def set_scale(self, what: str, scale: ColourScale) -> None:
        """Show a scale of signed numbers, with the gap between zero and the smallest numbers."""
        if (what, scale) == self._shown:
            return
        self._shown = what, scale
        half = np.rint(255.0 * np.linspace(PALEST, 1.0, 128)).astype(np.intp)
        zero = QColor(scale.theme.zero)
        middle = np.tile(np.array([[zero.red(), zero.green(), zero.blue()]], np.uint8), (12, 1))
        lut = scale.theme.lut()
        colours = np.concatenate([lut[255 - half[::-1]], middle, lut[255 + half]])
        kind = f"{what} (logarithmic)" if scale.logarithmic else what
        limit = typeset(f"{scale.limit:.2g}")
        self.set_colours(kind, f"−{limit}", f"+{limit}", colours)

    def boundingRect(self) -> QRectF:
        return self._bar.adjusted(-1.0, -1.0, 1.0, 1.0)

    def paint_item(self, painter: QPainter) -> None:
        paint_image(painter, self._bar, self._image, smooth=False)
