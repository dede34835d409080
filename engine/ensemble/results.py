"""The results of training many networks: one number of each kind for each network."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from engine import Array

Steps = NDArray[np.int32]

NOT_REACHED = -1
"""Stands for the step of an event that did not occur."""


@final
@dataclass(frozen=True, eq=False)
class TrainingResults:
    """The results of n networks in the order of their seeds, the first axis of every array.

    Attributes
    ----------
    solved : array of int32
        The first frame in which the network was solved, or `NOT_REACHED`.
    diverged : array of int32
        The first frame whose loss or parameters are not finite, or `NOT_REACHED`.
    loss : array
        The last finite loss; NaN if the initial loss is not finite.
    accuracy : array
        The final share of examples that are classified correctly; NaN if targets are not 0 and 1,
        and for networks that diverged.
    plateau : array of int32
        The number of frames on a plateau (see `engine.training.events.EventLog`).
    distinct : array of int32
        The final number of different units, summed over the hidden layers; 0 for networks that
        diverged.
    saturated : array
        The initial share of hidden activations that are saturated, or inactive.
    losses : array of float32 (k, moments)
        The losses of the first k networks at the sampled frames.
    theta : array (k, moments, size)
        The parameters of the first k networks at the sampled frames.
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
        """Concatenate the results."""
        return cls(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            }
        )
