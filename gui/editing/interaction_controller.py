"""Handles every interaction with the stage, in one place."""

from typing import assert_never, final

from PySide6.QtCore import QObject, Slot

from engine.editing.data import with_point_added, with_point_moved, without_point
from engine.editing.paths import Path, edited
from engine.errors import UsageError
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
from gui.workspace.workspace import Workspace


@final
class InteractionController(QObject):
    """Passes each interaction with the stage to the object that carries it out."""

    def __init__(
        self,
        workspace: Workspace,
        diagram: DiagramController,
        resizer: ResizeController,
        explanation: ExplanationController,
    ) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._diagram = diagram
        self._resizer = resizer
        self._explanation = explanation
        self._data_drawing = DataDrawing(workspace)
        workspace.view.stage.interacted.connect(self.handle)

    @Slot(Interaction)
    def handle(self, interaction: AnyInteraction) -> None:
        """Carry out one interaction, or report why it is impossible."""
        document, data = self._workspace.document, self._data_drawing
        document.about_to_change.emit()
        if not self._applies(interaction):
            self._workspace.messages.show_message(
                "the picture does not show this experiment yet", is_error=False
            )
            return
        match interaction:
            case FrameRequested(index):
                self._workspace.player.seek(index)
            case ParameterClicked(parameter):
                self._diagram.open_editor(parameter)
            case ParameterDragged(parameter, rise):
                self._diagram.preview_drag(parameter, rise)
            case ParameterDropped(parameter, rise):
                self._diagram.finish_drag(parameter, rise)
            case QuantityClicked(question):
                self._explanation.open(question)
            case ValueEdited(path, value, undo_text):
                self._edit_value(path, value, undo_text)
            case ExperimentOpened(experiment, undo_text):
                document.apply(experiment, undo_text)
            case NetworkResized(resizing):
                self._resizer.resize(resizing)
            case ActivationMenuRequested(run, layer):
                self._resizer.open_layer_menu(run, layer)
            case PointAdded(x, label):
                data.apply("Add a point", lambda old: with_point_added(old, x, label))
            case PointMoved(example, x):
                data.apply("Move a point", lambda old: with_point_moved(old, example, x))
            case PointDeleted(example):
                data.apply("Delete a point", lambda old: without_point(old, example))
            case _:
                assert_never(interaction)

    def _applies(self, interaction: AnyInteraction) -> bool:
        """Whether the document has what the interaction refers to, in the same place.

        After an edit the picture may be behind for a moment, in which the next edit may come.
        """
        former, experiment = self._workspace.former, self._workspace.document.experiment
        match interaction:
            case FrameRequested():
                return True  # of the scene that is shown
            case ExperimentOpened():
                return former == experiment
            case PointMoved() | PointDeleted():
                return former is not None and former.data == experiment.data
            case NetworkResized() | ActivationMenuRequested():
                return (
                    former is not None
                    and former.kind == experiment.kind
                    and len(former.network.layers) == len(experiment.network.layers)
                    and len(former.runs) == len(experiment.runs)
                )
            case _:
                return former is not None and former.kind == experiment.kind

    def _edit_value(self, path: Path, value: object, undo_text: str) -> None:
        try:
            self._workspace.document.edit(lambda old: edited(old, {path: value}), undo_text)
        except UsageError as error:  # such as an example that the last edit has removed
            self._workspace.messages.show_message(str(error))
