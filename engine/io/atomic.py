"""Files written beside their target and moved into place, so that nothing partial is ever seen."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import InitscopeError

_LONGEST_STEM = 50
"""Characters of the target's name kept in the partial file's, which must stay below 255 bytes."""


def check_target(target: str | Path) -> Path:
    """Return the file that writing to `target` replaces or makes: links are followed.

    Raises
    ------
    InitscopeError
        If it is a folder or a device, or lies in a folder that is missing or cannot be written
        to. Long work should ask before it begins.
    """
    try:
        path = Path(os.path.realpath(target))
        mode = path.stat().st_mode if path.exists() else None
    except (OSError, ValueError) as error:
        raise _cannot_write(target, error) from None
    if mode is not None and stat.S_ISDIR(mode):
        raise InitscopeError(f"cannot write {target}: it is a folder; name a file in it")
    if mode is not None and not stat.S_ISREG(mode):
        raise InitscopeError(f"cannot write {target}: it is no ordinary file")
    if mode is not None and not os.access(path, os.W_OK):
        raise InitscopeError(f"cannot write {target}: the file is read-only")
    if not path.parent.is_dir():
        raise InitscopeError(f"cannot write {target}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InitscopeError(f"cannot write {target}: the folder {path.parent} is not writable")
    return path


@contextmanager
def replacing(target: str | Path) -> Iterator[Path]:
    """Give an empty file beside `target` to write to; it takes the target's place at the end.

    Whatever ends the block early, the partial file goes and the target stays as it was. On a
    filesystem error, of the block too, raises `InitscopeError`.

    Yields
    ------
    Path
        `<name>.part…` in the target's folder, made with the rights of a new file.
    """
    path = check_target(target)
    part = path.with_name(f"{path.name[:_LONGEST_STEM]}.part{secrets.token_hex(4)}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield part
        _flush(part)
        if path.exists():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        os.replace(part, path)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_text(target: str | Path, text: str) -> None:
    """Write a whole text file as UTF-8 with plain newlines; raises `InitscopeError`."""
    with replacing(target) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _flush(part: Path) -> None:
    """Put the file on the disk: a full one may say so only now."""
    descriptor = os.open(part, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(target: str | Path, error: OSError | ValueError) -> InitscopeError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InitscopeError(f"cannot write {target}: {reason[:1].lower()}{reason[1:]}")
