"""A call in a background thread, for which the window need not wait."""

from collections.abc import Callable, Generator
from contextlib import suppress
from threading import Thread
from typing import Any, ClassVar, final

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import garbage


@final
class BackgroundCall(QObject):
    """One call, which starts immediately in a new thread. It must not use objects of Qt.

    Parameters
    ----------
    call : callable
    name : str
        The name of the thread.

    Signals
    -------
    finished()
        The call is over. Emitted in the thread that created this object.
    """

    finished = Signal()
    _over = Signal()
    _running: ClassVar[set["BackgroundCall"]] = set()
    """References that keep calls alive until they are over: they pause garbage collection."""

    def __init__(self, call: Callable[[], object], name: str) -> None:
        super().__init__()
        self._call = call
        self._result: object = None
        self._error: BaseException | None = None
        self._over.connect(self._on_over)
        self._running.add(self)
        garbage.hold(self)
        # A daemon, because nothing can stop it.
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def is_over(self, seconds: float | None = 0.0) -> bool:
        """Return whether the call is over, after waiting at most `seconds`; None waits for it."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            return False
        self._running.discard(self)
        garbage.release(self)
        return True

    def result(self) -> Any:
        """Return what the call returned, or raise what it raised, once it is over."""
        if self._error is not None:
            raise self._error
        return self._result

    def steps(self) -> Generator[bool, None, Any]:
        """Yield True until the call is over; return its result."""
        while not self.is_over():
            yield True
        return self.result()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:
            self._error = error
        with suppress(RuntimeError):  # Qt no longer exists
            self._over.emit()

    @Slot()
    def _on_over(self) -> None:
        self.is_over(None)
        self.finished.emit()
