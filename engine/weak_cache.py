"""What takes long to work out, kept as long as what it was worked out from."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, final
from weakref import WeakKeyDictionary

MOST = 8
"""So many results are kept for each owner, the last ones."""

T = TypeVar("T")


@final
class WeakCache(Generic[T]):
    """Results that go with their owners, such as frames. Any thread may ask for them.

    A result must not refer to its owner, or neither ever goes.
    """

    def __init__(self) -> None:
        self._results: WeakKeyDictionary[object, dict[Hashable, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def of(self, owner: object, key: Hashable, work_out: Callable[[], T]) -> T:
        """Return the owner's result for a key, worked out now if it is not kept."""
        with self._lock:
            results = self._results.setdefault(owner, {})
            if key in results:
                return results[key]
        result = work_out()  # outside the lock: others need not wait for it
        with self._lock:
            results[key] = result
            while len(results) > MOST:
                del results[next(iter(results))]
        return result
