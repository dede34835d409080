"""Statistics of the trained networks of one cell."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import Array
from engine.ensemble.results import NOT_REACHED, Steps, TrainingResults
from engine.ensemble.statistics import quantiles, quantiles_of_solved, wilson

NO_RANDOMNESS = "no randomness: one network"
"""Replaces the interval of a run in which every seed gives the same network."""


@final
@dataclass(frozen=True, eq=False)
class Summary:
    """Statistics of the networks of a cell that are trained so far.

    Attributes
    ----------
    networks : int
        The number of networks so far, including those that a single network represents.
    results : TrainingResults
        The results in the order of the seeds.
    weight : int
        The number of networks that each result represents: all of them for a run that draws no
        random numbers.
    moments : array of int
        The frames of `bands`.
    bands : array (3, moments)
        The 10 %, 50 % and 90 % quantiles of the loss of the first networks.
    is_random : bool
        Whether another seed gives another network. If not, a share has no interval.
    """

    networks: int
    results: TrainingResults
    weight: int
    moments: NDArray[np.intp]
    bands: Array
    is_random: bool = True

    def solved_by(self, frames: ArrayLike) -> NDArray[np.int64]:
        """Return the number of networks that are solved by each frame.

        One minus their share is the Kaplan–Meier estimate (1958) of the survival curve of "not
        yet solved", because all other networks are censored at the same last frame.
        """
        count = np.searchsorted(self._sorted, np.asarray(frames), side="right")
        return self.weight * np.asarray(count, dtype=np.int64)

    @cached_property
    def _sorted(self) -> Steps:
        return np.sort(self.results.solved[self.results.solved != NOT_REACHED])

    @cached_property
    def solved(self) -> int:
        """The final number of solved networks."""
        return self.weight * len(self._sorted)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the final share of solved networks; NaN without randomness."""
        low, high = self._interval_of(self.solved)
        return float(low), float(high)

    def intervals_by(self, frames: ArrayLike) -> tuple[Array, Array]:
        """Return the 95 % interval of the share solved by each frame; NaN without randomness."""
        return self._interval_of(self.solved_by(frames))

    def _interval_of(self, solved: ArrayLike) -> tuple[Array, Array]:
        low, high = wilson(solved, self.networks)
        return (low, high) if self.is_random else (np.full_like(low, np.nan),) * 2

    @cached_property
    def steps(self) -> tuple[float, ...]:
        """The quantiles of the steps at which the solved networks are solved."""
        return quantiles_of_solved(self.results.solved)

    @cached_property
    def steps_of_all(self) -> tuple[float, ...]:
        """The quantiles of the steps at which networks are solved, of all networks.

        Infinite where fewer networks than that are solved within the training. They are those of
        the Kaplan–Meier estimate; see `solved_by`.
        """
        solved = self.results.solved.astype(np.float64)
        solved[self.results.solved == NOT_REACHED] = np.inf
        return tuple(float(q) for q in quantiles(solved))

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """The quantiles of the final loss."""
        return tuple(float(q) for q in quantiles(self.results.loss))

    @cached_property
    def diverged(self) -> int:
        """The number of networks that diverged."""
        return self.weight * int((self.results.diverged != NOT_REACHED).sum())

    def outcome(self, last: int) -> str:
        """Return the number of solved networks, and when they were solved, by the last step."""
        if not self.is_random:
            (step, *_) = self.steps_of_all
            solved = (
                f"solved at step {step:,.0f}" if isfinite(step) else f"not solved by step {last:,}"
            )
            diverged = ", diverged" if self.diverged else ""
            return f"{NO_RANDOMNESS}, {solved}{diverged}"
        low, high = self.interval
        text = (
            f"{self.solved:,} of {self.networks:,} networks solved "
            f"({self.solved / self.networks:.1%}, 95 % interval {low:.1%} to {high:.1%})"
        )
        if self.solved:
            early, median, late = self.steps
            text += (
                f", those at the median step {median:.0f} ({early:.0f} to {late:.0f}); median of "
                f"all networks {step_text(self.steps_of_all[1], last)}"
            )
        return f"{text}, {self.diverged:,} diverged" if self.diverged else text


def step_text(step: float, last: int) -> str:
    """Return a quantile of steps as text, also if it is beyond the last step of the training.

    >>> step_text(1234.0, 2000), step_text(float("inf"), 2000)
    ('1,234', '> 2,000')
    """
    return f"{step:,.0f}" if isfinite(step) else f"> {last:,}"
