"""The document: the experiment that is open, its file, and its history."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QObject, Signal, Slot

from engine import InitscopeError
from engine.editing.runs import run_after
from engine.experiment import Experiment, format_experiment
from engine.io.staged_output import write_text
from engine.io.text_file import read_text
from gui.document.opening import Opened, open_document, version_of


class State(NamedTuple):
    """One entry of the history.

    Attributes
    ----------
    experiment : Experiment
    path : Path or None
        The file that it is saved to; None if it has none.
    stored : Experiment or None
        The experiment in that file, or the built-in one, if there is one.
    source : Experiment
        The experiment as it was opened.
    opening : int
        The number of that opening, which is another one if the same file is opened again.
    undo_text : str
        The change from the previous entry, such as "Change learning rate".
    chosen : int
        The index of the selected run; undo restores it too.
    """

    experiment: Experiment
    path: Path | None
    stored: Experiment | None
    source: Experiment
    opening: int
    undo_text: str
    chosen: int = 0

    @property
    def is_modified(self) -> bool:
        """Whether it differs from what was opened or saved."""
        return self.experiment != self.stored


@final
class Document(QObject):
    """A history of experiments: undo shows the previous one.

    Opening a file is an entry like any other, so it loses no changes.

    Signals
    -------
    changed()
        Another entry is the current one, or has been saved.
    about_to_change()
        The current entry is about to be read or replaced: what is being typed is to be applied
        now. Emitted by `edit`, `undo`, `redo`, `open` and `save`.
    """

    changed = Signal()
    about_to_change = Signal()

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states = [State(experiment, None, experiment, experiment, 0, "")]
        self._openings = 0
        self._versions: dict[tuple[int, Path], str | None] = {}
        self._at = 0

    @property
    def state(self) -> State:
        """The current entry."""
        return self._states[self._at]

    @property
    def experiment(self) -> Experiment:
        return self.state.experiment

    @property
    def path(self) -> Path | None:
        """The file that it is saved to; None if it has none."""
        return self.state.path

    @property
    def is_modified(self) -> bool:
        """Whether the current experiment differs from what was opened or saved."""
        return self.state.is_modified

    @property
    def opened(self) -> Sequence[State]:
        """The latest state of each experiment that was opened; the current one is the last.

        Openings that were undone are excluded.
        """
        last: dict[int, State] = {}
        for state in self._states[: self._at + 1]:
            last.pop(state.opening, None)
            last[state.opening] = state
        return tuple(last.values())

    @property
    def unsaved(self) -> Sequence[State]:
        """The states of `opened` that have unsaved changes."""
        return tuple(state for state in self.opened if state.is_modified)

    @property
    def undo_text(self) -> str:
        """The change that `undo` reverts, such as "Change learning rate"; empty for none."""
        return self.state.undo_text

    @property
    def redo_text(self) -> str:
        """The change that `redo` repeats; empty for none."""
        return self._states[self._at + 1].undo_text if self._at + 1 < len(self._states) else ""

    def edit(self, make: Callable[[Experiment], Experiment], undo_text: str) -> None:
        """Apply what `make` returns for the current experiment, including what is being typed.

        Raises
        ------
        UsageError
            If `make` does.
        """
        self.about_to_change.emit()
        self.apply(make(self.experiment), undo_text)

    def apply(self, experiment: Experiment, undo_text: str, *, merge: bool = False) -> None:
        """Make `experiment` the current one.

        It must have been made from the current one after `about_to_change`; see `edit`.

        Parameters
        ----------
        experiment : Experiment
        undo_text : str
            The name of the change, as in a menu.
        merge : bool
            Whether the change is undone together with the previous one, if that has the same name
            and has not been saved.
        """
        if experiment == self.experiment:
            return
        chosen = _chosen_in(experiment, self.state)
        state = self.state._replace(experiment=experiment, undo_text=undo_text, chosen=chosen)
        if merge and undo_text == self.state.undo_text and self.is_modified:
            self._at -= 1
        self._add(state)

    @Slot(int)
    def choose(self, run: int) -> None:
        """Select a run of the current experiment; undo does not revert it."""
        self._states[self._at] = self.state._replace(chosen=run)

    def undo(self) -> None:
        self.about_to_change.emit()
        if self.undo_text:
            self._at -= 1
            self.changed.emit()

    def redo(self) -> None:
        self.about_to_change.emit()
        if self.redo_text:
            self._at += 1
            self.changed.emit()

    def open(self, opened: str | Path | Opened) -> None:
        """Open a built-in experiment, an experiment file or an exported file.

        Parameters
        ----------
        opened : str, Path or Opened
            Its name, or what was read already.

        Raises
        ------
        UsageError, InitscopeError
            If it cannot be opened; the document is unchanged.
        """
        found = opened if isinstance(opened, Opened) else open_document(opened)
        self._show(found, found.experiment, f"Open {found.experiment.title}")

    def name_file(self, opened: Opened) -> None:
        """Set the file from which the initial experiment was read."""
        self._states[self._at] = self.state._replace(path=opened.path)
        self._learn_version(opened)
        self.changed.emit()

    def recover(self, recovered: Opened, stored: Experiment | None) -> None:
        """Show an experiment that another session had not saved.

        Parameters
        ----------
        recovered : Opened
            With the file that session would have saved it to, and the version that it has read.
        stored : Experiment or None
            The experiment that is in that file now; None for nothing.
        """
        self._show(recovered, stored, f"Recover {recovered.experiment.title}")

    def version_of(self, state: State) -> str | None:
        """Return the version of a state's file that its opening has read or written last."""
        return None if state.path is None else self._versions.get((state.opening, state.path))

    def save(self, path: Path | None = None, opened: State | None = None) -> None:
        """Write the current experiment, or one of `opened`, to `path` or to its file.

        Raises
        ------
        InitscopeError
            If it cannot be written.
        """
        if opened is None:
            self.about_to_change.emit()
        state = opened or self.state
        target = path or state.path
        if target is None:
            raise ValueError("path: the document has none yet")
        target = target.absolute()
        text = format_experiment(state.experiment)
        write_text(target, text)
        self._versions[state.opening, target] = version_of(text)
        # Other openings of the same file are separate.
        self._states = [
            other._replace(path=target, stored=state.experiment)
            if other.opening == state.opening
            else other
            for other in self._states
        ]
        self.changed.emit()

    def is_overtaken(self, state: State) -> bool:
        """Return whether a state's file has changed since its opening has read or written it.

        Another program may have changed it, or another opening of the same file here.
        """
        known = self.version_of(state)
        if known is None or state.path is None or not state.path.exists():
            return False
        try:
            return version_of(read_text(state.path)) != known
        except InitscopeError:  # it was a text that could be read
            return True

    def _show(self, opened: Opened, stored: Experiment | None, undo_text: str) -> None:
        self.about_to_change.emit()
        self._openings += 1
        self._learn_version(opened)
        experiment, path, _ = opened
        self._add(State(experiment, path, stored, experiment, self._openings, undo_text))

    def _learn_version(self, opened: Opened) -> None:
        if opened.path is not None:
            self._versions[self._openings, opened.path] = opened.version

    def _add(self, state: State) -> None:
        self._at += 1
        self._states[self._at :] = [state]
        self.changed.emit()


def _chosen_in(experiment: Experiment, before: State) -> int:
    """Return the index of the selected run after a change: a new run, or the same as before."""
    old, new = before.experiment.runs, experiment.runs
    if len(new) == len(old) + 1 and new[:-1] == old:
        return len(new) - 1
    chosen = run_after(old, new, before.chosen)
    return min(before.chosen if chosen is None else chosen, len(new) - 1)
