"""A Dask cluster of two processes gives the same bits, even if one is killed."""

import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from engine.ensemble import dask_cluster as clusters
from engine.ensemble.dask_cluster import cluster
from engine.errors import InitscopeError, UsageError
from engine.studies.ensemble.study import EnsembleStudy
from tests.engine.ensemble.test_executors import LONG, same

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as two:
        yield two


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_give_the_same_bits(two_workers: Any) -> None:
    study = EnsembleStudy(LONG, cluster(two_workers.scheduler_address))
    killed = 0
    for _ in study.compute():
        if study.done and not killed:
            killed = next(iter(two_workers.workers.values())).process.pid
            os.kill(killed, signal.SIGKILL)
    assert killed
    alone = EnsembleStudy(LONG)
    alone.compute_all()
    same(study, alone)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        ("NumPy 1.0, engine of old", "runs another version"),
        (ModuleNotFoundError("No module named 'engine'"), "lacks Initscope"),
        (RuntimeError("out of order"), "does not answer: out of order"),
    ],
)
def test_workers_of_another_version_are_refused(
    two_workers: Any, monkeypatch: pytest.MonkeyPatch, answer: object, reported: str
) -> None:
    monkeypatch.setattr(distributed.Client, "run", lambda *_, **__: {"tcp://w": answer})
    with (
        pytest.raises(InitscopeError, match=f"worker tcp://w {reported}"),
        cluster(two_workers.scheduler_address)(),
    ):
        pass


@pytest.mark.slow
def test_a_scheduler_without_workers_is_an_error() -> None:
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0") as none,
        pytest.raises(InitscopeError, match="has no workers"),
        cluster(none.scheduler_address)(),
    ):
        pass


def test_an_unreachable_scheduler_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(InitscopeError, match="no answer from"), cluster(address)():
        pass


@pytest.mark.parametrize(
    "address",
    ["", "foo", "tcp://", "127.0.0.1:x", "http://a:80", "inproc://1.2.3.4/1/1", "tls://a:8786"],
)
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="expected an address such as tcp://"):
        cluster(address)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "node-1.lan:8786", "tcp://[::1]:8786"])
def test_addresses_are_accepted(address: str) -> None:
    cluster(address)


@pytest.mark.slow
def test_a_scheduler_that_loses_all_its_workers_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clusters, "ABSENCE_SECONDS", 1.5)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as one:
        study = EnsembleStudy(LONG, cluster(one.scheduler_address))
        chunks = study.compute()
        next(chunks)
        one.scale(0)
        with pytest.raises(InitscopeError, match="has lost all its workers"):
            list(chunks)


@pytest.mark.slow
def test_a_worker_of_another_version_that_joins_later_refuses(
    two_workers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_check_workers", lambda *_: None)
    monkeypatch.setattr(clusters, "fingerprint", lambda: "NumPy 9.9, engine of tomorrow")
    study = EnsembleStudy(LONG, cluster(two_workers.scheduler_address))
    with pytest.raises(InitscopeError, match="a worker runs another version"):
        study.compute_all()
