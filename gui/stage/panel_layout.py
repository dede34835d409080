"""Lays out panels in rows, some above one another, so that their shapes fit them best."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import comb, exp, log, sqrt
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF

HIGH = 290.0
"""The least height of a row of panels."""
MOST_TRIED = 5
"""In longer rows no panels are above one another, as to try all ways takes too long."""
MOST_WAYS = 128
"""If there are more ways to cut panels into rows, few are tried. Eight panels have 128."""
MOST_MOVES = 16
"""The number of moves of a panel into a neighbouring row, where few ways are tried."""
LEAST_SIDE = 260.0
"""The length below which the side of a panel is too small."""
SMALLNESS = 5.0
"""The weight of too small a side in the cost, relative to a wrong proportion."""
TALLNESS = 1.5
"""The weight of being too high in the cost, relative to being too wide."""
UNFAIRNESS = 1.0
"""The weight of an unfair area in the cost, relative to a wrong proportion."""
ALIKE = 1.4
"""Panels above one another whose heights differ by a smaller factor get equal heights."""
MIXING = 0.5
"""The cost of a row with panels of both groups."""


class PanelShape(NamedTuple):
    """The preferred share of a panel in the width of its row, and its width over its height."""

    breadth: float
    proportion: float


class _Panel(NamedTuple):
    """A panel to be placed, and its fair area."""

    shape: PanelShape
    fair: float


Place = tuple[float, float, float, float]
_Cuts = tuple[tuple[int, int], ...]


class RowLayout(NamedTuple):
    """Places (x, y, width, height), and their cost."""

    cost: float
    places: tuple[Place, ...]


def place_in_rows(
    first: Sequence[PanelShape], second: Sequence[PanelShape], area: QRectF, spacing: float
) -> list[QRectF]:
    """Return the places of two groups of panels in rows, which preferably do not mix them.

    The order is along the rows, and down where panels are above one another. Places in an area
    without room are empty.
    """
    shapes = (*first, *second)
    if not shapes or min(area.width(), area.height()) < 1.0:
        return [QRectF(area.topLeft(), QSizeF(0.0, 0.0)) for _ in shapes]
    shared = best_rows(shapes, len(first), (area.width(), area.height()), spacing)
    return [
        QRectF(x, y, max(0.0, width), max(0.0, height)).translated(area.topLeft())
        for x, y, width, height in shared.places
    ]


@lru_cache(maxsize=64)
def best_rows(
    shapes: tuple[PanelShape, ...], group: int, size: tuple[float, float], spacing: float
) -> RowLayout:
    """Return the rows of the least cost among all, or if those are many, among a few."""
    width, height = size
    total = sum(shape.breadth for shape in shapes)
    panels = [_Panel(shape, width * height * shape.breadth / total) for shape in shapes]
    count = len(panels)
    most = min(count, _row_limit(height))

    def shared(cuts: _Cuts) -> RowLayout:
        mixed = sum(start < group < stop for start, stop in cuts)
        cost, places = lay_out_rows([panels[start:stop] for start, stop in cuts], size, spacing)
        return RowLayout(cost + MIXING * mixed, places)

    if sum(comb(count - 1, rows - 1) for rows in range(1, most + 1)) <= MOST_WAYS:
        tried = [shared(cuts) for cuts in _cuts(count, most, count)]
    else:
        tried = [_improve(_even_cuts(count, rows), shared) for rows in range(1, most + 1)]
    return min(tried, key=lambda each: each.cost)


def lay_out_rows(
    rows: Sequence[Sequence[_Panel]], size: tuple[float, float], spacing: float
) -> RowLayout:
    """Lay out rows of their panels' preferred heights."""
    width, height = size
    preferred = [_preferred_height(row, width) for row in rows]
    room = height - spacing * (len(rows) - 1)
    cost, top = 0.0, 0.0
    places: list[Place] = []
    for row, share in zip(rows, preferred, strict=True):
        high = room * share / sum(preferred)
        shared = _lay_out_columns(row, width, high, spacing)
        cost += shared.cost
        places += ((x, y + top, w, h) for x, y, w, h in shared.places)
        top += high + spacing
    return RowLayout(cost, tuple(places))


def _improve(cuts: _Cuts, shared: Callable[[_Cuts], RowLayout]) -> RowLayout:
    """Move panels into neighbouring rows, one at a time, while that lowers the cost."""
    best = shared(cuts)
    for _ in range(MOST_MOVES):
        better, beside = min(
            ((shared(moved), moved) for moved in _neighbours(cuts)),
            key=lambda each: each[0].cost,
            default=(best, cuts),
        )
        if better.cost >= best.cost:
            break
        best, cuts = better, beside
    return best


def _lay_out_columns(
    row: Sequence[_Panel], width: float, height: float, spacing: float
) -> RowLayout:
    """Cut a row into the columns of the least cost, each of its panels' preferred width.

    Where no column has two panels, widths are shared by breadth, as elsewhere on the stage.
    """
    most = _row_limit(height) if len(row) <= MOST_TRIED else 1
    tried = []
    for cuts in _cuts(len(row), len(row), most):
        columns = [row[start:stop] for start, stop in cuts]
        heights = [
            _preferred_heights(column, height - spacing * (len(column) - 1)) for column in columns
        ]
        if len(columns) == len(row):
            preferred = [panel.shape.breadth for panel in row]
        else:
            preferred = [_preferred_width(*each) for each in zip(columns, heights, strict=True)]
        room = width - spacing * (len(columns) - 1)
        cost, left = 0.0, 0.0
        places: list[Place] = []
        for column, highs, share in zip(columns, heights, preferred, strict=True):
            wide, top = room * share / sum(preferred), 0.0
            for panel, high in zip(column, highs, strict=True):
                places.append((left, top, wide, high))
                cost += _cost(panel, wide, high)
                top += high + spacing
            left += wide + spacing
        tried.append(RowLayout(cost, tuple(places)))
    return min(tried, key=lambda each: each.cost)


def _cuts(count: int, most: int, longest: int) -> Iterator[_Cuts]:
    """Yield every partition of `count` items into at most `most` parts, none over `longest`.

    >>> list(_cuts(3, 2, 2))
    [((0, 1), (1, 3)), ((0, 2), (2, 3))]
    """
    if count == 0:
        yield ()
    elif most > 0:
        for length in range(1, min(count, longest) + 1):
            for rest in _cuts(count - length, most - 1, longest):
                yield ((0, length), *((start + length, stop + length) for start, stop in rest))


def _even_cuts(count: int, parts: int) -> _Cuts:
    """Return the partition of `count` items into parts of nearly equal length.

    >>> _even_cuts(5, 2)
    ((0, 2), (2, 5))
    """
    ends = [count * part // parts for part in range(parts + 1)]
    return tuple(pairwise(ends))


def _neighbours(cuts: _Cuts) -> Iterator[_Cuts]:
    """Yield each partition with one item moved to a neighbouring part, which leaves none empty.

    >>> list(_neighbours(((0, 2), (2, 3))))
    [((0, 1), (1, 3))]
    """
    for at, ((start, between), (_, stop)) in enumerate(pairwise(cuts)):
        for other in (between - 1, between + 1):
            if start < other < stop:
                yield (*cuts[:at], (start, other), (other, stop), *cuts[at + 2 :])


def _row_limit(height: float) -> int:
    """Return the largest number of panels above one another."""
    return max(1, int(height // HIGH))


def _preferred_height(row: Sequence[_Panel], width: float) -> float:
    """Return the height of a row whose panels have their preferred proportions."""
    total = sum(panel.shape.breadth for panel in row)
    return _geometric_mean([width * shape.breadth / total / shape.proportion for shape, _ in row])


def _preferred_width(column: Sequence[_Panel], heights: Sequence[float]) -> float:
    """Return the width of a column at which panels of these heights cost the least."""
    return _geometric_mean(
        [
            (height * shape.proportion * (fair / height) ** UNFAIRNESS)
            ** (1.0 / (1.0 + UNFAIRNESS))
            for (shape, fair), height in zip(column, heights, strict=True)
        ]
    )


def _preferred_heights(column: Sequence[_Panel], room: float) -> list[float]:
    """Return the heights of panels above one another, by their areas and proportions."""
    preferred = [sqrt(shape.breadth / shape.proportion) for shape, _ in column]
    if max(preferred) < ALIKE * min(preferred):
        preferred = [1.0] * len(column)
    return [max(1.0, room) * each / sum(preferred) for each in preferred]


def _geometric_mean(lengths: Sequence[float]) -> float:
    """Return the geometric mean, which treats too long and too short alike."""
    return exp(sum(map(log, lengths)) / len(lengths))


def _cost(panel: _Panel, width: float, height: float) -> float:
    width, height = max(1.0, width), max(1.0, height)
    too_wide = log(width / height / panel.shape.proportion)
    too_large = log(width * height / panel.fair)
    too_small = log(max(1.0, LEAST_SIDE / min(width, height)))
    return (
        too_wide**2 * (TALLNESS if too_wide < 0.0 else 1.0)
        + too_large**2 * UNFAIRNESS
        + too_small**2 * SMALLNESS
    )
