"""Measures all claims in a child process, by the command `claims`."""

import math
from contextlib import suppress
from typing import final

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from engine.claims.claim import REGISTERED, Outcome
from gui.background.child_process import ChildProcess


class _Measurement(msgspec.Struct):
    """A line that the command prints; numbers that are not finite are null."""

    id: str
    measured: dict[str, float | None]
    problem: str


@final
class ClaimMeasuring(QObject):
    """Measures one claim after another while the window stays usable.

    Signals
    -------
    measured(Outcome)
    finished(str)
        With a sentence that says what went wrong; empty if nothing did.
    """

    measured = Signal(Outcome)
    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # The process writes no files, so it needs no time to clean up.
        self._child = ChildProcess("the measurement of the claims", self, needs_cleanup=False)
        self._child.line_received.connect(self._read)
        self._child.finished.connect(self._end)
        self._child.cancelled.connect(self._end)
        self._child.failed.connect(self.finished)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child.is_running

    def start(self) -> None:
        """Start to measure, unless it runs already."""
        if not self.is_running:
            self._child.start(["claims", "--progress=json"])

    @Slot()
    def stop(self) -> None:
        """Stop, and return when the process has ended."""
        self._child.stop()

    @Slot(bytes)
    def _read(self, line: bytes) -> None:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, KeyError):
            result = msgspec.json.decode(line, type=_Measurement)
            numbers = {
                name: math.nan if value is None else value
                for name, value in result.measured.items()
            }
            self.measured.emit(Outcome(REGISTERED[result.id], numbers, result.problem))

    @Slot()
    def _end(self) -> None:
        self.finished.emit("")
