"""A plane through the inputs of a network, over which a surface can be drawn."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from engine import Array
from engine.nn import Data


@final
@dataclass(frozen=True, eq=False)
class InputPlane:
    """The plane of two inputs, with the others at their mean over the examples.

    Attributes
    ----------
    first, second : int
        The two inputs, counted from 0.
    means : array (n0,)
        The mean of every input.
    """

    first: int
    second: int
    means: Array

    @property
    def pair(self) -> list[int]:
        """Both inputs."""
        return [self.first, self.second]

    @property
    def is_all(self) -> bool:
        """Whether there are no other inputs."""
        return len(self.means) == 2

    def inputs(self, points: Array) -> Array:
        """Return the inputs (n0, m) at points (2, m) of the plane."""
        X = np.repeat(self.means[:, None], points.shape[1], axis=1)
        X[self.pair] = points
        return X

    def line(self, weights: Array, bias: float) -> tuple[Array, float]:
        """Return the weights (2,) and the bias of a unit within the plane."""
        return weights[self.pair], bias + float(weights @ self._others)

    @cached_property
    def _others(self) -> Array:
        others = self.means.copy()
        others[self.pair] = 0.0
        return others


def plane_of(data: Data) -> InputPlane | None:
    """Return the plane of the two inputs most correlated with the targets; None for one input.

    They have the greatest squared correlations, summed over the outputs; of equal ones, the first.
    """
    if len(data.X) < 2:
        return None
    means = data.X.mean(axis=1)
    if len(data.X) == 2:
        return InputPlane(0, 1, means)
    X, Y = (each - each.mean(axis=1, keepdims=True) for each in (data.X, data.Y))
    sizes = np.sqrt((X * X).sum(axis=1))[:, None] * np.sqrt((Y * Y).sum(axis=1))
    products = np.einsum("im,om->io", X, Y)
    shares = np.divide(products, sizes, np.zeros_like(products), where=sizes > 0.0)
    best = np.argsort(-(shares**2).sum(axis=1), kind="stable")[:2]
    first, second = sorted(best.tolist())
    return InputPlane(first, second, means)
