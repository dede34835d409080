"""Schemes of first weights: each is a class, whose `tag` is its name in experiment files."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from math import sqrt
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, final

import msgspec
import numpy as np
from msgspec.structs import force_setattr

from engine import Array, NotNegative, Real, require
from engine.nn import layer_initializer
from engine.nn.distributions import (
    CUT_VARIANCE,
    Distribution,
    IndependentDistribution,
    NormalDistribution,
    PointMass,
    SphereCoordinate,
    TruncatedNormalDistribution,
    UniformDistribution,
)
from engine.nn.initializer import SCHEMES, Aliases, Generator, Initializer, initialize_parameters
from engine.nn.layer_initializer import (
    TRUNCATED,
    IndependentInitializer,
    LayerInitializer,
    VarianceScaling,
)

__all__ = ["SCHEMES", "Initializer", "LayerInitializer", "initialize_parameters"]


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
    aliases: ClassVar[Aliases] = {"full": {}, "constant_({value})": {}, "constant({value})": {}}
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
        "normal_(std={scale})": {},
        "normal_(0, {scale})": {},
        "normal(0, {scale})": {},
        "random_normal(stddev={scale})": {},
        "randn": {"scale": 1.0},  # and standard_normal
        "randn * {scale}": {},
        "{scale} * randn": {},
    }
    scale: NotNegative = 0.01

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        return NormalDistribution(self.scale**2, self.scale)


@final
class Uniform(IndependentInitializer, frozen=True, tag="uniform"):
    """Uniform between `low` and `high`, which are −limit and +limit unless they are given.

    `limit` is 0.5 unless it is given, and None where `low` and `high` both are.
    """

    formula = "U(−limit, limit), or U(low, high)"
    aliases: ClassVar[Aliases] = {
        "uniform_": {"low": 0.0, "high": 1.0},  # of PyTorch
        "uniform_({low}, {high})": {},
        "uniform_(a={low}, b={high})": {},
        "random_uniform": {"limit": 0.05},  # of Keras
        "random_uniform(minval={low}, maxval={high})": {},
        "uniform({low}, {high})": {},
        "rand": {"low": 0.0, "high": 1.0},
    }
    limit: NotNegative | None = None
    low: Real | None = None
    high: Real | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low is not None and self.high is not None:
            force_setattr(self, "limit", None)
        elif self.limit is None:
            force_setattr(self, "limit", 0.5)
        low, high = self._ends
        require(low <= high, f"low: {low:g} is above high, which is {high:g}")

    @property
    def _ends(self) -> tuple[float, float]:
        limit = self.limit or 0.0
        low = -limit if self.low is None else self.low
        return low, limit if self.high is None else self.high

    def distribution(self, fan_in: int, fan_out: int) -> IndependentDistribution:
        low, high = self._ends
        variance = high**2 / 3.0 if low == -high else (high - low) ** 2 / 12.0
        return UniformDistribution(variance, low, high)


@final
class TruncatedNormal(LayerInitializer, frozen=True, tag="truncated-normal"):
    """Normal without the values beyond two deviations, as Keras and JAX draw it.

    `scale` is the deviation of the normal before it is cut off.
    """

    formula = f"N(0, scale²) between −2 scale and 2 scale, deviation {sqrt(CUT_VARIANCE):.3f} scale"
    source = "TruncatedNormal of Keras, truncated_normal of JAX; at scale 1 PyTorch's trunc_normal_"
    note = (
        "the deviation is not rescaled, as in Keras's TruncatedNormal; its HeNormal, GlorotNormal "
        "and LecunNormal are rescaled to their variance"
    )
    aliases: ClassVar[Aliases] = {
        "trunc_normal_": {"scale": 1.0},  # of PyTorch, which cuts at −2 and 2
        "truncated_normal(stddev={scale})": {},
        "truncated_normal({scale})": {},
    }
    scale: NotNegative = 0.05

    def weights(self, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        shape = sizes[layer], sizes[layer - 1]
        return TruncatedNormalDistribution(self.scale).draw(shape, rng)

    def distribution(self, fan_in: int, fan_out: int) -> Distribution:
        return TruncatedNormalDistribution(self.scale)


@final
class UniformFanIn(VarianceScaling, frozen=True, tag="uniform-fan-in"):
    """±1/√n, the old rule of thumb, whose variance is 1/(3n)."""

    formula = "U(−1/√n_in, 1/√n_in), variance 1/(3 n_in)"
    source = "weights as in torch.nn.Linear, which draws its biases as well; tutorials of the 2000s"
    short_name = "deviation of ±1/√n"
    gain = 1.0 / 3.0
    uniform = True


@final
class TorchLinear(VarianceScaling, frozen=True, tag="torch-linear"):
    """±1/√n for weights and for biases, the default of PyTorch's linear layers."""

    formula = "U(−1/√n_in, 1/√n_in), the biases too"
    source = "the default of torch.nn.Linear, where it is kaiming_uniform_(a=√5)"
    aliases: ClassVar[Aliases] = {
        "Linear": {},
        "kaiming_uniform_(a=sqrt(5))": {},
        "kaiming_uniform_(a=5**0.5)": {},
        "kaiming_uniform_(a=√5)": {},
    }
    gain = UniformFanIn.gain
    uniform = True
    bias: "Real | AnyInitializer" = msgspec.field(default_factory=UniformFanIn)


@final
class LecunNormal(VarianceScaling, frozen=True, tag="lecun-normal"):
    """Variance 1/fan_in."""

    formula = "N(0, 1/n_in)"
    source = "LeCun et al., Efficient BackProp, 1998"
    note = TRUNCATED
    aliases: ClassVar[Aliases] = {"randn / sqrt(n)": {}, "randn * sqrt(1 / n)": {}}


@final
class LecunUniform(VarianceScaling, frozen=True, tag="lecun-uniform"):
    """Variance 1/fan_in, uniform."""

    formula = "U(±√(3/n_in))"
    source = "LeCun et al., Efficient BackProp, 1998, as a uniform distribution"
    uniform = True


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
class KerasDense(VarianceScaling, frozen=True, tag="keras-dense"):
    """Glorot's uniform weights and zero biases, the default of Keras's dense layers."""

    formula = "U(±√(6/(n_in + n_out))), biases 0"
    source = "the default of tf.keras.layers.Dense; Glorot & Bengio 2010, eq. 16"
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
    aliases: ClassVar[Aliases] = {"orthogonal_(gain={gain})": {}}
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

# The annotation of the field `bias` names the union, which is known only now.
vars(layer_initializer)["AnyInitializer"] = AnyInitializer
