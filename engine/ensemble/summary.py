"""Statistics of the trained networks of one cell."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import Array
from engine.ensemble.results import NOT_REACHED, Steps, TrainingResults
from engine.ensemble.statistics import quantiles, quantiles_of_solved, wilson


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
    """

    networks: int
    results: TrainingResults
    weight: int
    moments: NDArray[np.intp]
    bands: Array

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
        """The 95 % interval of the final share of solved networks."""
        low, high = wilson(self.solved, self.networks)
        return float(low), float(high)

    @cached_property
    def steps(self) -> tuple[float, ...]:
        """The quantiles of the steps at which the solved networks are solved."""
        return quantiles_of_solved(self.results.solved)

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """The quantiles of the final loss."""
        return tuple(float(q) for q in quantiles(self.results.loss))

    @cached_property
    def diverged(self) -> int:
        """The number of networks that diverged."""
        return self.weight * int((self.results.diverged != NOT_REACHED).sum())
