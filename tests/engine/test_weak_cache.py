"""What takes long to work out is worked out once, and goes with what it was worked out from."""

import gc
import threading
import weakref

import pytest

from engine.weak_cache import MOST, WeakCache


class Owner:
    """What something is worked out from."""


def test_a_result_is_worked_out_once_for_each_owner_and_key() -> None:
    kept, asked = WeakCache[str](), []

    def work_out(word: str) -> str:
        asked.append(word)
        return word.upper()

    one, other = Owner(), Owner()
    for _ in range(2):
        assert kept.of(one, 1, lambda: work_out("a")) == "A"
        assert kept.of(one, 2, lambda: work_out("b")) == "B"
        assert kept.of(other, 1, lambda: work_out("c")) == "C"
    assert asked == ["a", "b", "c"]


def test_the_last_results_of_an_owner_are_kept() -> None:
    kept, owner = WeakCache[int](), Owner()
    for key in range(MOST + 1):
        kept.of(owner, key, lambda key=key: key)  # type: ignore[misc]
    assert kept.of(owner, MOST, lambda: -1) == MOST
    assert kept.of(owner, 1, lambda: -1) == 1
    assert kept.of(owner, 0, lambda: -1) == -1


def test_a_result_goes_with_its_owner() -> None:
    kept, owner, result = WeakCache[Owner](), Owner(), Owner()
    gone = weakref.ref(result)
    kept.of(owner, None, lambda result=result: result)  # type: ignore[misc]
    del result
    assert gone() is not None
    del owner
    gc.collect()
    assert gone() is None


def test_what_fails_is_worked_out_anew() -> None:
    kept, owner = WeakCache[float](), Owner()
    with pytest.raises(ZeroDivisionError):
        kept.of(owner, None, lambda: 1 / 0)
    assert kept.of(owner, None, lambda: 1.0) == 1.0


def test_threads_do_not_wait_for_one_another_while_they_work() -> None:
    kept, owner = WeakCache[int](), Owner()
    both = threading.Barrier(2, timeout=20)

    def work_out(number: int) -> int:
        both.wait()  # each is under way
        return number

    threads = [
        threading.Thread(target=kept.of, args=(owner, number, lambda n=number: work_out(n)))
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [kept.of(owner, number, lambda: -1) for number in range(2)] == [0, 1]
