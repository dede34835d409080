"""Lays out an explanation: words to the left of formulas, or above them where it is narrow."""

from collections.abc import Sequence
from typing import NamedTuple, final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from engine.explain.notation import Line
from gui.formulas.typesetting import Extent, Setting, extent
from gui.formulas.wrapping import Wrapped, wrapped
from gui.style.theme import Theme, font

SIZE = 17.0
"""The font size of formulas at scale 1, in pixels."""
WORDS = 0.8
"""The font size of words, relative to that of formulas."""
SCALES = tuple(1.5 * 0.95**power for power in range(25))
"""The scales to choose from, largest first."""
READABLE = 0.78
"""Below this scale, lines are left out, as far as their ranks allow it."""
TWO_COLUMNS = 640.0
"""From this width on, words are beside their formulas, unless a height is given."""
SHARES: tuple[float | None, ...] = (0.27, 0.36, 0.45, None)
"""The shares of the width that are tried for words beside their formulas; None: above them."""
WORDS_WIDTH = 230.0
"""The greatest width of words beside a formula, at scale 1."""
GAP = 9.0
"""The space between two lines."""
BESIDE_GAP = 14.0
"""The space between words and the formula beside them."""


class _Layout(NamedTuple):
    """A scale, and one of `SHARES`."""

    scale: float
    words_share: float | None


class _PlacedLine(NamedTuple):
    """A line with the top left corners of its words and its formula."""

    line: Line
    words: Wrapped
    words_at: tuple[float, float]
    formula_at: tuple[float, float]
    width: float
    """The width at which the formula is broken."""


class _Measured(NamedTuple):
    """Lines with their places, and the size of all."""

    lines: list[_PlacedLine]
    height: float
    widest: float


@final
class Sheet:
    """The lines of an explanation, laid out for a width and, if given, a height.

    Parameters
    ----------
    lines : sequence of Line
    theme : Theme
    width : float
    height : float, optional
        The scale is the largest that fits. Where text would be illegible, lines of the highest
        rank are left out. Without a height, the scale is 1.
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
        """The font size relative to `SIZE`."""
        self.lines = tuple(lines)
        """The lines that are shown."""
        measured = self._measured(lines, width, layout)
        self.height = measured.height
        size = SIZE * layout.scale
        words_size = _words_font_size(layout.scale)
        self._fonts = {bold: font(words_size, bold=bold) for bold in (False, True)}
        self._placed = [
            (each, Setting(each.line.formula, self._ink(each.line), size, each.width))
            if each.line.formula
            else (each, None)
            for each in measured.lines
        ]

    def paint(self, painter: QPainter) -> None:
        """Paint the lines with their top left corner at the origin."""
        for placed, setting in self._placed:
            if placed.line.words:
                colour, bold = self._tone(placed.line.tone)
                painter.setFont(self._fonts[bold])
                painter.setPen(colour)
                x, y = placed.words_at
                for row, text in enumerate(placed.words.rows):
                    painter.drawText(QPointF(x, y + placed.words.baseline(row)), text)
            if setting is not None:
                setting.paint(painter, QPointF(*placed.formula_at))

    def _fitted(
        self, lines: Sequence[Line], width: float, height: float
    ) -> tuple[Sequence[Line], _Layout]:
        """Return the lines that fit into a width and a height, and their layout."""
        readable = max(at for at, scale in enumerate(SCALES) if scale >= READABLE)
        ranks = sorted({line.rank for line in lines} - {0}, reverse=True)
        choices = [lines, *([each for each in lines if each.rank < rank] for rank in ranks)]

        def fits(choice: Sequence[Line], at: int, share: float | None) -> bool:
            measured = self._measured(choice, width, _Layout(SCALES[at], share))
            return measured.height <= height and measured.widest <= width

        chosen = next(
            (each for each in choices if any(fits(each, readable, share) for share in SHARES)),
            choices[-1],
        )
        best, best_share = len(SCALES) - 1, SHARES[0]
        for share in SHARES:
            if not best or not fits(chosen, best - 1, share):
                continue  # not larger than the best so far
            low, high = 0, best - 1  # bounds of the largest scale that fits
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if fits(chosen, middle, share) else (middle + 1, high)
            best, best_share = low, share
        # If leaving out lines did not help, as where a remaining formula is too wide, keep them.
        chosen = next((each for each in choices if fits(each, best, best_share)), chosen)
        return chosen, _Layout(SCALES[best], best_share)

    def _measured(self, lines: Sequence[Line], width: float, layout: _Layout) -> _Measured:
        scale, share = layout
        words_size = _words_font_size(scale)
        words_width = left = 0.0
        if share is not None:
            words_width = min(share * width, WORDS_WIDTH * scale)
            left = words_width + BESIDE_GAP * scale
        gap, top, widest = GAP * scale, 0.0, 0.0
        result: list[_PlacedLine] = []
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
            result.append(
                _PlacedLine(line, words, (0.0, words_top), (left, formula_top), width - left)
            )
            widest = max(widest, words.width)
            top = bottom + gap
        return _Measured(result, max(0.0, top - gap), widest)

    def _ink(self, line: Line) -> str:
        return self._theme.accent if line.tone == "result" else self._theme.text

    def _tone(self, tone: str) -> tuple[QColor, bool]:
        """Return the colour of words, and whether they are bold."""
        theme = self._theme
        colours = {"result": theme.accent, "agrees": theme.accent, "doubt": theme.alarm}
        colours["different"] = theme.text
        return QColor(colours.get(tone, theme.muted)), tone in ("different", "result")


def _beside(top: float, words: Wrapped, size: Extent) -> tuple[float, float, float]:
    """Return the tops of a formula and of the words on its first baseline, and their bottom."""
    formula_top = top + max(0.0, words.ascent - size.baseline)
    words_top = formula_top + size.baseline - words.ascent
    return formula_top, words_top, max(formula_top + size.height, words_top + words.height)


def _words_font_size(scale: float) -> int:
    return max(1, round(WORDS * SIZE * scale))
