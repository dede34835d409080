"""A logarithmic axis of training steps that includes step 0."""

from math import ceil, log10
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.types import Array
from gui.panels.base.axis_ranges import whole_step

LINEAR_TO = 60
"""So few steps are drawn evenly."""


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
