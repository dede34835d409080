"""Typesets the formulas of explanations, and paints them crisply at any scale.

A formula is a row of parts. Each part is typeset once and cached, numbers digit by digit, so that
the numbers of another frame need no typesetting. The font is STIX Two Math, part of ziamath.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, final

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from engine.explain.notation import Formula, Matrix

EM = 20.0
"""The size at which parts are typeset; painting scales them."""
AXIS = 0.25
"""The height of the middle of a minus sign above the baseline, in em."""
LEADING = 0.35
"""The space between the lines of a broken formula, in em."""
INDENT = 1.5
MATRIX_GAP = (0.8, 0.3)
"""The space between the columns and between the rows of a matrix, in em."""
_INK = "#012345"
"""A placeholder for the colour."""
_DIGITS = re.compile(r"[0-9.]+")
_SPACES = {"=": 0.28, ":=": 0.28, "+": 0.22, "-": 0.22, r"\cdot": 0.2, r"\ldots": 0.1}
_SET_AS = {":=": r"\coloneqq"}
"""Symbols that ziamath typesets better under another name."""
_OPENING = {"(", "[", "g(", *_SPACES}
"""After these parts, a minus sign is unary."""
_BREAKS = {"=", "+", r"\quad"}
"""A line may be broken before these parts, and before a minus sign between matrices."""


@final
class _Part(NamedTuple):
    """A typeset part at size `EM`, with the baseline at y = 0."""

    picture: QSvgRenderer | None
    box: QRectF
    advance: float


class _Box(NamedTuple):
    """A box on the baseline at size `EM`: its width, ascent (up) and descent (down)."""

    width: float
    up: float
    down: float
    parts: tuple[tuple[float, float, _Part], ...]
    """The parts with their x and y."""
    brackets: tuple[QRectF, ...] = ()


class Extent(NamedTuple):
    """The size of a typeset formula, and the first baseline below its top."""

    width: float
    height: float
    baseline: float


def extent(formula: Formula, colour: str, size: float, width: float = 1e9) -> Extent:
    """Return the size of a `Setting`; this is cheap for many sizes."""
    scale = size / EM
    lines = _broken(formula, QColor(colour).name(), width / scale)
    widths = [sum(box.width for box in line) for line in lines]
    widths[1:] = [each + INDENT * EM for each in widths[1:]]
    up = max(box.up for box in lines[0])
    heights = sum(max(box.up for box in line) + max(box.down for box in line) for line in lines)
    height = heights + LEADING * EM * (len(lines) - 1)
    return Extent(max(widths) * scale, height * scale, up * scale)


def prepare(formulas: Iterable[Formula]) -> None:
    """Cache the slow part of typesetting formulas; may be called in any thread."""
    for part in chain.from_iterable(formulas):
        if isinstance(part, Matrix):
            for row in part.rows:
                prepare(row)
        else:
            for piece in _pieces(part):
                _drawn(piece)


@final
class Setting:
    """A typeset formula, broken into lines where it would be too wide.

    Parameters
    ----------
    formula : sequence of str or Matrix
    colour : str
    size : float
        The font size in pixels.
    width : float
        The greatest width of a line, unless it cannot be broken.
    """

    def __init__(self, formula: Formula, colour: str, size: float, width: float = 1e9) -> None:
        self._scale = size / EM
        self._colour = colour
        broken = _broken(formula, QColor(colour).name(), width / self._scale)
        self._lines = [_beside(line) for line in broken]
        self.width, self.height, self.baseline = extent(formula, colour, size, width)

    def paint(self, painter: QPainter, at: QPointF) -> None:
        """Paint the formula with its top left corner at a point."""
        painter.save()
        painter.translate(at)
        painter.scale(self._scale, self._scale)
        top = 0.0
        for number, line in enumerate(self._lines):
            left = INDENT * EM if number else 0.0
            self._paint_line(painter, line, left, top + line.up)
            top += line.up + line.down + LEADING * EM
        painter.restore()

    def _paint_line(self, painter: QPainter, line: _Box, left: float, baseline: float) -> None:
        for x, y, part in line.parts:
            if part.picture is not None:
                part.picture.render(painter, part.box.translated(left + x, baseline + y))
        painter.setPen(QPen(QColor(self._colour), 0.07 * EM))
        for rect in line.brackets:
            place = rect.translated(left, baseline)
            foot = 0.22 * EM
            for x, inward in ((place.left(), foot), (place.right(), -foot)):
                corners = (
                    QPointF(x + inward, place.top()),
                    QPointF(x, place.top()),
                    QPointF(x, place.bottom()),
                    QPointF(x + inward, place.bottom()),
                )
                painter.drawPolyline(corners)


def _broken(formula: Formula, colour: str, width: float) -> list[list[_Box]]:
    """Typeset a formula in lines of at most this width, if possible."""
    lines: list[list[_Box]] = []
    x = 0.0
    for segment in _segments(formula, colour):
        if lines and x + segment.width <= width - (INDENT * EM if len(lines) > 1 else 0.0):
            lines[-1].append(segment)
            x += segment.width
        else:
            lines.append([segment])
            x = segment.width
    return lines


@lru_cache(maxsize=256)
def _segments(formula: Formula, colour: str) -> tuple[_Box, ...]:
    """Typeset a formula in segments between which a line may be broken."""
    segments: list[list[str | Matrix]] = [[]]
    for part in formula:
        now = segments[-1]
        is_break = part in _BREAKS or (part == "-" and bool(now) and isinstance(now[-1], Matrix))
        if is_break and now:
            segments.append([])
        segments[-1].append(part)
    return tuple(_row(segment, colour, continues=bool(at)) for at, segment in enumerate(segments))


def _beside(boxes: Sequence[_Box]) -> _Box:
    """Join boxes from left to right."""
    x = 0.0
    parts: list[tuple[float, float, _Part]] = []
    brackets: list[QRectF] = []
    for box in boxes:
        parts += ((x + left, y, part) for left, y, part in box.parts)
        brackets += (rect.translated(x, 0.0) for rect in box.brackets)
        x += box.width
    up, down = max(box.up for box in boxes), max(box.down for box in boxes)
    return _Box(x, up, down, tuple(parts), tuple(brackets))


def _row(formula: Sequence[str | Matrix], colour: str, continues: bool = False) -> _Box:
    """Typeset parts from left to right, with the spaces of their meaning.

    If the row `continues` another one, its first sign is binary.
    """
    boxes = [_Box(0.0, 0.7 * EM, 0.22 * EM, ())]  # at least the height of a letter
    before: str | Matrix | None = "" if continues else None
    for number, part in enumerate(formula):
        box = _matrix(part, colour) if isinstance(part, Matrix) else _piece(part, colour)
        is_sign = part == "-" and (before is None or before in _OPENING)
        space = 0.0 if is_sign or isinstance(part, Matrix) else _SPACES.get(part, 0.06) * EM
        # The first part starts at the left edge, but a binary sign has its space.
        lead = space if number or continues or part in _BREAKS else 0.0
        boxes += (_space(lead), box, _space(space))
        before = part
    return _beside(boxes)


def _space(width: float) -> _Box:
    return _Box(width, 0.0, 0.0, ())


def _pieces(latex: str) -> Sequence[str]:
    """Return the pieces to typeset separately: the digits of a number, else the whole LaTeX."""
    return latex if _DIGITS.fullmatch(latex) else (latex,)


@lru_cache(maxsize=4096)
def _piece(latex: str, colour: str) -> _Box:
    parts = [_part(piece, colour) for piece in _pieces(latex)]
    return _beside(
        [
            _Box(part.advance, -part.box.top(), part.box.bottom(), ((0.0, 0.0, part),))
            for part in parts
        ]
    )


def _matrix(matrix: Matrix, colour: str) -> _Box:
    """Typeset a matrix around the axis of the line, with entries aligned to the right."""
    entries = [[_row(entry, colour) for entry in row] for row in matrix.rows]
    widths = [max(entry.width for entry in column) for column in zip(*entries, strict=True)]
    heights = [max(entry.up + entry.down for entry in row) for row in entries]
    across, along = MATRIX_GAP[0] * EM, MATRIX_GAP[1] * EM
    inset = 0.45 * EM
    width = 2.0 * inset + sum(widths) + across * (len(widths) - 1)
    height = sum(heights) + along * (len(heights) - 1)
    top = -AXIS * EM - height / 2.0
    parts: list[tuple[float, float, _Part]] = []
    y = top
    for row, tall in zip(entries, heights, strict=True):
        x = inset
        for entry, wide in zip(row, widths, strict=True):
            baseline = y + max(each.up for each in row)
            left = x + wide - entry.width
            parts += ((left + at, baseline + rise, part) for at, rise, part in entry.parts)
            x += wide + across
        y += tall + along
    margin = 0.12 * EM
    around = QRectF(0.1 * EM, top - margin, width - 0.2 * EM, height + 2.0 * margin)
    return _Box(width, -around.top(), around.bottom(), tuple(parts), (around,))


@lru_cache(maxsize=4096)
def _part(latex: str, colour: str) -> _Part:
    svg, box, advance = _drawn(latex)
    if not svg:
        return _Part(None, box, advance)
    return _Part(QSvgRenderer(QByteArray(svg.replace(_INK, colour).encode())), box, advance)


@lru_cache(maxsize=4096)
def _drawn(latex: str) -> tuple[str, QRectF, float]:
    """Return one part as SVG, its box and its advance; this takes milliseconds and is cached."""
    from ziamath.config import config  # slow to import, so only with the first formula
    from ziamath.zmath import Latex

    config.svg2 = False  # Qt does not draw SVG 2 completely
    found = Latex(_SET_AS.get(latex, latex), size=EM, color=_INK, margin=0.0)
    bounds = found.node.bbox
    box = QRectF(bounds.xmin, -bounds.ymax, bounds.xmax - bounds.xmin, bounds.ymax - bounds.ymin)
    if box.isEmpty():
        return "", box, found.node.xadvance()
    # Qt's PDF draws a stroke even where there is none, unless it is transparent.
    svg = found.svg().replace("<svg ", '<svg stroke="#000" stroke-opacity="0" ', 1)
    return svg, box, found.node.xadvance()
