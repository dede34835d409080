"""Reads the recipe, the experiment's TOML text, out of a file that Initscope exported."""

import os
import re
import stat
from pathlib import Path

import av

from engine.errors import InitscopeError, UsageError
from gui.export.formats.registry import ALL_FORMATS
from gui.export.staging.staged_folder import FRAME_NAME

_EXPERIMENT = re.compile(r"^format *= *\d", re.MULTILINE)
"""What every experiment's text has, and a comment of another program has not."""


def read_recipe(path: str | Path) -> str:
    """Return the recipe in an exported file, or in a folder of exported frames.

    What the file is called does not matter.

    Raises
    ------
    UsageError
        If there is no such file, it is no ordinary one, it is damaged, of no format that is
        exported, or carries no recipe. The message begins with its name.
    InitscopeError
        If the system does not let it be read.
    """
    path = file = Path(path)
    try:
        if path.is_dir():
            file = path / FRAME_NAME.format(0)
        # Opening a pipe would wait for its writer, but for O_NONBLOCK.
        descriptor = os.open(
            file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        if file != path:
            raise UsageError(f"{path}: is a folder without exported frames") from None
        raise UsageError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise _cannot_read(path, error) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UsageError(f"{path}: is no ordinary file")
        texts = _texts(path, descriptor)
    except UsageError:  # a ValueError, too
        raise
    except (ValueError, EOFError, av.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{path}: is damaged: {reason[:1].lower()}{reason[1:]}") from None
    except OSError as error:
        raise _cannot_read(path, error) from None
    finally:
        os.close(descriptor)
    for text in texts:
        if _EXPERIMENT.search(text):
            return text
    raise UsageError(f"{path}: carries no experiment; Initscope did not export it")


def _texts(path: Path, descriptor: int) -> list[str]:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        head = file.read(64)
        for each in ALL_FORMATS.values():
            if each.recognises(head):
                file.seek(0)
                return each.texts(file)
    known = ", ".join(suffix.lstrip(".") for suffix in ALL_FORMATS)
    raise UsageError(f"{path}: is of none of the formats that Initscope exports ({known})")


def _cannot_read(path: Path, error: OSError | ValueError) -> InitscopeError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InitscopeError(f"{path}: cannot be read: {reason[:1].lower()}{reason[1:]}")
