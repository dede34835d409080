"""Data sets: a few points on which first weights can be judged; each is one function.

Every set has two inputs. For one output, the target is 0 or 1; for K outputs there are K classes,
with a target of 1 for the class of the example and 0 for the others. The random ones are centred on
the origin and about as large as a standard normal cloud, with an equal share of each class.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.output_heads import MAX_CLASSES
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


class Making(Protocol):
    """Maps the number of samples, the noise, the seed and the number of outputs to the data."""

    def __call__(self, samples: int, noise: float, seed: int, outputs: int = 1) -> Data: ...


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
        From these three, and the number of outputs, to the data.
    most_classes : int
        The greatest number of classes.
    """

    name: str
    drawn: bool
    make: Making
    most_classes: int = 2


DATASETS: Registry[Dataset] = Registry("data set")
"""Every data set by its name in the experiment file."""

FLIPS = (1,)
"""The spawn key of the random numbers that flip labels, apart from those of the points."""

LEAST_DISTANCE = 1.6
"""The distance of neighbouring clouds of many classes: two standard deviations of each at least."""

CORNERS = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])


def _targets(classes: NDArray[np.intp], outputs: int) -> Array:
    """Return the targets (outputs, m) of classes: the class itself, or a 1 in its row."""
    rows = np.array([1]) if outputs == 1 else np.arange(outputs)
    targets: Array = (classes == rows[:, None]).astype(np.float64)
    return targets


def _logical(name: str, classes: list[int]) -> None:
    """Register a logical function of the signs of two inputs, on the four points (±1, ±1)."""

    def make(samples: int, noise: float, seed: int, outputs: int = 1) -> Data:
        return Data(CORNERS.copy(), _targets(np.array(classes), outputs))

    DATASETS[name] = Dataset(name, False, make)


_logical("xor", [0, 1, 1, 0])
_logical("and", [0, 0, 0, 1])
_logical("or", [0, 1, 1, 1])


def drawn(draw: Drawing, most_classes: int = 2) -> Drawing:
    """Register a set that is drawn for each seed, under the name of its function."""

    def make(samples: int, noise: float, seed: int, outputs: int = 1) -> Data:
        rng = np.random.Generator(np.random.PCG64(seed))
        classes = np.arange(samples) % max(2, outputs)
        return Data(draw(classes, noise, rng), _targets(classes, outputs))

    DATASETS[draw.__name__] = Dataset(draw.__name__, True, make, most_classes)
    return draw


def drawn_with_classes(draw: Drawing) -> Drawing:
    """Register a set as `drawn` does, which can be drawn with up to `MAX_CLASSES` classes."""
    return drawn(draw, MAX_CLASSES)


@drawn_with_classes
def blobs(classes: NDArray[np.intp], noise: float, rng: np.random.Generator) -> Array:
    """Two round clouds around (−1, −1) and (1, 1), separated by a straight line.

    More than two are on a circle around the origin, which grows so that they do not overlap.
    """
    count = int(classes.max()) + 1
    centres = np.where(classes == 0, -1.0, 1.0)
    if count > 2:
        angle = 2.0 * np.pi * classes / count - 0.75 * np.pi
        radius = max(np.sqrt(2.0), LEAST_DISTANCE / (2.0 * np.sin(np.pi / count)))
        centres = radius * np.stack([np.cos(angle), np.sin(angle)])
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

    Where there are several outputs and each example has a single 1, the next class has it instead.

    The seed determines which, independently of the points. A larger share includes the examples
    of a smaller one.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=FLIPS)))
    chosen = rng.permutation(data.examples)[: round(share * data.examples)]
    Y = data.Y.copy()
    is_one_of = len(Y) > 1 and bool((Y.sum(axis=0) == 1.0).all())
    Y[:, chosen] = np.roll(Y[:, chosen], 1, axis=0) if is_one_of else 1.0 - Y[:, chosen]
    return Data(data.X, Y)
