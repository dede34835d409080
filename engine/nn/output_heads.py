"""Output heads: the output layer together with its loss, from logits to predictions and dZ."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array, UsageError, require
from engine.nn.activations import Activation, activation
from engine.nn.code import Code
from engine.nn.losses import LOSSES, Loss, mean_of_terms


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
    beta: float = 1.0
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


JOINT_HEADS: dict[tuple[str, str], Callable[[float], OutputHead]] = {}
"""Heads that no activation and loss of single outputs make up, by output and loss.

A head is made from beta. Softmax with cross-entropy over classes belongs here.
"""


def output_head(output: str, loss: str, beta: float = 1.0) -> OutputHead:
    """Return the head of an output activation and a loss, both by name; raise `UsageError`."""
    known = outputs_of(loss)
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
