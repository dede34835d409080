"""The actions that change the experiment; each is one edit to undo."""

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QObject, QTimer, Slot

from engine import UsageError
from engine.editing import runs
from engine.ensemble import SeedsSpec
from engine.experiment import Experiment, SceneSpec
from engine.studies.ensemble.study import MANY_SEEDS, with_many_seeds
from engine.studies.symmetry_breaking.study import NUDGES, BreakingSpec, with_nudges
from gui.panels.base.panel import LETTERS
from gui.widgets import caption, tool_tip
from gui.workspace.workspace import Workspace

ONE_NETWORK = "Train one network for each run"
LAID_OUT_MILLISECONDS = 50
"""The delay after which Qt has laid out a new card."""


@final
class ExperimentActions(QObject):
    """Connects the actions that change the experiment to the document."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._document = workspace.document
        handlers: dict[str, Callable[[], None]] = {
            "undo": workspace.document.undo,
            "redo": workspace.document.redo,
            "reseed": self._reseed,
            "fork": self._fork,
            "many_seeds": partial(self._toggle, SeedsSpec, with_many_seeds, MANY_SEEDS),
            "nudges": partial(self._toggle, BreakingSpec, self._with_nudges, NUDGES),
        }
        for name, handler in handlers.items():
            workspace.actions[name].invoked.connect(handler)

    def show_experiment(self, experiment: Experiment) -> None:
        """Enable the actions that apply to an experiment, and name the edit to undo."""
        actions = self._workspace.actions
        for name, text, undo_text in (
            ("undo", "Undo", self._document.undo_text),
            ("redo", "Redo", self._document.redo_text),
        ):
            actions[name].setEnabled(bool(undo_text))
            actions[name].setText(caption(f"{text}: {undo_text}") if undo_text else text)
            actions[name].setToolTip(tool_tip(actions[name]))
        has_runs, is_many = experiment.uses("runs"), isinstance(experiment.scene, SeedsSpec)
        actions["reseed"].setEnabled(
            has_runs and not is_many and bool(runs.random_runs(experiment))
        )
        actions["fork"].setEnabled(has_runs and len(experiment.runs) < experiment.most_runs)
        actions["many_seeds"].setEnabled(experiment.scene is None or is_many)
        is_nudged = isinstance(experiment.scene, BreakingSpec)
        has_units = max(experiment.network.layers[1:-1], default=1) > 1
        can_train = experiment.training.steps > 0
        actions["nudges"].setEnabled(
            is_nudged or (experiment.scene is None and has_units and can_train)
        )
        for name, undo_text, is_on in (
            ("many_seeds", MANY_SEEDS, is_many),
            ("nudges", NUDGES, is_nudged),
        ):
            actions[name].setText(ONE_NETWORK if is_on else undo_text)
            actions[name].setToolTip(tool_tip(actions[name]))

    @Slot()
    def _reseed(self) -> None:
        experiment = self._document.experiment
        changed = runs.with_new_seeds(experiment, runs.random_runs(experiment))
        self._document.apply(changed, "New seed for every random run")

    @Slot()
    def _fork(self) -> None:
        run = self._workspace.controls.chosen_run
        frame, letter = self._workspace.frame_of(run), LETTERS[run]
        undo_text = f"Fork run {letter} at frame {frame:,}" if frame else f"Copy run {letter}"
        self._document.apply(runs.with_fork(self._document.experiment, run, frame), undo_text)
        QTimer.singleShot(LAID_OUT_MILLISECONDS, self._workspace.controls.reveal_chosen)

    def _with_nudges(self, experiment: Experiment) -> Experiment:
        run = self._workspace.controls.chosen_run
        return with_nudges(experiment, run, self._workspace.frame_of(run))

    def _toggle(
        self, kind: type[SceneSpec], make: Callable[[Experiment], Experiment], undo_text: str
    ) -> None:
        """Turn a training into a study of this kind, or the study into a training again."""
        experiment = self._document.experiment
        if isinstance(experiment.scene, kind):
            changed = runs.as_training(experiment)
            self._document.apply(changed, ONE_NETWORK)
            if len(changed.runs) < len(experiment.runs):
                self._workspace.messages.show_message(
                    f"only the first {len(changed.runs)} runs remain, as many as can be shown side "
                    "by side; undo restores the others"
                )
            return
        try:
            self._document.apply(make(experiment), undo_text)
        except UsageError as error:
            self._workspace.messages.show_message(str(error))
