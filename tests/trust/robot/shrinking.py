"""Finds a shortest failing subsequence of a failing sequence."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shrink(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return a failing subsequence of `items` from which no item can be left out.

    Parameters
    ----------
    items : sequence
        It fails.
    fails : callable
        Whether a sequence fails; called about n · log₂(n) times for n items.

    Notes
    -----
    Half of the items are left out, then a quarter, and so on (delta debugging: Zeller and
    Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, 2002).
    """
    left, size = list(items), max(1, len(items) // 2)
    while True:
        at = len(left) - size
        is_shorter = False
        while at > -size:
            shorter = left[: max(0, at)] + left[at + size :]
            if len(shorter) < len(left) and fails(shorter):
                left, is_shorter = shorter, True
            at -= size
        if size == 1 and not is_shorter:
            return left
        if not is_shorter:
            size //= 2
        size = max(1, min(size, len(left) // 2))
