"""Reads files on a thread of its own, so that a large one does not stop the window."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import InitscopeError
from gui.background.background_call import BackgroundCall

PATIENCE_SECONDS = 0.04
"""What is read within this time is there at once, as if there were no thread."""

NOTICE_MILLISECONDS = 300
"""What takes longer is told of."""

log = logging.getLogger(__name__)


Read = Callable[[str], Any]
"""Returns what stands in the file of a name, or raises `InitscopeError`; called in a thread."""


@final
class Reading(QObject):
    """Reads one file at a time; what is asked for later takes its place.

    Parameters
    ----------
    read : callable
    parent : QObject, optional

    Signals
    -------
    came(str, object)
        What was asked for by this name, if it took so long that `read` did not wait for it.
    failed(str)
        Why it cannot be read, in the same case.
    slow_reported(str)
        That it takes long.
    """

    came = Signal(str, object)
    failed = Signal(str)
    slow_reported = Signal(str)

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._name = ""
        self._work: BackgroundCall | None = None
        self._notice = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._notice.timeout.connect(self._tell)

    def read(self, name: str) -> Any:
        """Return what stands in the file of a name, or None if it comes later.

        Raises
        ------
        InitscopeError
            If it is known by now that it cannot be read.
        """
        work = BackgroundCall(partial(self._read, name), "reading")
        if work.is_over(PATIENCE_SECONDS):
            self._work = None
            return _result(work, name)
        self._name, self._work = name, work
        work.finished.connect(self._report)
        self._notice.start()
        return None

    def drop(self) -> None:
        """Let what is being read not come any more."""
        self._work = None

    @Slot()
    def _tell(self) -> None:
        if self._work is not None:
            self.slow_reported.emit(f"reading {self._name} …")

    @Slot()
    def _report(self) -> None:
        work = self._work
        if work is None or not work.is_over():
            return  # it was what was asked for before
        self._work = None
        try:
            self.came.emit(self._name, _result(work, self._name))
        except InitscopeError as error:
            self.failed.emit(str(error))


def _result(work: BackgroundCall, name: str) -> Any:
    """Return what was read, or raise `InitscopeError`."""
    try:
        return work.result()
    except InitscopeError:
        raise
    except MemoryError:
        raise InitscopeError(f"{name}: not enough memory to read it") from None
    except Exception as error:
        log.exception("reading failed")
        raise InitscopeError(
            f"{name}: cannot be read: {str(error) or type(error).__name__}"
        ) from None
