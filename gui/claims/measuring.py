"""Measures all claims beside the window: the command `claims`, as a process of its own."""

import json
import math
from contextlib import suppress
from typing import final

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal, Slot

from engine.claims.claim import REGISTERED, Outcome
from gui.process.program import program_command

GRACE = 3000
"""Milliseconds that a stopped process has to end."""


@final
class ClaimMeasuring(QObject):
    """Measures claim after claim; the window stays usable.

    Signals
    -------
    measured(Outcome)
    ended(str)
        With a sentence on what went wrong, or empty.
    """

    measured = Signal(object)
    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._fail_to_start)
        self._is_stopped = False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Begin, unless it runs already."""
        if not self.is_running:
            self._is_stopped = False
            program, *first = program_command()
            self._process.start(program, [*first, "claims", "--progress=json"])

    @Slot()
    def stop(self) -> None:
        """End it, and return when it has."""
        if self.is_running:
            self._is_stopped = True
            self._process.kill()  # it writes nothing that could stay half done
            self._process.waitForFinished(GRACE)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                told = json.loads(line)
                numbers = {
                    name: math.nan if value is None else float(value)
                    for name, value in told["measured"].items()
                }
                self.measured.emit(Outcome(REGISTERED[told["id"]], numbers, told["problem"]))

    @Slot(int, QProcess.ExitStatus)
    def _end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        if self._is_stopped or (code == 0 and status is QProcess.ExitStatus.NormalExit):
            self.finished.emit("")
            return
        told = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        lines = told.strip().splitlines() or ["the measuring of the claims ended unexpectedly"]
        self.finished.emit(lines[-1].removeprefix("initscope: "))

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.finished.emit(f"the claims cannot be measured: {self._process.errorString()}")
