"""Has shards trained by an executor: here, on other processes, or on other machines.

Whatever the executor and whenever its shards come back, what they hold is the same to the last
bit; a worker that dies costs no more than its shards, which are given to another.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, final

from engine.ensemble.file_exchange import FileBackedExecutor, exchange_folder
from engine.ensemble.results import TrainingResults
from engine.ensemble.shards import Shard, iterate_shard, train_shard
from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment

WAITING = 4
"""So many shards for each worker are handed out ahead, so that none waits for the next."""
HEARTBEAT_SECONDS = 0.05
MOST_DEATHS = 5
"""So many workers may die one after the other, without a shard finished between, before it ends."""


class Workers(NamedTuple):
    """An executor that is at work, and how many shards it trains at once.

    `check` is called while nothing comes back; it raises where nothing will.
    """

    executor: Executor
    number: int
    check: Callable[[], None] = lambda: None


class Trained(NamedTuple):
    """A shard and what became of its networks."""

    shard: Shard
    results: TrainingResults


ExecutorFactory = Callable[[], AbstractContextManager[Workers]]
"""Opens an executor; it is opened anew where workers have died and taken it with them."""


def trained_here(experiment: Experiment, shards: Iterable[Shard]) -> Iterator[Trained | None]:
    """Train shards in this thread, yielding None about every millisecond between."""
    for shard in shards:
        results = yield from iterate_shard(experiment, shard)
        yield Trained(shard, results)


def trained_by(
    experiment: Experiment, shards: Iterable[Shard], make_executor: ExecutorFactory
) -> Iterator[Trained | None]:
    """Have shards trained by workers; yield them as they are finished, and None while waiting.

    Raises
    ------
    InitscopeError
        If worker after worker dies, and whatever a shard raises.
    """
    waiting = list(shards)
    deaths = 0
    while waiting:
        finished = False
        with make_executor() as workers:
            hand = _Hand(experiment, waiting, workers)
            for trained in hand.results():
                finished |= trained is not None
                yield trained
        waiting = hand.unfinished
        deaths = 0 if finished else deaths + 1
        if waiting and deaths > MOST_DEATHS:
            raise InitscopeError(
                f"{deaths} times in a row a worker died before its shard was finished: too little "
                "memory? Use fewer workers, or smaller layers"
            )


@final
class _Hand:
    """Shards in the hands of workers, until all are finished or a worker has died."""

    def __init__(self, experiment: Experiment, shards: Sequence[Shard], workers: Workers) -> None:
        self._experiment = experiment
        self._waiting = deque(shards)
        self._running: dict[Future[TrainingResults], Shard] = {}
        self._lost: list[Shard] = []
        self._workers = workers

    @property
    def unfinished(self) -> list[Shard]:
        """The shards that are not finished."""
        return [*self._lost, *self._running.values(), *self._waiting]

    def results(self) -> Iterator[Trained | None]:
        """Yield what is finished, and None while waiting; end early where a worker has died."""
        try:
            while not self._lost and (self._waiting or self._running):
                self._hand_out()
                done, _ = wait(self._running, HEARTBEAT_SECONDS, FIRST_COMPLETED)
                for future in done:
                    shard = self._running.pop(future)
                    try:
                        results = future.result()
                    except Exception as error:
                        if not _is_death(error):
                            raise
                        self._lost.append(shard)
                    else:
                        yield Trained(shard, results)
                if not done:
                    self._workers.check()
                    yield None
        finally:
            for future in self._running:
                future.cancel()

    def _hand_out(self) -> None:
        while self._waiting and len(self._running) < WAITING * self._workers.number:
            shard = self._waiting.popleft()
            try:
                future = self._workers.executor.submit(train_shard, self._experiment, shard)
            except BrokenExecutor:
                self._lost.append(shard)
                return
            self._running[future] = shard


def _is_death(error: BaseException) -> bool:
    """Tell whether a shard failed because its worker died, and not by itself."""
    # Dask says so by classes of its own, which are not to be loaded where there is no Dask.
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, BrokenExecutor | CancelledError) or "KilledWorker" in names


def processes(count: int) -> ExecutorFactory:
    """Return what opens so many processes of this machine."""

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        # Not forked: a copy of a process with threads, such as Qt's, may hang.
        context = multiprocessing.get_context("spawn")
        with exchange_folder() as folder:
            executor = ProcessPoolExecutor(count, context, _begin)
            try:
                yield Workers(FileBackedExecutor(executor, folder), count)
            except BaseException:
                # Whoever cancels does not wait for shards that may take minutes.
                for worker in list((executor._processes or {}).values()):
                    worker.kill()
                executor.shutdown(wait=True)
                raise
            executor.shutdown(wait=True, cancel_futures=True)

    return make_executor


def usable_processors() -> int:
    """Return how many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _begin() -> None:
    """Make a process a worker: polite, deaf to Ctrl+C, and gone when who hired it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; one answers
    if hasattr(os, "nice"):
        os.nice(5)  # a window, if there is one, comes first
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
