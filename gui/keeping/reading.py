"""Reads on a thread of its own what is opened, so that a large file does not stop the window."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import InitscopeError
from engine.experiment import Experiment
from engine.library import BUILT_INS
from gui import garbage
from gui.opening import open_to_show

PATIENCE_SECONDS = 0.04
"""What is read within this time is there at once, as if there were no thread."""

NOTICE_MILLISECONDS = 300
"""What takes longer is told of."""

log = logging.getLogger(__name__)


@final
class Reading(QObject):
    """Reads one experiment at a time; what is asked for later takes its place.

    Signals
    -------
    came(str, Experiment)
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

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: _Work | None = None
        self._reported.connect(self._report)
        self._notice = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._notice.timeout.connect(self._tell)

    def read(self, name: str) -> Experiment | None:
        """Return the experiment that a name stands for, or None if it comes later.

        Raises
        ------
        InitscopeError
            If it is known by now that there is none.
        """
        if name in BUILT_INS:
            return open_to_show(name)
        work = self._work = _Work(name, self._reported.emit)
        garbage.hold(work)
        work.thread.start()
        work.thread.join(PATIENCE_SECONDS)
        if work.thread.is_alive():
            self._notice.start()
            return None
        self._work = None
        garbage.release(work)
        return work.result()

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

    def __init__(self, name: str, tell: Callable[["_Work"], object]) -> None:
        self.name = name
        self._tell = tell
        self._read: Experiment | InitscopeError = InitscopeError(f"{name}: was not read")
        # A daemon, as nothing can stop it.
        self.thread = Thread(target=self._run, name="reading", daemon=True)

    def result(self) -> Experiment:
        """Return what was read, or raise `InitscopeError`."""
        if isinstance(self._read, InitscopeError):
            raise self._read
        return self._read

    def _run(self) -> None:
        try:
            self._read = open_to_show(self.name)
        except InitscopeError as error:
            self._read = error
        except MemoryError:
            self._read = InitscopeError(f"{self.name}: not enough memory to read it")
        except Exception as error:
            log.exception("reading failed")
            reason = str(error) or type(error).__name__
            self._read = InitscopeError(f"{self.name}: cannot be read: {reason}")
        with suppress(RuntimeError):  # the window is being deleted
            self._tell(self)
