"""The workspace: the parts of one window, for the controllers that connect them."""

from dataclasses import dataclass
from typing import final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from engine.training import Scene
from gui.background.trainer import Trainer
from gui.controls.controls import Controls
from gui.document.document import Document
from gui.playback.player import Player
from gui.stage.appearance import Appearance
from gui.stage.frame_scheduler import FrameScheduler
from gui.stage.stage_view import StageView
from gui.widgets import MessageBar


@final
@dataclass(eq=False)
class Workspace:
    """The parts of a window, and the scene that it shows.

    Attributes
    ----------
    window : QMainWindow
        The parent of controllers, dialogs and popups.
    actions : dict of str to QAction
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
        Set by the scene controller; None before the first frames of the first experiment.
    """

    window: QMainWindow
    actions: dict[str, QAction]
    document: Document
    player: Player
    trainer: Trainer
    controls: Controls
    appearance: Appearance
    view: StageView
    scheduler: FrameScheduler
    messages: MessageBar
    scene: Scene | None = None
