"""Output heads: the output layer together with its loss, from logits to predictions and dZ."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from engine import Array, UsageError, require
from engine.nn.activations import Activation, activation
from engine.nn.code import Code
from engine.nn.losses import LOSSES, Loss, mean_of_terms

MAX_WIDTH = 1024
"""The most units of a layer, and the most inputs."""
MAX_CLASSES = 10
"""The most classes of a softmax output."""
TOLERANCE = 1e-9
"""The greatest error of a sum of targets that counts as 1."""


class OutputHead(ABC):
    """What turns the pre-activations z of the last layer into predictions a, and into the loss.

    Arrays have the shape (outputs, m, …): one example a column, networks along further axes.

    Attributes
    ----------
    output : str
        The name of the output activation in experiment files.
    activation : Activation or None
        What makes each prediction from its own z alone; None where outputs depend on one another,
        as in softmax.
    target_range : tuple of float
        The least and the greatest prediction, which labels are mapped to.
    loss : str
        The name of the loss in experiment files.
    domain : tuple of float
        The least and the greatest target for which the loss is defined.
    output_counts : tuple of int
        The least and the greatest number of outputs.
    definitions : Code
        Functions that the other code uses, which scripts define first.
    chain_latex : tuple of str
        The two factors of `chain` in terms of {a} and {y} of output k, {a_j} of output j, k and j;
        empty where each output depends on its own z alone.
    prediction_code : Code
        The predictions in terms of {z}.
    slope_code : Code
        Their derivative in terms of {z} and {a}; empty without an activation.
    loss_code : Code
        The terms of the loss, from {u} = beta z, {a} and {y}; in PyTorch their sum.
    delta_code : Code
        The derivative of the loss of an example by z, from {a}, {y}, {slope} and {beta}.
    """

    output: str
    activation: Activation | None = None
    target_range: tuple[float, float] = (-inf, inf)
    loss: str
    domain: tuple[float, float] = (-inf, inf)
    output_counts: tuple[int, int] = (1, MAX_WIDTH)
    beta: float = 1.0
    definitions: Code = Code()
    chain_latex: tuple[str, ...] = ()
    prediction_code: Code
    slope_code: Code = Code()
    loss_code: Code
    delta_code: Code

    @abstractmethod
    def predict(self, z: Array, out: Array) -> None:
        """Write the predictions into `out`, of the same shape."""

    @abstractmethod
    def terms(self, z: Array, y: Array) -> Array:
        """Return the terms of the loss, (k, m, …): the loss of an example is the sum of its k."""

    @abstractmethod
    def delta(self, z: Array, a: Array, y: Array, out: Array) -> None:
        """Write the derivative of each example's loss by z into `out`: dZ of the last layer."""

    def check_targets(self, y: Array) -> None:
        """Raise `UsageError` if the loss is not defined for targets (outputs, m)."""
        least, greatest = self.domain
        is_outside = (y < least) | (y > greatest)
        if is_outside.any():
            example = int(is_outside.any(axis=0).argmax())
            value = y[is_outside[:, example], example][0]
            raise UsageError(
                f"{self.loss} needs targets from {least:g} to {greatest:g}, but point "
                f"{example + 1:,} has {value:g}; use targets in this range, such as 0 and 1 for "
                "two classes, or another loss"
            )

    def classes(self, a: Array) -> NDArray[Any]:
        """Return the classes that predictions or targets (outputs, m, …) mean: (k, m, …).

        An example is right where all k of its prediction equal those of its targets. By default,
        they say of every output whether it is above one half.
        """
        return a > 0.5

    def chain(self, a: Array, y: Array) -> tuple[Array, Array] | None:
        """Return ∂L/∂aₖ, (outputs,), and ∂aₖ/∂zⱼ, (k, j), for one example's a and y, (outputs,).

        None where each output depends on its own z alone; `slope` of the activation is enough.
        """
        return None

    @final
    def mean_loss(self, z: Array, y: Array) -> Array:
        """Return the mean loss over the examples, of the shape of z without its first two axes."""
        return mean_of_terms(self.terms(z, y))

    def is_loss_below(
        self,
        bound: float,
        z: Array,
        a: Array,
        y: Array,
        delta: Array | None = None,
        scratch: Array | None = None,
    ) -> NDArray[np.bool_]:
        """Return where the mean loss is below a bound, exactly as `mean_loss` has it.

        It is called for one output and targets of 0 and 1; a subclass may find a faster way.

        Parameters
        ----------
        bound : float
        z, a, y : array (1, m, …)
        delta : array, optional
            The result of `delta`, if it has been computed.
        scratch : array, optional
            An array of the shape of z to work in.
        """
        return self.mean_loss(z, y) < bound


@final
class ElementwiseHead(OutputHead):
    """An activation of each output, and a loss that is a sum over the outputs."""

    def __init__(self, unit: Activation, loss: Loss) -> None:
        self._unit, self._loss = unit, loss
        self.output, self.activation, self.beta = unit.name, unit, unit.beta
        if len(unit.asymptotes) == 2:
            self.target_range = min(unit.asymptotes), max(unit.asymptotes)
        self.prediction_code, self.slope_code = unit.code, unit.slope_code
        self.loss, self.domain, self.loss_code = loss.name, loss.domain, loss.code
        numpy, latex = loss.delta_code.numpy, loss.delta_code.latex
        if unit.beta != 1.0 and "{slope}" not in numpy:  # by u; the chain rule gives beta
            numpy, latex = f"({numpy}) * {unit.beta!r}", rf"{{beta}} \cdot ( {latex} )"
        self.delta_code = replace(loss.delta_code, numpy=numpy, latex=latex)

    def predict(self, z: Array, out: Array) -> None:
        self._unit.value(z, out)

    def terms(self, z: Array, y: Array) -> Array:
        return self._loss.pointwise(z, y, self._unit)

    def delta(self, z: Array, a: Array, y: Array, out: Array) -> None:
        self._loss.delta(z, a, y, self._unit, out)

    def is_loss_below(
        self,
        bound: float,
        z: Array,
        a: Array,
        y: Array,
        delta: Array | None = None,
        scratch: Array | None = None,
    ) -> NDArray[np.bool_]:
        return self._loss.is_below(bound, z, a, y, self._unit, delta, scratch)


@final
class SoftmaxHead(OutputHead):
    """Softmax over the outputs, one for each class, with cross-entropy: −Σ yₖ ln pₖ.

    pₖ = e^zₖ / Σ e^zⱼ. The greatest z is subtracted first, so no exponential overflows. Every sum
    over the classes runs from the first to the last, so its bits depend neither on the layout of
    the arrays nor on the other networks of a stack. The steepness beta does not apply.
    """

    output = "softmax"
    loss = "cross-entropy"
    target_range = (0.0, 1.0)
    domain = (0.0, 1.0)
    output_counts = (2, MAX_CLASSES)
    definitions = Code(
        numpy='''def softmax(z):
    """Return e^z over its sum, which is added class by class."""
    powers = np.exp(z - z.max(axis=0))  # the greatest is 1: none overflows
    return powers / np.cumsum(powers, axis=0)[-1]


def log_softmax(z):
    """Return ln softmax(z), also where softmax(z) is rounded to 0 or 1."""
    d = z - z.max(axis=0)
    is_greatest = np.arange(len(z))[:, None] == z.argmax(axis=0)
    others = np.where(is_greatest, 0.0, np.exp(d))
    return d - np.log1p(np.cumsum(others, axis=0)[-1])

'''
    )
    prediction_code = Code(
        numpy="softmax({z})",
        torch="torch.softmax({z}, dim=0)",
        jax="jax.nn.softmax({z}, axis=0)",
        latex=r"\frac{e^{ {z} }}{\sum_{k} e^{z_k}}",
    )
    loss_code = Code(
        numpy="-{y} * log_softmax({u})",
        torch='torch.nn.functional.cross_entropy({u}.T, {y}.T, reduction="sum")',
        jax="-{y} * jax.nn.log_softmax({u}, axis=0)",
        latex=r"-\sum_{k} {y} \ln {a}",
    )
    delta_code = Code(numpy="{a} - {y}", latex="{a} - {y}")

    chain_latex = (r"( -\frac{ {y} }{ {a} } )", "{a} ( [ k = {j} ] - {a_j} )")

    def predict(self, z: Array, out: Array) -> None:
        np.subtract(z, z.max(axis=0), out)
        np.exp(out, out)
        np.divide(out, _sum_of_classes(out), out)

    def terms(self, z: Array, y: Array) -> Array:
        logarithms: Array = z - z.max(axis=0)
        others = np.exp(logarithms)
        # The greatest has e⁰ = 1: ln(1 + the others) is accurate also where they are below 1e-16.
        np.put_along_axis(others, z.argmax(axis=0)[None], 0.0, axis=0)
        logarithms -= np.log1p(_sum_of_classes(others))
        result: Array = -y * logarithms
        return result

    def delta(self, z: Array, a: Array, y: Array, out: Array) -> None:
        np.subtract(a, y, out)

    def classes(self, a: Array) -> NDArray[Any]:
        greatest: NDArray[np.intp] = a.argmax(axis=0)[None]
        return greatest

    def chain(self, a: Array, y: Array) -> tuple[Array, Array]:
        slopes = np.zeros_like(y)
        np.divide(-y, a, slopes, where=y != 0.0)
        return slopes, a[:, None] * (np.eye(len(a)) - a)

    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        is_wrong = np.abs(y.sum(axis=0) - 1.0) > TOLERANCE
        if is_wrong.any():
            example = int(is_wrong.argmax())
            raise UsageError(
                "softmax needs targets that sum to 1, but those of point "
                f"{example + 1:,} sum to {y[:, example].sum():g}; give each point a 1 for its own "
                "class and a 0 for each other"
            )


def _sum_of_classes(terms: Array) -> Array:
    """Return the sum over the first axis, from the first class to the last."""
    total: Array = terms[0].copy()
    for each in terms[1:]:
        np.add(total, each, total)
    return total


JOINT_HEADS: dict[tuple[str, str], Callable[[float], OutputHead]] = {
    ("softmax", "cross-entropy"): lambda beta: SoftmaxHead()
}
"""Heads that no activation and loss of single outputs make up, by output and loss.

A head is made from beta.
"""


def output_head(output: str, loss: str, beta: float = 1.0) -> OutputHead:
    """Return the head of an output activation and a loss, both by name; raise `UsageError`."""
    known = outputs_of(loss)
    losses = [name for joint, name in JOINT_HEADS if joint == output]
    require(
        not losses or loss in losses,
        f'output: {output} needs the loss {" or ".join(losses)}, not "{loss}"',
    )
    require(output in known, f'output: {loss} needs {" or ".join(known)}, not "{output}"')
    if (output, loss) in JOINT_HEADS:
        return JOINT_HEADS[output, loss](beta)
    return ElementwiseHead(activation(output, beta), LOSSES.find(loss))


def outputs_of(loss: str) -> tuple[str, ...]:
    """Return the names of the output activations that a loss is defined for."""
    return (*LOSSES.find(loss).outputs, *(output for output, name in JOINT_HEADS if name == loss))


def output_names() -> list[str]:
    """Return the names of all output activations."""
    return list(dict.fromkeys(name for loss in LOSSES for name in outputs_of(loss)))
