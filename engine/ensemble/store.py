"""The finished shards of a long training, kept in one file so that it can go on after a stop.

The file is an SQLite database: each shard is one transaction, which is in it whole or not at all,
even if the process is killed. Nothing in it is ever executed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, final

from engine.ensemble.fingerprint import fingerprint
from engine.ensemble.results import TrainingResults
from engine.ensemble.serialization import pack, unpack
from engine.ensemble.shards import Shard, SweepCell, shards
from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment
from engine.experiment.toml_writer import format_experiment

VERSION = 3
_TABLES = {
    "about": "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)",
    "shard": "CREATE TABLE shard (run INTEGER, value INTEGER, first INTEGER, count INTEGER, "
    "fates BLOB, PRIMARY KEY (run, value, first, count))",
}
"""All that the database may hold: a view or a trigger could make it compute without end."""
_UNREADABLE = (sqlite3.DatabaseError, ValueError, TypeError, OSError)
SUFFIX = ".shards"


def store_path(target: str | Path) -> Path:
    """Return where the finished shards of what is written to `target` are kept."""
    path = Path(target)
    return path.with_name(path.name + SUFFIX)


def holds_shards(path: Path) -> bool:
    """Tell whether there is something in a file of finished shards.

    Raises
    ------
    UsageError
        If it is no file.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is no file, and finished shards are kept there; write elsewhere")
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
        If the file is none of ours, or holds shards of another experiment.
    InitscopeError
        If it cannot be read or written.
    """

    def __init__(self, path: Path, experiment: Experiment) -> None:
        self.path = path
        self._experiment = experiment
        self._known = set(shards(experiment))
        holds_something = holds_shards(path)
        with _told(path):
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            with _told(path):
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
        with _told(self.path):
            (count,) = self._database.execute("SELECT count(*) FROM shard").fetchone()
        return int(count)

    def finished(self) -> Iterator[tuple[Shard, TrainingResults]]:
        """Yield the shards that the file holds, with what became of their networks."""
        with _told(self.path):
            rows = self._database.execute("SELECT run, value, first, count FROM shard").fetchall()
        for row in rows:
            run, value, first, count = row
            shard = Shard(SweepCell(run, value), first, count)
            if shard not in self._known:
                continue  # cut otherwise by another version: trained again
            with _told(self.path):
                (content,) = self._database.execute(
                    "SELECT fates FROM shard WHERE (run, value, first, count) = (?, ?, ?, ?)", row
                ).fetchone()
                results = unpack(content, self._experiment, shard)
            yield shard, results

    def add(self, shard: Shard, results: TrainingResults) -> None:
        """Keep a finished shard."""
        row = (shard.cell.run, shard.cell.value, shard.first, shard.count, pack(results))
        with _told(self.path):
            self._database.execute("INSERT OR REPLACE INTO shard VALUES (?, ?, ?, ?, ?)", row)

    def remove(self) -> None:
        """Delete the file: what was to be made of it is made."""
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
        kept = {}
        if run("PRAGMA user_version").fetchone() == (VERSION,):
            if dict(run("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")) != _TABLES:
                raise ValueError("it has other tables")
            kept = dict(run("SELECT name, value FROM about").fetchall())
        if kept.get("engine") != about["engine"]:
            raise UsageError(
                f"{self.path}: holds shards of another version of Initscope or NumPy, whose last "
                "bits may differ; go on with that version, or delete it to begin anew"
            )
        if kept.get("experiment") != about["experiment"]:
            raise UsageError(
                f"{self.path}: holds shards of another experiment, or of other seeds; write "
                "elsewhere, or delete it to begin anew"
            )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what goes wrong with the file."""
    try:
        yield
    except InitscopeError:
        raise  # it is told already
    except sqlite3.OperationalError as error:
        raise InitscopeError(f"cannot use {path}: {error}") from None
    except _UNREADABLE as error:
        raise UsageError(
            f"{path}: holds no shards that can be read ({error}); delete it, and begin anew"
        ) from None
