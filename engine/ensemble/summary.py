"""What the networks of one cell tell, as far as they are trained."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.ensemble.results import NOT_REACHED, Steps, TrainingResults
from engine.ensemble.statistics import quantiles, quantiles_of_solved, wilson
from engine.types import Array


@final
@dataclass(frozen=True, eq=False)
class Summary:
    """What the networks of a cell tell so far.

    Attributes
    ----------
    networks : int
        How many there are so far; of a run that draws nothing, one stands for all.
    fates : Fates
        Those that were trained, in the order of their seeds.
    weight : int
        How many networks each of them stands for.
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
        """Return how many networks are solved by a frame, or by each of several.

        Their share taken from 1 is the survival curve of "not yet solved" as Kaplan and Meier
        (1958) estimate it, for all that are not solved are given up at the same last frame.
        """
        count = np.searchsorted(self._sorted, np.asarray(frames), side="right")
        return self.weight * np.asarray(count, dtype=np.int64)

    @cached_property
    def _sorted(self) -> Steps:
        return np.sort(self.results.solved[self.results.solved != NOT_REACHED])

    @cached_property
    def solved(self) -> int:
        """How many networks are solved in the end."""
        return self.weight * len(self._sorted)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share solved in the end."""
        low, high = wilson(self.solved, self.networks)
        return float(low), float(high)

    @cached_property
    def steps(self) -> tuple[float, ...]:
        """The quantiles of the step at which networks are solved, among those that are."""
        return quantiles_of_solved(self.results.solved)

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """The quantiles of the final loss."""
        return tuple(float(q) for q in quantiles(self.results.loss))

    @cached_property
    def diverged(self) -> int:
        """How many networks diverged."""
        return self.weight * int((self.results.diverged != NOT_REACHED).sum())
