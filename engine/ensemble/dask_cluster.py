"""Has shards trained by the workers of a Dask cluster, once it is sure that they do the same."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from time import monotonic
from typing import Any, final

from engine.ensemble.executors import ExecutorFactory, Workers
from engine.ensemble.fingerprint import fingerprint
from engine.errors import InitscopeError, UsageError

ADDRESS = re.compile(r"(tcp://)?([\w.-]+|\[[\w:.%]+\]):\d{1,5}")
CONNECT_SECONDS = 10
ABSENCE_SECONDS = 20
"""So long there may be no worker at all before nothing is waited for any more."""
ASKING_SECONDS = 1
RETRIES = 3
"""A shard whose worker dies is given to another so many times, by Dask itself."""


def cluster(address: str) -> ExecutorFactory:
    """Return what connects to the scheduler at an address such as tcp://10.0.0.5:8786.

    Raises
    ------
    UsageError
        If Dask is not installed, or the address is none.
    InitscopeError
        If the scheduler cannot be reached, has no workers or loses all of them, or has some
        without Initscope or with another version of it.
    """
    if not ADDRESS.fullmatch(address):
        raise UsageError(
            f'scheduler: "{address}" is no address; use tcp://HOST:PORT, such as '
            "tcp://10.0.0.5:8786"
        )
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "scheduler: needs Dask; install it with: pip install 'initscope[cluster]'"
        ) from None

    @contextmanager
    def make_executor() -> Iterator[Workers]:
        _silence()
        client = _connected(Client, address)
        try:
            _check_workers(client, address)
            number = sum(client.nthreads().values())
            with client.get_executor(retries=RETRIES) as executor:
                yield Workers(_SameVersion(executor), number, _Presence(client, address).check)
        finally:
            client.close()

    return make_executor


@final
class _SameVersion(Executor):
    """Has a worker that runs another version refuse its work, for workers may come later too."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(
        self, function: Callable[..., Any], /, *arguments: Any, **options: Any
    ) -> Future[Any]:
        return self._executor.submit(_as_here, fingerprint(), function, *arguments, **options)


def _as_here(expected: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function on a worker, unless the worker runs another version."""
    if fingerprint() != expected:
        raise InitscopeError(
            f"scheduler: a worker runs another version ({fingerprint()}; where it was called from "
            f"it is {expected}); install the same version there"
        )
    return function(*arguments, **options)


@final
class _Presence:
    """Whether a scheduler still has workers."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._asked = self._seen = monotonic()

    def check(self) -> None:
        """Raise `InitscopeError` if there has been no worker for `ABSENCE_SECONDS`."""
        now = monotonic()
        if now - self._asked < ASKING_SECONDS:
            return
        self._asked = now
        if self._client.scheduler_info()["workers"]:
            self._seen = now
        elif now - self._seen > ABSENCE_SECONDS:
            raise InitscopeError(
                f"scheduler: {self._address} has lost all its workers; start some with: dask "
                f"worker {self._address}"
            )


def _silence() -> None:
    """Let Dask print nothing: what goes wrong is told in a sentence of ours."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connected(connect: Callable[..., Any], address: str) -> Any:
    try:
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InitscopeError(
            f"scheduler: nothing answers at {address} within {CONNECT_SECONDS} s; is it running, "
            "and is the address right?"
        ) from error


def _check_workers(client: Any, address: str) -> None:
    told = client.run(fingerprint, on_error="return")
    if not told:
        raise InitscopeError(
            f"scheduler: {address} has no workers; start some with: dask worker {address}"
        )
    for worker, answer in told.items():
        # Dask may bring the error back as text, where the worker could not even load the question.
        if isinstance(answer, ImportError) or "No module named" in str(answer):
            raise InitscopeError(
                f"scheduler: the worker {worker} lacks Initscope ({answer}); install the same "
                "version there"
            )
        if isinstance(answer, BaseException):
            raise InitscopeError(f"scheduler: the worker {worker} cannot be asked: {answer}")
        if answer != fingerprint():
            raise InitscopeError(
                f"scheduler: the worker {worker} runs another version ({answer}; here it is "
                f"{fingerprint()}); install the same version there"
            )
