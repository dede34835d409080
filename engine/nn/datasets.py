"""Data sets: a few points on which first weights can be judged; each is one function.

Every set has two inputs and one target of 0 or 1. The random ones are centred on the origin and
about as large as a standard normal cloud, half of each class.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.registry import Registry

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
    """A registered data set.

    Attributes
    ----------
    name : str
        Its name in experiment files.
    drawn : bool
        Whether the number of samples, the noise and the seed apply.
    make : callable
        From these three to the data.
    """

    name: str
    drawn: bool
    make: Callable[[int, float, int], Data]


DATASETS: Registry[Dataset] = Registry("data set")
"""Every data set by its name in the experiment file."""

FLIPS = (1,)
"""The spawn key of the random numbers that flip labels, apart from those of the points."""

CORNERS = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])


def _logical(name: str, targets: list[float]) -> None:
    """Register a logical function of the signs of two inputs, on the four points (±1, ±1)."""

    def make(samples: int, noise: float, seed: int) -> Data:
        return Data(CORNERS.copy(), np.array([targets]))

    DATASETS[name] = Dataset(name, False, make)


_logical("xor", [0.0, 1.0, 1.0, 0.0])
_logical("and", [0.0, 0.0, 0.0, 1.0])
_logical("or", [0.0, 1.0, 1.0, 1.0])


def drawn(draw: Drawing) -> Drawing:
    """Register a set that is drawn for each seed, under the name of its function."""

    def make(samples: int, noise: float, seed: int) -> Data:
        rng = np.random.Generator(np.random.PCG64(seed))
        classes = np.arange(samples) % 2
        return Data(draw(classes, noise, rng), classes[None, :].astype(np.float64))

    DATASETS[draw.__name__] = Dataset(draw.__name__, True, make)
    return draw


@drawn
def blobs(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two round clouds around (−1, −1) and (1, 1), separated by a straight line."""
    centres = np.where(classes == 0, -1.0, 1.0)
    return centres + (0.3 + noise) * rng.standard_normal((2, classes.size))


@drawn
def circles(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """A ring of radius 1.8 around a ring of radius 0.8."""
    angle = rng.uniform(0.0, 2.0 * np.pi, classes.size)
    radius = np.where(classes == 0, 1.8, 0.8)
    points: Array = radius * np.stack([np.cos(angle), np.sin(angle)])
    return points + noise * rng.standard_normal(points.shape)


@drawn
def moons(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two interleaved half moons."""
    angle = rng.uniform(0.0, np.pi, classes.size)
    sign = np.where(classes == 0, 1.0, -1.0)
    points = np.stack([sign * (np.cos(angle) - 0.5), sign * (np.sin(angle) - 0.25)])
    return 1.2 * points + noise * rng.standard_normal(points.shape)


@drawn
def spiral(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two interleaved arms of one and a quarter turns."""
    along = np.sqrt(rng.uniform(0.0, 1.0, classes.size))
    angle = 2.5 * np.pi * along + np.pi * classes
    points: Array = 2.0 * along * np.stack([np.cos(angle), np.sin(angle)])
    return points + noise * rng.standard_normal(points.shape)


def flipped(data: Data, share: float, seed: int) -> Data:
    """Return the data with a share of the labels wrong: each of their y is 1 − y.

    The seed determines which, independently of the points. A larger share includes the examples
    of a smaller one.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=FLIPS)))
    chosen = rng.permutation(data.examples)[: round(share * data.examples)]
    Y = data.Y.copy()
    Y[:, chosen] = 1.0 - Y[:, chosen]
    return Data(data.X, Y)
