"""The bases of schemes that make the weights layer by layer."""

from abc import abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, final

import numpy as np

from engine import Array, Real, UsageError, require
from engine.nn.distributions import (
    SAMPLE_SIZE,
    Distribution,
    IndependentDistribution,
    NormalDistribution,
    SampleDistribution,
    UniformDistribution,
)
from engine.nn.initializer import Generator, Initializer

if TYPE_CHECKING:
    AnyInitializer = Initializer

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
            limit = sqrt(3.0 * variance)
            return UniformDistribution(variance, -limit, limit)
        return NormalDistribution(variance, sqrt(variance))
