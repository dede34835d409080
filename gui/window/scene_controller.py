"""Trains the document's experiment and shows its scene."""

from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.experiment import Experiment
from engine.training import Scene
from gui.playback.transport import Transport
from gui.widgets import COMMANDS, Needs, configured, tool_tip
from gui.workspace.workspace import Workspace

PROGRESS_MILLISECONDS = 100
"""The interval between two reports of progress."""


@final
class SceneController(QObject):
    """Trains the experiment whenever its numbers change, and shows the scene that results.

    Parameters
    ----------
    workspace : Workspace
    transport : Transport
        It shows the progress.

    Signals
    -------
    scene_changed(Scene)
        Another scene replaces the one that is shown.
    abandoned()
        The training was stopped or has failed, so that the document's experiment is not shown.
    """

    scene_changed = Signal(Scene)
    abandoned = Signal()

    def __init__(self, workspace: Workspace, transport: Transport) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._document = workspace.document
        self._player = workspace.player
        self._trainer = workspace.trainer
        self._transport = transport
        self._trained: Experiment | None = None
        self._opening: int | None = None
        self._stops_when_shown = False
        self._progress = configured(
            QTimer(self, interval=PROGRESS_MILLISECONDS), timeout=self._show_progress
        )
        workspace.actions["stop"].invoked.connect(self._stop_or_train)
        configured(
            self._trainer,
            started=self._on_started,
            finished=self._on_finished,
            failed=self._on_failed,
        )

    @property
    def is_opening(self) -> bool:
        """Whether the document has opened an experiment since the last `update`."""
        return self._document.state.opening != self._opening

    def update(self) -> None:
        """Show the document's experiment; train it where its numbers have changed."""
        experiment, is_opening = self._document.experiment, self.is_opening
        scene, self._opening = self._workspace.scene, self._document.state.opening
        is_shown = scene is not None and experiment.computes_like(scene.experiment)
        is_trained = self._trained is not None and experiment.computes_like(self._trained)
        is_same = experiment == self._trained and is_shown
        if not is_trained or (is_opening and not is_same):
            # An opened experiment starts at its first frame; an edited one stays at the current,
            # unless that is still a frame of what was open before.
            if is_opening:
                self._workspace.next_index = 0
            elif self._workspace.former is not None:
                self._workspace.next_index = None
            self._train(experiment)
        else:
            self._trained = experiment
            if scene is not None and is_shown:
                scene.experiment = experiment
                self._workspace.opening = self._opening
                if is_opening:
                    self._player.set_scene(scene)
                self._workspace.scheduler.show_changes()
        self._update_actions()

    def show_frame(self, index: int) -> None:
        """Show a frame of the document's experiment as soon as it is computed."""
        scene = self._workspace.current_scene
        if scene is not None:
            self._player.set_scene(scene, index)
        else:
            self._workspace.next_index = index

    def show_scene(self, scene: Scene) -> None:
        """Show a scene in place of the current one."""
        workspace, index = self._workspace, self._workspace.wanted_index
        workspace.replace_scene(scene)
        self._update_actions()
        self.scene_changed.emit(scene)
        workspace.scheduler.show_scene(scene, index)
        workspace.next_index = None
        self._show_progress()
        if not scene.is_complete:
            self._progress.start()

    def _train(self, experiment: Experiment) -> None:
        self._trained = experiment
        self._stops_when_shown = False
        self._trainer.start(experiment, self._workspace.wanted_index)
        self._show_progress()

    def _update_actions(self) -> None:
        """Enable the actions that need the document's scene, if that is shown."""
        scene = self._workspace.current_scene
        for command in COMMANDS:
            if command.needs is not Needs.NOTHING:
                is_training = scene is not None and bool(scene.recordings)
                is_enough = is_training if command.needs is Needs.TRAINING else scene is not None
                self._workspace.actions[command.name].setEnabled(is_enough)

    @Slot(Scene)
    def _on_started(self, scene: Scene) -> None:
        if self._trained is not None:
            scene.experiment = self._trained  # its title may have changed since the start
        self.show_scene(scene)
        if self._stops_when_shown:
            self._stop()

    @Slot()
    def _on_finished(self) -> None:
        self._player.poll()
        self._show_progress()

    @Slot()
    def _on_failed(self) -> None:
        self.abandoned.emit()
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        is_training, scene = self._trainer.is_training, self._workspace.scene
        action = self._workspace.actions["stop"]
        is_former = scene is not None and scene.experiment != self._trained
        action.setText("Stop training" if is_training else "Train again")
        action.setToolTip(tool_tip(action))
        action.setEnabled(is_training or scene is None or is_former or not scene.is_complete)
        if not is_training:
            self._progress.stop()
        if scene is not None:
            self._workspace.scheduler.draw_changes()
            self._transport.show_scene(scene, self._player.index, not is_training, is_former)

    @Slot()
    def _stop_or_train(self) -> None:
        if self._trainer.is_training and self._workspace.current_scene is None:
            # Otherwise the picture would remain that of another experiment.
            self._stops_when_shown = True
            self._workspace.messages.show_message(
                "training stops as soon as its first frame is computed", is_error=False
            )
        elif self._trainer.is_training:
            self._stop()
        elif self._trained is not None:
            self._train(self._trained)

    def _stop(self) -> None:
        self._trainer.stop()
        self._player.seek(self._player.index)  # the frame it waited for is not computed
        self.abandoned.emit()
        self._show_progress()
