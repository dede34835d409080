"""Autosave: what is not saved is kept in a copy, and opened again after the program was killed."""

import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import InitscopeError
from engine.experiment import Experiment
from gui import garbage
from gui.document import Document
from gui.keeping.unsaved_copy import UnsavedCopy, find_left

DELAY_MILLISECONDS = 2000
"""How long a change may wait to be kept; writing takes less than a second more."""

log = logging.getLogger(__name__)

State = tuple[Experiment, Path | None]


@final
class Recovery(QObject):
    """Keeps a copy of a document while it has unsaved changes.

    What was recovered has a copy of its own, beside that of whatever else is opened and changed,
    and keeps it until it has been saved, or the question whether to save it was answered.

    Parameters
    ----------
    document : Document
    folder : Path
        Of the copies of all sessions; made when it is needed.
    parent : QObject

    Signals
    -------
    told(str)
        What was recovered, or that nothing can be kept.
    """

    told = Signal(str)
    _written = Signal(str)

    def __init__(self, document: Document, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._own = _Kept(UnsavedCopy(folder))
        self._recovered: _Kept | None = None
        self._writing: tuple[Thread, _Kept, State] | None = None
        self._has_complained = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._review)
        self._written.connect(self._on_written)
        document.changed.connect(self._on_changed)

    def recover(self) -> None:
        """Open what a session that ended unexpectedly has left, if there is anything.

        It is a deed as any other: to undo it leads to what was open before.
        """
        findings = find_left(self._folder)
        sentences = list(findings.sentences)
        if findings.left is not None:
            copy, experiment, path, stored = findings.left
            self._document.recover(experiment, path, stored)
            self._recovered = _Kept(copy)
            self._recovered.source = self._document.source
            self._recovered.state = experiment, path
            self._timer.stop()  # what has been opened just now is kept already
            sentences.insert(0, _sentence(experiment, path, findings.others))
        if sentences:
            self.told.emit("; ".join(sentences))

    def close(self, *, was_asked: bool) -> None:
        """Wait for what is being written, and end.

        Parameters
        ----------
        was_asked : bool
            Whether the user said what is to become of unsaved changes. If so, no copy is needed
            any more, but of what was recovered and is not what is shown: nobody asked about it.
        """
        self._timer.stop()
        self._document.changed.disconnect(self._on_changed)
        self._written.disconnect(self._on_written)
        self._finish_writing()
        kept_back = not was_asked and self._document.is_modified
        if kept_back:
            self._review()
            self._finish_writing()
        for kept in self._all:
            is_shown = kept.source is self._document.source
            forgotten = kept is self._recovered and not is_shown
            kept.copy.close(keep=kept.state is not None and (kept_back or forgotten))

    @property
    def _all(self) -> Sequence["_Kept"]:
        return [self._own] if self._recovered is None else [self._own, self._recovered]

    def _kept_of_document(self) -> "_Kept":
        recovered = self._recovered
        if recovered is not None and recovered.source is self._document.source:
            return recovered
        return self._own

    @Slot()
    def _on_changed(self) -> None:
        if not self._document.is_modified:
            self._review()
        elif not self._timer.isActive():
            self._timer.start()  # and not anew with each change, or there might never be a copy

    @Slot()
    def _review(self) -> None:
        """Begin to write what is not kept yet, or remove what is saved by now."""
        if self._writing is not None:
            return  # `_on_written` comes back
        document, kept = self._document, self._kept_of_document()
        state = document.experiment, document.path
        if document.is_modified:
            if kept.state is None or kept.state[0] is not state[0] or kept.state[1] != state[1]:
                self._start_writing(kept, state)
        elif kept.source is document.source:
            kept.copy.remove()
            kept.state = None

    def _start_writing(self, kept: "_Kept", state: State) -> None:
        # In a thread: a disk may take its time, and a hundred thousand points take theirs.
        kept.source = self._document.source
        thread = Thread(target=self._write, args=(kept.copy, state), name="recovery", daemon=True)
        self._writing = thread, kept, state
        garbage.hold(self)
        thread.start()

    def _write(self, copy: UnsavedCopy, state: State) -> None:
        """Write a copy, in the thread; whatever happens is told."""
        try:
            copy.write(*state)
        except InitscopeError as error:
            self._written.emit(str(error))
        except Exception as error:
            log.exception("recovery: no copy")
            self._written.emit(str(error) or type(error).__name__)
        else:
            self._written.emit("")

    @Slot(str)
    def _on_written(self, error: str) -> None:
        self._finish_writing()
        if error and not self._has_complained:
            self._has_complained = True
            self.told.emit(
                f"unsaved changes cannot be kept safe from a crash: {error}; save what matters"
            )
        self._on_changed()

    def _finish_writing(self) -> None:
        if self._writing is not None:
            thread, kept, state = self._writing
            thread.join()
            kept.state = state
            self._writing = None
            garbage.release(self)


@final
class _Kept:
    """A copy, and what is in it: the state, of the document that was opened as `source`."""

    def __init__(self, copy: UnsavedCopy) -> None:
        self.copy = copy
        self.source: Experiment | None = None
        self.state: State | None = None


def _sentence(experiment: Experiment, path: Path | None, others: int) -> str:
    of = f", changes to {path}," if path else ""
    sentence = (
        f"recovered “{experiment.title}”{of} from a session that ended unexpectedly: it is not "
        "saved yet, and undo leads back to what you opened"
    )
    if others:
        more = "one more was" if others == 1 else f"{others} more were"
        sentence += f"; {more} left, and will be opened at the next start"
    return sentence
