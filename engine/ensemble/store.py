"""Stores the finished shards of a long training in a file, so that it can be continued.

The file is an SQLite database. Each shard is one transaction, which is stored completely or not at
all, even if the process is killed. Nothing in the file is executed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, final

from engine import InitscopeError, UsageError, require
from engine.ensemble.fingerprint import fingerprint
from engine.ensemble.results import TrainingResults
from engine.ensemble.serialization import pack, unpack
from engine.ensemble.shards import Shard, SweepCell, shards
from engine.experiment import Experiment, format_experiment

VERSION = 3
_TABLES = {
    "about": "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)",
    "shard": "CREATE TABLE shard (run INTEGER, value INTEGER, first INTEGER, count INTEGER, "
    "fates BLOB, PRIMARY KEY (run, value, first, count))",
}
"""The only allowed content of the database: a view or a trigger could compute endlessly."""
_UNREADABLE = (sqlite3.DatabaseError, ValueError, TypeError, OSError)
SUFFIX = ".shards"


def store_path(target: str | Path) -> Path:
    """Return the file for the finished shards of the output `target`."""
    path = Path(target)
    return path.with_name(path.name + SUFFIX)


def holds_shards(path: Path) -> bool:
    """Return whether a file of finished shards exists and is not empty.

    Raises
    ------
    UsageError
        If it is not a file.
    """
    require(
        not path.exists() or path.is_file(),
        f"{path}: is not a file, but finished shards are stored there; choose another output",
    )
    return path.exists() and path.stat().st_size > 0


@final
class Store:
    """The finished shards of one experiment.

    Parameters
    ----------
    path : Path
    experiment : Experiment
        An ensemble or a sweep.

    Raises
    ------
    UsageError
        If it is another kind of file, or contains shards of another experiment.
    InitscopeError
        If it cannot be read or written.
    """

    def __init__(self, path: Path, experiment: Experiment) -> None:
        self.path = path
        self._experiment = experiment
        self._known = set(shards(experiment))
        holds_something = holds_shards(path)
        with _translating_errors(path):
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            with _translating_errors(path):
                self._open()
        except BaseException:
            self._database.close()
            if not holds_something:
                path.unlink(missing_ok=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def __len__(self) -> int:
        with _translating_errors(self.path):
            (count,) = self._database.execute("SELECT count(*) FROM shard").fetchone()
        return int(count)

    def finished(self) -> Iterator[tuple[Shard, TrainingResults]]:
        """Yield the shards in the file with the results of their networks."""
        with _translating_errors(self.path):
            rows = self._database.execute("SELECT run, value, first, count FROM shard").fetchall()
        for row in rows:
            run, value, first, count = row
            shard = Shard(SweepCell(run, value), first, count)
            if shard not in self._known:
                continue  # of another partition; it is trained again
            with _translating_errors(self.path):
                (content,) = self._database.execute(
                    "SELECT fates FROM shard WHERE (run, value, first, count) = (?, ?, ?, ?)", row
                ).fetchone()
                results = unpack(content, self._experiment, shard)
            yield shard, results

    def add(self, shard: Shard, results: TrainingResults) -> None:
        """Store a finished shard."""
        row = (shard.cell.run, shard.cell.value, shard.first, shard.count, pack(results))
        with _translating_errors(self.path):
            self._database.execute("INSERT OR REPLACE INTO shard VALUES (?, ?, ?, ?, ?)", row)

    def remove(self) -> None:
        """Delete the file, when the output is complete."""
        self._database.close()
        self.path.unlink(missing_ok=True)

    def _open(self) -> None:
        about = {"experiment": format_experiment(self._experiment), "engine": fingerprint()}
        run = self._database.execute
        if run("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            run("BEGIN IMMEDIATE")
            run(f"PRAGMA user_version = {VERSION}")
            for table in _TABLES.values():
                run(table)
            self._database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
            run("COMMIT")
        stored = {}
        if run("PRAGMA user_version").fetchone() == (VERSION,):
            if dict(run("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")) != _TABLES:
                raise ValueError("it has other tables")
            stored = dict(run("SELECT name, value FROM about").fetchall())
        require(
            stored.get("engine") == about["engine"],
            f"{self.path}: contains shards of another version of Initscope or NumPy, whose "
            "last bits may differ; continue with that version, or delete it to start again",
        )
        require(
            stored.get("experiment") == about["experiment"],
            f"{self.path}: contains shards of another experiment or of other seeds; choose "
            "another output, or delete it to start again",
        )


@contextmanager
def _translating_errors(path: Path) -> Iterator[None]:
    """Raise errors of the file as `InitscopeError`."""
    try:
        yield
    except InitscopeError:
        raise
    except sqlite3.OperationalError as error:
        raise InitscopeError(f"cannot use {path}: {error}") from None
    except _UNREADABLE as error:
        raise UsageError(
            f"{path}: contains no readable shards ({error}); delete the file to start again"
        ) from None
