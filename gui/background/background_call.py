"""A call that takes long, made in a thread of its own, so that the window need not wait for it."""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, ClassVar, final

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import garbage


@final
class BackgroundCall(QObject):
    """One call, which begins at once. It must not touch anything of Qt's.

    Parameters
    ----------
    call : callable
    name : str
        What the thread is called.

    Signals
    -------
    ended()
        It is over. Emitted in the thread that made this.
    """

    finished = Signal()
    _over = Signal()
    _running: ClassVar[set["BackgroundCall"]] = set()
    """Kept until they are over, even if nobody else does: they hold garbage collection."""

    def __init__(self, call: Callable[[], object], name: str) -> None:
        super().__init__()
        self._call = call
        self._result: object = None
        self._error: BaseException | None = None
        self._over.connect(self._end)
        self._running.add(self)
        garbage.hold(self)
        # A daemon, as nothing can stop it.
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def is_over(self, seconds: float | None = 0.0) -> bool:
        """Return whether it is over, after waiting at most so long; None waits until it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> Any:
        """Return what the call returned, or raise what it raised, once it is over."""
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:
            self._error = error
        with suppress(RuntimeError):  # Qt is gone
            self._over.emit()

    @Slot()
    def _end(self) -> None:
        self._thread.join()
        self._running.discard(self)
        garbage.release(self)
        self.finished.emit()
