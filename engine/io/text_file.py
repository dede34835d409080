"""Reads files of others: regular files only, and text of a limited size."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine import InitscopeError, UsageError, require

MAX_BYTES = 64 * 2**20

_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # not on Windows
_AS_IT_IS = getattr(os, "O_BINARY", 0)  # on Windows only


def read_text(path: str | Path, limit: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises
    ------
    UsageError
        If there is no such regular file, it is larger than `limit` bytes, or it is not UTF-8. The
        message begins with the file's name.
    InitscopeError
        If the system does not let it be read.
    """
    try:
        return read_bytes(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from None


def read_bytes(path: str | Path, limit: int = MAX_BYTES) -> bytes:
    """Return the contents of a file; raise as `read_text` does."""
    path = Path(path)
    with open_regular_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(limit + 1) if size <= limit else b""
    # The file may have grown since its size was read.
    require(max(size, len(content)) <= limit, f"{path}: is larger than {limit // 2**20} MiB")
    return content


@contextmanager
def open_regular_file(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading, without waiting for the writer of a pipe.

    Raises
    ------
    UsageError
        If there is no such file, or it is a folder, a pipe or a device. The message begins with
        its name.
    InitscopeError
        If the system does not let it be read; also for an `OSError` of the block.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | _AS_IT_IS)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{path}: there is no such file") from None
    except ValueError as error:  # a null character in the name
        raise UsageError(f"{path}: cannot be read: {error}") from None
    except OSError as error:
        if os.path.isdir(path):  # Windows opens no folders
            raise UsageError(f"{path}: is a folder; name a file in it") from None
        # A name that is too long is an error of the call, not of the disk.
        kind = UsageError if error.errno == errno.ENAMETOOLONG else InitscopeError
        raise kind(f"{path}: cannot be read: {error.strerror}") from None
    try:
        mode = os.fstat(descriptor).st_mode
        require(not stat.S_ISDIR(mode), f"{path}: is a folder; name a file in it")
        require(stat.S_ISREG(mode), f"{path}: is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    except OSError as error:
        raise InitscopeError(f"{path}: cannot be read: {error.strerror or error}") from None
    finally:
        os.close(descriptor)
