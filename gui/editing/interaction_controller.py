"""Handles every interaction with the stage, in one place."""

from typing import assert_never, final

from PySide6.QtCore import QObject, Slot

from engine.editing.paths import edited
from gui.document.document import Document
from gui.editing.data_drawing import DataDrawing
from gui.editing.diagram_controller import DiagramController
from gui.editing.resize_controller import ResizeController
from gui.explain.controller import ExplanationController
from gui.panels.base.interactions import (
    ActivationMenuRequested,
    AnyInteraction,
    ExperimentOpened,
    FrameRequested,
    Interaction,
    NetworkResized,
    ParameterClicked,
    ParameterDragged,
    ParameterDropped,
    PointAdded,
    PointDeleted,
    PointMoved,
    QuantityClicked,
    ValueEdited,
)
from gui.playback.player import Player
from gui.stage.stage import Stage


@final
class InteractionController(QObject):
    """Passes each interaction to the object that carries it out.

    Parameters
    ----------
    stage : Stage
        Its `interacted` signal is the only source of interactions.
    player : Player
    document : Document
    diagram : DiagramController
    resizer : ResizeController
    explanation : ExplanationController
    data_drawing : DataDrawing
    parent : QObject
    """

    def __init__(
        self,
        stage: Stage,
        player: Player,
        document: Document,
        diagram: DiagramController,
        resizer: ResizeController,
        explanation: ExplanationController,
        data_drawing: DataDrawing,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._document = document
        self._diagram = diagram
        self._resizer = resizer
        self._explanation = explanation
        self._data_drawing = data_drawing
        stage.interacted.connect(self.handle)

    @Slot(Interaction)
    def handle(self, interaction: AnyInteraction) -> None:
        """Carry out one interaction."""
        document = self._document
        match interaction:
            case FrameRequested(index):
                self._player.seek(index)
            case ParameterClicked(parameter):
                self._diagram.open_editor(parameter)
            case ParameterDragged(parameter, rise):
                self._diagram.preview_drag(parameter, rise)
            case ParameterDropped(parameter, rise):
                self._diagram.finish_drag(parameter, rise)
            case QuantityClicked(question):
                self._explanation.open(question)
            case ValueEdited(path, value, undo_text):
                document.apply(edited(document.experiment, {path: value}), undo_text)
            case ExperimentOpened(experiment, undo_text):
                document.apply(experiment, undo_text)
            case NetworkResized(resizing):
                self._resizer.resize(resizing)
            case ActivationMenuRequested(run, layer):
                self._resizer.open_layer_menu(run, layer)
            case PointAdded(x, label):
                self._data_drawing.add_point(x, label)
            case PointMoved(example, x):
                self._data_drawing.move_point(example, x)
            case PointDeleted(example):
                self._data_drawing.delete_point(example)
            case _:
                assert_never(interaction)
