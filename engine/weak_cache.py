"""A cache of expensive results, tied to the lifetime of the object they were computed from."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, final
from weakref import WeakKeyDictionary

MAX_RESULTS = 8
"""The number of results cached for each owner; the oldest is dropped first."""

T = TypeVar("T")


@final
class WeakCache(Generic[T]):
    """Results that are dropped with their owners, such as frames; usable from any thread.

    A result must not refer to its owner, or neither is ever freed.
    """

    def __init__(self) -> None:
        self._results: WeakKeyDictionary[object, dict[Hashable, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, owner: object, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the result for a key of an owner, computed now unless it is cached."""
        with self._lock:
            results = self._results.setdefault(owner, {})
            if key in results:
                return results[key]
        result = compute()  # outside the lock, so that other threads do not wait
        with self._lock:
            results[key] = result
            while len(results) > MAX_RESULTS:
                del results[next(iter(results))]
        return result
