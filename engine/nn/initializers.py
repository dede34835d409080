"""First weights: every scheme is one class, and one function draws any of them.

Most are cases of one formula (`VarianceScaling`). Add a scheme by adding a class with a `tag`:
the file format, the form and the contract tests read its fields and its docstring.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from math import sqrt
from operator import or_
from typing import TYPE_CHECKING, ClassVar

import msgspec
import numpy as np

from engine.errors import UsageError, unknown_name
from engine.nn.distributions import Coordinate, Distribution, Even, Gaussian, Point
from engine.spec import NotNegative, Real, Seed, Spec
from engine.types import Array

Generator = np.random.Generator


class Initializer(Spec, frozen=True, tag_field="scheme", kw_only=True):
    """How the first parameters of a network are made; `seed` starts its random numbers."""

    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    random: ClassVar[bool] = True
    """Whether another seed gives other parameters."""

    seed: Seed = 0

    @property
    def scheme(self) -> str:
        """The registered name, as the experiment file writes it."""
        return str(self.__struct_config__.tag)

    @property
    def draws(self) -> bool:
        """Whether another seed would give other parameters, the biases' included."""
        bias = getattr(self, "bias", 0.0)
        return self.random or (isinstance(bias, Initializer) and bias.random)

    def check(self, sizes: Sequence[int]) -> None:
        """Raise `UsageError` if the scheme cannot make parameters for layers of these sizes."""

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        """Return new arrays W1 (n1, n0), b1 (n1, 1), W2, … for layers of these sizes."""
        raise NotImplementedError


class LayerInitializer(Initializer, frozen=True, kw_only=True):
    """A scheme that makes the weights layer by layer; biases are zero unless `bias` says so.

    `bias` is one number for every bias, or a scheme that draws the biases of each layer as it
    would draw a column of weights, after all weights are drawn.
    """

    bias: "Real | AnyInitializer" = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.bias, Initializer) and not isinstance(self.bias, LayerInitializer):
            raise UsageError(f"bias: the scheme {self.bias.scheme} does not draw single layers")
        if isinstance(self.bias, LayerInitializer):
            if self.bias.seed:
                raise UsageError("bias.seed: the seed stands beside bias, for all parameters")
            if isinstance(self.bias.bias, Initializer) or self.bias.bias:
                raise UsageError("bias.bias: biases have no biases; leave it out")

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        """Return W[layer] of shape (sizes[layer], sizes[layer - 1])."""
        raise NotImplementedError

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        """Return how one weight of a layer with these fans is distributed."""
        raise NotImplementedError

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        layers = range(1, len(sizes))
        result = {f"W{layer}": self.weights(sizes, layer, rng) for layer in layers}
        for layer in layers:
            if isinstance(self.bias, LayerInitializer):
                column = self.bias.weights((sizes[layer - 1], sizes[layer]), 1, rng)[:, :1]
            else:
                assert isinstance(self.bias, float | int)  # `Spec` and the check above see to it
                column = np.full((sizes[layer], 1), float(self.bias))
            result[f"b{layer}"] = np.ascontiguousarray(column)
        return {name: result[name] for layer in layers for name in (f"W{layer}", f"b{layer}")}


class Zeros(LayerInitializer, frozen=True, tag="zeros"):
    """Every weight zero."""

    formula = "W = 0"
    random = False

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return np.zeros((sizes[layer], sizes[layer - 1]))

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Point(0.0)


class Ones(LayerInitializer, frozen=True, tag="ones"):
    """Every weight one."""

    formula = "W = 1"
    random = False

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return np.ones((sizes[layer], sizes[layer - 1]))

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Point(1.0)


class Constant(LayerInitializer, frozen=True, tag="constant"):
    """Every weight the same value."""

    formula = "W = value"
    random = False
    value: Real = 0.5

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return np.full((sizes[layer], sizes[layer - 1]), self.value)

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Point(self.value)


class Normal(LayerInitializer, frozen=True, tag="normal"):
    """Normal with a standard deviation that does not look at the layer's size."""

    formula = "N(0, scale²)"
    scale: NotNegative = 0.01

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return rng.standard_normal((sizes[layer], sizes[layer - 1])) * self.scale

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Gaussian(self.scale**2)


class Uniform(LayerInitializer, frozen=True, tag="uniform"):
    """Uniform between −limit and +limit."""

    formula = "U(−limit, limit)"
    limit: NotNegative = 0.5

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return rng.uniform(-self.limit, self.limit, (sizes[layer], sizes[layer - 1]))

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Even(self.limit**2 / 3.0)


class VarianceScaling(LayerInitializer, frozen=True, kw_only=True):
    """The one formula behind 1/√n, LeCun, Xavier (Glorot) and He: variance = gain / fan.

    fan is the number of incoming weights of a unit, or its mean with the outgoing ones. The
    uniform form has the limit √(3 · variance).
    """

    gain: ClassVar[float]
    averaged: ClassVar[bool] = False
    uniform: ClassVar[bool] = False

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return the variance of one weight of a layer with these fans."""
        return self.gain / ((fan_in + fan_out) / 2 if self.averaged else fan_in)

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        fan_out, fan_in = shape = sizes[layer], sizes[layer - 1]
        variance = self.variance(fan_in, fan_out)
        if self.uniform:
            limit = sqrt(3.0 * variance)
            return rng.uniform(-limit, limit, shape)
        return rng.standard_normal(shape) * sqrt(variance)

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        variance = self.variance(fan_in, fan_out)
        return Even(variance) if self.uniform else Gaussian(variance)


class UniformFanIn(VarianceScaling, frozen=True, tag="uniform-fan-in"):
    """±1/√n, the old rule of thumb, whose variance is 1/(3n)."""

    formula = "U(−1/√n_in, 1/√n_in), variance 1/(3 n_in)"
    source = "torch.nn.Linear's default; deep learning tutorials of the 2000s"
    gain = 1.0 / 3.0
    uniform = True


class LecunNormal(VarianceScaling, frozen=True, tag="lecun-normal"):
    """Variance 1/fan_in."""

    formula = "N(0, 1/n_in)"
    source = "LeCun et al., Efficient BackProp, 1998"
    gain = 1.0


class XavierFanIn(LecunNormal, frozen=True, tag="xavier-fan-in"):
    """Variance 1/fan_in, which courses teach under the name of Xavier."""

    source = "taught as Xavier initialization; LeCun's formula"


class GlorotNormal(VarianceScaling, frozen=True, tag="glorot-normal"):
    """Variance 2/(fan_in + fan_out), Xavier Glorot's own formula, normal."""

    formula = "N(0, 2/(n_in + n_out))"
    source = "Glorot & Bengio 2010, eq. 12"
    gain = 1.0
    averaged = True


class GlorotUniform(VarianceScaling, frozen=True, tag="glorot-uniform"):
    """Variance 2/(fan_in + fan_out), Xavier Glorot's own formula, uniform."""

    formula = "U(±√(6/(n_in + n_out)))"
    source = "Glorot & Bengio 2010, eq. 16"
    gain = 1.0
    averaged = True
    uniform = True


class HeNormal(VarianceScaling, frozen=True, tag="he-normal"):
    """Variance 2/fan_in, made for ReLU, normal."""

    formula = "N(0, 2/n_in)"
    source = "He et al. 2015, eq. 10"
    gain = 2.0


class HeUniform(VarianceScaling, frozen=True, tag="he-uniform"):
    """Variance 2/fan_in, made for ReLU, uniform."""

    formula = "U(±√(6/n_in))"
    source = "He et al. 2015, eq. 10, as a uniform distribution"
    gain = 2.0
    uniform = True


class Orthogonal(LayerInitializer, frozen=True, tag="orthogonal"):
    """Orthonormal rows (or columns, whichever are fewer), times `gain`."""

    formula = "gain · Q, QᵀQ = I"
    source = "Saxe et al. 2013"
    gain: NotNegative = 1.0

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        rows, columns = sizes[layer], sizes[layer - 1]
        q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diag(r))  # makes Q uniform over the orthogonal matrices
        return np.ascontiguousarray(self.gain * (q if rows >= columns else q.T))

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Coordinate(max(fan_in, fan_out), self.gain)


class Symmetric(LayerInitializer, frozen=True, tag="symmetric"):
    """Random, yet every unit of a layer alike: same incoming row, same outgoing weight.

    Inputs are not units, so the columns of W[1] differ; behind them a matrix that has equal rows
    and equal columns is one number.
    """

    formula = "N(0, scale²), one draw for all units of a layer"
    scale: NotNegative = 0.5

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        row = rng.standard_normal(sizes[0] if layer == 1 else 1) * self.scale
        return np.broadcast_to(row, (sizes[layer], sizes[layer - 1])).copy()

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return Gaussian(self.scale**2)


Matrix = tuple[tuple[Real, ...], ...]


class Explicit(Initializer, frozen=True, tag="explicit"):
    """The given numbers: W1, b1, W2, … as lists of rows; a missing b is zero."""

    formula = "as given"
    random = False
    W: tuple[Matrix, ...] = ()
    b: tuple[tuple[Real, ...], ...] = ()

    def check(self, sizes: Sequence[int]) -> None:
        layers = len(sizes) - 1
        if len(self.W) != layers or len(self.b) > layers:
            raise UsageError(f"W: give W1 to W{layers}, one matrix for each layer")
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
            rows = self.W[layer - 1]
            if len(rows) != n_out or any(len(row) != n_in for row in rows):
                raise UsageError(f"W{layer}: give {n_out} rows of {n_in} numbers")
            if len(self._bias(layer)) not in (0, n_out):
                raise UsageError(f"b{layer}: give {n_out} numbers")

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        self.check(sizes)
        result = {}
        for layer, n_out in enumerate(sizes[1:], start=1):
            bias = self._bias(layer) or [0.0] * n_out
            result[f"W{layer}"] = np.array(self.W[layer - 1], dtype=np.float64)
            result[f"b{layer}"] = np.array(bias, dtype=np.float64)[:, None]
        return result

    def _bias(self, layer: int) -> tuple[float, ...]:
        return self.b[layer - 1] if layer <= len(self.b) else ()


def _constant() -> Initializer:
    return Constant()


class Perturbed(Initializer, frozen=True, tag="perturbed"):
    """Another scheme plus epsilon · N(0, 1) on every weight, drawn after the other's numbers."""

    formula = "base + epsilon · N(0, 1)"
    base: "AnyInitializer" = msgspec.field(default_factory=_constant)
    epsilon: NotNegative = 1e-12

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base.seed:
            raise UsageError("base.seed: the seed stands beside the scheme perturbed")
        if isinstance(self.base, Perturbed) and isinstance(self.base.base, Perturbed):
            raise UsageError("base: perturb a scheme once or twice, not more often")

    def check(self, sizes: Sequence[int]) -> None:
        self.base.check(sizes)

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        result = self.base.parameters(sizes, rng)
        for layer in range(1, len(sizes)):
            weights = result[f"W{layer}"]
            weights += self.epsilon * rng.standard_normal(weights.shape)
        return result


def _registered(base: type[Initializer]) -> dict[str, type[Initializer]]:
    """Collect the classes below `base` that carry a tag of their own, in the order written."""
    result: dict[str, type[Initializer]] = {}
    for scheme in base.__subclasses__():
        tag = str(scheme.__struct_config__.tag)
        if tag != scheme.__name__:  # an abstract class is tagged with its own name
            result[tag] = scheme
        result |= _registered(scheme)
    return result


SCHEMES = _registered(Initializer)
"""Every scheme by its name in the experiment file."""

if TYPE_CHECKING:
    AnyInitializer = Initializer
else:
    AnyInitializer = reduce(or_, SCHEMES.values())


def initialize_parameters(
    layer_sizes: Sequence[int], scheme: Initializer | str, rng: Generator | None = None
) -> dict[str, Array]:
    """Draw the first parameters of a network.

    Parameters
    ----------
    layer_sizes : sequence of int
        n0, n1, …, nL.
    scheme : Initializer or str
        A scheme, or the name of one, which then has its default parameters.
    rng : numpy.random.Generator, optional
        Where random numbers come from; `Generator(PCG64(scheme.seed))` unless given. Weights are
        drawn layer by layer, in order.

    Returns
    -------
    dict of str to array
        W1 (n1, n0), b1 (n1, 1), W2, b2, … in this order, float64, new arrays.

    Raises
    ------
    UsageError
        For an unknown scheme, or given weights that do not fit the layers.

    >>> {name: array.shape for name, array in initialize_parameters([3, 4, 1], "normal").items()}
    {'W1': (4, 3), 'b1': (4, 1), 'W2': (1, 4), 'b2': (1, 1)}
    """
    if isinstance(scheme, str):
        if scheme not in SCHEMES:
            raise unknown_name("scheme", scheme, SCHEMES)
        scheme = SCHEMES[scheme]()
    if rng is None:
        rng = np.random.Generator(np.random.PCG64(scheme.seed))
    return scheme.parameters(layer_sizes, rng)
