"""One window, with the files it may open and with what the robot remembers of it."""

import re
import threading
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple, final

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from shiboken6 import isValid

from engine.editing.paths import Path as FieldPath
from engine.editing.paths import at
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.built_ins import built_in
from gui.controls.fields import Field
from gui.main_window import MainWindow

FIRST = built_in("zero-vs-random").replace(training=TrainingSpec(steps=60))
REST_SECONDS = 3.0
"""The longest wait for a training to end; a longer one continues while the robot acts."""
ANSWER_MILLISECONDS = 20
_FRAME = re.compile(r"frame ([\d,]+)")


class _Entry(NamedTuple):
    """What was typed into a field, and since which experiment it must become part of one."""

    field: Field
    field_name: str
    value: object
    since: int

    @property
    def is_pending(self) -> bool:
        return any(each.isActive() for each in self.field.findChildren(QTimer))


@final
class Session:
    """A window and the robot's memory of it.

    Attributes
    ----------
    window : MainWindow
    folder : Path
        It contains the files that are opened and saved.
    rng : Random
        It draws the parameters of the current action, and the answers to questions.
    seen : list of Experiment
        Every experiment that the document has had.
    typed : dict of field path to _Entry
        The entries that must become part of the document.
    given_up : Experiment or None
        The experiment whose training has failed or was stopped.
    drawn : int
        The index of the frame that was drawn last.
    is_closing, is_closed : bool
        Whether an action is closing the window, and whether it has closed it.
    questions : int
        The number of questions that were answered.
    requested : int
        The frame at which an experiment was opened last.
    confused : list of str
        The edits at a frame of the experiment that was open before.
    changed_files : dict of Path to (bytes, int)
        The files that another program has changed: their content, and `questions` at that time.
    openings : dict of Path to set of int
        The openings that had a file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rng = Random(0)
        self.typed: dict[FieldPath, _Entry] = {}
        self.given_up: Experiment | None = None
        self.drawn = -1
        self.is_closing = self.is_closed = False
        self.questions = 0
        self.changed_files: dict[Path, tuple[bytes, int]] = {}
        self.openings: dict[Path, set[int]] = {}
        self.known = set(_parentless())
        self.window = window = MainWindow(FIRST, asks=True)
        self.seen = [FIRST]
        self._opening = self._shown = 0
        self.requested = 0
        self.confused: list[str] = []
        window.document.changed.connect(self._on_changed)
        window.scene_controller.abandoned.connect(self._on_abandoned)
        window.scheduler.drawn.connect(self._on_drawn)
        window.scene_controller.scene_changed.connect(self._on_scene_changed)
        window.show()
        window.activateWindow()
        self._answers = QTimer(window, interval=ANSWER_MILLISECONDS)
        self._answers.timeout.connect(self.answer)
        self._answers.start()

    def close(self) -> None:
        """Close the window without a question, and delete it."""
        self._answers.stop()
        self.answer_all()
        self.window.close_without_asking()
        self.window.deleteLater()
        del self.window
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def answer(self) -> None:
        """Click a random button of a question, which blocks until it is answered."""
        modal = QApplication.activeModalWidget()
        if isinstance(modal, QMessageBox):
            self.questions += 1
            self.rng.choice(modal.buttons()).click()
        elif isinstance(modal, QFileDialog) and self.is_closing:
            modal.reject()

    def answer_all(self) -> None:
        """Leave every popup and every modal dialog."""
        for _ in range(20):
            widget = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if widget is None:
                return
            widget.close()

    def leaked(self) -> set[QWidget]:
        """Return the top-level widgets without a parent, besides the window and older ones."""
        return _parentless() - self.known - {self.window}

    def is_typing(self) -> bool:
        """Whether an entry is neither accepted nor refused yet."""
        timers = self.window.controls.findChildren(QTimer)
        return any(timer.isActive() and timer.isSingleShot() for timer in timers)

    def is_at_rest(self) -> bool:
        """Whether nothing is computed, read, drawn or typed."""
        window = self.window
        names = {thread.name for thread in threading.enumerate()}
        return not (
            window.trainer.is_training
            or window.scene is None
            or window.scheduler.is_behind
            or self.is_typing()
            or names & {"reading", "frames"}
        )

    def rest(self, seconds: float = REST_SECONDS) -> bool:
        """Let the window work until it is at rest, or for some seconds; return whether it is."""
        ends = perf_counter() + seconds
        while perf_counter() < ends and not self.is_closed:
            QTest.qWait(1)
            if self.is_at_rest():
                QTest.qWait(2)  # for what is drawn in the next turns of the event loop
                if self.is_at_rest():
                    return True
        return False

    def remember_typed(self, field: Field) -> None:
        """Expect what a field contains to become part of the document."""
        self.typed[field.path] = _Entry(
            field, field.objectName(), field.value(), len(self.seen) - 1
        )

    def forget_typed(self, widget: QWidget | None) -> None:
        """Expect nothing of the field that contains a widget, whose text may change."""
        while widget is not None and not isinstance(widget, Field):
            widget = widget.parentWidget()
        if widget is not None:
            self.typed.pop(widget.path, None)

    def lost_entries(self) -> list[str]:
        """Return the entries that are neither pending, nor accepted, nor refused with a reason."""
        lost = []
        for path, entry in list(self.typed.items()):
            is_accepted = any(_has(each, path, entry.value) for each in self.seen[entry.since :])
            is_alive = isValid(entry.field)
            if is_accepted or (is_alive and entry.field.error):
                del self.typed[path]
            elif not is_alive or not entry.is_pending:
                del self.typed[path]
                where = "" if is_alive and entry.field.isVisible() else " with its field"
                lost.append(f"an entry is lost{where}: {entry.value!r} in {entry.field_name}")
        return lost

    def overwritten_files(self) -> list[Path]:
        """Return the files whose changes by another program were replaced without a question."""
        lost = []
        for path, (content, questions) in list(self.changed_files.items()):
            if path.read_bytes() != content:
                del self.changed_files[path]
                if self.questions == questions:
                    lost.append(path)
        return lost

    def _on_changed(self) -> None:
        state = self.window.document.state
        if state.path is not None:
            self.openings.setdefault(state.path, set()).add(state.opening)
        if state.opening != self._opening:  # it has read the file as it is now
            self._opening = state.opening
            if state.path is not None:
                self.changed_files.pop(state.path, None)
        elif self._shown != state.opening and not any(
            each is state.experiment for each in self.seen
        ):
            frame = _FRAME.search(state.undo_text)
            if frame and int(frame[1].replace(",", "")) not in (0, self.requested):
                self.confused.append(state.undo_text)
        self.seen.append(state.experiment)

    def _on_scene_changed(self) -> None:
        self._shown = self.window.document.state.opening

    def _on_abandoned(self) -> None:
        self.given_up = self.window.document.experiment

    def _on_drawn(self, index: int) -> None:
        self.drawn = index


def _has(experiment: Experiment, path: FieldPath, value: object) -> bool:
    try:
        return bool(at(experiment, path) == value)
    except (AttributeError, IndexError, KeyError, TypeError):
        return False


def _parentless() -> set[QWidget]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    widgets = {each for each in QApplication.topLevelWidgets() if each.parent() is None}
    return {each for each in widgets if each.objectName() != "qtooltip_label"}  # Qt reuses it
