"""Autosave: what is not saved is kept in a copy, and opened again after the program was killed."""

import logging
from functools import partial
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from gui.background.background_call import BackgroundCall
from gui.document.document import Document, State
from gui.document.unsaved_copy import UnsavedCopy, find_left
from gui.widgets.plain_text import in_short

DELAY_MILLISECONDS = 2000
"""How long a change may wait to be kept; writing takes less than a second more."""

log = logging.getLogger(__name__)

Written = tuple[Experiment, Path | None]
"""What a copy holds: an experiment, and the file that it would be saved to."""


@final
class Recovery(QObject):
    """Keeps a copy of whatever was opened in a document while it has unsaved changes.

    Each has a copy of its own, whether it is shown or was left for another, until it has been
    saved or the question whether to save it was answered. The opening of what was recovered may be
    undone, which is no answer: its copy stays.

    Parameters
    ----------
    document : Document
    folder : Path
        Of the copies of all sessions; made when it is needed.
    parent : QObject

    Signals
    -------
    told(str)
        What could not be recovered, or that nothing can be kept.
    noted(str)
        What was recovered.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, document: Document, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._kept: list[_Kept] = []
        self._writing: BackgroundCall | None = None
        self._has_complained = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._review)
        document.changed.connect(self._on_changed)

    def recover(self) -> None:
        """Open what a session that ended unexpectedly has left, if there is anything.

        It is a deed as any other: to undo it leads to what was open before.
        """
        findings = find_left(self._folder)
        recovered = []
        if findings.left is not None:
            copy, experiment, path, stored = findings.left
            self._document.recover(experiment, path, stored)
            kept = _Kept(copy, self._document.opening, is_recovered=True)
            kept.state = experiment, path
            self._kept.append(kept)
            self._timer.stop()  # what has been opened just now is kept already
            recovered.append(_sentence(experiment, path, findings.others))
        if findings.sentences:  # there is room for one message, which then is of what went wrong
            self.error_reported.emit("; ".join([*recovered, *findings.sentences]))
        elif recovered:
            self.info_reported.emit(*recovered)

    def close(self, *, was_asked: bool) -> None:
        """Wait for what is being written, and end.

        Parameters
        ----------
        was_asked : bool
            Whether the user said what is to become of unsaved changes. If so, no copy is needed
            any more, but of what was recovered and is not opened: nobody asked about it.
        """
        self._timer.stop()
        self._document.changed.disconnect(self._on_changed)
        if self._writing is not None:
            self._writing.is_over(None)
            self._writing = None
        if not was_asked:
            for state in self._document.unsaved:
                kept = self._kept_of(state.opening)
                if not kept.has(state):
                    self._write(kept, state)
        for kept in self._kept:
            kept.copy.close(keep=kept.state is not None and not (was_asked and self._opens(kept)))

    def _opens(self, kept: "_Kept") -> bool:
        return not kept.is_recovered or any(
            state.opening == kept.opening for state in self._document.opened
        )

    @Slot()
    def _on_changed(self) -> None:
        if not self._document.is_modified:
            self._review()
        elif not self._timer.isActive():
            self._timer.start()  # and not anew with each change, or there might never be a copy

    @Slot()
    def _review(self) -> None:
        """Begin to write what is not kept yet, and remove what is saved by now."""
        if self._writing is not None:
            return  # `_on_written` comes back
        unsaved = self._document.unsaved
        for kept in list(self._kept):
            if self._opens(kept) and all(state.opening != kept.opening for state in unsaved):
                kept.copy.close()
                self._kept.remove(kept)
        for state in unsaved:
            kept = self._kept_of(state.opening)
            if not kept.has(state):
                self._start_writing(kept, state)
                break

    def _kept_of(self, opening: int) -> "_Kept":
        for kept in self._kept:
            if kept.opening == opening:
                return kept
        self._kept.append(_Kept(UnsavedCopy(self._folder), opening))
        return self._kept[-1]

    def _start_writing(self, kept: "_Kept", state: State) -> None:
        # In a thread: a disk may take its time, and a hundred thousand points take theirs.
        self._writing = BackgroundCall(partial(self._write, kept, state), "recovery")
        self._writing.finished.connect(self._on_written)

    @staticmethod
    def _write(kept: "_Kept", state: State) -> str:
        """Write a copy; return what went wrong, empty if nothing."""
        try:
            kept.copy.write(state.experiment, state.path)
            kept.state = state.experiment, state.path
        except InitscopeError as error:
            return str(error)
        except Exception as error:
            log.exception("recovery: no copy")
            return str(error) or type(error).__name__
        return ""

    @Slot()
    def _on_written(self) -> None:
        if self._writing is None:
            return  # it is closed
        error: str = self._writing.result()
        self._writing = None
        if error and not self._has_complained:
            self._has_complained = True
            self.error_reported.emit(
                f"unsaved changes cannot be kept safe from a crash: {error}; save what matters"
            )
        if error:
            self._timer.start()  # there may be room, or a folder, by then
        else:
            self._on_changed()


@final
class _Kept:
    """A copy, of what was opened by this `opening`; `state` is what is in it, None for nothing."""

    def __init__(self, copy: UnsavedCopy, opening: int, *, is_recovered: bool = False) -> None:
        self.copy = copy
        self.opening = opening
        self.is_recovered = is_recovered
        self.state: Written | None = None

    def has(self, state: State) -> bool:
        """Whether it is up to date."""
        if self.state is None:
            return False
        experiment, path = self.state
        return experiment is state.experiment and path == state.path


def _sentence(experiment: Experiment, path: Path | None, others: int) -> str:
    of = f", changes to {path}," if path else ""
    sentence = (
        f"recovered “{in_short(experiment.title)}”{of} from a session that ended unexpectedly: "
        "it is not saved yet, and undo leads back to what you opened"
    )
    if others:
        sentence += (
            "; one more was left, and will be opened at the next start"
            if others == 1
            else f"; {others} more were left, and will be opened one at each start"
        )
    return sentence
