"""The distribution of one weight: what an initializer promises, before any is drawn."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import exp, lgamma, pi, sqrt
from typing import final

import numpy as np

from engine.types import Array


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

    @abstractmethod
    def density(self, w: Array) -> Array:
        """Return the density at weights w; where all weights are one number, there is none: NaN."""

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        return sqrt(self.variance)


@final
@dataclass(frozen=True)
class Point(Distribution):
    """Every weight the same number."""

    mean: float
    variance: float = 0.0
    kurtosis: float = 1.0

    def density(self, w: Array) -> Array:
        return np.full_like(w, np.nan)


@final
@dataclass(frozen=True)
class Gaussian(Distribution):
    """N(0, variance)."""

    variance: float
    mean: float = 0.0
    kurtosis: float = 3.0

    def density(self, w: Array) -> Array:
        if self.variance == 0.0:
            return np.full_like(w, np.nan)
        result: Array = np.exp(-(w**2) / (2.0 * self.variance)) / sqrt(2.0 * pi * self.variance)
        return result


@final
@dataclass(frozen=True)
class Even(Distribution):
    """Uniform between −√(3 · variance) and +√(3 · variance)."""

    variance: float
    mean: float = 0.0
    kurtosis: float = 9.0 / 5.0

    def density(self, w: Array) -> Array:
        if self.variance == 0.0:
            return np.full_like(w, np.nan)
        limit = sqrt(3.0 * self.variance)
        return np.where(np.abs(w) <= limit, 0.5 / limit, 0.0)


@final
@dataclass(frozen=True)
class Coordinate(Distribution):
    """A coordinate of an evenly drawn direction in so many dimensions, times a gain.

    The density is proportional to (1 − t²)^((dimensions − 3)/2) for −1 < t < 1.
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
            return np.full_like(w, np.nan)
        scale = exp(lgamma(n / 2.0) - lgamma((n - 1.0) / 2.0)) / sqrt(pi) / self.gain
        inside = 1.0 - (w / self.gain) ** 2
        with np.errstate(divide="ignore"):
            powers = np.maximum(inside, 0.0) ** ((n - 3.0) / 2.0)
        result: Array = np.where(inside >= 0.0, scale * powers, 0.0)
        return result
