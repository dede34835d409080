"""The document: the experiment that is open, where it is kept, and what was done to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiment.experiment import Experiment
from engine.library.experiment_file import write_experiment
from gui.document.opening import open_to_show

SUFFIX = ".toml"


class State(NamedTuple):
    """One entry of the history.

    Attributes
    ----------
    experiment : Experiment
    path : Path or None
        The experiment file it is saved to; None for one that has none.
    stored : Experiment or None
        What that file, or the built-in one, says, if there is any.
    source : Experiment
        The experiment as it was opened.
    opening : int
        The number of that opening: what is opened twice is told apart by it.
    deed : str
        What led here from the entry before.
    chosen : int
        The number of the run that is chosen, one of those there are.
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
    """A history of experiments: to undo is to show the one before.

    Opening is a deed as any other, so nothing that was made by hand is lost by it.
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
        """The present entry."""
        return self._states[self._at]

    @property
    def experiment(self) -> Experiment:
        return self.state.experiment

    @property
    def path(self) -> Path | None:
        """The experiment file it is saved to; None for one that has none."""
        return self.state.path

    @property
    def source(self) -> Experiment:
        """The experiment as it was opened."""
        return self.state.source

    @property
    def opening(self) -> int:
        """The number of the opening since which the present experiment was changed."""
        return self.state.opening

    @property
    def chosen(self) -> int:
        """The number of the run that is chosen: undo brings the choice of then back as well."""
        return self.state.chosen

    @property
    def is_modified(self) -> bool:
        """Whether the present experiment differs from what was opened or saved."""
        return self.state.is_modified

    @property
    def opened(self) -> Sequence[State]:
        """How each experiment that was opened was left, and the present one, which is the last.

        What was undone together with its opening does not count.
        """
        last: dict[int, State] = {}
        for state in self._states[: self._at + 1]:
            last.pop(state.opening, None)
            last[state.opening] = state
        return tuple(last.values())

    @property
    def unsaved(self) -> Sequence[State]:
        """Those of `opened` that have unsaved changes."""
        return tuple(state for state in self.opened if state.is_modified)

    @property
    def undo_text(self) -> str:
        """What `undo` would undo, such as "Change learning rate"; empty if there is nothing."""
        return self.state.undo_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty if there is nothing."""
        return self._states[self._at + 1].undo_text if self._at + 1 < len(self._states) else ""

    def apply(self, experiment: Experiment, undo_text: str, *, goes_on: bool = False) -> None:
        """Make `experiment` the present one; `deed` names the change, as a menu would.

        One that `goes_on` with the deed before, of the same name, is undone together with it;
        what has been saved in between stays a state of its own.
        """
        if experiment == self.experiment:
            return
        chosen = _chosen_in(experiment, self.state)
        state = self.state._replace(experiment=experiment, undo_text=undo_text, chosen=chosen)
        if goes_on and undo_text == self.state.undo_text and self.is_modified:
            self._at -= 1
        self._add(state)

    @Slot(int)
    def choose(self, run: int) -> None:
        """Choose a run of the present experiment; that is no deed."""
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
            What was read of it, if it was.

        Raises
        ------
        UsageError, InitscopeError
            If it cannot be; the document is then as before.
        """
        experiment = experiment or open_to_show(name)
        kept = _kept_path(name)
        self._show(experiment, kept, experiment, f"Open {experiment.title}")

    def name_file(self, name: str | Path) -> None:
        """Tell what the experiment that is open was read from, where someone else has read it."""
        path = _kept_path(name)
        self._states[self._at] = self.state._replace(path=path)
        if path is not None:
            self._versions[path] = _version_of(path)
        self.changed.emit()

    def recover(self, experiment: Experiment, path: Path | None, stored: Experiment | None) -> None:
        """Show what another session had not saved.

        Parameters
        ----------
        experiment : Experiment
        path : Path or None
            Where that session would have saved it.
        stored : Experiment or None
            What is saved there; None for nothing.
        """
        self._show(experiment, path, stored, f"Recover {experiment.title}")

    def save(self, path: Path | None = None, opened: State | None = None) -> None:
        """Write the present experiment, or one of `opened`, to `path` or to where it is kept.

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
        # What was opened apart is told apart, even from the same file.
        self._states = [
            other._replace(path=target, stored=state.experiment)
            if other.opening == state.opening
            else other
            for other in self._states
        ]
        self.changed.emit()

    def is_overtaken(self, path: Path) -> bool:
        """Whether a file was changed by somebody else since it was opened or saved here."""
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
    """Return which run is chosen after a change: one that was added, or else the same as before."""
    old, new, chosen = before.experiment.runs, experiment.runs, before.chosen
    if len(new) == len(old) + 1 and new[:-1] == old:
        return len(new) - 1
    for gone in range(min(chosen, len(new))):
        if new == old[:gone] + old[gone + 1 :]:
            return chosen - 1
    return min(chosen, len(new) - 1)


def _kept_path(name: str | Path) -> Path | None:
    """Return the file that saves what was opened by this name; None for no experiment file.

    Saving must not write an experiment over the video or the picture it came in.
    """
    path = Path(name)
    return path.absolute() if path.suffix.lower() == SUFFIX and path.is_file() else None


_Version = tuple[int, int]
"""When a file was changed, in nanoseconds, and its size in bytes."""


def _version_of(path: Path) -> _Version | None:
    """Return which version of a file there is; None for none that can be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
