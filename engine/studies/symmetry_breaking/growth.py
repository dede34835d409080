"""Exponential growth of a curve: the linear part of its logarithm."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import Array

TOLERANCE = 0.05
"""The largest root mean square deviation of a linear part from its line."""
FEWEST = 10
"""The fewest frames of a linear part."""
LEAST_RISE = 1.0
"""The least growth of a linear part: by a factor e."""
MOST_ENDS = 400
"""The most frames in which parts begin and end; longer curves are sampled."""


class LinearSegment(NamedTuple):
    """A linear part of the logarithm of a curve.

    Attributes
    ----------
    first, last : int
        The frames of the part, including the last.
    rate : float
        E-foldings a frame: the slope of the least squares line.
    start : float
        The value of the line, a natural logarithm, in the first frame.
    r_squared : float
        The share of the variance of the logarithms that the line explains.
    """

    first: int
    last: int
    rate: float
    start: float
    r_squared: float


def fit_linear_segment(logarithms: Array) -> LinearSegment | None:
    """Return the linear part with the most growth; None if there is none.

    Of all parts of at least `FEWEST` frames that a least squares line fits to `TOLERANCE`, it is
    the one whose line rises the most.

    Parameters
    ----------
    logarithms : array (frames,)
        Natural logarithms, finite.
    """
    stride = max(1, -(-len(logarithms) // MOST_ENDS))
    x = np.arange(0, len(logarithms), stride, dtype=np.float64)
    fewest = max(3, -(-FEWEST // stride))
    if len(x) < fewest:
        return None
    y = logarithms[::stride] - logarithms[0]
    # Sums over the points i … j − 1, for all i and j together, from sums over the first j.
    first, beyond = np.triu_indices(len(x) + 1, k=fewest)
    n = (beyond - first).astype(np.float64)
    sum_x, sum_y, sum_xx, sum_xy, sum_yy = (
        _between(values, first, beyond) for values in (x, y, x * x, x * y, y * y)
    )
    spread_x = sum_xx - sum_x**2 / n
    slope = (sum_xy - sum_x * sum_y / n) / spread_x
    off = np.maximum(sum_yy - sum_y**2 / n - slope**2 * spread_x, 0.0)
    rise = np.where(off <= n * TOLERANCE**2, slope * (x[beyond - 1] - x[first]), -np.inf)
    best = int(rise.argmax())
    if rise[best] < LEAST_RISE:
        return None
    return _fitted(logarithms, int(x[first[best]]), int(x[beyond[best] - 1]))


def _between(values: Array, first: NDArray[np.intp], beyond: NDArray[np.intp]) -> Array:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[beyond] - total[first])


def _fitted(logarithms: Array, first: int, last: int) -> LinearSegment:
    """Return the least squares line through every frame of a part."""
    y = logarithms[first : last + 1]
    x = np.arange(len(y)) - (len(y) - 1) / 2.0
    middle = float(y.mean())
    rate = float((x * (y - middle)).sum() / (x * x).sum())
    off = float(((y - middle - rate * x) ** 2).sum())
    whole = float(((y - middle) ** 2).sum())
    return LinearSegment(first, last, rate, middle + rate * float(x[0]), 1.0 - off / whole)
