"""How panels share an area: in rows, some above one another, so that none is drawn out of shape."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import comb, exp, log, sqrt
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF

HIGH = 290.0
"""An area has at most one row of panels for so much height."""
MOST_TRIED = 5
"""Of more panels in a row, none stand above one another: to try all ways takes too long."""
MOST_WAYS = 128
"""If there are more ways to cut panels into rows, few are tried. Eight panels have no more."""
MOST_MOVES = 16
"""How often a panel is moved into the row beside, from where few ways are tried."""
LEAST_SIDE = 260.0
"""Smaller panels have little room for what they show."""
SMALLNESS = 5.0
"""What that costs, beside being out of shape."""
TALLNESS = 1.5
"""What it costs to be too high for its width, beside being too wide for its height."""
UNFAIRNESS = 1.0
"""What it costs not to get a fair share of the area, beside being out of shape."""
ALIKE = 1.4
"""Panels above one another whose heights would differ by less are of one height, to align."""
MIXING = 0.5
"""What it costs that a row has panels of both groups."""


class Wish(NamedTuple):
    """What a panel would like: its share of its row's width, and its width beside its height."""

    breadth: float
    proportion: float


class _Piece(NamedTuple):
    """What is to be placed, and the area that would be fair."""

    wish: Wish
    fair: float


_Place = tuple[float, float, float, float]
_Cuts = tuple[tuple[int, int], ...]


class _Shared(NamedTuple):
    """Places (x, y, width, height), and how bad they are."""

    cost: float
    places: tuple[_Place, ...]


def in_rows(
    first: Sequence[Wish], second: Sequence[Wish], area: QRectF, spacing: float
) -> list[QRectF]:
    """Return places in as many rows as fit best, of two groups that rather stand apart.

    The order stays: along the rows, and down where panels stand above one another. Places in an
    area without any room are empty.
    """
    wishes = (*first, *second)
    if not wishes or min(area.width(), area.height()) < 1.0:
        return [QRectF(area.topLeft(), QSizeF(0.0, 0.0)) for _ in wishes]
    shared = _rows(wishes, len(first), (area.width(), area.height()), spacing)
    return [
        QRectF(x, y, max(0.0, width), max(0.0, height)).translated(area.topLeft())
        for x, y, width, height in shared.places
    ]


@lru_cache(maxsize=64)
def _rows(
    wishes: tuple[Wish, ...], group: int, size: tuple[float, float], spacing: float
) -> _Shared:
    """Cut panels into the rows that fit best: of all, or if these are many, of few."""
    width, height = size
    total = sum(wish.breadth for wish in wishes)
    pieces = [_Piece(wish, width * height * wish.breadth / total) for wish in wishes]
    count = len(pieces)
    most = min(count, _most(height))

    def shared(cuts: _Cuts) -> _Shared:
        mixed = sum(start < group < stop for start, stop in cuts)
        cost, places = _in_these_rows([pieces[start:stop] for start, stop in cuts], size, spacing)
        return _Shared(cost + MIXING * mixed, places)

    if sum(comb(count - 1, rows - 1) for rows in range(1, most + 1)) <= MOST_WAYS:
        tried = [shared(cuts) for cuts in _cuts(count, most, count)]
    else:
        tried = [_improved(_even_cuts(count, rows), shared) for rows in range(1, most + 1)]
    return min(tried, key=lambda each: each.cost)


def _in_these_rows(
    rows: Sequence[Sequence[_Piece]], size: tuple[float, float], spacing: float
) -> _Shared:
    """Make each row as high as its panels would like."""
    width, height = size
    liked = [_liked_height(row, width) for row in rows]
    room = height - spacing * (len(rows) - 1)
    cost, top = 0.0, 0.0
    places: list[_Place] = []
    for row, share in zip(rows, liked, strict=True):
        high = room * share / sum(liked)
        shared = _columns(row, width, high, spacing)
        cost += shared.cost
        places += ((x, y + top, w, h) for x, y, w, h in shared.places)
        top += high + spacing
    return _Shared(cost, tuple(places))


def _improved(cuts: _Cuts, shared: Callable[[_Cuts], _Shared]) -> _Shared:
    """Move one panel after the other into the row beside, as long as that is better."""
    best = shared(cuts)
    for _ in range(MOST_MOVES):
        better, beside = min(
            ((shared(moved), moved) for moved in _moved(cuts)),
            key=lambda each: each[0].cost,
            default=(best, cuts),
        )
        if better.cost >= best.cost:
            break
        best, cuts = better, beside
    return best


def _columns(row: Sequence[_Piece], width: float, height: float, spacing: float) -> _Shared:
    """Try every way to cut a row into columns, of which each is as wide as its panels would like.

    Where each stands alone, widths are shared by breadth, as in every other row of the stage.
    """
    most = _most(height) if len(row) <= MOST_TRIED else 1
    tried = []
    for cuts in _cuts(len(row), len(row), most):
        columns = [row[start:stop] for start, stop in cuts]
        heights = [_heights(column, height - spacing * (len(column) - 1)) for column in columns]
        if len(columns) == len(row):
            liked = [piece.wish.breadth for piece in row]
        else:
            liked = [_liked_width(*each) for each in zip(columns, heights, strict=True)]
        room = width - spacing * (len(columns) - 1)
        cost, left = 0.0, 0.0
        places: list[_Place] = []
        for column, highs, share in zip(columns, heights, liked, strict=True):
            wide, top = room * share / sum(liked), 0.0
            for piece, high in zip(column, highs, strict=True):
                places.append((left, top, wide, high))
                cost += _cost(piece, wide, high)
                top += high + spacing
            left += wide + spacing
        tried.append(_Shared(cost, tuple(places)))
    return min(tried, key=lambda each: each.cost)


def _cuts(count: int, most: int, longest: int) -> Iterator[_Cuts]:
    """Yield every way to cut so many things into so many parts at most, none longer than that.

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
    """Return the cut of so many things into so many parts of about as many.

    >>> _even_cuts(5, 2)
    ((0, 2), (2, 5))
    """
    ends = [count * part // parts for part in range(parts + 1)]
    return tuple(pairwise(ends))


def _moved(cuts: _Cuts) -> Iterator[_Cuts]:
    """Yield every cut in which one thing is in the part beside; none of the parts is empty.

    >>> list(_moved(((0, 2), (2, 3))))
    [((0, 1), (1, 3))]
    """
    for at, ((start, between), (_, stop)) in enumerate(pairwise(cuts)):
        for other in (between - 1, between + 1):
            if start < other < stop:
                yield (*cuts[:at], (start, other), (other, stop), *cuts[at + 2 :])


def _most(height: float) -> int:
    """Return how many panels may stand above one another."""
    return max(1, int(height // HIGH))


def _liked_height(row: Sequence[_Piece], width: float) -> float:
    """Return how high a row would be in which its panels have the shapes that they like."""
    total = sum(piece.wish.breadth for piece in row)
    return _middle([width * wish.breadth / total / wish.proportion for wish, _ in row])


def _liked_width(column: Sequence[_Piece], heights: Sequence[float]) -> float:
    """Return how wide a column would be in which panels of these heights cost the least."""
    return _middle(
        [
            (height * wish.proportion * (fair / height) ** UNFAIRNESS) ** (1.0 / (1.0 + UNFAIRNESS))
            for (wish, fair), height in zip(column, heights, strict=True)
        ]
    )


def _heights(column: Sequence[_Piece], room: float) -> list[float]:
    """Return how high panels above one another are, to have their areas and shapes."""
    liked = [sqrt(wish.breadth / wish.proportion) for wish, _ in column]
    if max(liked) < ALIKE * min(liked):
        liked = [1.0] * len(column)
    return [max(1.0, room) * each / sum(liked) for each in liked]


def _middle(lengths: Sequence[float]) -> float:
    """Return the geometric mean: as many times too long for some as too short for others."""
    return exp(sum(map(log, lengths)) / len(lengths))


def _cost(piece: _Piece, width: float, height: float) -> float:
    """Return how bad it is for a panel to have this width and height."""
    width, height = max(1.0, width), max(1.0, height)
    too_wide = log(width / height / piece.wish.proportion)
    too_large = log(width * height / piece.fair)
    too_small = log(max(1.0, LEAST_SIDE / min(width, height)))
    return (
        too_wide**2 * (TALLNESS if too_wide < 0.0 else 1.0)
        + too_large**2 * UNFAIRNESS
        + too_small**2 * SMALLNESS
    )
