"""Tasks and results are exchanged by complete files."""

import os
import pickle
import signal
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from engine.ensemble.file_exchange import FileBackedExecutor, exchange_folder
from engine.errors import InitscopeError, UsageError


def _fail() -> None:
    raise UsageError("field: is wrong")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_are_returned_and_their_files_removed(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        by_files = FileBackedExecutor(pool, tmp_path)
        futures = [by_files.submit(divmod, 17, number) for number in (3, 5)]
        assert [future.result() for future in futures] == [(5, 2), (3, 2)]
    assert list(tmp_path.iterdir()) == []


def test_exceptions_of_a_task_are_raised(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(UsageError, match="field: is wrong"):
        FileBackedExecutor(pool, tmp_path).submit(_fail).result()


def test_a_process_that_dies_breaks_the_pool(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(BrokenExecutor):
        FileBackedExecutor(pool, tmp_path).submit(_die).result(60)


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Waiting(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            task = pickle.loads(args[0].read_bytes())
            args[0].unlink()
            args[0].symlink_to("/dev/full")
            monkeypatch.setattr("pickle.loads", lambda _: task)
            monkeypatch.setattr(Path, "read_bytes", lambda _: b"")
            return super().submit(fn, *args, **kwargs)

    with Waiting(1) as pool, pytest.raises(InitscopeError, match="cannot write the result"):
        FileBackedExecutor(pool, tmp_path).submit(divmod, 17, 3).result()


def test_the_folder_is_removed() -> None:
    with exchange_folder() as folder:
        (folder / "x").touch()
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(InitscopeError, match="folder for temporary files"), exchange_folder():
        pass
