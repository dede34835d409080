"""Sums of n products of weights and inputs, drawn many times."""

from dataclasses import dataclass
from typing import final

import numpy as np

from engine import Array, require
from engine.nn import Distribution, LayerInitializer

LARGEST = 20_000_000
"""The most weights that are drawn in one call."""


@final
@dataclass(frozen=True)
class Inputs:
    """The distribution of inputs: normal, with a correlation between any two of one example.

    The correlation is between 0 and 1.
    """

    mean: float = 0.0
    deviation: float = 1.0
    correlation: float = 0.0

    def draw(self, n: int, samples: int, rng: np.random.Generator) -> Array:
        """Return inputs (n, samples), one example a column."""
        own = rng.standard_normal((n, samples)) * np.sqrt(1.0 - self.correlation)
        common = rng.standard_normal(samples) * np.sqrt(self.correlation)
        return np.asarray(self.mean + self.deviation * (own + common))


def kurtosis_of_product(weight: Distribution, inputs: Inputs) -> float:
    """Return the kurtosis of w x, where w is symmetric about its mean and x normal; 1 if constant.

    9 for two normal factors with mean 0, and 27/5 if the weight is uniform.
    """
    w, x = (
        _raw_moments(weight.mean, weight.variance, weight.kurtosis),
        _raw_moments(inputs.mean, inputs.deviation**2, 3.0),
    )
    first, second, third, fourth = (a * b for a, b in zip(w, x, strict=True))
    variance = second - first**2
    if variance <= 0.0:
        return 1.0
    return (fourth - 4.0 * first * third + 6.0 * first**2 * second - 3.0 * first**4) / variance**2


def _raw_moments(mean: float, variance: float, kurtosis: float) -> tuple[float, ...]:
    """Return E[v], E[v²], E[v³] and E[v⁴] of a distribution that is symmetric about its mean."""
    return (
        mean,
        mean**2 + variance,
        mean**3 + 3.0 * mean * variance,
        mean**4 + 6.0 * mean**2 * variance + kurtosis * variance**2,
    )


def weighted_sums(
    scheme: LayerInitializer, n: int, samples: int, inputs: Inputs | None = None, seed: int = 0
) -> Array:
    """Return z = Σ wᵢ xᵢ over n inputs, (samples,), each with new weights and inputs.

    Parameters
    ----------
    scheme : LayerInitializer
        Draws the weights of as many units as there are samples.
    n : int
        The number of inputs of a unit; at least 1.
    samples : int
        The number of sums; at least 2.
    inputs : Inputs, optional
        Standard normal unless given.

    Raises
    ------
    UsageError
        If n or samples are too small, or too large together.
    """
    require(n >= 1, "n: a sum needs at least 1 input")
    require(samples >= 2, "samples: a variance needs at least 2 sums")
    require(n * samples <= LARGEST, f"n · samples: more than {LARGEST:,} weights; use fewer")
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = scheme.weights((n, samples), 1, rng)
    return np.asarray(np.einsum("ki,ik->k", weights, (inputs or Inputs()).draw(n, samples, rng)))


def unit_variances(scheme: LayerInitializer, n: int, units: int, seed: int = 0) -> Array:
    """Return Σ wᵢ², (units,): the variance of each single unit's sum of standardised inputs."""
    weights = scheme.weights((n, units), 1, np.random.Generator(np.random.PCG64(seed)))
    return np.asarray(np.square(weights).sum(axis=1))


@final
@dataclass(frozen=True, eq=False)
class Products:
    """Sums of n products, with the moments of their parts.

    Attributes
    ----------
    z : array (sums,)
    mean, variance : float
        Of z.
    weight_variance, square, product_variance : float
        Var(w), the mean of x², and Var(w x), over all weights and inputs drawn.
    """

    z: Array
    mean: float
    variance: float
    weight_variance: float
    square: float
    product_variance: float


def products(scheme: LayerInitializer, inputs: Array) -> Products:
    """Return sums of n products, each with new weights and inputs.

    The weights are those of layers of n units with n inputs, so that both fans are equal for
    schemes that depend on both.

    Parameters
    ----------
    scheme : LayerInitializer
        Its seed and n start the random numbers.
    inputs : array (n, sums)
    """
    n, sums = inputs.shape
    own = np.random.Generator(np.random.PCG64([scheme.seed, n]))
    layers = -(-sums // n)
    weights = np.concatenate([scheme.weights((n, n), 1, own) for _ in range(layers)])[:sums]
    product = weights * inputs.T
    z = product.sum(axis=1)
    return Products(
        z,
        float(z.mean()),
        float(z.var()),
        float(weights.var()),
        float(np.mean(np.square(inputs))),
        float(product.var()),
    )
