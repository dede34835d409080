"""Autosave: copies of unsaved changes, which are opened again after the program was killed."""

import logging
from functools import partial
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine import InitscopeError
from engine.experiment import Experiment
from gui.background.background_call import BackgroundCall
from gui.document.document import Document, State
from gui.document.opening import Opened
from gui.document.unsaved_copy import UnsavedCopy, find_copies
from gui.widgets import in_short

DELAY_MILLISECONDS = 2000
"""How long a change may wait to be written; writing takes less than a second more."""

log = logging.getLogger(__name__)


@final
class Recovery(QObject):
    """Writes a copy of everything that is open in a document and has unsaved changes.

    Each opened experiment has its own copy, also while another one is shown, until it is saved or
    the user has answered whether to save it. Undoing the recovery of an experiment is not an
    answer: its copy stays.

    Parameters
    ----------
    document : Document
    folder : Path
        Of the copies of all sessions; made when it is needed.
    parent : QObject

    Signals
    -------
    error_reported(str)
        What could not be recovered, or that no copy can be written.
    info_reported(str)
        What was recovered.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, document: Document, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._copies: dict[int, UnsavedCopy] = {}  # by the number of the opening
        self._recovered: int | None = None  # the number of that opening
        self._writing: BackgroundCall | None = None
        self._has_reported = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._update)
        document.changed.connect(self._on_changed)

    def recover(self) -> None:
        """Open the latest copy of a session that ended unexpectedly, if there is one.

        It can be undone, which leads back to the experiment that was open before.
        """
        findings = find_copies(self._folder)
        messages = []
        if findings.recovered is not None:
            copy, content, stored = findings.recovered
            self._document.recover(content, stored)
            self._recovered = self._document.state.opening
            self._copies[self._recovered] = copy
            self._timer.stop()  # this experiment has a copy already
            messages.append(_message(content.experiment, content.path, findings.others))
        if findings.errors:  # only one message is shown
            self.error_reported.emit("; ".join([*messages, *findings.errors]))
        elif messages:
            self.info_reported.emit(*messages)

    def close(self, *, was_asked: bool) -> None:
        """Wait for the copy that is being written, and end.

        Parameters
        ----------
        was_asked : bool
            Whether the user has decided about the unsaved changes. Then the copies are removed,
            except of recovered experiments that are no longer open.
        """
        self._timer.stop()
        self._document.changed.disconnect(self._on_changed)
        if self._writing is not None:
            self._writing.is_over(None)
            self._writing = None
        if not was_asked:
            for state in self._document.unsaved:
                copy = self._copy_of(state.opening)
                if copy.content != self._content(state):
                    _write(copy, self._content(state))
        for opening, copy in self._copies.items():
            is_answered = was_asked and self._is_open(opening)
            copy.close(keep=copy.content is not None and not is_answered)

    def _is_open(self, opening: int) -> bool:
        return opening != self._recovered or any(
            state.opening == opening for state in self._document.opened
        )

    @Slot()
    def _on_changed(self) -> None:
        if not self._document.is_modified:
            self._update()
        elif not self._timer.isActive():
            self._timer.start()  # not restarted by each change, or there might never be a copy

    @Slot()
    def _update(self) -> None:
        """Start to write one copy that is out of date, and remove copies of what is saved."""
        if self._writing is not None:
            return  # `_on_written` calls this again
        unsaved = self._document.unsaved
        for opening in self._copies.keys() - {state.opening for state in unsaved}:
            if self._is_open(opening):
                self._copies.pop(opening).close()
        for state in unsaved:
            copy = self._copy_of(state.opening)
            content = self._content(state)
            if copy.content != content:
                # In a thread: disks can be slow, and so is formatting a hundred thousand points.
                self._writing = BackgroundCall(partial(_write, copy, content), "recovery")
                self._writing.finished.connect(self._on_written)
                break

    def _content(self, state: State) -> Opened:
        return Opened(state.experiment, state.path, self._document.version_of(state))

    def _copy_of(self, opening: int) -> UnsavedCopy:
        return self._copies.setdefault(opening, UnsavedCopy(self._folder))

    @Slot()
    def _on_written(self) -> None:
        if self._writing is None:
            return  # it is closed
        error: str = self._writing.result()
        self._writing = None
        if error and not self._has_reported:
            self._has_reported = True
            self.error_reported.emit(
                f"unsaved changes cannot be protected from a crash: {error}; save your work"
            )
        if error:
            self._timer.start()  # by then there may be space, or a folder
        else:
            self._on_changed()


def _write(copy: UnsavedCopy, content: Opened) -> str:
    """Write a copy; return what went wrong, empty if nothing."""
    try:
        copy.write(content)
    except InitscopeError as error:
        return str(error)
    except Exception as error:
        log.exception("recovery: no copy")
        return str(error) or type(error).__name__
    return ""


def _message(experiment: Experiment, path: Path | None, others: int) -> str:
    changes = f", changes to {path}," if path else ""
    message = (
        f"recovered “{in_short(experiment.title)}”{changes} from a session that ended "
        "unexpectedly: it is not saved yet, and undo leads back to what you opened"
    )
    if others == 1:
        message += "; one more copy was found and will be opened at the next start"
    elif others:
        message += f"; {others} more copies were found and will be opened one at each start"
    return message
