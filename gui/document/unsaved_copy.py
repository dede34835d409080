"""Copies of unsaved changes: experiment files, each with a lock of the session that writes it."""

import contextlib
import json
import os
import re
import secrets
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QLockFile, QStandardPaths

from engine import InitscopeError
from engine.experiment import Experiment, format_experiment
from engine.io.staged_output import remove_stale, write_text
from engine.io.text_file import read_text
from gui.document.opening import Opened, open_to_show

SUFFIX = ".toml"
LOCK_SUFFIX = ".lock"
BROKEN_SUFFIX = ".bad"
_HEADER = "# Unsaved changes. Initscope opens this file like any experiment.\n"
_ENTRY = re.compile(r'# (path|version) = (".*")')
_NAME = re.compile(r"\.?([0-9a-f]{12})\.(toml|lock|[0-9a-f]{8}\.part\.toml)")


def copies_folder() -> Path:
    """Return the folder of all copies, in the platform's location for application data."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place), "initscope", "unsaved")


@final
class UnsavedCopy:
    """The copy of one document, which no other session reads or writes.

    Parameters
    ----------
    folder : Path
        Where the copy is made by the first `write`.
    lock : QLockFile, optional
        Of an existing copy.

    Attributes
    ----------
    content : Opened or None
        The experiment in the copy, the file that it was not saved to, and the version of that
        file which was opened; None for no copy.
    """

    def __init__(self, folder: Path, lock: QLockFile | None = None) -> None:
        self._folder = folder
        self._lock = lock
        self.content: Opened | None = None

    def write(self, content: Opened) -> None:
        """Replace the copy, completely or not at all.

        Parameters
        ----------
        content : Opened
            The experiment, the file that the changes were not saved to, and its version.

        Raises
        ------
        InitscopeError
            If it cannot be written.
        """
        entries = {"path": content.path, "version": content.version}
        header = "".join(
            f"# {name} = {json.dumps(str(value))}\n" for name, value in entries.items() if value
        )
        text = f"{_HEADER}{header}{format_experiment(content.experiment)}"
        # The folder may have vanished, as when a disk is removed or a folder is cleaned up.
        if self._lock is None or not os.path.exists(self._lock.fileName()):
            self._lock = _new_lock(self._folder)
        write_text(_copy_of(self._lock), text)
        self.content = content

    def close(self, *, keep: bool = False) -> None:
        """Release the copy: `keep` it for the next session, or remove it."""
        if self._lock is not None:
            if not keep:
                with contextlib.suppress(OSError):
                    _copy_of(self._lock).unlink(missing_ok=True)
            self._lock.unlock()
            self._lock = None


class Recovered(NamedTuple):
    """A copy that a session left when it ended unexpectedly.

    Attributes
    ----------
    copy : UnsavedCopy
        The copy, now of this session.
    content : Opened
        The content of the copy.
    stored : Experiment or None
        The experiment in the file that the changes were not saved to; None if there is none that
        can be read.
    """

    copy: UnsavedCopy
    content: Opened
    stored: Experiment | None


class Findings(NamedTuple):
    """The contents of the folder of copies.

    Attributes
    ----------
    recovered : Recovered or None
        The latest copy whose session has ended.
    others : int
        The number of other such copies.
    errors : tuple of str
        Which copies cannot be read, and where they are.
    """

    recovered: Recovered | None
    others: int
    errors: tuple[str, ...]


def find_copies(folder: Path) -> Findings:
    """Take the latest copy whose session has ended; rename copies that cannot be read."""
    recovered: Recovered | None = None
    others = 0
    errors = []
    for lock in _lock_copies(folder):
        if recovered is not None:
            others += 1
            lock.unlock()
            continue
        file = _copy_of(lock)
        copy = UnsavedCopy(folder, lock)
        try:
            content = _content(file)
        except InitscopeError as error:
            errors.append(_rename_broken(file, error))
            copy.close()
            continue
        stored = None
        with contextlib.suppress(InitscopeError):
            stored = open_to_show(content.path) if content.path else None
        if content.experiment == stored:  # it was saved just before the end
            copy.close()
        else:
            copy.content = content
            recovered = Recovered(copy, content, stored)
    return Findings(recovered, others, tuple(errors))


def _lock_copies(folder: Path) -> list[QLockFile]:
    """Lock every copy whose session has ended, the latest first; remove what else was left."""
    locks: list[tuple[float, QLockFile]] = []
    with contextlib.suppress(OSError):
        names = [_NAME.fullmatch(entry.name) for entry in folder.iterdir()]
        for stem in {name[1] for name in names if name}:
            lock = _lock_file(folder, stem)
            # The system releases the lock of a process that ends, so this tests for one that runs.
            lock.removeStaleLockFile()
            if not lock.tryLock(0):
                continue
            copy = _copy_of(lock)
            remove_stale(copy)
            try:
                locks.append((copy.stat().st_mtime, lock))
            except OSError:
                lock.unlock()
    locks.sort(key=lambda entry: entry[0], reverse=True)
    return [lock for _, lock in locks]


def _new_lock(folder: Path) -> QLockFile:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InitscopeError(f"cannot write {folder}: {error.strerror}") from None
    lock = _lock_file(folder, secrets.token_hex(6))
    if not lock.tryLock(0):
        raise InitscopeError(f"cannot write {folder}: a file in it cannot be locked")
    return lock


def _lock_file(folder: Path, stem: str) -> QLockFile:
    lock = QLockFile(str(folder / f"{stem}{LOCK_SUFFIX}"))
    lock.setStaleLockTime(0)  # however long the session runs
    return lock


def _copy_of(lock: QLockFile) -> Path:
    return Path(lock.fileName()).with_suffix(SUFFIX)


def _content(file: Path) -> Opened:
    """Return the content of a copy; raise `InitscopeError` if it cannot be read."""
    entries: dict[str, str] = {}
    header = takewhile(lambda line: line.startswith("#"), read_text(file).split("\n"))
    for entry in filter(None, map(_ENTRY.fullmatch, header)):
        with contextlib.suppress(ValueError):
            entries[entry[1]] = json.loads(entry[2])
    path = entries.get("path")
    return Opened(open_to_show(file), Path(path) if path else None, entries.get("version"))


def _rename_broken(file: Path, error: InitscopeError) -> str:
    """Rename a copy that cannot be read; return the sentence that says so."""
    renamed = file.with_suffix(BROKEN_SUFFIX)
    try:
        file.replace(renamed)
    except OSError:
        renamed = file
    reason = str(error).removeprefix(f"{file}: ")
    return f"a copy of unsaved changes cannot be read ({reason}); it was renamed to {renamed}"
