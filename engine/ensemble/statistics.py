"""Statistics of many networks: intervals of shares, quantiles, and a rank test."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import Array
from engine.ensemble.results import NOT_REACHED, Steps

Z_95 = 1.959963984540054
"""The standard normal quantile of 0.975."""
QUANTILES = (0.1, 0.5, 0.9)


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Array, Array]:
    """Return the ends of the 95 % score interval (Wilson 1927) of a share, elementwise.

    Unlike share ± 2 standard deviations it is within 0 … 1, and it has a width if no trial or
    every trial succeeded. Without trials it is 0 … 1.
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
    """Return `QUANTILES` of the steps at which networks were solved, of the solved networks.

    NaN if none was. Each quantile is a step that occurred.
    """
    known = solved[solved != NOT_REACHED]
    if not len(known):
        return (np.nan,) * len(QUANTILES)
    return tuple(np.quantile(known, QUANTILES, method="inverted_cdf").tolist())


def quantiles(values: NDArray[np.floating], axis: int = 0) -> Array:
    """Return `QUANTILES` of values along an axis, which becomes the first; NaN counts as infinite.

    Each quantile is a value that occurred, so infinite values need no interpolation.
    """
    filled = np.where(np.isnan(values), np.inf, values)
    return np.asarray(np.quantile(filled, QUANTILES, axis=axis, method="inverted_cdf"))


@final
@dataclass(frozen=True)
class RankTest:
    """The Mann–Whitney test of the steps at which the networks of two runs are solved.

    Attributes
    ----------
    sooner : float
        The share of pairs, with one network of each run, in which the first is solved sooner. A
        tie counts 1/2, also if both are never solved. This is the effect size: 1/2 is no effect.
    p : float or None
        The two-sided p-value of the hypothesis that this share is 1/2; None if one of the runs
        has a single network because it draws no random numbers.
    """

    sooner: float
    p: float | None


def rank_test(one: Steps, other: Steps) -> RankTest:
    """Return the Mann–Whitney test (1947), with tie correction, of two sets of solved steps."""
    from scipy.stats import mannwhitneyu  # takes half a second to load

    never = np.iinfo(np.int32).max
    a, b = (np.where(steps == NOT_REACHED, never, steps) for steps in (one, other))
    if len(np.unique(np.concatenate([a, b]))) == 1:
        return RankTest(0.5, 1.0)  # every pair ties
    result = mannwhitneyu(a, b, alternative="two-sided", method="asymptotic")
    p = float(result.pvalue) if min(len(a), len(b)) > 1 else None
    return RankTest(1.0 - float(result.statistic) / (len(a) * len(b)), p)


def p_text(p: float) -> str:
    """Return the text of a p-value; a bound if it underflows.

    >>> p_text(0.0312), p_text(4e-235), p_text(0.0)
    ('= 0.031', '= 4e-235', '< 1e-300')
    """
    return f"= {p:.2g}" if p > 1e-300 else "< 1e-300"
