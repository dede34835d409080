"""Measures how the time of a call grows with its input."""

from collections.abc import Callable
from time import thread_time
from typing import TypeVar

T = TypeVar("T")

TIMES = 8
"""The factor by which the input grows. Linear time grows by about 8, quadratic time by 64."""
LINEAR = 24.0
"""Growth below this is linear, even on a noisy machine."""


def growth(call: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """Return by which factor the processor time of `call(make(size))` grows for `TIMES` the size.

    The time is that of this thread, and the shortest of a few repetitions.
    """
    small, large = make(size), make(TIMES * size)
    return _shortest(call, large) / _shortest(call, small)


def _shortest(call: Callable[[T], object], value: T) -> float:
    times = []
    for _ in range(3):
        started = thread_time()
        call(value)
        times.append(thread_time() - started)
    return max(min(times), 5e-5)  # below, the clock is too coarse
