"""Text files that someone else wrote: read whole, but never endlessly."""

import errno
import os
import stat
from pathlib import Path

from engine.errors import InitscopeError, UsageError

MAX_BYTES = 64 * 2**20

_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # not on Windows
_AS_IT_IS = getattr(os, "O_BINARY", 0)  # on Windows only


def read_text(path: str | Path, limit: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises
    ------
    UsageError
        If there is no such file, or there can be none, or it is a folder, a pipe or a device,
        larger than `limit` bytes, or not UTF-8. The message begins with the file's name.
    InitscopeError
        If the system does not let it be read.
    """
    path = Path(path)
    try:
        # Opening a pipe would wait for its writer, but for O_NONBLOCK.
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | _AS_IT_IS)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{path}: there is no such file") from None
    except ValueError as error:  # a null character in the name
        raise UsageError(f"{path}: cannot be read: {error}") from None
    except OSError as error:
        if _is_folder(path):  # Windows opens no folders
            raise UsageError(f"{path}: is a folder; name a file in it") from None
        # What no file can be called is wrong with the call, not with the disk.
        kind = UsageError if error.errno == errno.ENAMETOOLONG else InitscopeError
        raise kind(f"{path}: cannot be read: {error.strerror}") from None
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise UsageError(f"{path}: is a folder; name a file in it")
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{path}: is no ordinary file")
        if found.st_size > limit:  # it may still grow, so what is read is counted too
            raise UsageError(_too_large(path, limit))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise InitscopeError(f"{path}: cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise UsageError(_too_large(path, limit))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from None


def _too_large(path: Path, limit: int) -> str:
    return f"{path}: is larger than {limit // 2**20} MiB"


def _is_folder(path: Path) -> bool:
    """Tell whether there is a folder of this name; no name is too odd to ask."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
