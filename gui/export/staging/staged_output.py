"""What an export writes to: a part file or folder beside the target, moved into place at the end.

It is locked while it is written, so that the next export tells the leavings of a killed one from
the work of one that runs.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import final

from engine.errors import InitscopeError
from engine.io.atomic import check_target

FRAME_NAME = "frame_{:06d}.png"
"""The name of a frame in a folder of frames, counted from 0."""
CHECKSUMS = "seals"
"""The file among the frames of a part that tells which are complete; the target has it not."""
_FRAME_PATTERN = re.compile(r"frame_\d{6,}\.png")

_LONGEST_STEM = 40
"""Characters of the target's name kept in the part's, which must stay below 255 bytes."""
_PATIENCE = 200
"""Hundredths of a second to wait for one who holds the folder, and who may have been halted."""


@final
class StagedOutput:
    """An empty file or folder beside `target` that takes its place on `commit`.

    Parameters
    ----------
    target : Path
        What the export is to be; where it is a link, what that leads to.
    overwrite : bool
        Whether an older target may be replaced. Of folders, only one of frames is.
    folder : bool
        Whether to make a folder.
    resume : bool
        Whether to take over the folder that an earlier export left, and to leave this one with the
        sealed frames in it. Only where folders can be locked.

    Attributes
    ----------
    path : Path
        The part, `.<stem>.<random>.part<suffix>`, an absolute path.

    Raises
    ------
    InitscopeError
        If the target is there and may not be replaced, or cannot be written.
    """

    def __init__(
        self, target: Path, *, overwrite: bool, folder: bool = False, resume: bool = False
    ) -> None:
        self._named = target
        self._overwrite = overwrite
        self._folder = folder
        with _turn(Path(os.path.realpath(target)).parent):
            self._target = self._check()
        found = _take_over(self._target) if resume and folder else None
        remove_stale(self._target)
        try:
            self.path, self._lock = found or _make(self._target, folder)
        except OSError as error:
            raise self.failure(error) from error
        self._resume = resume and self._lock is not None

    def commit(self) -> None:
        """Move the part into the target's place; raise `InitscopeError` and discard it if not."""
        aside = None
        try:
            if not self._folder:
                self._flush()
            with _turn(self._target.parent):
                self._check()  # the target may have come to be meanwhile
                if self._folder:
                    (self.path / CHECKSUMS).unlink(missing_ok=True)
                    aside = self._replace_folder()
                else:
                    self._replace_file()
        except OSError as error:
            raise self.failure(error) from error
        finally:
            self.discard()
        if aside is not None:
            remove(aside)

    def discard(self) -> None:
        """Remove the part if it is still there; the target stays as it was.

        With `resume`, a part that holds sealed frames is left for another export.
        """
        if sys.platform == "win32":
            self._release()  # nothing that is open can be removed there
        if not (self._resume and _holds_sealed_frames(self.path)):
            remove(self.path)
        self._release()

    def failure(self, error: Exception) -> InitscopeError:
        """Return the error for what kept the target from being written."""
        reason = getattr(error, "strerror", None) or str(error)
        return InitscopeError(f"cannot write {self._named}: {reason[:1].lower()}{reason[1:]}")

    def _check(self) -> Path:
        """Return the target with links followed, if it may be made or replaced."""
        target = Path(os.path.realpath(self._named))
        if self._folder and target.is_dir():
            # A file of another name stands for what else would be made in the parent folder.
            check_target(target.with_name(secrets.token_hex(8)))
            if self._overwrite and not _holds_frames_alone(target):
                raise InitscopeError(
                    f"cannot write {self._named}: it is a folder that holds more than exported "
                    "frames; choose another name"
                )
        else:
            check_target(self._named)
        if target.exists() and not self._overwrite:
            raise InitscopeError(
                f"cannot write {self._named}: it is there already; choose another name, or "
                "--overwrite it"
            )
        return target

    def _flush(self) -> None:
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())  # a full disk may say so only now

    def _replace_file(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.chmod(stat.S_IMODE(self._target.stat().st_mode))
        if sys.platform == "win32":
            self._release()
        os.replace(self.path, self._target)

    def _replace_folder(self) -> Path | None:
        """Put the folder into its place; return where an older one has gone, to be removed."""
        # No name of a part: what was there before is never taken for leavings.
        aside = self._target.with_name(f"{self.path.name}.old")
        was_there = self._target.exists()
        if was_there:
            os.rename(self._target, aside)
        try:
            os.rename(self.path, self._target)
        except OSError:
            if was_there:
                os.rename(aside, self._target)
            raise
        return aside if was_there else None

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def probe(target: Path, *, overwrite: bool, folder: bool = False, resume: bool = False) -> None:
    """Return if `target` can be written by now: long work asks before it begins."""
    StagedOutput(target, overwrite=overwrite, folder=folder, resume=resume).discard()


def _make(target: Path, folder: bool) -> tuple[Path, int | None]:
    """Make a part and lock it; return it and its lock."""
    while True:
        name = f".{target.stem[:_LONGEST_STEM]}.{secrets.token_hex(4)}.part{target.suffix}"
        path = target.with_name(name)
        if folder:
            path.mkdir()
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        lock = _take_lock(path)
        if path.exists():  # or it was taken for stale before it was locked
            return path, lock
        if lock is not None:
            os.close(lock)


def _take_over(target: Path) -> tuple[Path, int] | None:
    """Lock a folder that an export to the same target left; return it and its lock."""
    for path, lock in _stale(target):
        if path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK):
            return path, lock
        os.close(lock)
    return None


def remove_stale(target: Path) -> None:
    """Remove the parts of the same target that nobody writes any more."""
    for path, lock in _stale(target):
        if sys.platform == "win32":
            os.close(lock)
        remove(path)
        if sys.platform != "win32":
            os.close(lock)


def _stale(target: Path) -> Iterator[tuple[Path, int]]:
    """Yield the parts of the same target that nobody writes any more, each with a lock on it."""
    stem, suffix = re.escape(target.stem[:_LONGEST_STEM]), re.escape(target.suffix)
    pattern = re.compile(rf"\.{stem}\.[0-9a-f]{{8}}\.part{suffix}")
    with contextlib.suppress(OSError):
        for entry in list(target.parent.iterdir()):
            if pattern.fullmatch(entry.name) and not entry.is_symlink():
                lock = _take_lock(entry)
                if lock is not None:
                    yield entry, lock


if sys.platform == "win32":

    def _turn(folder: Path) -> AbstractContextManager[None]:
        """Return a context; Windows itself refuses what is in another's way."""
        return contextlib.nullcontext()

    def _take_lock(path: Path) -> int | None:
        """Open a file, which keeps others from removing it; folders have no such lock."""
        with contextlib.suppress(OSError):
            return os.open(path, os.O_RDONLY)
        return None

else:
    import fcntl

    @contextlib.contextmanager
    def _turn(folder: Path) -> Iterator[None]:
        """Keep other exports from putting something into this folder at the same time.

        Between the look whether a target is there and the move into its place, none may come.
        """
        descriptor = -1
        with contextlib.suppress(OSError):  # not every filesystem has locks
            descriptor = os.open(folder, os.O_RDONLY)
            for _ in range(_PATIENCE):
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.01)
        try:
            yield
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _take_lock(path: Path) -> int | None:
        """Lock a file or folder for the life of this process; None where another holds it."""
        descriptor = -1
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if descriptor >= 0:
                os.close(descriptor)
            return None
        return descriptor


def _holds_frames_alone(folder: Path) -> bool:
    return all(
        _FRAME_PATTERN.fullmatch(entry.name) and entry.is_file() for entry in folder.iterdir()
    )


def _holds_sealed_frames(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        names = {entry.name for entry in folder.iterdir()}
        return CHECKSUMS in names and names != {CHECKSUMS}
    return False


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there and can be."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
