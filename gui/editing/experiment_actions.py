"""The actions that change the experiment; each is one edit to undo."""

from collections.abc import Callable, Mapping
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction

from engine.editing import runs
from engine.ensemble.spec import SeedsSpec
from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.studies.ensemble.spec import MANY_SEEDS, with_many_seeds
from engine.studies.symmetry_breaking.spec import NUDGES, BreakingSpec, with_nudges
from engine.training.scene import Scene
from gui.controls.controls import Controls
from gui.document.document import Document
from gui.panels.base.panel import LETTERS
from gui.playback.player import Player
from gui.widgets.actions import tool_tip
from gui.widgets.plain_text import caption

ONE_NETWORK = "Train one network a run"
LAID_OUT_MILLISECONDS = 50
"""The delay after which Qt has laid out a new card."""


@final
class ExperimentActions(QObject):
    """Connects the actions that change the experiment to the document.

    Parameters
    ----------
    document : Document
    controls : Controls
        They determine the chosen run.
    player : Player
        It determines the frame of a fork.
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    parent : QObject

    Signals
    -------
    error_reported(str)
        What is impossible, in a sentence.
    """

    error_reported = Signal(str)

    def __init__(
        self,
        document: Document,
        controls: Controls,
        player: Player,
        actions: Mapping[str, QAction],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._controls = controls
        self._player = player
        self._scene: Scene | None = None
        self._actions = actions
        handlers: dict[str, Callable[[], None]] = {
            "undo": document.undo,
            "redo": document.redo,
            "reseed": self._reseed,
            "fork": self._fork,
            "many_seeds": self._many_seeds,
            "nudges": self._nudges,
        }
        for name, handler in handlers.items():
            actions[name].triggered.connect(handler)

    def show_scene(self, scene: Scene) -> None:
        """Fork the runs of this scene; those of a study have no frames."""
        self._scene = scene

    def show_experiment(self, experiment: Experiment) -> None:
        """Enable the actions that apply to an experiment, and name the edit to undo."""
        actions = self._actions
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
        numbers = runs.random_runs(experiment)
        self._document.apply(
            runs.with_new_seeds(experiment, numbers), "New seed for every random run"
        )

    @Slot()
    def _fork(self) -> None:
        run = self._controls.chosen_run
        frame = self._frame_of(run)
        new = runs.with_fork(self._document.experiment, run, frame)
        letter = LETTERS[run]
        undo_text = f"Fork run {letter} at frame {frame:,}" if frame else f"Copy run {letter}"
        self._document.apply(new, undo_text)
        QTimer.singleShot(LAID_OUT_MILLISECONDS, self._controls.reveal_chosen)

    def _frame_of(self, run: int) -> int:
        """Return the frame of a run that is shown or will be; 0 for a study."""
        index = self._player.wanted
        if self._scene is None or not self._scene.recordings:
            return 0
        # The training of a new run may not have started.
        return self._scene.frame_for(run, index) if run < self._scene.track_count else index

    @Slot()
    def _many_seeds(self) -> None:
        experiment = self._document.experiment
        if isinstance(experiment.scene, SeedsSpec):
            self._document.apply(runs.as_training(experiment), ONE_NETWORK)
        else:
            self._document.apply(with_many_seeds(experiment), MANY_SEEDS)

    @Slot()
    def _nudges(self) -> None:
        experiment, run = self._document.experiment, self._controls.chosen_run
        if isinstance(experiment.scene, BreakingSpec):
            self._document.apply(runs.as_training(experiment), ONE_NETWORK)
            return
        try:
            made = with_nudges(experiment, run, self._frame_of(run))
        except UsageError as error:
            self.error_reported.emit(str(error))
            return
        self._document.apply(made, NUDGES)
