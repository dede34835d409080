"""Reads files on a thread of its own, so that a large one does not stop the window."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import InitscopeError
from gui import garbage

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
    told(str)
        That it takes long.
    """

    came = Signal(str, object)
    failed = Signal(str)
    told = Signal(str)
    _reported = Signal(object)

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._work: _Work | None = None
        self._reported.connect(self._report)
        self._notice = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._notice.timeout.connect(self._tell)

    def read(self, name: str) -> Any:
        """Return what stands in the file of a name, or None if it comes later.

        Raises
        ------
        InitscopeError
            If it is known by now that it cannot be read.
        """
        work = self._work = _Work(self._read, name, self._reported.emit)
        garbage.hold(work)
        work.thread.start()
        work.thread.join(PATIENCE_SECONDS)
        if work.thread.is_alive():
            self._notice.start()
            return None
        self._work = None
        garbage.release(work)
        return work.result()

    def drop(self) -> None:
        """Let what is being read not come any more."""
        self._work = None

    @Slot()
    def _tell(self) -> None:
        if self._work is not None:
            self.told.emit(f"reading {self._work.name} …")

    @Slot(object)
    def _report(self, work: "_Work") -> None:
        work.thread.join()
        garbage.release(work)
        if work is not self._work:
            return  # it came at once, or something else has been asked for since
        self._work = None
        try:
            self.came.emit(work.name, work.result())
        except InitscopeError as error:
            self.failed.emit(str(error))


@final
class _Work:
    """The reading of one file, in a thread, which tells at its end."""

    def __init__(self, read: Read, name: str, tell: Callable[["_Work"], object]) -> None:
        self.name = name
        self._read = read
        self._tell = tell
        self._result: object = InitscopeError(f"{name}: was not read")
        # A daemon, as nothing can stop it.
        self.thread = Thread(target=self._run, name="reading", daemon=True)

    def result(self) -> Any:
        """Return what was read, or raise `InitscopeError`."""
        if isinstance(self._result, InitscopeError):
            raise self._result
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._read(self.name)
        except InitscopeError as error:
            self._result = error
        except MemoryError:
            self._result = InitscopeError(f"{self.name}: not enough memory to read it")
        except Exception as error:
            log.exception("reading failed")
            reason = str(error) or type(error).__name__
            self._result = InitscopeError(f"{self.name}: cannot be read: {reason}")
        with suppress(RuntimeError):  # the window is being deleted
            self._tell(self)
