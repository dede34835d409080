"""The line of NumPy that draws the weights of a layer, for schemes that take no more than a line.

Any other scheme is written number by number, so a new one needs nothing here.
"""

from functools import singledispatch
from math import sqrt

from engine.nn.initializers import (
    Constant,
    Initializer,
    Normal,
    Ones,
    Uniform,
    VarianceScaling,
    Zeros,
)


@singledispatch
def drawing(init: Initializer, fan_in: int, fan_out: int) -> str:
    """Return the expression of (fan_out, fan_in) weights, drawn from `rng`; empty for none."""
    return ""


@drawing.register
def _zeros(init: Zeros, fan_in: int, fan_out: int) -> str:
    return f"np.zeros(({fan_out}, {fan_in}))"


@drawing.register
def _ones(init: Ones, fan_in: int, fan_out: int) -> str:
    return f"np.ones(({fan_out}, {fan_in}))"


@drawing.register
def _constant(init: Constant, fan_in: int, fan_out: int) -> str:
    return f"np.full(({fan_out}, {fan_in}), {float(init.value)!r})"


@drawing.register
def _normal(init: Normal, fan_in: int, fan_out: int) -> str:
    return f"rng.standard_normal(({fan_out}, {fan_in})) * {float(init.scale)!r}"


@drawing.register
def _uniform(init: Uniform, fan_in: int, fan_out: int) -> str:
    limit = float(init.limit)
    return f"rng.uniform({-limit!r}, {limit!r}, ({fan_out}, {fan_in}))"


@drawing.register
def _variance_scaling(init: VarianceScaling, fan_in: int, fan_out: int) -> str:
    # As a number, for a quotient written out might be rounded otherwise.
    variance = init.variance(fan_in, fan_out)
    if init.uniform:
        limit = sqrt(3.0 * variance)
        return f"rng.uniform({-limit!r}, {limit!r}, ({fan_out}, {fan_in}))"
    return f"rng.standard_normal(({fan_out}, {fan_in})) * {sqrt(variance)!r}"
