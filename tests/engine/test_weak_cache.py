"""The weak cache computes a result once, and drops it with its owner."""

import gc
import threading
import weakref

import pytest

from engine.weak_cache import MAX_RESULTS, WeakCache


class Owner:
    """An object that results are computed from."""


def test_a_result_is_computed_once_for_each_owner_and_key() -> None:
    cache, computed = WeakCache[str](), []

    def compute(word: str) -> str:
        computed.append(word)
        return word.upper()

    one, other = Owner(), Owner()
    for _ in range(2):
        assert cache.get(one, 1, lambda: compute("a")) == "A"
        assert cache.get(one, 2, lambda: compute("b")) == "B"
        assert cache.get(other, 1, lambda: compute("c")) == "C"
    assert computed == ["a", "b", "c"]


def test_latest_results_of_an_owner_are_cached() -> None:
    cache, owner = WeakCache[int](), Owner()
    for key in range(MAX_RESULTS + 1):
        cache.get(owner, key, lambda key=key: key)  # type: ignore[misc]
    assert cache.get(owner, MAX_RESULTS, lambda: -1) == MAX_RESULTS
    assert cache.get(owner, 1, lambda: -1) == 1
    assert cache.get(owner, 0, lambda: -1) == -1


def test_a_result_is_dropped_with_its_owner() -> None:
    cache, owner, result = WeakCache[Owner](), Owner(), Owner()
    gone = weakref.ref(result)
    cache.get(owner, None, lambda result=result: result)  # type: ignore[misc]
    del result
    assert gone() is not None
    del owner
    gc.collect()
    assert gone() is None


def test_failed_result_is_computed_again() -> None:
    cache, owner = WeakCache[float](), Owner()
    with pytest.raises(ZeroDivisionError):
        cache.get(owner, None, lambda: 1 / 0)
    assert cache.get(owner, None, lambda: 1.0) == 1.0


def test_threads_compute_in_parallel() -> None:
    cache, owner = WeakCache[int](), Owner()
    both = threading.Barrier(2, timeout=20)

    def compute(number: int) -> int:
        both.wait()  # each is under way
        return number

    threads = [
        threading.Thread(target=cache.get, args=(owner, number, lambda n=number: compute(n)))
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [cache.get(owner, number, lambda: -1) for number in range(2)] == [0, 1]
