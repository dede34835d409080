"""Locks that tell whether whoever made a file still runs: they go with the process."""

import contextlib
import os
import sys
from pathlib import Path
from typing import final


@final
class FileLock:
    """A lock on a file made for it, held until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> "FileLock | None":
        """Lock the file, made if there is none; return None where another holds it.

        Raises
        ------
        OSError
            If the file can neither be made nor opened.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            # Whoever held it may have removed it before it was locked here.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return cls(path, descriptor)
        except OSError:
            pass
        os.close(descriptor)
        return None

    def release(self, *, remove: bool) -> None:
        """Let go; also `remove` the file."""
        if remove and sys.platform != "win32":
            _unlink(self.path)  # before it is let go: nobody locks a file that is about to go
        os.close(self._descriptor)
        if remove and sys.platform == "win32":
            _unlink(self.path)  # what is open cannot be removed there


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
