"""Trains shards on the workers of a Dask cluster that run the same version."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from time import monotonic
from typing import Any, final

from engine import InitscopeError, UsageError, require
from engine.ensemble.executors import ExecutorFactory, Workers
from engine.ensemble.fingerprint import fingerprint

ADDRESS = re.compile(r"(tcp://)?([\w.-]+|\[[\w:.%]+\]):[0-9]{1,5}")
CONNECT_SECONDS = 10
ABSENCE_SECONDS = 20
"""How long to wait for a worker if there is none."""
CHECK_SECONDS = 1
RETRIES = 3
"""How many times Dask gives a shard whose worker dies to another worker."""


def cluster(address: str) -> ExecutorFactory:
    """Return a factory of executors of the scheduler at an address such as tcp://10.0.0.5:8786.

    Raises
    ------
    UsageError
        If Dask is not installed, or the address is wrong.
    InitscopeError
        If the scheduler cannot be reached, has no workers or loses all of them, or a worker has
        no Initscope or another version.
    """
    require(
        ADDRESS.fullmatch(address),
        f'scheduler: expected an address such as tcp://10.0.0.5:8786, got "{address}"',
    )
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "scheduler: needs Dask; install it with: pip install 'initscope[cluster]'"
        ) from None

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        _disable_logs()
        client = _connect(Client, address)
        try:
            _check_workers(client, address)
            number = sum(client.nthreads().values())
            with client.get_executor(retries=RETRIES) as executor:
                check = _worker_check(client, address)
                yield Workers(_SameVersionExecutor(executor), number, check)
        finally:
            client.close()

    return make_executor


@final
class _SameVersionExecutor(Executor):
    """Refuses to run a task on a worker of another version, which may also join later."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(
        self, function: Callable[..., Any], /, *arguments: Any, **options: Any
    ) -> Future[Any]:
        return self._executor.submit(
            _run_if_same_version, fingerprint(), function, *arguments, **options
        )


def _run_if_same_version(
    expected: str, function: Callable[..., Any], *arguments: Any, **options: Any
) -> Any:
    """Call a function on a worker, if the worker runs the expected version."""
    require(
        fingerprint() == expected,
        f"scheduler: a worker runs another version ({fingerprint()}; this machine runs "
        f"{expected}); install the same version there",
        InitscopeError,
    )
    return function(*arguments, **options)


def _worker_check(client: Any, address: str) -> Callable[[], None]:
    """Return a function that raises if there has been no worker for `ABSENCE_SECONDS`."""
    checked = seen = monotonic()

    def check() -> None:
        nonlocal checked, seen
        now = monotonic()
        if now - checked < CHECK_SECONDS:
            return
        checked = now
        if client.scheduler_info()["workers"]:
            seen = now
        elif now - seen > ABSENCE_SECONDS:
            raise InitscopeError(
                f"scheduler: {address} has lost all its workers; start some with: dask worker "
                f"{address}"
            )

    return check


def _disable_logs() -> None:
    """Disable the logs of Dask, because errors are reported in one sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connect(connect: Callable[..., Any], address: str) -> Any:
    try:
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InitscopeError(
            f"scheduler: no answer from {address} within {CONNECT_SECONDS} s; check that it is "
            "running, and its address"
        ) from error


def _check_workers(client: Any, address: str) -> None:
    answers = client.run(fingerprint, on_error="return")
    require(
        answers,
        f"scheduler: {address} has no workers; start some with: dask worker {address}",
        InitscopeError,
    )
    for worker, answer in answers.items():
        # Dask may return the error as text, if the worker cannot import the function.
        require(
            not isinstance(answer, ImportError) and "No module named" not in str(answer),
            f"scheduler: the worker {worker} lacks Initscope ({answer}); install the same "
            "version there",
            InitscopeError,
        )
        require(
            not isinstance(answer, BaseException),
            f"scheduler: the worker {worker} does not answer: {answer}",
            InitscopeError,
        )
        require(
            answer == fingerprint(),
            f"scheduler: the worker {worker} runs another version ({answer}; this machine "
            f"runs {fingerprint()}); install the same version there",
            InitscopeError,
        )
