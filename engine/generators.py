"""Generators that compute in steps."""

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Steps: TypeAlias = Generator[bool, None, T]
"""Work in steps, with a result. A step yields True if it only waits for a thread."""


def drain(steps: Generator[Any, None, T]) -> T:
    """Run a generator to its end without a pause, and return its value."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
