"""An explanation laid out: words at the left, formulas at the right, or below in a narrow place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.explaining.notation import Line
from gui.theme import Theme, font
from gui.typesetting import Setting

SIZE = 17.0
"""Of the formulas where there is room."""
WORDS = 0.8
"""The size of words beside that of formulas."""
LEAST = 0.45
"""Type is never made smaller than this share of `SIZE` to find room."""
TWO_COLUMNS = 640.0
"""From this width on, words stand beside their formulas, unless a height is given."""
WORDS_SHARE = 0.27
WORDS_WIDTH = 230.0
"""The most that words take of the width, in type of `SIZE`."""
MOST = 1.3
"""Type is made larger by so much where there is room."""
SMALLER = 0.93
"""By so much it is made smaller at a time where there is none."""
GAP = 9.0
"""Between two lines."""
WRAP = Qt.TextFlag.TextWordWrap


@dataclass
class _Placed:
    """A line with where its words and its formula stand."""

    words: str
    rect: QRectF
    font: QFont
    colour: QColor
    setting: Setting | None
    at: QPointF


@final
class Sheet:
    """Lines of an explanation, set for a width, and where a height is given for that too.

    Parameters
    ----------
    lines : sequence of Line
    theme : Theme
    width : float
    height : float, optional
        Where it would be higher, everything is made smaller; without, it is as high as it is.
    """

    def __init__(
        self, lines: Sequence[Line], theme: Theme, width: float, height: float | None = None
    ) -> None:
        self._theme = theme
        self._placed: list[_Placed] = []
        self.height = 0.0
        beside = width >= TWO_COLUMNS
        if height is None:
            self._place(lines, width, 1.0, beside)
            return
        # In a panel the type says how well it can be read: the larger one of the two layouts is.
        scale, beside = max(
            (self._largest(lines, (width, height), beside), beside) for beside in (True, False)
        )
        self._place(lines, width, scale, beside)

    def _largest(self, lines: Sequence[Line], room: tuple[float, float], beside: bool) -> float:
        """Return the largest scale by which lines fit into a width and a height."""
        scale = MOST
        self._place(lines, room[0], scale, beside)
        while scale > LEAST and self._overflows(*room):
            scale = max(LEAST, SMALLER * scale)
            self._place(lines, room[0], scale, beside)
        return scale

    def paint(self, painter: QPainter) -> None:
        """Paint it from the origin on."""
        for each in self._placed:
            if each.words:
                painter.setFont(each.font)
                painter.setPen(each.colour)
                painter.drawText(each.rect, WRAP, each.words)
            if each.setting is not None:
                each.setting.paint(painter, each.at)

    def _overflows(self, width: float, height: float) -> bool:
        widest = max(
            (each.at.x() + each.setting.width for each in self._placed if each.setting), default=0.0
        )
        return self.height > height or widest > width

    def _place(self, lines: Sequence[Line], width: float, scale: float, beside: bool) -> None:
        self._placed = []
        words_width = min(WORDS_SHARE * width, WORDS_WIDTH * scale)
        left = words_width + 14.0 * scale if beside else 0.0
        gap, top = GAP * scale, 0.0
        for line in lines:
            colour, bold = self._tone(line.tone)
            words_font = font(WORDS * SIZE * scale, bold=bold)
            metrics = QFontMetricsF(words_font)
            alone = not beside or not line.formula
            room = width if alone else words_width
            needed = metrics.boundingRect(QRectF(0.0, 0.0, room, 1e6), WRAP, line.words)
            words_height = needed.height() if line.words else 0.0
            if not line.formula:
                rect = QRectF(0.0, top, width, words_height)
                self._placed.append(_Placed(line.words, rect, words_font, colour, None, QPointF()))
                top += words_height + gap
                continue
            ink = self._theme.accent if line.tone == "result" else self._theme.text
            setting = Setting(line.formula, ink, SIZE * scale, width - left)
            if alone:
                at = QPointF(0.0, top + words_height + (0.3 * gap if line.words else 0.0))
                rect = QRectF(0.0, top, width, words_height)
                bottom = at.y() + setting.height
            else:
                # Words stand on the baseline of their formula's first line.
                shift = max(0.0, metrics.ascent() - setting.baseline)
                at = QPointF(left, top + shift)
                rect = QRectF(0.0, at.y() + setting.baseline - metrics.ascent(), room, words_height)
                bottom = max(at.y() + setting.height, rect.bottom())
            self._placed.append(_Placed(line.words, rect, words_font, colour, setting, at))
            top = bottom + gap
        self.height = max(0.0, top - gap)

    def _tone(self, tone: str) -> tuple[QColor, bool]:
        """Return the colour of words, and whether they are bold."""
        theme = self._theme
        colours = {"result": theme.accent, "agrees": theme.accent, "doubt": theme.alarm}
        colours["different"] = theme.text
        return QColor(colours.get(tone, theme.muted)), tone in ("different", "result")
