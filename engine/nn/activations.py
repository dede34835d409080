"""Activation functions g(z) with their derivatives; one subclass is one entry of the registry."""

from abc import ABC, abstractmethod
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from engine.errors import unknown_name
from engine.types import Array

ASYMPTOTE_MARGIN = 0.01
"""A unit whose output lies within this distance of an asymptote counts as saturated."""

_BLOCK = 1 << 15
"""Outputs that are looked at together: so many stay in the processor's cache."""

_ONE = np.array(1.0)
"""An array, for a Python number is made into one at every call."""


class Activation(ABC):
    """A function g and its derivative g', elementwise on arrays of any shape.

    The derivative is written in terms of the output a = g(z), as back-propagation has it at hand.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    asymptotes: ClassVar[tuple[float, ...]] = ()
    """The values g approaches but never reaches; empty for a function without them."""
    scalable: ClassVar[bool] = False
    """Whether the steepness beta of an experiment applies: g(beta z)."""

    @abstractmethod
    def value(self, z: Array, out: Array) -> None:
        """Write g(z) into `out`, of the same shape."""

    @abstractmethod
    def slope(self, a: Array, out: Array) -> None:
        """Write g'(z) into `out`, of the same shape, given a = g(z)."""

    @final
    def of(self, z: Array) -> Array:
        """Return g(z), of the same shape."""
        a = np.empty_like(z)
        self.value(z, a)
        return a

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        """Tell where the output a = g(z) is so near an asymptote that g' has all but vanished."""
        result = np.zeros(a.shape, dtype=bool)
        for asymptote in self.asymptotes:
            result |= np.abs(a - asymptote) < ASYMPTOTE_MARGIN
        return result

    @final
    def saturated_share(self, a: Array) -> Array:
        """Return which share of each unit's outputs is saturated, for outputs (n, m): (n,)."""
        units, examples = a.shape
        rows = max(1, _BLOCK // max(1, examples))
        counts = [
            np.count_nonzero(self.saturated(a[start : start + rows]), axis=1)
            for start in range(0, units, rows)
        ]
        shares: Array = np.concatenate(counts) / examples
        return shares

    def with_steepness(self, beta: float) -> "Activation":
        """Return z -> g(beta z), which is g itself where beta is 1 or does not apply."""
        return self if beta == 1.0 or not self.scalable else _Steep(self, beta)


@final
class Sigmoid(Activation):
    """The logistic function; exp overflows to infinity for z < -709, where 1/inf = 0 is right."""

    name = "sigmoid"
    formula = "1 / (1 + e⁻ᶻ)"
    asymptotes = (0.0, 1.0)
    scalable = True

    def value(self, z: Array, out: Array) -> None:
        np.negative(z, out)
        np.exp(out, out)
        np.add(out, _ONE, out)
        np.reciprocal(out, out)

    def slope(self, a: Array, out: Array) -> None:
        np.subtract(_ONE, a, out)
        np.multiply(a, out, out)


@final
class Tanh(Activation):
    """The hyperbolic tangent."""

    name = "tanh"
    formula = "tanh z"
    asymptotes = (-1.0, 1.0)
    scalable = True

    def value(self, z: Array, out: Array) -> None:
        np.tanh(z, out)

    def slope(self, a: Array, out: Array) -> None:
        np.multiply(a, a, out)
        np.subtract(_ONE, out, out)


@final
class Relu(Activation):
    """The rectified linear unit, with relu'(0) = 0; "saturated" means inactive, z <= 0."""

    name = "relu"
    formula = "max(0, z)"

    def value(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def slope(self, a: Array, out: Array) -> None:
        np.greater(a, 0.0, out)

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        return a <= 0.0


@final
class Linear(Activation):
    """The identity."""

    name = "linear"
    formula = "z"

    def value(self, z: Array, out: Array) -> None:
        np.copyto(out, z)

    def slope(self, a: Array, out: Array) -> None:
        out.fill(1.0)


@final
class _Steep(Activation):
    """z -> g(beta z), whose derivative is beta g'(beta z)."""

    def __init__(self, inner: Activation, beta: float) -> None:
        self._inner = inner
        self._beta = beta

    def value(self, z: Array, out: Array) -> None:
        np.multiply(z, self._beta, out)
        self._inner.value(out, out)

    def slope(self, a: Array, out: Array) -> None:
        self._inner.slope(a, out)
        np.multiply(out, self._beta, out)

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        return self._inner.saturated(a)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation for activation in (Sigmoid(), Tanh(), Relu(), Linear())
}


def activation(name: str, beta: float = 1.0) -> Activation:
    """Return the registered activation `name` with steepness `beta`; raise `UsageError`."""
    if name not in ACTIVATIONS:
        raise unknown_name("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name].with_steepness(beta)
