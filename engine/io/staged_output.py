"""Output that is written beside its target and moved into place when it is complete.

The staged file or folder is locked while it is written, so that the next writer to the same target
can tell what a killed process left behind from the work of a running one.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self, final

from engine import InitscopeError, require

if sys.platform != "win32":
    import fcntl

_STEM_LENGTH, _SUFFIX_LENGTH = 40, 12
"""Characters of the target's name in the staged name, which must stay below 255 bytes."""
_PATIENCE_SECONDS = 2.0
"""How long to wait for another process that has locked the folder, and may have been stopped."""


class StagedOutput(ABC):
    """A file or folder beside `target` that takes its place on `commit`.

    As a context manager, it is committed at the end of the block, and discarded if an exception
    leaves the block; an `OSError` then becomes an `InitscopeError`.

    Parameters
    ----------
    target : str or Path
        The output; a link is followed.
    overwrite : bool
        Whether an existing target may be replaced.

    Attributes
    ----------
    path : Path
        The staged output, `.<stem>.<random>.part<suffix>`, an absolute path.

    Raises
    ------
    InitscopeError
        If the target exists and may not be replaced, or cannot be written.
    """

    def __init__(self, target: str | Path, *, overwrite: bool = False) -> None:
        self._named = target
        self._overwrite = overwrite
        with _exclusive(_resolve(target).parent):
            self._target = self._check()
        try:
            self.path, self._lock = self._stage()
        except OSError as error:
            raise self.failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.commit()
            return
        self.discard()
        if isinstance(error, OSError):
            raise self.failure(error) from error

    @final
    def commit(self) -> None:
        """Move the output into the target's place; if that fails, discard it and raise."""
        replaced = None
        try:
            self._flush()
            with _exclusive(self._target.parent):
                self._check()  # another process may have written the target since
                replaced = self._move()
        except OSError as error:
            raise self.failure(error) from error
        finally:
            self.discard()
        if replaced is not None:
            remove(replaced)

    @final
    def discard(self) -> None:
        """Remove the staged output if it still exists, unless it can be resumed."""
        if sys.platform == "win32":
            self._release()  # an open file cannot be removed there
        if not self._can_be_resumed():
            remove(self.path)
        self._release()

    @final
    def failure(self, error: Exception) -> InitscopeError:
        """Return the error that says why the target could not be written."""
        return _cannot_write(self._named, error)

    def _check(self) -> Path:
        """Return the resolved target, or raise `InitscopeError` if it cannot be written."""
        target = self._check_kind()
        require(
            self._overwrite or not target.exists(),
            f"cannot write {self._named}: it already exists; choose another name, or use "
            "--overwrite",
            InitscopeError,
        )
        return target

    def _stage(self) -> tuple[Path, int | None]:
        """Remove what killed processes left, and make the staged output; return it and its lock."""
        remove_stale(self._target)
        while True:
            path = _staged_path(self._target, secrets.token_hex(4))
            self._make(path)
            lock = _lock(path)
            if path.exists():  # else it was removed as stale before it was locked
                return path, lock
            if lock is not None:
                os.close(lock)

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def _flush(self) -> None:
        """Write to the disk what is still in memory."""
        return

    def _can_be_resumed(self) -> bool:
        return False

    @abstractmethod
    def _check_kind(self) -> Path:
        """Return the resolved target, if an output of this kind can be written there."""

    @abstractmethod
    def _make(self, path: Path) -> None:
        """Make an empty output."""

    @abstractmethod
    def _move(self) -> Path | None:
        """Move the output to the target; return an older target to be removed afterwards."""


@final
class StagedFile(StagedOutput):
    """A staged file, which keeps the permissions of the file it replaces."""

    def _check_kind(self) -> Path:
        return check_target(self._named)

    def _make(self, path: Path) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))

    def _flush(self) -> None:
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())  # a full disk may be detected only here

    def _move(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.chmod(stat.S_IMODE(self._target.stat().st_mode))
        if sys.platform == "win32":
            self._release()
        os.replace(self.path, self._target)


def write_text(target: str | Path, text: str) -> None:
    """Write a whole text file as UTF-8 with plain newlines; raises `InitscopeError`."""
    with StagedFile(target, overwrite=True) as staged:
        staged.path.write_text(text, encoding="utf-8", newline="\n")


def check_target(target: str | Path) -> Path:
    """Return the file that writing to `target` makes or replaces: links are followed.

    Raises
    ------
    InitscopeError
        If it is a folder or a device, or its folder is missing or not writable. Long work should
        check before it begins.
    """
    path = _resolve(target)
    try:
        mode = path.stat().st_mode if path.exists() else 0
    except OSError as error:
        raise _cannot_write(target, error) from None
    folder = path.parent
    problems = {
        "it is a folder; name a file in it": stat.S_ISDIR(mode),
        "it is not a regular file": mode and not stat.S_ISREG(mode),
        "the file is read-only": mode and not os.access(path, os.W_OK),
        f"there is no folder {folder}": not folder.is_dir(),
        f"the folder {folder} is not writable": not os.access(folder, os.W_OK | os.X_OK),
    }
    for problem, is_found in problems.items():
        require(not is_found, f"cannot write {target}: {problem}", InitscopeError)
    return path


def remove_stale(target: Path) -> None:
    """Remove what killed processes left of the same target."""
    for path, lock in stale_outputs(target):
        if sys.platform == "win32":
            os.close(lock)
        remove(path)
        if sys.platform != "win32":
            os.close(lock)


def stale_outputs(target: Path) -> Iterator[tuple[Path, int]]:
    """Yield the staged outputs of the same target that no process writes, each with its lock."""
    pattern = re.compile(re.escape(_staged_path(target, "\0").name).replace("\0", "[0-9a-f]{8}"))
    with contextlib.suppress(OSError):
        for entry in list(target.parent.iterdir()):
            if pattern.fullmatch(entry.name) and not entry.is_symlink():
                lock = _lock(entry)
                if lock is not None:
                    yield entry, lock


def remove(path: Path) -> None:
    """Remove a file or folder, if it exists and can be removed."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _staged_path(target: Path, token: str) -> Path:
    stem, suffix = target.stem[:_STEM_LENGTH], target.suffix[:_SUFFIX_LENGTH]
    return target.with_name(f".{stem}.{token}.part{suffix}")


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Keep other processes from moving outputs into this folder, where folders can be locked.

    Between the check whether a target exists and the move into its place, none may appear.
    """
    lock = None if sys.platform == "win32" else _lock(folder, _PATIENCE_SECONDS)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(path: Path, patience: float = 0.0) -> int | None:
    """Lock a file or folder until the descriptor is closed or the process ends.

    Returns
    -------
    int or None
        The descriptor; None if another one holds the lock, or the file system has no locks. On
        Windows, an open file is locked against removal, and folders have no locks.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    if sys.platform == "win32":
        return descriptor
    end = monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if isinstance(error, BlockingIOError) and monotonic() < end:
                sleep(0.01)
                continue
            os.close(descriptor)
            return None
        return descriptor


def _resolve(target: str | Path) -> Path:
    try:
        return Path(os.path.realpath(target))
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise _cannot_write(target, error) from None


def _cannot_write(target: str | Path, error: Exception) -> InitscopeError:
    reason = getattr(error, "strerror", None) or str(error)
    return InitscopeError(f"cannot write {target}: {reason[:1].lower()}{reason[1:]}")
