"""An application that needs no display and draws the same pixels on every machine."""

import locale
import os
from typing import TYPE_CHECKING

from gui.process.display import missing_library

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_SCALING = (
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_AUTO_SCREEN_SCALE_FACTOR",
    "QT_ENABLE_HIGHDPI_SCALING",
    "QT_USE_PHYSICAL_DPI",
    "QT_FONT_DPI",
    "QT_STYLE_OVERRIDE",
    "QT_QPA_PLATFORMTHEME",
)
"""Environment variables of a desktop, on which a picture must not depend."""


def offscreen_application() -> "QApplication":
    """Return the application, made if there is none; keep it while Qt is used.

    Raises
    ------
    InitscopeError
        If Qt lacks a library of the system.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in _SCALING:
        os.environ.pop(name, None)
    # Qt uses the user's locale: with a decimal comma FFmpeg misreads "18.5", and Qt warns about
    # locales that are not UTF-8.
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise missing_library(error) from error
    there = QApplication.instance()
    application = there if isinstance(there, QApplication) else QApplication(["initscope"])
    locale.setlocale(locale.LC_NUMERIC, "C")  # if Qt was loaded before, with a window
    return application
