"""An export that runs beside the window: the export command, as a process of its own."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, final

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal, Slot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.io.staged_output import remove_stale
from engine.library.experiment_file import write_experiment
from gui.background.background_call import BackgroundCall
from gui.process.program import program_command

GRACE = 5000
"""Milliseconds in which a cancelled export may clean up before it is killed."""
PATIENCE_SECONDS = 0.02
"""A recipe that is written within this time is waited for."""


class Order(Protocol):
    """What a job is to write: a command of the command line, and its arguments."""

    @property
    def command(self) -> str:
        """Such as "export"."""

    @property
    def path(self) -> Path:
        """What is written."""

    def arguments(self) -> list[str]:
        """Return the arguments besides the experiment, the path among them."""


@final
class ExportJob(QObject):
    """Trains an experiment and writes what was ordered, in a child process.

    After `start`, one of `finished`, `failed` and `cancelled` is emitted, once; nothing partial
    is left then, and if it was not `finished`, an older target is as it was.

    Signals
    -------
    trained(int, int)
        Steps of training done, and all.
    progress(int, int, float)
        Frames rendered, all, and the seconds left.
    finished(str)
        The path of what was written.
    failed(str)
        One sentence.
    cancelled()
    """

    trained = Signal(int, int)
    progress = Signal(int, int, float)
    finished = Signal(str)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, experiment: Experiment, order: Order, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._order = order
        self._folder: TemporaryDirectory[str] | None = None
        self._writing: BackgroundCall | None = None
        self._is_cancelled = False
        self._process = QProcess(self)
        if sys.platform != "win32":  # to copy all memory of the window would stop it for a moment
            self._process.setUnixProcessParameters(QProcess.UnixProcessFlag.UseVFork)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._fail_to_start)
        self._killer = QTimer(self, singleShot=True, interval=GRACE)
        self._killer.timeout.connect(self._process.kill)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        is_idle = self._process.state() is QProcess.ProcessState.NotRunning
        return self._writing is not None or not is_idle

    def start(self) -> None:
        """Begin; whatever goes wrong is told by `failed`."""
        # Aside, because a hundred thousand points take their time.
        self._writing = BackgroundCall(self._write_recipe, "recipe")
        if self._writing.is_over(PATIENCE_SECONDS):
            self._start_process()
        else:
            self._writing.finished.connect(self._start_process)

    def _write_recipe(self) -> Path:
        self._folder = TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True)
        recipe = Path(self._folder.name, "experiment.toml")
        write_experiment(self._experiment, recipe)
        return recipe

    @Slot()
    def _start_process(self) -> None:
        if self._writing is None:
            return  # it was stopped meanwhile
        writing, self._writing = self._writing, None
        try:
            recipe = writing.result()
        except (OSError, InitscopeError) as error:
            self._clean_up()
            self.failed.emit(str(error))
            return
        if self._is_cancelled:
            self._killer.stop()
            self._clean_up()
            self.cancelled.emit()
            return
        words = [self._order.command, str(recipe), *self._order.arguments(), "--progress=json"]
        program, *first = program_command()
        self._process.start(program, [*first, *words])

    @Slot()
    def cancel(self) -> None:
        """Ask the process to end; `cancelled` tells when it has."""
        if self.is_running and not self._is_cancelled:
            self._is_cancelled = True
            self._process.terminate()
            self._killer.start()

    @Slot()
    def stop(self) -> None:
        """Cancel, and return when the process has ended."""
        self.cancel()
        if self._writing is not None and self._writing.is_over(GRACE / 1000):
            self._start_process()  # which it does not, being cancelled
        if self.is_running and not self._process.waitForFinished(GRACE):
            self._process.kill()
            self._process.waitForFinished(GRACE)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                if told["stage"] in ("training", "computing"):
                    self.trained.emit(told["done"], told["total"])
                else:
                    self.progress.emit(told["done"], told["total"], told["seconds_left"])

    @Slot(int, QProcess.ExitStatus)
    def _end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._killer.stop()
        self._clean_up()
        remove_stale(self._order.path.absolute())  # where it was killed
        has_crashed = status is QProcess.ExitStatus.CrashExit
        if code == 0 and not has_crashed:
            self.finished.emit(str(self._order.path))
        elif self._is_cancelled:
            self.cancelled.emit()
        else:
            told = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            lines = told.strip().splitlines() or ["the export ended unexpectedly"]
            self.failed.emit(lines[-1].removeprefix("initscope: "))

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._clean_up()
            self.failed.emit(f"the export cannot be started: {self._process.errorString()}")

    def _clean_up(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
