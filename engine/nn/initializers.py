"""Schemes of first weights: each is a class, whose `tag` is its name in experiment files."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from math import sqrt
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, final

import msgspec
import numpy as np

from engine import Array, NotNegative, Real, UsageError, require
from engine.nn.distributions import (
    SAMPLE_SIZE,
    Distribution,
    IndependentDistribution,
    NormalDistribution,
    PointMass,
    SampleDistribution,
    SphereCoordinate,
    UniformDistribution,
)
from engine.nn.initializer import (
    SCHEMES,
    Aliases,
    Generator,
    Initializer,
    initialize_parameters,
)

__all__ = ["SCHEMES", "Generator", "Initializer", "initialize_parameters"]

TRUNCATED = (
    "Keras and JAX draw it from a normal that is cut off at two deviations, and rescaled to the "
    "same variance; this scheme, like PyTorch, does not cut it off"
)


class LayerInitializer(Initializer, frozen=True, kw_only=True):
    """A scheme that makes the weights layer by layer.

    `bias` is the value of every bias, or a scheme that draws the biases of each layer as it
    would draw a column of weights, after all weights are drawn.
    """

    bias: "Real | AnyInitializer" = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.bias, Initializer) and not isinstance(self.bias, LayerInitializer):
            raise UsageError(f"bias: the scheme {self.bias.scheme} does not draw single layers")
        if isinstance(self.bias, LayerInitializer):
            require(not self.bias.seed, "bias.seed: give the seed beside bias, for all parameters")
            require(self.bias.bias == 0.0, "bias.bias: biases have no biases; leave it out")

    @property
    def draws(self) -> bool:
        return self.random or (isinstance(self.bias, Initializer) and self.bias.random)

    @abstractmethod
    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        """Return W[layer] of shape (sizes[layer], sizes[layer - 1])."""

    def distribution(self, fan_in: int, fan_out: int) -> Distribution | None:
        """Return the distribution of a weight of a layer with these fans; None if not known."""
        return None

    @final
    def estimated_distribution(self, fan_in: int, fan_out: int) -> Distribution:
        """Return `distribution`; where it is not known, the moments of a sample of weights."""
        if (known := self.distribution(fan_in, fan_out)) is not None:
            return known
        rng = np.random.Generator(np.random.PCG64(0))
        layers = range(-(-SAMPLE_SIZE // (fan_in * fan_out)))
        drawn = [self.weights((fan_in, fan_out), 1, rng).ravel() for _ in layers]
        return SampleDistribution(np.concatenate(drawn))

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        layers = range(1, len(sizes))
        result = {f"W{layer}": self.weights(sizes, layer, rng) for layer in layers}
        for layer in layers:
            if isinstance(self.bias, LayerInitializer):
                column = self.bias.weights((sizes[layer - 1], sizes[layer]), 1, rng)[:, :1]
            else:
                assert isinstance(self.bias, float | int)  # `Spec` and `__post_init__` check it
                column = np.full((sizes[layer], 1), float(self.bias))
            result[f"b{layer}"] = np.ascontiguousarray(column)
        return {name: result[name] for layer in layers for name in (f"W{layer}", f"b{layer}")}


class IndependentInitializer(LayerInitializer, frozen=True, kw_only=True):
    """A scheme that draws every weight of a layer independently from one distribution."""

    @abstractmethod
    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution: ...

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        fan_out, fan_in = shape = sizes[layer], sizes[layer - 1]
        return self.distribution(fan_in, fan_out).draw(shape, rng)

    def numpy_code(self, sizes: Sequence[int]) -> list[str]:
        return [
            self.distribution(fan_in, fan_out).numpy_code((fan_out, fan_in))
            for fan_in, fan_out in pairwise(sizes)
        ]


@final
class Zeros(IndependentInitializer, frozen=True, tag="zeros"):
    """Every weight zero."""

    formula = "W = 0"
    random = False

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return PointMass(0.0)


@final
class Ones(IndependentInitializer, frozen=True, tag="ones"):
    """Every weight one."""

    formula = "W = 1"
    random = False

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return PointMass(1.0)


@final
class Constant(IndependentInitializer, frozen=True, tag="constant"):
    """Every weight the same value."""

    formula = "W = value"
    aliases: ClassVar[Aliases] = {"full": {}}
    random = False
    value: Real = 0.5

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return PointMass(self.value)


@final
class Normal(IndependentInitializer, frozen=True, tag="normal"):
    """Normal with a standard deviation that is independent of the layer's size."""

    formula = "N(0, scale²)"
    aliases: ClassVar[Aliases] = {
        "normal_": {"scale": 1.0},  # of PyTorch
        "random_normal": {"scale": 0.05},  # of Keras
        "randn": {"scale": 1.0},  # and standard_normal
        "randn * {scale}": {},
        "{scale} * randn": {},
    }
    scale: NotNegative = 0.01

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return NormalDistribution(self.scale**2, self.scale)


@final
class Uniform(IndependentInitializer, frozen=True, tag="uniform"):
    """Uniform between −limit and +limit."""

    formula = "U(−limit, limit)"
    aliases: ClassVar[Aliases] = {"random_uniform": {"limit": 0.05}}  # of Keras
    limit: NotNegative = 0.5

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return UniformDistribution(self.limit**2 / 3.0, self.limit)


class VarianceScaling(IndependentInitializer, frozen=True, kw_only=True):
    """The one formula behind 1/√n, LeCun, Xavier (Glorot) and He: variance = gain / fan.

    fan is the number of incoming weights of a unit, or its mean with the outgoing ones.
    """

    gain: ClassVar[float] = 1.0
    averaged: ClassVar[bool] = False
    uniform: ClassVar[bool] = False

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return the variance of one weight of a layer with these fans."""
        return self.gain / ((fan_in + fan_out) / 2 if self.averaged else fan_in)

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        variance = self.variance(fan_in, fan_out)
        if self.uniform:
            return UniformDistribution(variance, sqrt(3.0 * variance))
        return NormalDistribution(variance, sqrt(variance))


@final
class UniformFanIn(VarianceScaling, frozen=True, tag="uniform-fan-in"):
    """±1/√n, the old rule of thumb, whose variance is 1/(3n)."""

    formula = "U(−1/√n_in, 1/√n_in), variance 1/(3 n_in)"
    source = "weights as in torch.nn.Linear, which draws its biases as well; tutorials of the 2000s"
    short_name = "deviation of ±1/√n"
    aliases: ClassVar[Aliases] = {"kaiming_uniform_(a=sqrt(5))": {}}
    gain = 1.0 / 3.0
    uniform = True


@final
class LecunNormal(VarianceScaling, frozen=True, tag="lecun-normal"):
    """Variance 1/fan_in."""

    formula = "N(0, 1/n_in)"
    source = "LeCun et al., Efficient BackProp, 1998"
    note = TRUNCATED
    aliases: ClassVar[Aliases] = {"randn / sqrt(n)": {}, "randn * sqrt(1 / n)": {}}


@final
class XavierFanIn(VarianceScaling, frozen=True, tag="xavier-fan-in"):
    """Variance 1/fan_in, which courses teach under the name of Xavier."""

    formula = LecunNormal.formula
    source = "taught as Xavier initialization; LeCun's formula"
    short_name = "Xavier"


@final
class GlorotNormal(VarianceScaling, frozen=True, tag="glorot-normal"):
    """Variance 2/(fan_in + fan_out), Xavier Glorot's own formula, normal."""

    formula = "N(0, 2/(n_in + n_out))"
    source = "Glorot & Bengio 2010, eq. 12"
    note = TRUNCATED
    aliases: ClassVar[Aliases] = {"xavier_normal_": {}}
    averaged = True


@final
class GlorotUniform(VarianceScaling, frozen=True, tag="glorot-uniform"):
    """Variance 2/(fan_in + fan_out), Xavier Glorot's own formula, uniform."""

    formula = "U(±√(6/(n_in + n_out)))"
    source = "Glorot & Bengio 2010, eq. 16"
    aliases: ClassVar[Aliases] = {"xavier_uniform_": {}}
    averaged = True
    uniform = True


@final
class HeNormal(VarianceScaling, frozen=True, tag="he-normal"):
    """Variance 2/fan_in, made for ReLU, normal."""

    formula = "N(0, 2/n_in)"
    source = "He et al. 2015, eq. 10"
    short_name = "He"
    note = TRUNCATED
    aliases: ClassVar[Aliases] = {
        "kaiming_normal_": {},
        "randn * sqrt(2 / n)": {},
        "sqrt(2 / n) * randn": {},
    }
    gain = 2.0


@final
class HeUniform(VarianceScaling, frozen=True, tag="he-uniform"):
    """Variance 2/fan_in, made for ReLU, uniform."""

    formula = "U(±√(6/n_in))"
    source = "He et al. 2015, eq. 10, as a uniform distribution"
    aliases: ClassVar[Aliases] = {"kaiming_uniform_": {}}
    gain = 2.0
    uniform = True


@final
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
        return SphereCoordinate(max(fan_in, fan_out), self.gain)


@final
class Symmetric(LayerInitializer, frozen=True, tag="symmetric"):
    """Random, but all units of a layer are equal: same incoming row, same outgoing weight.

    The columns of W[1] belong to inputs and differ; later matrices repeat one number.
    """

    formula = "N(0, scale²), one draw for all units of a layer"
    scale: NotNegative = 0.5

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        row = rng.standard_normal(sizes[0] if layer == 1 else 1) * self.scale
        return np.broadcast_to(row, (sizes[layer], sizes[layer - 1])).copy()

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return NormalDistribution(self.scale**2, self.scale)


Matrix = tuple[tuple[Real, ...], ...]


@final
class Explicit(Initializer, frozen=True, tag="explicit"):
    """The given numbers: W1, b1, W2, … as lists of rows; a missing b is zero."""

    formula = "as given"
    random = False
    by_layer = True
    W: tuple[Matrix, ...] = ()
    b: tuple[tuple[Real, ...], ...] = ()

    def check(self, sizes: Sequence[int]) -> None:
        layers = len(sizes) - 1
        is_complete = len(self.W) == layers and len(self.b) <= layers
        require(is_complete, f"W: give W1 to W{layers}, one matrix for each layer")
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
            fits = [len(row) for row in self.W[layer - 1]] == [n_in] * n_out
            require(fits, f"W{layer}: give {n_out} rows of {n_in} numbers")
            require(len(self._bias(layer)) in (0, n_out), f"b{layer}: give {n_out} numbers")

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


@final
class Perturbed(Initializer, frozen=True, tag="perturbed"):
    """Another scheme plus epsilon · N(0, 1) on every weight, drawn after the other's numbers."""

    formula = "base + epsilon · N(0, 1)"
    base: "AnyInitializer" = msgspec.field(default_factory=Constant)
    epsilon: NotNegative = 1e-12

    def __post_init__(self) -> None:
        super().__post_init__()
        require(not self.base.seed, "base.seed: give the seed beside base")
        is_third = isinstance(self.base, Perturbed) and isinstance(self.base.base, Perturbed)
        require(not is_third, "base: perturb a scheme once or twice, not more often")

    def check(self, sizes: Sequence[int]) -> None:
        self.base.check(sizes)

    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        result = self.base.parameters(sizes, rng)
        for layer in range(1, len(sizes)):
            weights = result[f"W{layer}"]
            weights += self.epsilon * rng.standard_normal(weights.shape)
        return result


def _register(base: type[Any]) -> None:
    """Register the classes below `base` that have a tag, in the order of their definition."""
    scheme: type[Initializer]
    for scheme in base.__subclasses__():
        tag = str(scheme.__struct_config__.tag)
        if tag != scheme.__name__:  # which is the tag of an abstract class
            SCHEMES[tag] = scheme
        _register(scheme)


# New schemes go above this line.
_register(Initializer)

if TYPE_CHECKING:
    AnyInitializer = Initializer
else:
    AnyInitializer = reduce(or_, SCHEMES.values())
