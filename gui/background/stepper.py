"""Runs a generator step by step from a timer, so that the window answers between the steps."""

from typing import Any, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine import InitscopeError, Steps


@final
class Stepper(QObject):
    """Runs one generator at a time.

    Parameters
    ----------
    parent : QObject
    pause : int
        Milliseconds after a step that waits for a thread.
    work_pause : int
        Milliseconds after every other step.

    Signals
    -------
    finished()
        The generator has returned `result`.
    failed(Exception)
        The generator has raised this. All but an `InitscopeError` is raised again.

    Attributes
    ----------
    result
        The value that the last generator returned.
    """

    finished = Signal()
    failed = Signal(Exception)

    def __init__(self, parent: QObject, *, pause: int, work_pause: int = 0) -> None:
        super().__init__(parent)
        self._pause = pause
        self._work_pause = work_pause
        self._steps: Steps[Any] | None = None
        self.result: Any = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)

    @property
    def is_running(self) -> bool:
        """Whether a generator was started and has not ended."""
        return self._steps is not None

    def start(self, steps: Steps[Any], delay: int = 0) -> None:
        """Run a generator instead of the current one, after `delay` milliseconds."""
        self.stop()
        self._steps = steps
        self._timer.start(delay)

    def stop(self) -> None:
        """Close the generator; no signal is emitted."""
        self._timer.stop()
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.close()

    @Slot()
    def _step(self) -> None:
        steps = self._steps
        if steps is None:
            return
        try:
            waits = next(steps)
        except StopIteration as end:
            self._steps, self.result = None, end.value
            self.finished.emit()
        except Exception as error:
            self._steps = None
            self.failed.emit(error)
            if not isinstance(error, InitscopeError):
                raise
        else:
            self._timer.start(self._pause if waits else self._work_pause)
