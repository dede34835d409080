"""Breaks words into rows, measured once for all font sizes."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from gui.style.theme import font

REFERENCE = 100
"""The font size at which words are measured; without hinting, widths are proportional to it."""
SAFETY = 1.01


class Wrapped(NamedTuple):
    """Rows of words at a font size."""

    rows: tuple[str, ...]
    width: float
    ascent: float
    row_height: float

    @property
    def height(self) -> float:
        return len(self.rows) * self.row_height

    def baseline(self, row: int) -> float:
        """Return the baseline of a row, from the top."""
        return self.ascent + row * self.row_height


def wrapped(text: str, size: int, bold: bool, width: float) -> Wrapped:
    """Break words into rows of at most this width; a wider word is not broken."""
    measured = _measured(text, bold)
    scale = size / REFERENCE * SAFETY
    rows: list[str] = []
    widths: list[float] = []
    for word, advance in zip(text.split(), measured.advances, strict=True):
        advance *= scale
        longer = widths[-1] + measured.space * scale + advance if widths else width + 1.0
        if longer <= width:
            rows[-1] += f" {word}"
            widths[-1] = longer
        else:
            rows.append(word)
            widths.append(advance)
    ascent, height = measured.ascent * scale, measured.height * scale
    return Wrapped(tuple(rows), max(widths, default=0.0), ascent, height)


class _Measured(NamedTuple):
    """The widths of words, and the heights of their font, at size `REFERENCE`."""

    advances: tuple[float, ...]
    space: float
    ascent: float
    height: float


@lru_cache(maxsize=512)
def _measured(text: str, bold: bool) -> _Measured:
    metrics = QFontMetricsF(font(REFERENCE, bold=bold))
    advances = tuple(metrics.horizontalAdvance(word) for word in text.split())
    return _Measured(advances, metrics.horizontalAdvance(" "), metrics.ascent(), metrics.height())
