"""Joins what is clicked on the stage to the editor of a single weight."""

from typing import final

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from engine.comparison import Comparison
from engine.editing import Parameter
from engine.scenes.scene import Scene
from gui.document import Document
from gui.player import Player
from gui.stage import Stage
from gui.weight_editor import WeightEditor


@final
class Touching:
    """Opens the editor of a weight or bias that was clicked, at the frame that is shown.

    Parameters
    ----------
    stage : Stage
    player : Player
    document : Document
    window : QWidget
        Whose popup the editor is.
    """

    def __init__(self, stage: Stage, player: Player, document: Document, window: QWidget) -> None:
        self._player = player
        self._document = document
        self._window = window
        self._scene: Scene | None = None
        stage.clicked.connect(self._on_clicked)

    def show_comparison(self, scene: Scene) -> None:
        """Touch this comparison from now on; another scene has nothing to be touched so."""
        self._scene = scene

    @Slot(object, QPoint)
    def _on_clicked(self, parameter: object, place: QPoint) -> None:
        if not isinstance(parameter, Parameter):
            return
        # While another experiment is on its way, what is shown is not what would be changed.
        scene = self._scene
        if isinstance(scene, Comparison) and scene.experiment == self._document.experiment:
            self._player.pause()
            editor = WeightEditor(scene, parameter, self._player.index, self._window)
            editor.edited.connect(self._document.apply)
            editor.show_at(place)
