"""Reads files in a thread, so that a large one does not block the window."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine import InitscopeError
from gui.background.background_call import BackgroundCall

PATIENCE_SECONDS = 0.04
"""A file that is read within this time is waited for."""

NOTICE_MILLISECONDS = 300
"""Reading that takes longer is reported."""

log = logging.getLogger(__name__)


Read = Callable[[str], Any]
"""Returns the content of the file of this name, or raises `InitscopeError`; runs in a thread."""


@final
class FileReader(QObject):
    """Reads one file at a time; a new one replaces the current one.

    Parameters
    ----------
    read : callable
    parent : QObject, optional

    Signals
    -------
    finished(str)
        The name of a file, whose content is `content`.
    failed(str)
        Why the file cannot be read.
    slow_reported(str)
        That it takes long.

    Attributes
    ----------
    content
        The content of the file that was read last.
    """

    finished = Signal(str)
    failed = Signal(str)
    slow_reported = Signal(str)

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._name = ""
        self.content: Any = None
        self._call: BackgroundCall | None = None
        self._notice = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._notice.timeout.connect(self._report_slow)

    def read(self, name: str) -> None:
        """Read a file; the signals are emitted immediately if it is quick."""
        self._name = name
        self._call = call = BackgroundCall(partial(self._read, name), "reading")
        if call.is_over(PATIENCE_SECONDS):
            self._report()
        else:
            call.finished.connect(self._report)
            self._notice.start()

    def cancel(self) -> None:
        """Emit no signals for the file that is being read."""
        self._call = None

    @Slot()
    def _report_slow(self) -> None:
        if self._call is not None:
            self.slow_reported.emit(f"reading {self._name} …")

    @Slot()
    def _report(self) -> None:
        call = self._call
        if call is None or not call.is_over():
            return  # it was cancelled or replaced
        name, self._call = self._name, None
        try:
            self.content = call.result()
        except InitscopeError as error:
            self.failed.emit(str(error))
        except MemoryError:
            self.failed.emit(f"{name}: not enough memory to read it")
        except Exception as error:
            log.exception("reading failed")
            self.failed.emit(f"{name}: cannot be read: {str(error) or type(error).__name__}")
        else:
            self.finished.emit(name)
