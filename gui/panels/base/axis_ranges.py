"""Axis ranges that rarely change while data grow, tick steps, and the axis of steps."""

from math import ceil, floor, log10
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import Array, superscript, typeset

STEPS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.4, 8.0, 10.0)


def rounded_up(value: float) -> float:
    """Return the next larger of a few numbers in each decade, for a finite value above 0.

    An axis that ends there seldom changes while a recording grows.

    >>> rounded_up(0.69), rounded_up(4.2), rounded_up(1000.0)
    (0.8, 5.0, 1000.0)
    """
    decade = 10.0 ** floor(log10(value)) if value > 1e-300 else 1e-300
    return next(decade * step for step in STEPS if decade * step >= value * (1.0 - 1e-12))


def whole_step(span: float, most: int = 8) -> int:
    """Return a step between whole numbers such that a span has at most `most` steps.

    >>> whole_step(3), whole_step(20), whole_step(1000), whole_step(20, 2)
    (1, 5, 200, 10)
    """
    decade = int(10.0 ** max(0, floor(log10(max(span, 1.0))) - 1))
    return next(
        decade * step for step in (1, 2, 5, 10, 20, 50, 100) if decade * step * most >= span
    )


def layer_ticks(depth: int) -> list[list[tuple[float, str]]]:
    """Return ticks at the first layer and at round numbers of layers.

    >>> [text for _, text in layer_ticks(20)[0]]
    ['1', '5', '10', '15', '20']
    """
    step = whole_step(depth)
    layers = sorted({1, *range(step, depth + 1, step)})
    return [[(float(layer), str(layer)) for layer in layers], []]


def decade_range(logs: NDArray[np.float64]) -> tuple[float, float]:
    """Return a range of powers of ten that holds some, with a margin; of none, one about 1.

    >>> decade_range(np.array([-2.5, 1.2]))
    (-3.15, 2.15)
    """
    low = floor(float(logs.min(initial=0.0 if not logs.size else float(logs.max()))))
    high = ceil(float(logs.max(initial=0.0 if not logs.size else low)))
    high = max(high, low + 1)
    margin = 0.03 * (high - low)
    return low - margin, high + margin


def decade_ticks(low: float, high: float, most: int = 8) -> list[list[tuple[float, str]]]:
    """Return at most `most` ticks at powers of ten for a range of exponents.

    A range without two powers of ten has ticks between them.

    >>> decade_ticks(-0.1, 2.1)[0]
    [(0.0, '1'), (1.0, '10'), (2.0, '10²')]
    >>> [text for _, text in decade_ticks(-0.5, 0.5)[0]]
    ['0.5', '1', '2']
    """
    step = whole_step(high - low, most)
    first = ceil(low / step) * step
    ticks = [(float(e), _power_text(e)) for e in range(first, floor(high) + 1, step)]
    if len(ticks) < 2:
        decades = range(floor(low), ceil(high) + 1)
        for digits in ((1, 2, 5), range(1, 10)):
            fine = [(log10(d) + e, d * 10.0**e) for e in decades for d in digits]
            ticks = [(at, typeset(f"{value:.3g}")) for at, value in fine if low <= at <= high]
            if len(ticks) >= 2:
                break
        else:
            ends = np.linspace(low, high, 4)[1:-1].tolist()
            ticks = [(at, typeset(f"{10.0**at:.3g}")) for at in ends]
    return [ticks[:: -(-len(ticks) // most)], []]


def _power_text(exponent: int) -> str:
    return {0: "1", 1: "10"}.get(exponent, f"10{superscript(exponent)}")


def last_up_to(steps: ArrayLike, step: int) -> int:
    """Return the index of the last of ascending steps up to a step, or 0.

    >>> last_up_to([0, 5, 9], 7), last_up_to([3, 5], 1)
    (1, 0)
    """
    return max(0, int(np.searchsorted(steps, step, side="right")) - 1)


LINEAR_TO = 60
"""The number of steps up to which they are drawn evenly."""


@final
class StepsAxis:
    """Positions of steps 0 … last: linear if there are few, else log10(1 + step)."""

    def __init__(self, last: int) -> None:
        self.last = max(1, last)
        self.is_logarithmic = last > LINEAR_TO

    @property
    def end(self) -> float:
        """The position of the last step; step 0 is at 0."""
        return float(self.at(self.last))

    def at(self, steps: ArrayLike) -> Array:
        """Return the positions of steps."""
        numbers = np.asarray(steps, dtype=np.float64)
        return np.log10(1.0 + numbers) if self.is_logarithmic else numbers

    def step_at(self, x: float) -> int:
        """Return the step nearest to a position."""
        step = 10.0 ** min(x, 12.0) - 1.0 if self.is_logarithmic else x
        return int(np.clip(round(step), 0, self.last))

    def grid(self, most: int = 400) -> NDArray[np.intp]:
        """Return at most `most` steps, evenly spaced on the axis, with both ends."""
        if self.last < most:
            return np.arange(self.last + 1)
        places = np.linspace(0.0, self.end, most)
        steps = 10.0**places - 1.0 if self.is_logarithmic else places
        return np.unique(np.rint(steps).astype(np.intp))

    def ticks(self) -> list[list[tuple[float, str]]]:
        """Return the ticks: 0, and 1, 10, 100, …, with their thirds where there is room."""
        if not self.is_logarithmic:
            step = whole_step(self.last)
            return [[(float(n), f"{n:,}") for n in range(0, self.last + 1, step)], []]
        decades = ceil(log10(self.last + 1.0))
        factors = (1, 3) if decades < 4 else (1,)
        numbers = [0, *(f * 10**d for d in range(decades + 1) for f in factors)]
        return [[(float(self.at(n)), f"{n:,}") for n in numbers if n <= self.last], []]
