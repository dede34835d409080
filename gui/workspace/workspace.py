"""The workspace: the parts of one window, for the controllers that connect them."""

from dataclasses import dataclass
from typing import final

from PySide6.QtWidgets import QMainWindow

from engine.editing.runs import run_after
from engine.experiment import Experiment, Run
from engine.training import Scene
from gui.background.trainer import Trainer
from gui.controls.controls import Controls
from gui.document.document import Document
from gui.playback.player import Player
from gui.stage.appearance import Appearance
from gui.stage.frame_scheduler import FrameScheduler
from gui.stage.stage_view import StageView
from gui.widgets import Action, MessageBar


@final
@dataclass(eq=False)
class Workspace:
    """The parts of a window, and the scene that it shows.

    Attributes
    ----------
    window : QMainWindow
        The parent of controllers, dialogs and popups.
    actions : dict of str to Action
        By the names of `gui.widgets.actions.COMMANDS`.
    document : Document
    player : Player
        It determines the current frame.
    trainer : Trainer
    controls : Controls
        They determine the chosen run.
    appearance : Appearance
        It determines the theme and the selected parameter.
    view : StageView
    scheduler : FrameScheduler
    messages : MessageBar
        It shows what is impossible, and what was done.
    scene : Scene or None
        None before the first frames of the first experiment.
    opening : int
        The number of the opening of the document to which the scene belongs.
    next_index : int or None
        The frame with which the next scene begins; None for that of the player. The scene
        controller sets it.
    """

    window: QMainWindow
    actions: dict[str, Action]
    document: Document
    player: Player
    trainer: Trainer
    controls: Controls
    appearance: Appearance
    view: StageView
    scheduler: FrameScheduler
    messages: MessageBar
    scene: Scene | None = None
    opening: int = 0
    next_index: int | None = 0
    _runs_before: tuple[Run, ...] | None = None

    def replace_scene(self, scene: Scene) -> None:
        """Set the scene that is shown from now on: the one of the document."""
        self._runs_before = None if self.former is None else self.former.runs
        self.scene, self.opening = scene, self.document.state.opening

    def moved_run(self, run: int) -> int | None:
        """Return the number that a run of the scene before has in this one; None if it has none."""
        if self.scene is None:
            return None
        before, runs = self._runs_before, self.scene.experiment.runs
        moved: int | None = run
        if before is not None and run < len(before):  # else it is a new fork
            moved = run_after(before, runs, run)
        return moved if moved is not None and moved < len(runs) else None

    @property
    def current_scene(self) -> Scene | None:
        """The scene, if it is that of the document's experiment; None until it is computed."""
        scene = self.scene
        is_current = scene is not None and scene.experiment == self.document.experiment
        return scene if is_current else None

    @property
    def former(self) -> Experiment | None:
        """The experiment that the picture shows, if the document's one is an edit of it.

        None while the picture shows nothing, or what was open before.
        """
        is_of_document = self.opening == self.document.state.opening
        return self.scene.experiment if self.scene is not None and is_of_document else None

    @property
    def wanted_index(self) -> int:
        """The frame of the document's experiment that is shown, or will be once it is computed."""
        return self.player.wanted if self.next_index is None else self.next_index

    def frame_of(self, run: int) -> int:
        """Return the frame of a run of the document that is shown or will be; 0 for a study."""
        experiment, index = self.document.experiment, self.wanted_index
        if experiment.scene is not None:
            return 0
        shown = None
        if self.scene is not None and self.former is not None:
            shown = run_after(experiment.runs, self.former.runs, run)
            if shown is not None and shown < len(self.scene.recordings):
                index = self.scene.frame_for(shown, index)
        return min(index, experiment.training.steps)
