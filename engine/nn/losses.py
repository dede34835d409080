"""Losses: summed over the outputs, averaged over the examples; each is one class."""

from abc import ABC, abstractmethod
from math import exp, inf
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.activations import ONE, Activation
from engine.nn.code import Code
from engine.nn.registry import Registry

LARGEST_EXPONENT = 25.0
"""Factors of a product above e⁻²⁵ have a relative error of 10⁻⁵, because that of 1 − a is 10⁻¹⁶."""
SLACK = 1e-3
"""Products within this share of the bound are compared by the loss itself."""


def mean_of_terms(terms: Array) -> Array:
    """Return the mean over the examples of terms (k, m, …), the k terms of each being summed: (…).

    The terms are added from first to last, which `sum` guarantees only for some memory layouts:
    so one network and a stack of networks get the same bits.
    """
    examples = terms.shape[1]
    terms = terms.reshape(-1, *terms.shape[2:])
    if terms[0].size > 1:  # a stack, which is summed row by row
        total = np.add.reduce(np.ascontiguousarray(terms), axis=0)
    else:
        total = np.add.accumulate(terms, axis=0)[-1]
    return np.asarray(total / examples)


class Loss(ABC):
    """A loss of each output: of predictions a = g(z) against targets y, (outputs, m, …).

    Attributes
    ----------
    name : str
        Its name in experiment files.
    aliases : tuple of str
        Its names in other libraries, where they are not another spelling of `name`.
    outputs : tuple of str
        The output activations that the loss is defined for.
    domain : tuple of float
        The least and the greatest target that the loss is defined for.
    code : Code
        The loss of one output in terms of {u} = beta z, {a} and {y}; in PyTorch its sum over
        outputs and examples, as `reduction="sum"` gives it.
    delta_code : Code
        Its derivative by z in terms of {a}, {y} and {slope} = g′(z); without {slope}, its
        derivative by u. Spaces separate the parts of the LaTeX. The other libraries
        differentiate, so they need none.
    """

    name: str
    aliases: tuple[str, ...] = ()
    outputs: tuple[str, ...]
    domain: tuple[float, float] = (-inf, inf)
    code: Code
    delta_code: Code

    @abstractmethod
    def pointwise(self, z: Array, y: Array, output: Activation) -> Array:
        """Return the loss of every output and example, given the pre-activation z."""

    @abstractmethod
    def delta(self, z: Array, a: Array, y: Array, output: Activation, out: Array) -> None:
        """Write the derivative of `pointwise` by z into `out`: dZ of the last layer."""

    def is_below(
        self,
        bound: float,
        z: Array,
        a: Array,
        y: Array,
        output: Activation,
        delta: Array | None = None,
        scratch: Array | None = None,
    ) -> NDArray[np.bool_]:
        """Return where the mean loss is below a bound; see `OutputHead.is_loss_below`."""
        return mean_of_terms(self.pointwise(z, y, output)) < bound


_OF_CLASSES = 'write loss = "cross-entropy" and output = "softmax", with an output for each class'
LOSSES: Registry[Loss] = Registry(
    "loss",
    absent={
        "CrossEntropyLoss": f"it takes the softmax of all outputs: {_OF_CLASSES}",
        "categorical_crossentropy": _OF_CLASSES,
        "sparse_categorical_crossentropy": _OF_CLASSES,
        "softmax_cross_entropy": _OF_CLASSES,
        "NLLLoss": _OF_CLASSES,
        "l2_loss": 'it is half of "mean-squared-error"; write that, with half the learning rate',
    },
)
"""Every loss by its name in the experiment file."""


@LOSSES.register
@final
class CrossEntropy(Loss):
    """−[y ln ŷ + (1−y) ln(1−ŷ)] with ŷ = sigmoid(u), from the logit u = beta z.

    max(u, 0) − u y + ln(1 + e^−|u|) neither overflows nor needs clipping. For other targets than
    from 0 to 1 it has no lower bound: training would make it ever more negative.
    """

    name = "cross-entropy"
    aliases = (
        "BCELoss",
        "BCEWithLogitsLoss",
        "BCE",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "sigmoid_cross_entropy_with_logits",
        "sigmoid_binary_cross_entropy",
        "log_loss",
    )
    outputs = ("sigmoid",)
    domain = (0.0, 1.0)
    code = Code(
        numpy="np.maximum({u}, 0) - {u} * {y} + np.log1p(np.exp(-np.abs({u})))",
        torch='torch.nn.functional.binary_cross_entropy_with_logits({u}, {y}, reduction="sum")',
        jax="jnp.logaddexp(0.0, {u}) - {u} * {y}",
        latex=r"-[ {y} \ln {a} + (1 - {y}) \ln(1 - {a}) ]",
    )
    delta_code = Code(numpy="{a} - {y}", latex="{a} - {y}")

    def pointwise(self, z: Array, y: Array, output: Activation) -> Array:
        u = z if output.beta == 1.0 else z * output.beta
        result: Array = np.maximum(u, 0.0)
        rest = np.multiply(u, y)
        np.subtract(result, rest, result)
        np.abs(u, rest)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        np.add(result, rest, result)
        return result

    def delta(self, z: Array, a: Array, y: Array, output: Activation, out: Array) -> None:
        np.subtract(a, y, out)
        if output.beta != 1.0:
            np.multiply(out, output.beta, out)

    def is_below(
        self,
        bound: float,
        z: Array,
        a: Array,
        y: Array,
        output: Activation,
        delta: Array | None = None,
        scratch: Array | None = None,
    ) -> NDArray[np.bool_]:
        """See `OutputHead.is_loss_below`. The loss is −ln of a product, divided by m.

        The factors are the probabilities of the right classes. A product costs a tenth of their
        logarithms. Where it is too close to the bound for its rounding error, or so small that
        the rounding error of one factor matters, the loss itself is computed.
        """
        exponent = bound * z.shape[1]
        if exponent > LARGEST_EXPONENT:
            return super().is_below(bound, z, a, y, output)
        if delta is None or output.beta != 1.0:
            delta = np.subtract(a, y, scratch)
        right = np.abs(delta, scratch)
        np.subtract(ONE, right, right)
        product = np.multiply.reduce(right[0], axis=0)
        least = exp(-exponent)
        below: NDArray[np.bool_] = product > least * (1.0 - SLACK)
        if below.any():
            near = below & (product < least * (1.0 + SLACK))
            if near.any():
                targets = y[..., near] if y.shape[-1] > 1 else y
                below[near] = super().is_below(bound, z[..., near], a, targets, output)
        return below


@LOSSES.register
@final
class MeanSquaredError(Loss):
    """(ŷ − y)², without a factor of one half."""

    name = "mean-squared-error"
    aliases = ("MSELoss", "MSE", "mse_loss", "squared_error")
    outputs = ("sigmoid", "linear")
    code = Code(
        numpy="({a} - {y}) ** 2",
        torch="(({a} - {y}) ** 2).sum()",
        jax="({a} - {y}) ** 2",
        latex="({a} - {y})^2",
    )
    delta_code = Code(numpy="{slope} * (2 * ({a} - {y}))", latex=r"{slope} \cdot 2 ( {a} - {y} )")

    def pointwise(self, z: Array, y: Array, output: Activation) -> Array:
        return np.asarray(np.square(output(z) - y))

    def delta(self, z: Array, a: Array, y: Array, output: Activation, out: Array) -> None:
        output.slope(z, a, out)
        np.multiply(out, 2.0 * (a - y), out)
