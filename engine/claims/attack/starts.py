"""The kinds of first weights of attacked trainings."""

from typing import Any

import numpy as np

from engine.experiment.experiment import Edit, NetworkSpec, Run
from engine.nn.initializers import (
    SCHEMES,
    Constant,
    Initializer,
    LayerInitializer,
    Normal,
    Ones,
    Symmetric,
    Zeros,
)
from engine.nn.network import ParameterLayout

Generator = np.random.Generator

RANDOM = tuple(
    scheme
    for scheme in SCHEMES.values()
    if issubclass(scheme, LayerInitializer) and scheme.random and scheme is not Symmetric
)
"""The schemes that draw every weight of a layer."""
LARGE = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
HUGE = (10.0, 100.0, 1000.0, 10_000.0)


def zeros(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start from zero weights and zero biases."""
    return Run(init=Zeros())


def equal(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start in which all units of each hidden layer are equal, not from zero weights."""
    bias = float(rng.choice((0.0, 0.0, 0.1, -0.5)))
    schemes: tuple[Initializer, ...] = (
        Ones(bias=bias),
        Constant(value=float(rng.choice((0.5, -0.5, 0.1, 2.0, -1.0))), bias=bias),
        Symmetric(scale=_scale(rng, -1.0, 0.5), seed=_seed(rng), bias=bias),
    )
    return Run(init=schemes[int(rng.integers(len(schemes)))])


def nearly_equal(rng: Generator, network: NetworkSpec) -> Run:
    """Return an equal start in which one or two parameters are set to other values."""
    layout = ParameterLayout(network.layers)
    names = list(layout.view(np.zeros(layout.size)))
    edits = []
    for name in rng.choice(names, int(rng.integers(1, 3))).tolist():
        shape = layout.view(np.zeros(layout.size))[name].shape
        index = tuple(int(rng.integers(size)) for size in shape)
        value = float(np.round(rng.normal(0, 1), 2))
        edits.append(Edit(step=0, parameter=name, index=index, value=value))
    return equal(rng, network).replace(edits=tuple(edits))


def drawn(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start from any scheme that draws every weight, with any kind of biases."""
    biases: tuple[float | Normal, ...] = (0.0, 0.0, 0.1, -0.3, Normal(scale=0.5))
    bias = biases[int(rng.integers(len(biases)))]
    return Run(init=_scheme(rng, -3.0, 0.7).replace(bias=bias))


def unbiased(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start from any scheme that draws every weight, with biases of zero."""
    return Run(init=_scheme(rng, -1.5, 0.5))


def without_last_weights(rng: Generator, network: NetworkSpec) -> Run:
    """Return the same, with all weights of the last layer zero."""
    last = len(network.layers) - 1
    edits = tuple(
        Edit(step=0, parameter=f"W{last}", index=(row, column), value=0.0)
        for row in range(network.layers[-1])
        for column in range(network.layers[-2])
    )
    return unbiased(rng, network).replace(edits=edits)


def large(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start from N(0, scale²) with a scale of 1 to 1000."""
    return Run(init=Normal(scale=float(rng.choice(LARGE)), seed=_seed(rng)))


def huge(rng: Generator, network: NetworkSpec) -> Run:
    """Return a start from N(0, scale²) with a scale of 10 to 10,000."""
    return Run(init=Normal(scale=float(rng.choice(HUGE)), seed=_seed(rng)))


def biased(rng: Generator, network: NetworkSpec) -> Run:
    """Return a random start in which many ReLU units are dead."""
    bias = float(rng.choice((0.0, -0.2, -0.5, -1.0)))
    return Run(init=_scheme(rng, -1.0, 0.3).replace(bias=bias))


def drawn_scheme(
    scheme: type[Initializer], rng: Generator, low: float, high: float
) -> LayerInitializer:
    """Return a scheme with a size between 10^low and 10^high, if it has one, and a seed."""
    changes: dict[str, Any] = {"seed": _seed(rng)}
    for name in ("scale", "limit", "gain"):
        if name in scheme.__struct_fields__:
            changes[name] = _scale(rng, low, high)
    result = scheme(**changes)
    assert isinstance(result, LayerInitializer)
    return result


def _scheme(rng: Generator, low: float, high: float) -> LayerInitializer:
    return drawn_scheme(RANDOM[int(rng.integers(len(RANDOM)))], rng, low, high)


def _scale(rng: Generator, low: float, high: float) -> float:
    """Return a number between 10^low and 10^high with three digits."""
    return float(f"{10.0 ** rng.uniform(low, high):.3g}")


def _seed(rng: Generator) -> int:
    return int(rng.integers(10_000))
