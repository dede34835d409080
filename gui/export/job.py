"""An export that runs in a child process while the window stays usable."""

from functools import partial
from typing import final

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from engine import InitscopeError
from engine.experiment import Experiment
from engine.io.staged_output import remove_stale
from gui.background.background_call import BackgroundCall
from gui.background.child_process import GRACE_MILLISECONDS, ChildProcess
from gui.export.order import Order, encode_job
from gui.process.progress import ProgressReport
from gui.widgets import configured

PATIENCE_SECONDS = 0.02
"""An experiment that is encoded within this time is waited for."""


@final
class ExportJob(QObject):
    """Trains an experiment and writes an order in a child process.

    After `start`, one of `finished`, `failed` and `cancelled` is emitted once. Nothing partial is
    left then, and unless it was `finished`, an older target is unchanged.

    Signals
    -------
    trained(int, int)
        Steps of the training that are done, and all.
    progress(int, int, float)
        Frames that are rendered, all, and the seconds left.
    finished()
    failed(str)
        One sentence.
    cancelled()
    """

    trained = Signal(int, int)
    progress = Signal(int, int, float)
    finished = Signal()
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, experiment: Experiment, order: Order, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._order = order
        self._encoding: BackgroundCall | None = None
        self._is_cancelled = False
        self._child = configured(
            ChildProcess("the export", self),
            line_received=self._read,
            finished=self.finished,
            failed=self._remove_stale,
            cancelled=self._remove_stale,
        )
        configured(self._child, failed=self.failed, cancelled=self.cancelled)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._encoding is not None or self._child.is_running

    def start(self) -> None:
        """Start; errors are reported by `failed`."""
        # In a thread, because formatting a hundred thousand points takes a while.
        encode = partial(encode_job, self._experiment, self._order)
        self._encoding = BackgroundCall(encode, "encoding")
        if self._encoding.is_over(PATIENCE_SECONDS):
            self._start_process()
        else:
            self._encoding.finished.connect(self._start_process)

    @Slot()
    def _start_process(self) -> None:
        if self._encoding is None:
            return  # it was stopped
        encoding, self._encoding = self._encoding, None
        if self._is_cancelled:
            self.cancelled.emit()
            return
        try:
            content = encoding.result()
        except (ValueError, InitscopeError) as error:  # ValueError: no UTF-8 name
            self.failed.emit(str(error))
        else:
            self._child.start(["--job", self._order.kind], content)

    @Slot()
    def cancel(self) -> None:
        """Cancel; `cancelled` is emitted when the process has ended."""
        if self.is_running:
            self._is_cancelled = True
            self._child.cancel()

    @Slot()
    def stop(self) -> None:
        """Cancel, and return when the process has ended."""
        self.cancel()
        if self._encoding is not None and self._encoding.is_over(GRACE_MILLISECONDS / 1000):
            self._start_process()  # which emits `cancelled`
        self._child.stop()

    @Slot(bytes)
    def _read(self, line: bytes) -> None:
        try:
            report = msgspec.json.decode(line, type=ProgressReport)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        if report.stage in ("rendering", "writing"):
            self.progress.emit(report.done, report.total, report.seconds_left)
        else:
            self.trained.emit(report.done, report.total)

    @Slot()
    def _remove_stale(self) -> None:
        """Remove what the process left if it was killed."""
        remove_stale(self._order.path.absolute())
