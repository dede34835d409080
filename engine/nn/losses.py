"""Losses: summed over the outputs, averaged over the examples; one subclass is one entry."""

from abc import ABC, abstractmethod
from math import exp
from typing import ClassVar, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine.errors import unknown_name
from engine.nn.activations import Activation
from engine.types import Array

_ONE = np.array(1.0)
"""An array, for a Python number is made into one at every call."""
LARGEST_EXPONENT = 25.0
"""Factors of a product above e⁻²⁵ are known to 10⁻⁵ of themselves, as 1 − a is to 10⁻¹⁶."""
SLACK = 1e-3
"""Products nearer to the bound than this share of it are looked at closely."""


class Outputs(NamedTuple):
    """What a finished pass knows of its output layer, in arrays (outputs, examples, ...).

    Attributes
    ----------
    z, a, y : array
        Pre-activations, activations a = g(z), and targets.
    output : Activation
    beta : float
    delta : array or None
        What `Loss.delta` wrote, if it has been asked.
    scratch : array or None
        One like them to work in.
    """

    z: Array
    a: Array
    y: Array
    output: Activation
    beta: float
    delta: Array | None = None
    scratch: Array | None = None


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

    def delta_latex(self, beta: float) -> str:
        """Return how `delta` is written: {a}, {y}, {beta} and {slope}, for g′(z), stand for such.

        Its parts are separated by spaces. Without, an explanation shows no more than the value.
        """
        return ""

    def value(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        """Return the mean loss, of the shape of z without its first two axes.

        The terms are added from first to last, which `sum` promises only for some memory
        layouts: so one network and a stack of them give the same bits.
        """
        terms = self.pointwise(z, output, beta, y)
        terms = terms.reshape(-1, *terms.shape[2:])
        if terms[0].size > 1:  # a stack, which is summed row by row
            total = np.add.reduce(np.ascontiguousarray(terms), axis=0)
        else:
            total = np.add.accumulate(terms, axis=0)[-1]
        mean: Array = total / z.shape[1]
        return mean

    def is_below(self, bound: float, last: Outputs) -> NDArray[np.bool_]:
        """Tell where the mean loss is below a bound, exactly as `value` has it.

        A subclass may find it out at less cost for one output and targets of 0 and 1, which is
        what it is asked for.
        """
        return self.value(last.z, last.output, last.beta, last.y) < bound


@final
class CrossEntropy(Loss):
    """−[y ln ŷ + (1−y) ln(1−ŷ)] with ŷ = sigmoid(u), from the logit u = beta z.

    max(u, 0) − u y + ln(1 + e^−|u|) neither overflows nor needs clipping.
    """

    name = "cross-entropy"
    formula = "−[y ln ŷ + (1−y) ln(1−ŷ)]"
    outputs = ("sigmoid",)

    def pointwise(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        u = z if beta == 1.0 else z * beta
        result: Array = np.maximum(u, 0.0)
        rest = np.multiply(u, y)
        np.subtract(result, rest, result)
        np.abs(u, rest)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        np.add(result, rest, result)
        return result

    def is_below(self, bound: float, last: Outputs) -> NDArray[np.bool_]:
        """See `Loss.is_below`: −ln of the product of the right probabilities is the loss times m.

        A product costs a tenth of so many logarithms. Where it is too near the bound for its
        rounding, or so small that the rounding of one factor matters, the loss itself decides.
        """
        z, y = last.z, last.y
        exponent = bound * z.shape[1]
        if exponent > LARGEST_EXPONENT:
            return super().is_below(bound, last)
        delta = last.delta
        if delta is None or last.beta != 1.0:
            delta = np.subtract(last.a, y, last.scratch)
        right = np.abs(delta, last.scratch)
        np.subtract(_ONE, right, right)
        product = np.multiply.reduce(right[0], axis=0)
        least = exp(-exponent)
        below: NDArray[np.bool_] = product > least * (1.0 - SLACK)
        if below.any():
            near = below & (product < least * (1.0 + SLACK))
            if near.any():
                targets = y[..., near] if y.shape[-1] > 1 else y
                below[near] = self.value(z[..., near], last.output, last.beta, targets) < bound
        return below

    def delta(self, a: Array, y: Array, output: Activation, beta: float, out: Array) -> None:
        np.subtract(a, y, out)
        if beta != 1.0:
            np.multiply(out, beta, out)

    def delta_latex(self, beta: float) -> str:
        return "{a} - {y}" if beta == 1.0 else r"{beta} \cdot ( {a} - {y} )"


@final
class MeanSquaredError(Loss):
    """(ŷ − y)², without a factor of one half."""

    name = "mean-squared-error"
    formula = "(ŷ − y)²"
    outputs = ("sigmoid", "linear")

    def pointwise(self, z: Array, output: Activation, beta: float, y: Array) -> Array:
        result: Array = np.square(output.of(z) - y)
        return result

    def delta(self, a: Array, y: Array, output: Activation, beta: float, out: Array) -> None:
        output.slope(a, out)
        np.multiply(out, 2.0 * (a - y), out)

    def delta_latex(self, beta: float) -> str:
        return r"{slope} \cdot 2 ( {a} - {y} )"


LOSSES: dict[str, Loss] = {loss.name: loss for loss in (CrossEntropy(), MeanSquaredError())}


def loss(name: str) -> Loss:
    """Return the registered loss `name`; raise `UsageError` for an unknown one."""
    if name not in LOSSES:
        raise unknown_name("loss", name, LOSSES)
    return LOSSES[name]
