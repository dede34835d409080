"""The abstract base of activation functions g(z), and the registry of all activations."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.code import Code
from engine.nn.registry import Registry

ASYMPTOTE_MARGIN = 0.01
"""An output within this distance of an asymptote counts as saturated."""

_BLOCK = 1 << 15
"""The number of outputs examined together: they fit into the processor's cache."""

ONE = np.array(1.0)
"""An array, because NumPy converts a Python number at every call."""


class Activation(ABC):
    """A function g and its derivative g′, elementwise on arrays of any shape.

    Attributes
    ----------
    name : str
        Its name in experiment files.
    aliases : tuple of str
        Its names in other libraries, where they are not another spelling of `name`.
    asymptotes : tuple of float
        The values that g approaches but does not reach.
    corners : tuple of float
        Where g is not differentiable, ascending.
    reach : float
        Plots show g for −reach ≤ z ≤ reach.
    scalable : bool
        Whether the steepness beta of an experiment applies: g(beta z).
    slope_uses_z : bool
        Whether `slope` reads z, which a steep activation then has to scale.
    beta : float
        The steepness; 1 where none applies.
    code, slope_code : Code
        g({z}), and g′ in terms of {z} and {a}. The slope is needed in NumPy and LaTeX only, as
        the other libraries differentiate.
    idle_word : str
        What a unit is called whose slope has vanished; empty if `saturated` reports none.
    never_idle : str
        What plots say where there is no such word.
    """

    name: str
    aliases: tuple[str, ...] = ()
    asymptotes: tuple[float, ...] = ()
    corners: tuple[float, ...] = ()
    reach: float = 4.0
    scalable: bool = False
    slope_uses_z: bool = False
    beta: float = 1.0
    code: Code
    slope_code: Code
    never_idle: str = "no output counts as saturated"

    @abstractmethod
    def value(self, z: Array, out: Array) -> None:
        """Write g(z) into `out`, of the same shape; `out` may be z itself."""

    @abstractmethod
    def slope(self, z: Array, a: Array, out: Array) -> None:
        """Write g′(z) into `out`, of the same shape, given z and a = g(z).

        Use a where it suffices: the back-propagation of a steep activation has to scale z.
        """

    @final
    def __call__(self, z: Array) -> Array:
        """Return g(z), of the same shape."""
        a = np.empty_like(z)
        self.value(z, a)
        return a

    @final
    def value_and_slope(self, z: Array) -> tuple[Array, Array]:
        """Return g(z) and g′(z), of the same shape."""
        slope = np.empty_like(z)
        with np.errstate(over="ignore"):
            a = self(z)
            self.slope(z, a, slope)
        return a, slope

    @property
    def idle_word(self) -> str:
        return "saturated" if self.asymptotes else ""

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        """Return where the output a = g(z) is so close to an asymptote that g′ is almost 0."""
        result = np.zeros(a.shape, dtype=bool)
        for asymptote in self.asymptotes:
            result |= np.abs(a - asymptote) < ASYMPTOTE_MARGIN
        return result

    @final
    def saturated_share(self, a: Array) -> Array:
        """Return the share of each unit's outputs that is saturated: (n, m) to (n,)."""
        units, examples = a.shape
        rows = max(1, _BLOCK // max(1, examples))
        counts = [
            np.count_nonzero(self.saturated(a[start : start + rows]), axis=1)
            for start in range(0, units, rows)
        ]
        return np.asarray(np.concatenate(counts) / examples)

    @final
    def with_steepness(self, beta: float) -> "Activation":
        """Return z -> g(beta z), which is g itself where beta is 1 or does not apply."""
        return self if beta == 1.0 or not self.scalable else _Steep(self, beta)


ACTIVATIONS: Registry[Activation] = Registry(
    "activation",
    absent={
        "softmax": "it needs all outputs of a layer; write it as the output",
        "hard_sigmoid": 'write "sigmoid"',
        "hard_tanh": 'write "tanh"',
        "prelu": "its slope is trained, and these activations have no parameters",
    },
)
"""Every activation by its name in the experiment file."""


@final
class _Steep(Activation):
    """z -> g(beta z), whose derivative is beta g′(beta z)."""

    def __init__(self, inner: Activation, beta: float) -> None:
        self._inner, self.beta = inner, beta
        self.name = inner.name
        self.asymptotes, self.scalable = inner.asymptotes, True
        self.corners = tuple(corner / beta for corner in inner.corners)
        self.reach = inner.reach / min(1.0, beta)
        python = f"{beta!r} * {{z}}"
        product = Code(numpy=python, torch=python, jax=python, latex=r"\beta {z}")
        self.code = inner.code.with_argument("z", product)
        slope = inner.slope_code.with_argument("z", product)
        numpy = slope.numpy and f"({slope.numpy}) * {beta!r}"
        self.slope_code = replace(slope, numpy=numpy, latex=rf"\beta ( {slope.latex} )")

    @property
    def idle_word(self) -> str:
        return self._inner.idle_word

    def value(self, z: Array, out: Array) -> None:
        np.multiply(z, self.beta, out)
        self._inner.value(out, out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        scaled = z * self.beta if self._inner.slope_uses_z else z
        self._inner.slope(scaled, a, out)
        np.multiply(out, self.beta, out)

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        return self._inner.saturated(a)


def activation(name: str, beta: float = 1.0) -> Activation:
    """Return the registered activation `name` with steepness `beta`; raise `UsageError`."""
    return ACTIVATIONS.find(name).with_steepness(beta)
