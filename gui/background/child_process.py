"""A child process of this program that prints its results as lines."""

import sys
from collections.abc import Sequence
from typing import final

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal, Slot

from gui.process.program import program_command
from gui.widgets import configured

GRACE_MILLISECONDS = 5000
"""How long a cancelled process may clean up before it is killed."""


@final
class ChildProcess(QObject):
    """Runs this program with other arguments.

    After `start`, one of `finished`, `failed` and `cancelled` is emitted once.

    Parameters
    ----------
    task : str
        The subject of the sentence that reports a failure, such as "the export".
    parent : QObject, optional
    needs_cleanup : bool
        Whether a cancelled process is asked to end, and not killed immediately.

    Signals
    -------
    line_received(bytes)
        A line that the process has printed.
    finished()
    failed(str)
        One sentence.
    cancelled()
    """

    line_received = Signal(bytes)
    finished = Signal()
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self, task: str, parent: QObject | None = None, *, needs_cleanup: bool = True
    ) -> None:
        super().__init__(parent)
        self._task = task
        self._needs_cleanup = needs_cleanup
        self._is_cancelled = False
        self._process = configured(
            QProcess(self),
            readyReadStandardOutput=self._read,
            finished=self._on_finished,
            errorOccurred=self._on_error,
        )
        if sys.platform != "win32":  # copying the memory of the window would stop it for a moment
            self._process.setUnixProcessParameters(QProcess.UnixProcessFlag.UseVFork)
        self._killer = configured(
            QTimer(self, singleShot=True, interval=GRACE_MILLISECONDS), timeout=self._process.kill
        )
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str], standard_input: bytes = b"") -> None:
        """Start the process with these arguments of the program."""
        self._is_cancelled = False
        program, *words = program_command()
        self._process.start(program, [*words, *arguments])
        if self.is_running:
            self._process.write(standard_input)
            self._process.closeWriteChannel()

    @Slot()
    def cancel(self) -> None:
        """End the process; `cancelled` is emitted when it has ended."""
        if not self.is_running or self._is_cancelled:
            return
        self._is_cancelled = True
        if self._needs_cleanup:
            self._process.terminate()
            self._killer.start()
        else:
            self._process.kill()

    @Slot()
    def stop(self) -> None:
        """End the process, and return when it has ended."""
        self.cancel()
        if self.is_running and not self._process.waitForFinished(GRACE_MILLISECONDS):
            self._process.kill()
            self._process.waitForFinished(GRACE_MILLISECONDS)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            self.line_received.emit(bytes(self._process.readLine().data()))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._killer.stop()
        self._read()
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self.finished.emit()
        elif self._is_cancelled:
            self.cancelled.emit()
        else:
            text = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            lines = text.strip().splitlines() or [f"{self._task} ended unexpectedly"]
            self.failed.emit(lines[-1].removeprefix("initscope: "))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.failed.emit(f"{self._task} cannot be started: {self._process.errorString()}")
