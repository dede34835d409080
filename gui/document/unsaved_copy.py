"""Copies of unsaved changes: each an experiment file of its own, beside a lock of who writes it."""

import contextlib
import json
import re
import secrets
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QStandardPaths

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.experiment.toml_writer import format_experiment
from engine.io.atomic import write_text
from engine.io.file_lock import FileLock
from engine.io.text_file import read_text
from gui.document.opening import open_to_show

SUFFIX = ".toml"
LOCK_SUFFIX = ".lock"
BROKEN_SUFFIX = ".bad"
_HEADER = "# Changes that were not saved. Initscope opens this file as any experiment.\n"
_PATH = re.compile(r'^# path = (".*")$', re.MULTILINE)
_NAME = re.compile(r"([0-9a-f]{12})\.(toml|lock|toml\.part.*)")
_HEADER_ROOM = 20_000
"""Characters at the beginning of a copy among which its path is looked for."""


def copies_folder() -> Path:
    """Return the folder of all copies, in the platform's place for what programs keep."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place), "initscope", "unsaved")


@final
class UnsavedCopy:
    """The copy that one document has, which nobody else reads or writes meanwhile.

    Parameters
    ----------
    folder : Path
        Where it is made, at the first `write`.
    """

    def __init__(self, folder: Path, lock: FileLock | None = None) -> None:
        self._folder = folder
        self._lock = lock

    def write(self, experiment: Experiment, path: Path | None) -> None:
        """Write the copy, whole or not at all, in place of the one before.

        Parameters
        ----------
        experiment : Experiment
        path : Path, optional
            The file that the changes were not saved to.

        Raises
        ------
        InitscopeError
            If it cannot be written.
        """
        named = f"# path = {json.dumps(str(path))}\n" if path else ""
        text = f"{_HEADER}{named}{format_experiment(experiment)}"
        try:
            if self._lock is None:
                self._lock = _new_lock(self._folder)
        except OSError as error:
            raise InitscopeError(f"cannot write {self._folder}: {error.strerror}") from None
        write_text(_copy_of(self._lock), text)

    def remove(self) -> None:
        """Remove the copy, if there is one; another may be written later."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                _copy_of(self._lock).unlink(missing_ok=True)

    def close(self, *, keep: bool = False) -> None:
        """Let go of the copy: `keep` it for the next start, or remove it."""
        if self._lock is not None:
            if not keep:
                self.remove()
            self._lock.release(remove=not keep)
            self._lock = None


class Left(NamedTuple):
    """What a session that ended unexpectedly has left behind.

    Attributes
    ----------
    copy : UnsavedCopy
        The copy, now this session's.
    experiment : Experiment
    path : Path or None
        The file that the changes were not saved to.
    stored : Experiment or None
        What that file says; None where there is no such file, or none that can be read.
    """

    copy: UnsavedCopy
    experiment: Experiment
    path: Path | None
    stored: Experiment | None


class Findings(NamedTuple):
    """What there is in the folder of copies.

    Attributes
    ----------
    left : Left or None
        The latest copy whose session runs no more.
    others : int
        How many more there are.
    sentences : tuple of str
        What could not be read, and where it is kept.
    """

    left: Left | None
    others: int
    sentences: tuple[str, ...]


def find_left(folder: Path) -> Findings:
    """Take over the latest copy whose session runs no more; broken ones are put aside."""
    left: Left | None = None
    others = 0
    sentences = []
    for lock in _dead_locks(folder):
        if left is not None:
            others += 1
            lock.release(remove=False)
            continue
        file = _copy_of(lock)
        copy = UnsavedCopy(folder, lock)
        try:
            experiment, path = open_to_show(file), _path_in(read_text(file))
        except InitscopeError as error:
            sentences.append(_put_aside(file, error))
            copy.close()
            continue
        stored = _stored_in(path)
        if experiment == stored:  # it was saved just before the end
            copy.close()
        else:
            left = Left(copy, experiment, path, stored)
    return Findings(left, others, tuple(sentences))


def _dead_locks(folder: Path) -> list[FileLock]:
    """Lock every copy whose session runs no more, the latest first; sweep up other leavings."""
    locks: list[tuple[float, FileLock]] = []
    with contextlib.suppress(OSError):
        names = [_NAME.fullmatch(entry.name) for entry in folder.iterdir()]
        for stem in {name[1] for name in names if name}:
            lock = FileLock.take(folder / f"{stem}{LOCK_SUFFIX}")
            if lock is None:
                continue
            for part in folder.glob(f"{stem}{SUFFIX}.part*"):  # of a write that was cut off
                part.unlink(missing_ok=True)
            try:
                locks.append((_copy_of(lock).stat().st_mtime, lock))
            except OSError:
                lock.release(remove=True)
    locks.sort(key=lambda entry: entry[0], reverse=True)
    return [lock for _, lock in locks]


def _new_lock(folder: Path) -> FileLock:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        lock = FileLock.take(folder / f"{secrets.token_hex(6)}{LOCK_SUFFIX}")
        if lock is not None:
            return lock


def _copy_of(lock: FileLock) -> Path:
    return lock.path.with_suffix(SUFFIX)


def _path_in(text: str) -> Path | None:
    found = _PATH.search(text[:_HEADER_ROOM])
    if found:
        with contextlib.suppress(ValueError):
            return Path(json.loads(found[1]))
    return None


def _stored_in(path: Path | None) -> Experiment | None:
    with contextlib.suppress(InitscopeError):
        return open_to_show(path) if path else None
    return None


def _put_aside(file: Path, error: InitscopeError) -> str:
    """Move a copy out of the way; return the sentence that tells."""
    aside = file.with_suffix(BROKEN_SUFFIX)
    try:
        file.replace(aside)
    except OSError:
        aside = file
    reason = str(error).removeprefix(f"{file}: ")
    return f"a copy of unsaved changes cannot be read ({reason}); it is kept as {aside}"
