"""Has shards trained by the workers of a Dask cluster, once it is sure that they do the same."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from engine.ensemble.execution import Hire, Workers
from engine.errors import InitscopeError, UsageError

CONNECT_SECONDS = 10
RETRIES = 3
"""A shard whose worker dies is given to another so many times, by Dask itself."""


@cache
def fingerprint() -> str:
    """Return what the bits of a training depend on: the versions, and the engine's own text."""
    import numpy as np

    digest = hashlib.sha256(np.__version__.encode())
    engine = Path(__file__).parents[1]
    for file in sorted(engine.rglob("*.py")):
        digest.update(str(file.relative_to(engine)).encode())
        digest.update(file.read_bytes())
    return f"NumPy {np.__version__}, engine {digest.hexdigest()[:12]}"


def cluster(address: str) -> Hire:
    """Return what connects to the scheduler at an address such as tcp://10.0.0.5:8786.

    Raises
    ------
    UsageError
        If Dask is not installed, or the address is none.
    InitscopeError
        If the scheduler cannot be reached, has no workers, or has some without Initscope or with
        another version of it.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "scheduler: needs Dask; install it with: pip install 'initscope[cluster]'"
        ) from None

    @contextmanager
    def hire() -> Iterator[Workers]:
        _silence()
        client = _connected(Client, address)
        try:
            _check_workers(client, address)
            number = sum(client.nthreads().values())
            with client.get_executor(retries=RETRIES) as executor:
                yield Workers(executor, number)
        finally:
            client.close()

    return hire


def _silence() -> None:
    """Let Dask print nothing: what goes wrong is told in a sentence of ours."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connected(connect: Callable[..., Any], address: str) -> Any:
    try:
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except ValueError as error:
        raise UsageError(
            f"scheduler: {address} is no address ({error}); use tcp://HOST:PORT"
        ) from None
    except (OSError, TimeoutError) as error:
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
