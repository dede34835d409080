"""Trains shards in this thread, in other processes, or on other machines.

The results are the same to the last bit, whatever the executor and the order in which it finishes
shards. If a worker dies, its shards are trained by another one.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
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
from typing import NamedTuple

from engine import InitscopeError, require
from engine.ensemble.file_exchange import FileBackedExecutor, exchange_folder
from engine.ensemble.results import TrainingResults
from engine.ensemble.shards import Shard, iterate_shard, train_shard
from engine.experiment import Experiment

QUEUED = 4
"""Shards submitted per worker, so that no worker waits for the next one."""
HEARTBEAT_SECONDS = 0.05
MAX_DEATHS = 5
"""The number of workers that may die in a row, before a shard is finished."""


class Workers(NamedTuple):
    """An open executor, and the number of shards that it trains simultaneously.

    `check` is called while no shard is finished; it raises if none will be.
    """

    executor: Executor
    number: int
    check: Callable[[], None] = lambda: None


class TrainedShard(NamedTuple):
    """A shard and the results of its networks."""

    shard: Shard
    results: TrainingResults


ExecutorFactory = Callable[[], AbstractContextManager[Workers]]
"""Opens an executor; called again if the death of a worker has broken the last one."""


def train_here(experiment: Experiment, shards: Iterable[Shard]) -> Iterator[TrainedShard | None]:
    """Train shards in this thread; yield None about every millisecond."""
    for shard in shards:
        results = yield from iterate_shard(experiment, shard)
        yield TrainedShard(shard, results)


def train_with(
    experiment: Experiment, shards: Iterable[Shard], make_executor: ExecutorFactory
) -> Iterator[TrainedShard | None]:
    """Train shards by workers; yield them as they are finished, and None while waiting.

    Raises
    ------
    InitscopeError
        If too many workers die in a row. Exceptions of a shard are raised too.
    """
    waiting = list(shards)
    deaths = 0
    while waiting:
        with make_executor() as workers:
            unfinished = yield from _train_until_death(experiment, waiting, workers)
        deaths = deaths + 1 if len(unfinished) == len(waiting) else 0
        waiting = unfinished
        require(
            not waiting or deaths <= MAX_DEATHS,
            f"{deaths} workers in a row died before their shard was finished; there may be too "
            "little memory: use fewer workers or smaller layers",
            InitscopeError,
        )


def _train_until_death(
    experiment: Experiment, shards: Sequence[Shard], workers: Workers
) -> Generator[TrainedShard | None, None, list[Shard]]:
    """Yield finished shards, and None while waiting, until all are finished or a worker has died.

    Returns
    -------
    list of Shard
        The shards that are not finished.
    """
    waiting = deque(shards)
    running: dict[Future[TrainingResults], Shard] = {}
    lost: list[Shard] = []
    try:
        while not lost and (waiting or running):
            while not lost and waiting and len(running) < QUEUED * workers.number:
                shard = waiting.popleft()
                try:
                    running[workers.executor.submit(train_shard, experiment, shard)] = shard
                except BrokenExecutor:
                    lost.append(shard)
            done, _ = wait(running, HEARTBEAT_SECONDS, FIRST_COMPLETED)
            for future in done:
                shard = running.pop(future)
                try:
                    results = future.result()
                except Exception as error:
                    if not _is_death(error):
                        raise
                    lost.append(shard)
                else:
                    yield TrainedShard(shard, results)
            if not done:
                workers.check()
                yield None
    finally:
        for future in running:
            future.cancel()
    return [*lost, *running.values(), *waiting]


def _is_death(error: BaseException) -> bool:
    """Return whether a shard failed because its worker died."""
    # By name, because the class of Dask cannot be imported without Dask.
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, BrokenExecutor | CancelledError) or "KilledWorker" in names


def processes(count: int) -> ExecutorFactory:
    """Return a factory of executors with this number of processes of this machine."""

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        # Not forked, because a copy of a process with threads, such as Qt's, may hang.
        context = multiprocessing.get_context("spawn")
        with exchange_folder() as folder:
            executor = ProcessPoolExecutor(count, context, _initialize_worker)
            try:
                yield Workers(FileBackedExecutor(executor, folder), count)
            except BaseException:
                # Cancelling does not wait for shards, which may take minutes.
                for worker in list((executor._processes or {}).values()):
                    worker.kill()
                executor.shutdown(wait=True)
                raise
            executor.shutdown(wait=True, cancel_futures=True)

    return make_executor


def usable_processors() -> int:
    """Return the number of processors that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _initialize_worker() -> None:
    """Initialise a worker: low priority, ignores SIGINT, exits with its parent."""
    # The terminal sends it to every process; the parent handles it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)  # lower than the priority of a window
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
