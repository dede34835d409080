"""Measures two things side by side, in turns, so that what else the computer does hits both."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from time import perf_counter
from typing import final

Pairs = Sequence[tuple[float, float]]
"""What ours and theirs cost in each round, in one unit."""


class Figure(Enum):
    """What is compared of a pair: ours and theirs are what each costs."""

    SPEED = "× its speed"
    TIME = "× its time"
    MORE = "MB more"

    def of(self, pairs: Pairs) -> float:
        """Return the median over the rounds, of ratios (or differences) within a round."""
        if self is Figure.SPEED:
            return median(theirs / ours for ours, theirs in pairs)
        if self is Figure.TIME:
            return median(ours / theirs for ours, theirs in pairs)
        return median(ours - theirs for ours, theirs in pairs)


@final
@dataclass(frozen=True)
class Target:
    """A bound: from below on a speed, from above on what is spent."""

    figure: Figure
    bound: float

    def is_met(self, pairs: Pairs) -> bool:
        value = self.figure.of(pairs)
        return value >= self.bound if self.figure is Figure.SPEED else value <= self.bound

    def __str__(self) -> str:
        side = "at least" if self.figure is Figure.SPEED else "at most"
        return f"{side} {self.bound:g} {self.figure.value}"


@final
@dataclass(frozen=True)
class Measurement:
    """The pairs that were measured, the unit they are in, and what else is worth telling."""

    pairs: Pairs
    unit: str
    notes: tuple[str, ...] = ()


@final
@dataclass(frozen=True)
class Row:
    """A row of the table: what is measured, against what, and what is wanted of it."""

    name: str
    what: str
    against: str
    target: Target
    measure: Callable[[], Measurement]


def side_by_side(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int, unmeasured: int = 1
) -> Pairs:
    """Take turns, ours first, and return what both cost in each round.

    Parameters
    ----------
    ours, theirs : callable
        Do the work once and return its cost.
    rounds : int
    unmeasured : int
        Rounds before these, in which caches fill and clocks rise.
    """
    pairs = []
    for number in range(unmeasured + rounds):
        pair = _collected(ours), _collected(theirs)
        if number >= unmeasured:
            pairs.append(pair)
    return pairs


def timed(work: Callable[[], object], count: int = 1) -> float:
    """Return the seconds of each of the `count` things that the work does."""
    start = perf_counter()
    work()
    return (perf_counter() - start) / count


def scaled(pairs: Pairs, factor: float) -> Pairs:
    """Return pairs in another unit."""
    return [(ours * factor, theirs * factor) for ours, theirs in pairs]


def milliseconds(pairs: Pairs) -> Pairs:
    """Return pairs of seconds in milliseconds."""
    return scaled(pairs, 1e3)


def _collected(cost: Callable[[], float]) -> float:
    gc.collect()  # the litter of one is not carried away in the time of the other
    return cost()
