"""The data of claims on the perceptron, and the smooth units that it is compared with."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine.claims.runs import degrees, descended, network
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import Zeros
from engine.types import Array

Points = list[tuple[float, ...]]
Targets = list[int]

REGRESSION, SIGMOID = NetworkSpec(layers=(2, 1)), network(2, hidden="sigmoid")
NOISY, UNBALANCED = "noisy-moons-zeros", "zero-sigmoid-half-and-third"


def whole_numbers(count: int, seed: int = 0) -> Iterator[tuple[Points, Targets]]:
    """Draw data sets of eight points with integers from −3 to 3 and random labels."""
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(count):
        points = [tuple(map(float, row)) for row in rng.integers(-3, 4, (8, 2))]
        yield points, [int(label) for label in rng.choice((-1, 1), 8)]


def clouds(count: int, seed: int = 0) -> Iterator[tuple[Points, Targets]]:
    """Draw data sets of two normal clouds with 20 points in total."""
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(count):
        labels = rng.permutation(np.repeat((-1, 1), 10))
        rows = rng.standard_normal((20, 2)) * 0.7 + 1.5 * labels[:, None]
        yield [tuple(map(float, row)) for row in rows], [int(label) for label in labels]


def rational(points: Points) -> list[tuple[Fraction, ...]]:
    """Return the points as fractions."""
    return [tuple(map(Fraction, point)) for point in points]


def W1_after(spec: NetworkSpec, name: str, rate: float, steps: int) -> Array:
    """Return W1 after some steps from zero."""
    return descended(spec, name, Zeros(), 2, rate, steps).weights(1)[..., 0]


def angle(spec: NetworkSpec, name: str, steps: int) -> float:
    """Return the angle in degrees between W1 for η = 0.1 and for η = 0.5, from zero."""
    return degrees(W1_after(spec, name, 0.1, steps), W1_after(spec, name, 0.5, steps))
