"""Losses: summed over the outputs, averaged over the examples; one subclass is one entry."""

from abc import ABC, abstractmethod
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.errors import unknown_name

Array = NDArray[np.float64]


class Loss(ABC):
    """A loss of predictions a = g(z) against targets y, all of shape (outputs, examples, ...)."""

    name: ClassVar[str]
    formula: ClassVar[str]
    outputs: ClassVar[tuple[str, ...]]
    """The output activations the loss is defined for."""

    @abstractmethod
    def pointwise(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        """Return the loss of every output and example from its pre-activation z."""

    @abstractmethod
    def delta(self, a: Array, y: Array, output: Activation, beta: float, out: Array) -> None:
        """Write the derivative of the pointwise loss by z into `out` (dZ of the last layer)."""

    def value(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        """Return the mean loss, of the shape of z without its first two axes.

        The terms are added from first to last, which `sum` promises only for some memory
        layouts: so one network and a stack of them give the same bits.
        """
        terms = self.pointwise(z, output, beta, y)
        terms = terms.reshape(-1, *terms.shape[2:])
        mean: Array = np.add.accumulate(terms, axis=0)[-1] / z.shape[1]
        return mean


@final
class CrossEntropy(Loss):
    """−[y ln ŷ + (1−y) ln(1−ŷ)] with ŷ = sigmoid(u), from the logit u = beta z.

    max(u, 0) − u y + ln(1 + e^−|u|) neither overflows nor needs clipping.
    """

    name = "cross-entropy"
    formula = "−[y ln ŷ + (1−y) ln(1−ŷ)]"
    outputs = ("sigmoid",)

    def pointwise(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        u = z * beta
        result: Array = np.maximum(u, 0.0) - u * y + np.log1p(np.exp(-np.abs(u)))
        return result

    def delta(self, a: Array, y: Array, output: Activation, beta: float, out: Array) -> None:
        np.subtract(a, y, out)
        if beta != 1.0:
            np.multiply(out, beta, out)


@final
class MeanSquaredError(Loss):
    """(ŷ − y)², without a factor of one half."""

    name = "mean-squared-error"
    formula = "(ŷ − y)²"
    outputs = ("sigmoid", "linear")

    def pointwise(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        a = np.empty_like(z)
        output.value(z, a)
        result: Array = np.square(a - y)
        return result

    def delta(self, a: Array, y: Array, output: Activation, beta: float, out: Array) -> None:
        output.slope(a, out)
        np.multiply(out, 2.0 * (a - y), out)


LOSSES: dict[str, Loss] = {loss.name: loss for loss in (CrossEntropy(), MeanSquaredError())}


def loss(name: str) -> Loss:
    """Return the registered loss `name`; raise `UsageError` for an unknown one."""
    if name not in LOSSES:
        raise unknown_name("loss", name, LOSSES)
    return LOSSES[name]
