"""The data of attacked experiments: every data set, and points with all kinds of symmetries."""

import numpy as np

from engine.experiment.experiment import DataSpec, NetworkSpec
from engine.nn.datasets import DATASETS

DRAWN = tuple(name for name in DATASETS if DATASETS[name].drawn)
FIXED = tuple(name for name in DATASETS if not DATASETS[name].drawn)
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
"""The points of logical functions of 0 and 1."""
TARGETS = ((0.0, 1.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0), (0.0, 1.0, 1.0, 1.0))


def data_set(
    rng: np.random.Generator, network: NetworkSpec, examples: int, turn: int | None = None
) -> DataSpec:
    """Return data with a number of examples for a network.

    They are drawn at random, or, with a number, chosen by it in turn. Sets with a given number of
    examples are used only where it fits; other data are points.
    """
    inputs, outputs = network.layers[0], network.layers[-1]
    kinds = ["points"]
    if (inputs, outputs) == (2, 1):
        fixed = [name for name in FIXED if DataSpec(name=name).count == examples]
        corners = [f"corners {number}" for number in range(3)] if examples == 4 else []
        kinds = [*fixed, *corners, *(DRAWN if examples >= 6 else ()), "points"]
    kind = kinds[int(rng.integers(len(kinds))) if turn is None else turn % len(kinds)]
    if kind in FIXED:
        return DataSpec(name=kind)
    if kind in DRAWN:
        noise, seed = float(rng.choice((0.0, 0.05, 0.1, 0.2, 0.4))), int(rng.integers(10_000))
        flip = float(rng.choice((0.0, 0.0, 0.1, 0.3)))
        return DataSpec(name=kind, samples=examples, noise=noise, flip=flip, seed=seed)
    if kind.startswith("corners"):
        targets = TARGETS[int(kind[-1])]
        return DataSpec(points=tuple((*x, y) for x, y in zip(CORNERS, targets, strict=True)))
    return _points(rng, network, examples)


def _points(rng: np.random.Generator, network: NetworkSpec, examples: int) -> DataSpec:
    """Return points on a grid or anywhere, some of them symmetric about the origin."""
    shape = examples, network.layers[0]
    X = (
        rng.integers(-2, 3, shape).astype(float)
        if rng.random() < 0.5
        else rng.normal(0, 1.2, shape)
    )
    Y = rng.integers(0, 2, (examples, network.layers[-1])).astype(float)
    half = examples // 2
    if network.head.activation is None:  # each output is a class
        Y = np.eye(network.layers[-1])[rng.integers(0, network.layers[-1], examples)]
    if rng.random() < 0.3:
        X[half : 2 * half] = -X[:half]
        if rng.random() < 0.5:
            Y[half : 2 * half] = Y[:half]
    if rng.random() < 0.3:  # as many of each of two classes as possible
        Y[:half], Y[half:] = Y[0], Y[-1]
    if rng.random() < 0.3 and network.head.activation is not None:
        Y[:half], Y[half:] = 0.0, 1.0
    if np.isinf(network.head.domain).all() and rng.random() < 0.3:
        Y = rng.normal(0.5, 1.0, Y.shape)
    rows = np.concatenate([np.round(X, 2), np.round(Y, 2)], axis=1).tolist()
    return DataSpec(points=tuple(tuple(row) for row in rows))
