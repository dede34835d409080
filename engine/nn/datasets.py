"""Data sets: a few points on which first weights can be judged; one function is one entry.

Every set has two inputs and one target of 0 or 1. The drawn ones are centred on the origin and
about as large as a standard normal cloud, half of each class.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import unknown_name
from engine.types import Array

Drawing = Callable[[NDArray[np.intp], float, np.random.Generator], Array]
"""Maps the class of every example (m,), the noise and the random numbers to inputs (2, m)."""


@dataclass(frozen=True)
class Data:
    """Examples in columns: X of shape (n0, m) and Y of shape (nL, m), both read-only."""

    X: Array
    Y: Array

    def __post_init__(self) -> None:
        self.X.setflags(write=False)
        self.Y.setflags(write=False)

    @property
    def examples(self) -> int:
        """The number m of examples."""
        return int(self.X.shape[1])


@dataclass(frozen=True)
class Dataset:
    """A registered data set; `drawn` tells whether samples, noise and seed apply."""

    name: str
    drawn: bool
    make: Callable[[int, float, int], Data]


DATASETS: dict[str, Dataset] = {}

FLIPS = (1,)
"""What sets the random numbers that flip labels apart from those that draw the points."""

CORNERS = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])


def _logical(name: str, targets: list[float]) -> None:
    """Register a logical function of the signs of two inputs, on the four points (±1, ±1)."""

    def make(samples: int, noise: float, seed: int) -> Data:
        return Data(CORNERS.copy(), np.array([targets]))

    DATASETS[name] = Dataset(name, False, make)


_logical("xor", [0.0, 1.0, 1.0, 0.0])
_logical("and", [0.0, 0.0, 0.0, 1.0])
_logical("or", [0.0, 1.0, 1.0, 1.0])


def _drawn(draw: Drawing) -> Drawing:
    """Register a set that is drawn anew for each seed, under the name of its function."""

    def make(samples: int, noise: float, seed: int) -> Data:
        rng = np.random.Generator(np.random.PCG64(seed))
        classes = np.arange(samples) % 2
        return Data(draw(classes, noise, rng), classes[None, :].astype(np.float64))

    DATASETS[draw.__name__] = Dataset(draw.__name__, True, make)
    return draw


@_drawn
def blobs(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two round clouds about (−1, −1) and (1, 1): one straight line parts them."""
    centres = np.where(classes == 0, -1.0, 1.0)
    return centres + (0.3 + noise) * rng.standard_normal((2, classes.size))


@_drawn
def circles(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """A ring of radius 1.8 about a ring of radius 0.8."""
    angle = rng.uniform(0.0, 2.0 * np.pi, classes.size)
    radius = np.where(classes == 0, 1.8, 0.8)
    points: Array = radius * np.stack([np.cos(angle), np.sin(angle)])
    return points + noise * rng.standard_normal(points.shape)


@_drawn
def moons(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two half moons, one reaching into the other."""
    angle = rng.uniform(0.0, np.pi, classes.size)
    sign = np.where(classes == 0, 1.0, -1.0)
    points = np.stack([sign * (np.cos(angle) - 0.5), sign * (np.sin(angle) - 0.25)])
    return 1.2 * points + noise * rng.standard_normal(points.shape)


@_drawn
def spiral(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two interleaved arms of one and a quarter turns."""
    along = np.sqrt(rng.uniform(0.0, 1.0, classes.size))
    angle = 2.5 * np.pi * along + np.pi * classes
    points: Array = 2.0 * along * np.stack([np.cos(angle), np.sin(angle)])
    return points + noise * rng.standard_normal(points.shape)


def flipped(data: Data, share: float, seed: int) -> Data:
    """Return the data with a share of the examples labelled wrongly: each y of them is 1 − y.

    The seed says which, apart from where the points lie, and in an order: a larger share flips
    those of a smaller one and more.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=FLIPS)))
    chosen = rng.permutation(data.examples)[: round(share * data.examples)]
    Y = data.Y.copy()
    Y[:, chosen] = 1.0 - Y[:, chosen]
    return Data(data.X, Y)


def dataset(name: str) -> Dataset:
    """Return the registered data set `name`; raise `UsageError` for an unknown one."""
    if name not in DATASETS:
        raise unknown_name("data set", name, DATASETS)
    return DATASETS[name]
