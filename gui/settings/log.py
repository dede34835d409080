"""The log file of the window, and the report of a problem."""

import logging
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

LARGEST = 256 * 1024
"""The largest size of a log file in bytes; with two files, the last entries always exist."""
TAIL = 80
"""The number of lines of the log in a report."""
REPORTED = ("initscope", "PySide6-Essentials", "pyqtgraph", "numpy", "av", "msgspec")
LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger(__name__)


def log_path() -> Path:
    """Return the log file, in the platform's folder for state files."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(folder, "initscope", "initscope.log")


@contextmanager
def logging_to_file() -> Iterator[None]:
    """Write log entries and warnings of Qt to the log file and the terminal.

    If there can be no file, only to the terminal.
    """
    root, path = logging.getLogger(), log_path()
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [terminal]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=1, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(file)
    except OSError as error:
        log.warning("log: %s", error)
    for handler in handlers:
        root.addHandler(handler)
    before = qInstallMessageHandler(_log_qt_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def report_text() -> str:
    """Return the report of a problem: versions, and the end of the log.

    The home folder is written as ~.
    """
    screens = [
        f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    ]
    lines = [
        *(f"{name} {_version(name)}" for name in REPORTED),
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Qt platform {QGuiApplication.platformName()}, screens {', '.join(screens) or 'none'}",
        "",
        "The end of the log:",
        *_tail(),
    ]
    return "\n".join(lines).replace(str(Path.home()), "~") + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _tail() -> list[str]:
    try:
        lines = log_path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return [f"(cannot be read: {error.strerror})"]
    return lines[-TAIL:] or ["(is empty)"]


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("Qt").log(LEVELS.get(kind, logging.DEBUG), "%s", message)
