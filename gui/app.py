"""Runs the program with a window."""

import locale
import logging
import signal
import socket
import sys
from functools import partial
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, final

from gui.process.display import check_display, missing_library

try:
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier
    from PySide6.QtWidgets import QApplication
except ImportError as error:  # a library of the system that Qt is linked to
    raise missing_library(error) from None

from engine.library.built_ins import DEFAULT
from engine.nn import keeps_identical_units_identical
from gui.background import garbage
from gui.document.opening import Opened, open_document
from gui.style.icons import application_icon

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SWITCH_SECONDS = 0.0002
"""The longest wait of the window for the interpreter while another thread holds it."""

log = logging.getLogger(__name__)


def open_window(name: str | None = None) -> int:
    """Open the window with an experiment, or with the default one, and return when it is closed.

    Parameters
    ----------
    name : str, optional
        A built-in experiment, an experiment file or an exported file.

    Returns
    -------
    int
        The exit code: 0, or 128 and the number of the signal that ended the program.

    Raises
    ------
    InitscopeError
        If there is no display, or the experiment cannot be opened.
    """
    check_display()
    name = DEFAULT if name is None else name
    opened = open_document(name)
    application = make_application()
    from gui.settings.log import logging_to_file

    with logging_to_file():
        return _shown(application, opened)


def _shown(application: QApplication, opened: Opened) -> int:
    """Open the window with an experiment; return the exit code after it is closed."""
    # Imported here, so that errors are reported before the graphics libraries are loaded.
    with garbage.loading():
        from gui.document.recovery import Recovery
        from gui.document.unsaved_copy import copies_folder
        from gui.main_window import MainWindow
        from gui.settings.settings import read_settings, settings_path, write_settings

    window = MainWindow(opened.experiment, read_settings(settings_path()), asks=True)
    window.document.name_file(opened)
    if not keeps_identical_units_identical():
        window.show_error(
            "on this computer NumPy rounds the sums of identical units differently, so the "
            "symmetry of equal weights will seem to break; please report the kind of processor"
        )
    recovery = Recovery(window.document, copies_folder(), window)
    recovery.error_reported.connect(window.show_error)
    recovery.info_reported.connect(window.show_info)
    recovery.recover()
    sys.excepthook = partial(show_exception, window)
    signals = _Signals(window)
    try:
        window.show()
        code = application.exec()
        write_settings(window.settings, settings_path())
    finally:
        window.trainer.close()
        recovery.close(was_asked=not signals.exit_code)
        signals.close()
        sys.excepthook = sys.__excepthook__
        # Widgets that outlive the interpreter may crash it.
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return signals.exit_code or code


def make_application() -> QApplication:
    """Return the application of this process, which is constructed if there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setApplicationName("Initscope")
    QApplication.setDesktopFileName("initscope")
    application = QApplication(sys.argv[:1])
    # Qt sets the user's locale, in which "0.5" may no longer be a number for C libraries.
    locale.setlocale(locale.LC_NUMERIC, "C")
    application.setStyle("Fusion")
    application.setWindowIcon(application_icon())
    sys.setswitchinterval(SWITCH_SECONDS)
    return application


def show_exception(
    window: "MainWindow",
    kind: type[BaseException],
    error: BaseException,
    traceback: TracebackType | None,
) -> None:
    """Show an unexpected exception in the window, which continues to run."""
    log.error("unexpected error", exc_info=(kind, error, traceback))
    if issubclass(kind, Exception):
        reason = str(error).split("\n")[0] or kind.__name__
        window.show_error(f"something went wrong; nothing was changed: {reason}")
    else:
        window.close()


@final
class _Signals(QObject):
    """Closes the window on SIGINT and SIGTERM.

    Python runs signal handlers only between two of its own instructions, of which there are none
    while Qt waits. So the signal writes to a socket, which wakes Qt up.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.exit_code = 0
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: self._reader.recv(64))
        self._old_descriptor = signal.set_wakeup_fd(self._writer.fileno())
        self._old = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM)
        }

    def close(self) -> None:
        """Restore the former handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_descriptor)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.exit_code = 128 + number
        self._window.close_without_asking()
