"""Checks whether a window can be opened, because Qt ends the process if it cannot."""

import ctypes
import os
import re
import socket
import sys
from contextlib import suppress
from pathlib import Path

from engine import InitscopeError

REMEDY = "use `main.py export` to make a video or a picture without one"
PACKAGES = {"libglib-2.0.so.0": "libglib2.0-0"}
"""Debian packages of libraries whose names do not follow from the library."""


def check_display() -> None:
    """Return if a window can be opened.

    Raises
    ------
    InitscopeError
        If there is no display, it does not answer, or Qt lacks a library of the system.
    """
    is_chosen = bool(os.environ.get("QT_QPA_PLATFORM"))
    if not sys.platform.startswith("linux") or is_chosen or _wayland_answers():
        return
    if not os.environ.get("DISPLAY"):
        raise InitscopeError(f"there is no display to open a window on; {REMEDY}")
    _check_libraries()
    if not _x_answers():
        raise InitscopeError(
            f"the display {os.environ['DISPLAY']} does not answer, so there is none to open a "
            f"window on; {REMEDY}"
        )


def missing_library(error: Exception) -> InitscopeError:
    """Return the error for a library that the system's loader did not find.

    >>> str(missing_library(ImportError("libGL.so.1: cannot open shared object file")))
    'Qt needs libGL.so.1, which is not installed: sudo apt-get install libgl1'
    """
    found = re.search(r"lib[\w.+-]+?\.so[.\d]*", str(error))
    if not found:
        return InitscopeError(f"Qt cannot be loaded: {error}")
    library = found[0]
    stem, _, version = library.partition(".so")
    dash = "-" if stem[-1:].isdigit() else ""
    package = PACKAGES.get(library, stem.lower() + dash + version.lstrip("."))
    return InitscopeError(
        f"Qt needs {library}, which is not installed: sudo apt-get install {package}"
    )


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    # An absolute name replaces the folder.
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"), name)
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(path))
        return True
    return False


def _check_libraries() -> None:
    """Load Qt's plugin for X; Qt itself would end the process where that fails."""
    import PySide6.QtGui

    plugin = Path(PySide6.__path__[0], "Qt", "plugins", "platforms", "libqxcb.so")
    if plugin.exists():  # a Qt of the system has none there, and depends on its libraries
        _load(str(plugin))


def _x_answers() -> bool:
    """Open and close a connection to the display."""
    xcb = _load("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return bool(answers)


def _load(library: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(library)
    except OSError as error:
        raise missing_library(error) from None
