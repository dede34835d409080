"""Executors: the results have the same bits whatever the workers, and whichever of them die."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ensemble.executors import (
    MAX_DEATHS,
    ExecutorFactory,
    Workers,
    processes,
    train_with,
)
from engine.ensemble.shards import Shard, shards
from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Normal, XavierFanIn, Zeros
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy
from tests.engine.ensemble.test_shards import ensembles, equal

LONG = Experiment(
    data=DataSpec(name="moons", samples=60),
    network=NetworkSpec(layers=(2, 4, 1)),
    training=TrainingSpec(steps=300),
    runs=(Run(init=Normal(scale=0.5)), Run(init=XavierFanIn()), Run(init=Zeros())),
    scene=EnsembleSpec(seeds=900),
)


@pytest.fixture(scope="module")
def alone() -> EnsembleStudy:
    study = EnsembleStudy(LONG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.studies.ensemble.study.TRIAL_SECONDS", inf)  # no processes
        study.compute_all()
    return study


def same(study: EnsembleStudy, other: EnsembleStudy) -> None:
    assert study.summaries.keys() == other.summaries.keys()
    for cell, summary in study.summaries.items():
        equal(summary.results, other.summaries[cell].results)
    assert study.findings() == other.findings()


class Mortal(Executor):
    """Threads of which one dies after a number of shards, and breaks the pool."""

    def __init__(self, number: int, life: int) -> None:
        self._pool = ThreadPoolExecutor(number)
        self._left = life

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        self._left -= 1
        if self._left == 0:
            dead: Future[object] = Future()
            dead.set_exception(BrokenExecutor("a worker died"))
            return dead
        if self._left < 0:
            raise BrokenExecutor("the pool is broken")
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def threads(number: int, *lives: int) -> ExecutorFactory:
    """Create threads; the first pools break after a number of shards, the later ones do not."""
    left = list(lives)

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        executor = Mortal(number, left.pop(0) if left else 10**9)
        try:
            yield Workers(executor, number)
        finally:
            executor.shutdown()

    return make_executor


@settings(max_examples=30, deadline=None)
@given(ensembles(), st.sampled_from([1, 2, 7]), st.lists(st.integers(1, 4), max_size=3))
def test_any_number_of_workers_and_deaths_gives_the_same_bits(
    experiment: Experiment, number: int, lives: list[int]
) -> None:
    here, there = EnsembleStudy(experiment), EnsembleStudy(experiment, threads(number, *lives))
    here.compute_all()
    there.compute_all()
    same(here, there)


@pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_processes_give_the_same_bits(alone: EnsembleStudy, number: int) -> None:
    study = EnsembleStudy(LONG, processes(number))
    study.compute_all()
    same(study, alone)


@pytest.mark.slow
def test_the_shard_of_a_killed_process_is_trained_again(alone: EnsembleStudy) -> None:
    victims: list[int] = []
    study = EnsembleStudy(LONG, processes(2))
    for _ in study.compute():
        if study.done and not victims:
            victims += _children()[:1]
            os.kill(victims[0], signal.SIGKILL)
    assert victims
    same(study, alone)


def _children() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


def test_too_many_worker_deaths_are_an_error() -> None:
    with pytest.raises(InitscopeError, match="workers in a row died"):
        list(train_with(LONG, shards(LONG), threads(2, *[1] * (MAX_DEATHS + 1))))


def test_an_error_of_a_shard_is_raised() -> None:
    class Wrong(Mortal):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            failed: Future[object] = Future()
            failed.set_exception(UsageError("field: is wrong"))
            return failed

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        yield Workers(Wrong(1, 9), 1)

    with pytest.raises(UsageError, match="field: is wrong"):
        list(train_with(LONG, shards(LONG), make_executor))


@pytest.mark.slow
@pytest.mark.parametrize("again", range(5))  # what may hang does not always
def test_a_cancelled_training_leaves_no_process(again: int) -> None:
    study = EnsembleStudy(LONG.replace(scene=EnsembleSpec(seeds=50_000)), processes(2))
    for count, _ in enumerate(study.compute(lambda: study.done > 0)):
        assert count < 10_000
    assert not study.is_complete
    assert _children() == []


def test_results_are_yielded_as_they_are_finished() -> None:
    few = shards(LONG)[:3]
    found = [each for each in train_with(LONG, few, threads(2)) if each is not None]
    assert sorted(trained.shard for trained in found) == sorted(few)
    assert all(len(trained.results) == trained.shard.count for trained in found)


class OneLate(Executor):
    """Trains shards immediately in this thread, except a late one."""

    def __init__(self, late: Shard) -> None:
        self._late = late
        self.train_late: Callable[[], None] | None = None

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()

        def run() -> None:
            future.set_result(fn(*args, **kwargs))

        if self._late in args:
            self.train_late = run
        else:
            run()
        return future


def test_intermediate_results_have_no_gaps(
    alone: EnsembleStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry k is seed k, though a later shard may be finished before an earlier one."""
    monkeypatch.setattr("engine.studies.ensemble.study.SUM_UP_SECONDS", 0.0)
    cell = alone.cells[0]
    first, late, *later = (shard for shard in shards(LONG) if shard.cell == cell)
    assert later
    executor = OneLate(late)
    study = EnsembleStudy(LONG, lambda: nullcontext(Workers(executor, 1)))
    counts = []
    for _ in study.compute():
        if study.done == study.total - late.count and executor.train_late is not None:
            counts.append(len(study.summaries[cell].results))
            executor.train_late()
            executor.train_late = None
    assert counts == [first.count]
    same(study, alone)


def test_cancelling_does_not_wait_for_long_shards() -> None:
    """A shard takes hours here: if this waited for one, it would not end."""
    slow = LONG.replace(
        network=NetworkSpec(layers=(2, 100, 100, 1)),
        training=TrainingSpec(steps=100_000),
        scene=EnsembleSpec(seeds=8),
    )
    results = train_with(slow, shards(slow), processes(2))
    for trained in results:
        assert trained is None
        break
    results.close()  # type: ignore[attr-defined]
    assert _children() == []
