"""What became of networks, one number of each kind for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from engine.types import Array

Steps = NDArray[np.int32]

NOT_REACHED = -1
"""Where a step would stand, of what did not happen."""


@final
@dataclass(frozen=True, eq=False)
class TrainingResults:
    """Networks in the order of their seeds; every array begins with an axis (n,).

    Attributes
    ----------
    solved : array of int32
        The first frame in which the network was solved, whether it stayed so or not; or `NEVER`.
    diverged : array of int32
        The first frame whose loss or parameters are not finite; or `NEVER`.
    loss : array
        The last finite loss; NaN where the first already is not finite.
    accuracy : array
        The last share of examples on the right side; NaN where targets are not 0 and 1, and
        where the network diverged.
    plateau : array of int32
        How many frames lie on a plateau (see `engine.training.events.EventLog`).
    distinct : array of int32
        How many units of the hidden layers are different in the end, counted within each layer;
        0 where the network diverged.
    saturated : array
        The share of the hidden activations that are saturated, or inactive, at the start.
    losses : array of float32 (k, moments)
        The loss of the first k networks at the moments that are kept.
    theta : array (k, moments, size)
        The parameters of the first few networks at such moments.
    """

    solved: Steps
    diverged: Steps
    loss: Array
    accuracy: Array
    plateau: Steps
    distinct: Steps
    saturated: Array
    losses: NDArray[np.float32]
    theta: Array

    def __len__(self) -> int:
        return len(self.solved)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the networks of several, one after the other."""
        return cls(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            }
        )
