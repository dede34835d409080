"""What thousands of networks tell: shares with their intervals, quantiles, and a comparison."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.ensemble.results import NOT_REACHED, Steps
from engine.types import Array

Z_95 = 1.959963984540054
"""The standard normal quantile of 0.975."""
QUANTILES = (0.1, 0.5, 0.9)


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Array, Array]:
    """Return the ends of the 95 % interval of a share, elementwise.

    Wilson's score interval (Wilson 1927): unlike share ± 2 deviations it stays between 0 and 1,
    and has a width where nothing, or everything, succeeded. Without trials it is 0 … 1.
    """
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    n_or_one = np.maximum(n, 1.0)
    share, square = k / n_or_one, Z_95**2 / n_or_one
    centre = (share + square / 2.0) / (1.0 + square)
    half = np.sqrt(share * (1.0 - share) * square + square**2 / 4.0) / (1.0 + square)
    low = np.where((n == 0.0) | (k == 0.0), 0.0, centre - half)
    high = np.where((n == 0.0) | (k == n), 1.0, centre + half)
    return low, high


def quantiles_of_solved(solved: Steps) -> tuple[float, ...]:
    """Return `QUANTILES` of the step at which networks were solved, among those that were.

    NaN where none was. Each is a step that occurred.
    """
    known = solved[solved != NOT_REACHED]
    if not len(known):
        return (np.nan,) * len(QUANTILES)
    return tuple(np.quantile(known, QUANTILES, method="inverted_cdf").tolist())


def quantiles(values: NDArray[np.floating], axis: int = 0) -> Array:
    """Return `QUANTILES` of values along an axis, the quantiles first; NaN counts as infinite.

    Each is a value that occurred, so that infinite ones are no trouble.
    """
    filled = np.where(np.isnan(values), np.inf, values)
    result: Array = np.quantile(filled, QUANTILES, axis=axis, method="inverted_cdf")
    return result


@final
@dataclass(frozen=True)
class Contest:
    """How one way to start compares with another.

    Attributes
    ----------
    sooner : float
        The share of pairs, one network of each, in which the first is solved sooner; ties count
        half, and two that are never solved tie. It is the effect size: 1/2 is no effect.
    p : float or None
        Of the Mann–Whitney test, two-sided, that this share is 1/2; None where one of the two
        draws nothing, so that there is nothing to test.
    """

    sooner: float
    p: float | None


def contest(one: Steps, other: Steps) -> Contest:
    """Compare when networks are solved, by the Mann–Whitney test (1947) with its tie correction."""
    from scipy.stats import mannwhitneyu  # takes half a second to load

    never = np.iinfo(np.int32).max
    a, b = (np.where(steps == NOT_REACHED, never, steps) for steps in (one, other))
    if len(np.unique(np.concatenate([a, b]))) == 1:
        return Contest(0.5, 1.0)  # every pair ties
    result = mannwhitneyu(a, b, alternative="two-sided", method="asymptotic")
    p = float(result.pvalue) if min(len(a), len(b)) > 1 else None
    return Contest(1.0 - float(result.statistic) / (len(a) * len(b)), p)


def p_text(p: float) -> str:
    """Write the p-value of a test, one too small to hold as a bound.

    >>> p_text(0.0312), p_text(4e-235), p_text(0.0)
    ('= 0.031', '= 4e-235', '< 1e-300')
    """
    return f"= {p:.2g}" if p > 1e-300 else "< 1e-300"
