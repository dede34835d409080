"""The distribution of one weight: what an initializer promises before it draws any."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import erf, exp, lgamma, pi, sqrt
from typing import final

import numpy as np

from engine import Array

Shape = tuple[int, int]

SAMPLE_SIZE = 20_000
"""The least number of weights from which moments are estimated."""


class Distribution(ABC):
    """The distribution of a single weight.

    Attributes
    ----------
    mean, variance : float
    kurtosis : float
        E[(w − mean)⁴] / variance², 3 for a normal one; 1 where there is no variance.
    """

    mean: float
    variance: float
    kurtosis: float

    def density(self, w: Array) -> Array:
        """Return the density at weights w; NaN where there is none."""
        return np.full_like(w, np.nan)

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        return sqrt(self.variance)


class IndependentDistribution(Distribution):
    """A distribution from which every weight of a layer is drawn independently."""

    @abstractmethod
    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        """Return new weights of this shape."""

    @abstractmethod
    def numpy_code(self, shape: Shape) -> str:
        """Return the NumPy expression of `draw`, with the generator `rng`."""


@final
@dataclass(frozen=True)
class PointMass(IndependentDistribution):
    """Every weight the same number."""

    mean: float
    variance: float = 0.0
    kurtosis: float = 1.0

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return np.full(shape, float(self.mean))

    def numpy_code(self, shape: Shape) -> str:
        names = {0.0: f"np.zeros({shape})", 1.0: f"np.ones({shape})"}
        return names.get(self.mean, f"np.full({shape}, {float(self.mean)!r})")


@final
@dataclass(frozen=True)
class NormalDistribution(IndependentDistribution):
    """N(0, variance); the scale is √variance, exact where the caller knows it."""

    variance: float
    scale: float
    mean: float = 0.0
    kurtosis: float = 3.0

    def density(self, w: Array) -> Array:
        if self.variance == 0.0:
            return super().density(w)
        bell = np.exp(-(w**2) / (2.0 * self.variance))
        return np.asarray(bell / sqrt(2.0 * pi * self.variance))

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.standard_normal(shape) * self.scale

    def numpy_code(self, shape: Shape) -> str:
        return f"rng.standard_normal({shape}) * {float(self.scale)!r}"


@final
@dataclass(frozen=True)
class UniformDistribution(IndependentDistribution):
    """Uniform between low and high; the variance is (high − low)²/12, exact where it is known."""

    variance: float
    low: float
    high: float
    kurtosis: float = 9.0 / 5.0

    @property
    def mean(self) -> float:  # type: ignore[override]
        return 0.5 * (self.low + self.high)

    def density(self, w: Array) -> Array:
        if self.variance == 0.0:
            return super().density(w)
        inside = (self.low <= w) & (w <= self.high)
        return np.where(inside, 1.0 / (self.high - self.low), 0.0)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.uniform(self.low, self.high, shape)

    def numpy_code(self, shape: Shape) -> str:
        return f"rng.uniform({float(self.low)!r}, {float(self.high)!r}, {shape})"


CUT = 2.0
"""Where a truncated normal ends, in deviations of the normal that it is cut from."""
_CUT_DENSITY = exp(-(CUT**2) / 2.0) / sqrt(2.0 * pi)
_CUT_SHARE = erf(CUT / sqrt(2.0))
CUT_VARIANCE = 1.0 - 2.0 * CUT * _CUT_DENSITY / _CUT_SHARE
"""The variance of N(0, 1) between −CUT and CUT, by integration by parts, as the next moment."""
_CUT_FOURTH = 3.0 * CUT_VARIANCE - 2.0 * CUT**3 * _CUT_DENSITY / _CUT_SHARE


@final
@dataclass(frozen=True)
class TruncatedNormalDistribution(Distribution):
    """N(0, scale²) without what is beyond ±CUT · scale; its deviation is 0.880 scale."""

    scale: float
    mean: float = 0.0
    kurtosis: float = _CUT_FOURTH / CUT_VARIANCE**2

    @property
    def variance(self) -> float:  # type: ignore[override]
        return CUT_VARIANCE * self.scale**2

    def density(self, w: Array) -> Array:
        if self.variance == 0.0:
            return super().density(w)
        t = w / self.scale
        height = 1.0 / (_CUT_SHARE * sqrt(2.0 * pi) * self.scale)
        return np.where(np.abs(t) <= CUT, height * np.exp(-(t**2) / 2.0), 0.0)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        """Return new weights of this shape: normal ones, drawn again until all are inside."""
        t = rng.standard_normal(shape)
        while (outside := np.abs(t) > CUT).any():
            t[outside] = rng.standard_normal(int(np.count_nonzero(outside)))
        return t * self.scale


@final
@dataclass(frozen=True)
class SphereCoordinate(Distribution):
    """A coordinate of a uniformly distributed direction in n dimensions, times a gain.

    The density is proportional to (1 − t²)^((n − 3)/2) for −1 < t < 1.
    """

    dimensions: int
    gain: float
    mean: float = 0.0

    @property
    def variance(self) -> float:  # type: ignore[override]
        return self.gain**2 / self.dimensions

    @property
    def kurtosis(self) -> float:  # type: ignore[override]
        return 3.0 * self.dimensions / (self.dimensions + 2.0)

    def density(self, w: Array) -> Array:
        n = self.dimensions
        if n == 1 or self.gain == 0.0:
            return super().density(w)
        scale = exp(lgamma(n / 2.0) - lgamma((n - 1.0) / 2.0)) / sqrt(pi) / self.gain
        inside = 1.0 - (w / self.gain) ** 2
        with np.errstate(divide="ignore"):
            powers = np.maximum(inside, 0.0) ** ((n - 3.0) / 2.0)
        return np.where(inside >= 0.0, scale * powers, 0.0)


@final
class SampleDistribution(Distribution):
    """The moments of a sample, for a scheme without a closed form; its density is unknown."""

    def __init__(self, sample: Array) -> None:
        self.mean, self.variance = float(sample.mean()), float(sample.var())
        fourth = float(np.mean((sample - self.mean) ** 4))
        self.kurtosis = fourth / self.deviation**4 if self.variance else 1.0
