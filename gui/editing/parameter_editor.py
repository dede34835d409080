"""Previews values of one weight or bias on the picture, and sets them in the experiment."""

from math import floor, log10
from typing import NamedTuple, final

from PySide6.QtCore import QObject, Slot

from engine import UsageError
from engine.editing import runs
from engine.editing.parameters import Parameter, what_if, with_edit
from engine.experiment import Experiment
from engine.training import Recording, Scene
from gui.panels.base.axis_ranges import rounded_up
from gui.panels.base.panel import LETTERS, WhatIf
from gui.workspace.workspace import Workspace

NOTCHES = 1000
"""The number of steps of a slider from 0 to the reach."""
MOST_REACH = 1e12


class _Ahead(NamedTuple):
    """The value set last, while the stage still shows the one before."""

    experiment: Experiment
    parameter: Parameter
    step: int
    value: float


@final
class ParameterEditor(QObject):
    """Previews and sets parameters at the current frame.

    A preview is drawn only; no recording and no experiment contains it.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._document = workspace.document
        self._ahead: _Ahead | None = None

    @property
    def current_scene(self) -> Scene | None:
        """The scene, if it is a training of the document's experiment; else None."""
        scene = self._workspace.current_scene
        return scene if scene is not None and scene.recordings else None

    @property
    def _recordings(self) -> tuple[Recording, ...]:
        scene = self._workspace.scene
        return () if scene is None else scene.recordings

    def step_of(self, run: int) -> int:
        """Return the frame of a run that is shown, or will be once it is computed."""
        ahead, former = self._ahead, self._workspace.former
        is_new = former is None or run >= len(former.runs)
        # The training of a new fork may not have started; its origin may have ended earlier.
        if is_new and ahead and ahead[:1] == (self._document.experiment,):
            return ahead.step if ahead.parameter.run == run else self._workspace.frame_of(run)
        return self._workspace.frame_of(run)

    def is_trained(self, run: int) -> bool:
        """Return whether that frame is computed, of the experiment that is shown."""
        recordings = self._recordings
        return run < len(recordings) and self.step_of(run) < len(recordings[run])

    def value_of(self, parameter: Parameter) -> float | None:
        """Return the value at the frame that is shown; None where it is not known yet."""
        if not self._recordings:
            return None
        step = self.step_of(parameter.run)
        if self._ahead and self._ahead[:3] == (self._document.experiment, parameter, step):
            return self._ahead.value
        if self.current_scene is not None and self.is_trained(parameter.run):
            return parameter.value_in(self._recordings[parameter.run][step])
        return None

    def reach_of(self, value: float) -> float:
        """Return how far from 0 a value may be moved, at least as far as this one."""
        return 1.0 if self._workspace.scene is None else reach(self._workspace.scene, value)

    def preview(self, parameter: Parameter, value: float) -> None:
        """Draw the current frame as it would be with this value."""
        if self.value_of(parameter) is None:
            return
        self._workspace.player.pause()
        if not self.is_trained(parameter.run):
            return  # such as a new fork
        recording = self._recordings[parameter.run]
        frame = what_if(recording, parameter, self.step_of(parameter.run), value)
        self._workspace.appearance.view_model.update(what_if=WhatIf(parameter, value, frame))

    @Slot()
    def cancel_preview(self) -> None:
        """Draw the recorded frame."""
        self._workspace.appearance.view_model.update(what_if=None)

    def set_value(
        self,
        parameter: Parameter,
        value: float,
        undo_text: str = "",
        *,
        fork: bool = False,
        merge: bool = False,
    ) -> Parameter | None:
        """Set a parameter from the current frame on, in its run or in a fork, which is trained.

        Returns the parameter that was set, of the fork if there is one; None after an error, which
        is reported.
        """
        self._document.about_to_change.emit()
        experiment, step = self._document.experiment, self.step_of(parameter.run)
        try:
            changed, parameter, usual = with_value(experiment, parameter, step, value, fork=fork)
        except UsageError as error:
            self._workspace.messages.show_message(str(error))
            self.cancel_preview()
            return None
        self._ahead = _Ahead(changed, parameter, step, value)
        self.apply(changed, undo_text or usual, merge=merge)
        return parameter

    def report_key(self, parameter: Parameter, done: str, origin: int) -> None:
        """Report what a key has done to a parameter, of its own run or of a fork of `origin`.

        A drag asks whether to fork. A key, which may be repeated, does not; the report says how.
        """
        step, name, letter = self.step_of(parameter.run), parameter.name, LETTERS[parameter.run]
        if parameter.run != origin:
            kind = "fork" if step else "copy"
            with_it = f"with {name} {done} {when(step)}"
            self._report(f"run {letter} is a {kind} of run {LETTERS[origin]}, {with_it}")
        elif step:
            self._report(
                f"{name} of run {letter} is {done} {when(step)}; to change a fork of {letter} "
                "instead, undo and hold Shift"
            )

    def report_untrained(self, run: int) -> None:
        """Report that the current frame of a run is not computed yet."""
        self._report(f"frame {self.step_of(run):,} of run {LETTERS[run]} is not trained yet")

    def _report(self, sentence: str) -> None:
        self._workspace.messages.show_message(sentence, is_error=False)

    def apply(self, experiment: Experiment, undo_text: str, *, merge: bool = False) -> None:
        """Make it the document's experiment. A preview stays on the stage until that is trained."""
        if experiment == self._document.experiment:
            self.cancel_preview()
        else:
            self._document.apply(experiment, undo_text, merge=merge)


def with_value(
    experiment: Experiment, parameter: Parameter, step: int, value: float, *, fork: bool
) -> tuple[Experiment, Parameter, str]:
    """Return the experiment with a parameter set from a step on, in its run or in a fork of it.

    Returns also the parameter that is set, and the name of the edit; raises `UsageError`.
    """
    undo_text = f"Set {parameter.name} of {LETTERS[parameter.run]} by hand"
    if fork:
        undo_text = f"Fork run {LETTERS[parameter.run]}, and set {parameter.name} by hand"
        experiment = runs.with_fork(experiment, parameter.run)
        parameter = parameter._replace(run=len(experiment.runs) - 1)
    return with_edit(experiment, parameter, step, value), parameter, undo_text


def when(step: int) -> str:
    """Return when an edit at a step applies, as text."""
    return f"from frame {step:,} on" if step else "at the start"


def reach(scene: Scene, value: float) -> float:
    """Return how far from 0 values may be moved: as far as the weights, 1 and this value."""
    largest = max(diagnosed.largest_weight for diagnosed in scene.diagnostics)
    return rounded_up(min(max(1.0, largest, abs(value)), MOST_REACH))


def tidied(value: float, limit: float) -> float:
    """Return a value rounded to a thousandth of the decade of a limit, which a drag resolves.

    >>> tidied(0.123456, 1.0), tidied(12.3456, 50.0)
    (0.123, 12.35)
    """
    return round(value, max(0, 3 - floor(log10(limit))))


def step_size(limit: float) -> float:
    """Return a visible step: 1, 2 or 5 of some decade, about a twentieth of the reach.

    >>> step_size(1.0), step_size(2.5), step_size(40.0)
    (0.05, 0.1, 2.0)
    """
    wanted = limit / 20.0
    decade = 10.0 ** floor(log10(wanted) + 1e-9)
    digit = max(each for each in (1.0, 2.0, 5.0) if each * decade <= wanted * (1.0 + 1e-9))
    return float(f"{digit * decade:.1g}")
