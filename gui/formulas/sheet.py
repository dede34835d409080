"""An explanation laid out: words at the left, formulas at the right, or below in a narrow place."""

from collections.abc import Sequence
from typing import NamedTuple, final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter

from engine.explain.notation import Line
from gui.formulas.typesetting import Extent, Setting, extent
from gui.formulas.wrapping import Wrapped, wrapped
from gui.style.theme import Theme, font

SIZE = 17.0
"""Of the formulas where there is room."""
WORDS = 0.8
"""The size of words beside that of formulas."""
SCALES = tuple(1.5 * 0.95**power for power in range(25))
"""Type is made so much larger where there is room, or smaller to find some."""
READABLE = 0.78
"""Where type would be smaller, lines are left out, as far as their ranks allow it."""
TWO_COLUMNS = 640.0
"""From this width on, words stand beside their formulas, unless a height is given."""
SHARES: tuple[float | None, ...] = (0.27, 0.36, 0.45, None)
"""The shares of the width that are tried for words beside their formulas; None: above them."""
WORDS_WIDTH = 230.0
"""The most that words take of the width, in type of `SIZE`."""
GAP = 9.0
"""Between two lines."""
BESIDE_GAP = 14.0
"""Between words and the formula beside them."""


class _Layout(NamedTuple):
    """How large everything is, and one of `SHARES`."""

    scale: float
    words_share: float | None


class _Spot(NamedTuple):
    """Where the words of a line and its formula stand; the words' top left corner."""

    line: Line
    words: Wrapped
    words_at: tuple[float, float]
    formula_at: tuple[float, float]
    width: float
    """At which the formula is broken."""


class _Measured(NamedTuple):
    """Lines with their places, and the room they take."""

    spots: list[_Spot]
    height: float
    widest: float

    def fits(self, width: float, height: float) -> bool:
        return self.height <= height and self.widest <= width


@final
class Sheet:
    """Lines of an explanation, set for a width, and where a height is given for that too.

    Parameters
    ----------
    lines : sequence of Line
    theme : Theme
    width : float
    height : float, optional
        Everything is made as large as there is room for. Where it could hardly be read, lines of
        a higher rank are left out. Without a height, it is as high as it is.
    """

    def __init__(
        self, lines: Sequence[Line], theme: Theme, width: float, height: float | None = None
    ) -> None:
        self._theme = theme
        if height is None:
            layout = _Layout(1.0, SHARES[0] if width >= TWO_COLUMNS else None)
        else:
            lines, layout = self._fitted(lines, width, height)
        self.scale = layout.scale
        """Of the type, 1 for `SIZE`."""
        self.lines = tuple(lines)
        """Those that are shown."""
        measured = self._measured(lines, width, layout)
        self.height = measured.height
        size = SIZE * layout.scale
        self._fonts = {bold: _words_font(layout.scale, bold) for bold in (False, True)}
        self._placed = [
            (spot, Setting(spot.line.formula, self._ink(spot.line), size, spot.width))
            if spot.line.formula
            else (spot, None)
            for spot in measured.spots
        ]

    def paint(self, painter: QPainter) -> None:
        """Paint it from the origin on."""
        for spot, setting in self._placed:
            if spot.line.words:
                colour, bold = self._tone(spot.line.tone)
                painter.setFont(self._fonts[bold])
                painter.setPen(colour)
                x, y = spot.words_at
                for row, text in enumerate(spot.words.rows):
                    painter.drawText(QPointF(x, y + spot.words.baseline(row)), text)
            if setting is not None:
                setting.paint(painter, QPointF(*spot.formula_at))

    def _fitted(
        self, lines: Sequence[Line], width: float, height: float
    ) -> tuple[Sequence[Line], _Layout]:
        """Return which lines fit into a width and a height, and how; all if all can be read."""
        readable = max(at for at, scale in enumerate(SCALES) if scale >= READABLE)
        ranks = sorted({line.rank for line in lines} - {0}, reverse=True)
        choices = [lines, *([each for each in lines if each.rank < rank] for rank in ranks)]

        def fits(choice: Sequence[Line], at: int, share: float | None) -> bool:
            layout = _Layout(SCALES[at], share)
            return self._measured(choice, width, layout).fits(width, height)

        chosen = next(
            (each for each in choices if any(fits(each, readable, share) for share in SHARES)),
            choices[-1],
        )
        best, best_share = len(SCALES) - 1, SHARES[0]
        for share in SHARES:
            if not best or not fits(chosen, best - 1, share):
                continue  # it is no better
            low, high = 0, best - 1  # the largest that fits is not beyond these
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if fits(chosen, middle, share) else (middle + 1, high)
            best, best_share = low, share
        # Nothing is left out in vain, as where a formula that stays is too wide.
        chosen = next((each for each in choices if fits(each, best, best_share)), chosen)
        return chosen, _Layout(SCALES[best], best_share)

    def _measured(self, lines: Sequence[Line], width: float, layout: _Layout) -> _Measured:
        """Find the place of every line."""
        scale, share = layout
        words_size = _words_font_size(scale)
        words_width = left = 0.0
        if share is not None:
            words_width = min(share * width, WORDS_WIDTH * scale)
            left = words_width + BESIDE_GAP * scale
        gap, top, widest = GAP * scale, 0.0, 0.0
        spots = []
        for line in lines:
            alone = share is None or not line.formula
            bold = self._tone(line.tone)[1]
            words = wrapped(line.words, words_size, bold, width if alone else words_width)
            words_top, formula_top, bottom = top, top, top + words.height
            if line.formula:
                size = extent(line.formula, self._ink(line), SIZE * scale, width - left)
                if alone:
                    formula_top = bottom + (0.3 * gap if line.words else 0.0)
                    bottom = formula_top + size.height
                else:
                    formula_top, words_top, bottom = _beside(top, words, size)
                widest = max(widest, left + size.width)
            spots.append(_Spot(line, words, (0.0, words_top), (left, formula_top), width - left))
            widest = max(widest, words.width)
            top = bottom + gap
        return _Measured(spots, max(0.0, top - gap), widest)

    def _ink(self, line: Line) -> str:
        return self._theme.accent if line.tone == "result" else self._theme.text

    def _tone(self, tone: str) -> tuple[QColor, bool]:
        """Return the colour of words, and whether they are bold."""
        theme = self._theme
        colours = {"result": theme.accent, "agrees": theme.accent, "doubt": theme.alarm}
        colours["different"] = theme.text
        return QColor(colours.get(tone, theme.muted)), tone in ("different", "result")


def _beside(top: float, words: Wrapped, size: Extent) -> tuple[float, float, float]:
    """Return the tops of a formula and of the words on its first baseline, and where both end."""
    formula_top = top + max(0.0, words.ascent - size.baseline)
    words_top = formula_top + size.baseline - words.ascent
    return formula_top, words_top, max(formula_top + size.height, words_top + words.height)


def _words_font_size(scale: float) -> int:
    return max(1, round(WORDS * SIZE * scale))


def _words_font(scale: float, bold: bool) -> QFont:
    return font(_words_font_size(scale), bold=bold)
