"""Measures and attacks all claims in child processes, by the command `claims`."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, final

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from engine.claims.claim import REGISTERED, Outcome
from engine.claims.reports import Report
from gui.background.child_process import ChildProcess

ATTACK_SECONDS = 20


class _Measurement(msgspec.Struct):
    """A line that the command prints; numbers that are not finite are null."""

    id: str
    measured: dict[str, float | None]
    problem: str


class _Attacked(msgspec.Struct):
    """A line that the command prints for each claim that it attacked."""

    id: str
    report: Report


class _ClaimsCommand(QObject):
    """Runs the command `claims`, which prints a line for each claim.

    Signals
    -------
    finished(str)
        With a sentence that says what went wrong; empty if nothing did.
    """

    finished = Signal(str)
    task: ClassVar[str]
    arguments: ClassVar[Sequence[str]]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # The process writes no files that matter, so it needs no time to clean up.
        self._child = ChildProcess(self.task, self, needs_cleanup=False)
        self._child.line_received.connect(self._read)
        self._child.finished.connect(self._end)
        self._child.cancelled.connect(self._end)
        self._child.failed.connect(self.finished)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child.is_running

    def start(self) -> None:
        """Start the command, unless it runs already."""
        if not self.is_running:
            self._child.start(self.arguments)

    @Slot()
    def stop(self) -> None:
        """Stop, and return when the process has ended."""
        self._child.stop()

    @abstractmethod
    def _show_line(self, line: bytes) -> None:
        """Emit what a line says; errors mean that it is of another kind."""

    @Slot(bytes)
    def _read(self, line: bytes) -> None:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, KeyError):
            self._show_line(line)

    @Slot()
    def _end(self) -> None:
        self.finished.emit("")


@final
class ClaimMeasuring(_ClaimsCommand):
    """Measures one claim after another while the window stays usable.

    Signals
    -------
    measured(Outcome)
    """

    measured = Signal(Outcome)
    task = "the measurement of the claims"
    arguments = ("claims", "--progress=json")

    def _show_line(self, line: bytes) -> None:
        result = msgspec.json.decode(line, type=_Measurement)
        numbers = {
            name: math.nan if value is None else value for name, value in result.measured.items()
        }
        self.measured.emit(Outcome(REGISTERED[result.id], numbers, result.problem))


@final
class ClaimAttack(_ClaimsCommand):
    """Searches for experiments that contradict the claims, for `ATTACK_SECONDS`.

    Signals
    -------
    attacked(str, Report)
        The id of a claim, and what was found.
    """

    attacked = Signal(str, Report)
    task = "the attack on the claims"
    arguments = ("claims", "--progress=json", f"--attack={ATTACK_SECONDS}")

    def _show_line(self, line: bytes) -> None:
        result = msgspec.json.decode(line, type=_Attacked)
        self.attacked.emit(REGISTERED[result.id].id, result.report)
