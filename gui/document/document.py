"""The document: the experiment that is open, its file, and its history."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiment import Experiment
from engine.library.experiment_file import write_experiment
from gui.document.opening import open_to_show

SUFFIX = ".toml"


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
    """

    changed = Signal()

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states = [State(experiment, None, experiment, experiment, 0, "")]
        self._openings = 0
        self._versions: dict[Path, _Version | None] = {}
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

    def apply(self, experiment: Experiment, undo_text: str, *, merge: bool = False) -> None:
        """Make `experiment` the current one.

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
        if self.undo_text:
            self._at -= 1
            self.changed.emit()

    def redo(self) -> None:
        if self.redo_text:
            self._at += 1
            self.changed.emit()

    def open(self, name: str | Path, experiment: Experiment | None = None) -> None:
        """Open a built-in experiment, an experiment file or an exported file.

        Parameters
        ----------
        name : str or Path
        experiment : Experiment, optional
            Its content, if it was read already.

        Raises
        ------
        UsageError, InitscopeError
            If it cannot be opened; the document is unchanged.
        """
        experiment = experiment or open_to_show(name)
        path = _path_to_save(name)
        self._show(experiment, path, experiment, f"Open {experiment.title}")

    def name_file(self, name: str | Path) -> None:
        """Set the file from which the initial experiment was read."""
        path = _path_to_save(name)
        self._states[self._at] = self.state._replace(path=path)
        if path is not None:
            self._versions[path] = _version_of(path)
        self.changed.emit()

    def recover(self, experiment: Experiment, path: Path | None, stored: Experiment | None) -> None:
        """Show an experiment that another session had not saved.

        Parameters
        ----------
        experiment : Experiment
        path : Path or None
            The file that session would have saved it to.
        stored : Experiment or None
            The experiment in that file; None for nothing.
        """
        self._show(experiment, path, stored, f"Recover {experiment.title}")

    def save(self, path: Path | None = None, opened: State | None = None) -> None:
        """Write the current experiment, or one of `opened`, to `path` or to its file.

        Raises
        ------
        InitscopeError
            If it cannot be written.
        """
        state = opened or self.state
        target = path or state.path
        if target is None:
            raise ValueError("path: the document has none yet")
        target = target.absolute()
        write_experiment(state.experiment, target)
        self._versions[target] = _version_of(target)
        # Other openings of the same file are separate.
        self._states = [
            other._replace(path=target, stored=state.experiment)
            if other.opening == state.opening
            else other
            for other in self._states
        ]
        self.changed.emit()

    def is_overtaken(self, path: Path) -> bool:
        """Return whether another program has changed a file since it was opened or saved here."""
        known, now = self._versions.get(path.absolute()), _version_of(path)
        return known is not None and now is not None and known != now

    def _show(
        self, experiment: Experiment, path: Path | None, stored: Experiment | None, undo_text: str
    ) -> None:
        self._openings += 1
        if path is not None:
            self._versions[path] = _version_of(path)
        self._add(State(experiment, path, stored, experiment, self._openings, undo_text))

    def _add(self, state: State) -> None:
        self._at += 1
        self._states[self._at :] = [state]
        self.changed.emit()


def _chosen_in(experiment: Experiment, before: State) -> int:
    """Return the index of the selected run after a change: a new run, or the same as before."""
    old, new, chosen = before.experiment.runs, experiment.runs, before.chosen
    if len(new) == len(old) + 1 and new[:-1] == old:
        return len(new) - 1
    for gone in range(min(chosen, len(new))):
        if new == old[:gone] + old[gone + 1 :]:
            return chosen - 1
    return min(chosen, len(new) - 1)


def _path_to_save(name: str | Path) -> Path | None:
    """Return the file to save an experiment to that was opened by this name; None for no file.

    Saving must not replace an exported video or picture by an experiment.
    """
    path = Path(name)
    return path.absolute() if path.suffix.lower() == SUFFIX and path.is_file() else None


_Version = tuple[int, int]
"""The time of modification in nanoseconds, and the size in bytes."""


def _version_of(path: Path) -> _Version | None:
    """Return the version of a file; None if it cannot be accessed."""
    with suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size
    return None
