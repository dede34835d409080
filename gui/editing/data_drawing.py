"""Adds, moves and deletes points of the data with the mouse, on any decision panel."""

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QGraphicsSceneMouseEvent

from engine import UsageError
from engine.editing.data import reason_not_drawable, without_point
from engine.experiment import Experiment
from gui.panels.base.interactions import PointAdded, PointDeleted, PointMoved
from gui.panels.training.decision import DecisionPanel, Moved, show_example
from gui.stage.catalogue import shown_panels
from gui.stage.stage import CLICK
from gui.widgets import tool_tip
from gui.workspace.workspace import Workspace

CLASSES = ("draw_0", "draw_1")
"""The actions that choose the class of the left button."""


@final
class DataDrawing(QObject):
    """Lets the mouse draw points while the action "Edit the data" is checked.

    On the decision panel of any run, the left button adds a point of the chosen class and the
    right button one of the other class; a point is dragged to another place, and deleted with
    Shift or the middle button. Each is one edit to undo. Elsewhere the mouse works as usual.
    Escape cancels a drag, or else unchecks the action.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._stage = workspace.view.stage
        self._held: int | None = None  # the example that is being dragged
        self._action = workspace.actions["edit_data"]
        self._action.toggled.connect(self._on_mode)
        self._delete = workspace.actions["delete_point"]
        self._delete.invoked.connect(self._delete_shown)
        self._classes = QActionGroup(self)
        for name in CLASSES:
            self._classes.addAction(workspace.actions[name])
        workspace.actions[CLASSES[0]].setChecked(True)
        self._classes.triggered.connect(self._on_mode)
        workspace.document.changed.connect(self._on_document_changed)
        self._on_document_changed()
        self._on_mode()

    @Slot()
    def _on_document_changed(self) -> None:
        experiment = self._workspace.document.experiment
        if self._held is not None and not self._is_current:
            self._cancel_drag()  # the example may be another point now, or none
        reason = reason_not_drawable(experiment)
        if not reason and DecisionPanel.name not in shown_panels(experiment):
            reason = "points are drawn on the decision panel, which is hidden"
        self._action.setEnabled(not reason)
        if reason:
            self._action.setChecked(False)
        tip = "Draw, move and delete points with the mouse on a decision panel; Escape ends it"
        self._action.setToolTip(f"{tool_tip(self._action)}\n{reason or tip}")

    @Slot()
    def _on_mode(self) -> None:
        is_on = self._action.isChecked()
        for action in (*self._classes.actions(), self._delete):
            action.setEnabled(is_on)
        self._cancel_drag()
        for watched in (self._stage, self._workspace.window):
            watched.removeEventFilter(self)
            if is_on:
                watched.installEventFilter(self)
        drawn_class = self._left_class if is_on else None
        self._workspace.appearance.view_model.update(drawn_class=drawn_class)

    @property
    def _left_class(self) -> int:
        return self._classes.actions().index(self._classes.checkedAction())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle mouse events on decision panels, and Escape; see the class."""
        if isinstance(event, QKeyEvent):
            return watched is self._workspace.window and self._take_key(event)
        if not isinstance(event, QGraphicsSceneMouseEvent):
            return False
        if event.type() is QEvent.Type.GraphicsSceneMouseMove:
            self._drag(event)
            return False  # cursors and tool tips follow the mouse as usual
        if event.type() is QEvent.Type.GraphicsSceneMouseRelease:
            taken = self._held is not None or self._panel_at(event) is not None
            self._drop(event)
        else:  # Qt turns a second press soon after the first into a double click
            taken = self._press(event)
        if taken:
            event.accept()
        return taken

    def _take_key(self, event: QKeyEvent) -> bool:
        """Handle Escape, if no widget has handled it."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.key() != Qt.Key.Key_Escape or event.type() not in kinds:
            return False
        event.accept()  # as an override: Escape does not leave full screen now
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            if self._held is not None:
                self._cancel_drag()
            else:
                self._action.setChecked(False)
        return True

    def _panel_at(self, event: QGraphicsSceneMouseEvent) -> DecisionPanel | None:
        """Return the panel whose field contains the position of an event."""
        for panel in self._panels():
            if panel.inputs_at(panel.mapFromScene(event.scenePos())) is not None:
                return panel
        return None

    def _panels(self) -> list[DecisionPanel]:
        return [panel for panel in self._stage.panels if isinstance(panel, DecisionPanel)]

    def _press(self, event: QGraphicsSceneMouseEvent) -> bool:
        panel = self._panel_at(event)
        if panel is None:
            return False
        point = panel.mapFromScene(event.scenePos())
        inputs, example = panel.inputs_at(point), panel.example_at(point)
        button, buttons = event.button(), Qt.MouseButton
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if button is buttons.MiddleButton or (button is buttons.LeftButton and is_shifted):
            if example is not None and self._is_current:
                self._stage.interacted.emit(PointDeleted(example))
        elif example is not None:
            if button is buttons.LeftButton and self._is_current:
                self._held = example
        elif inputs is not None and button in (buttons.LeftButton, buttons.RightButton):
            label = self._left_class if button is buttons.LeftButton else 1 - self._left_class
            self._stage.interacted.emit(PointAdded(inputs, label))
        return True

    @property
    def _is_current(self) -> bool:
        """Whether the points that are shown are those of the document."""
        scene, experiment = self._workspace.scene, self._workspace.document.experiment
        return scene is not None and scene.experiment.data == experiment.data

    def _drag(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._held is not None:
            self._show_moved(self._moved(event))

    def _drop(self, event: QGraphicsSceneMouseEvent) -> None:
        held = self._held
        if held is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        moved = self._moved(event)
        self._held = None
        if moved is not None:
            self._stage.interacted.emit(PointMoved(*moved))
            return
        self._cancel_drag()
        if _is_click(event):
            self._stage.interacted.emit(show_example(held))

    def _moved(self, event: QGraphicsSceneMouseEvent) -> Moved | None:
        """Return the dragged example at its new place; None if it is not moved."""
        panel = self._panel_at(event)
        if self._held is None or panel is None or _is_click(event):
            return None
        inputs = panel.inputs_at(panel.mapFromScene(event.scenePos()))
        return None if inputs is None else Moved(self._held, inputs)

    def _cancel_drag(self) -> None:
        self._held = None
        self._show_moved(None)

    def _show_moved(self, moved: Moved | None) -> None:
        for panel in self._panels():
            panel.show_moved(moved)

    @Slot()
    def _delete_shown(self) -> None:
        self.apply("Delete a point", lambda old: without_point(old, old.example))

    def apply(self, undo_text: str, make: Callable[[Experiment], Experiment]) -> None:
        """Apply a change of the data; report what is impossible."""
        try:
            self._workspace.document.edit(make, undo_text)
        except UsageError as error:
            self._cancel_drag()
            self._workspace.messages.show_message(str(error))


def _is_click(event: QGraphicsSceneMouseEvent) -> bool:
    """Return whether the mouse is where the left button was pressed."""
    distance = event.screenPos() - event.buttonDownScreenPos(Qt.MouseButton.LeftButton)
    return distance.manhattanLength() <= CLICK
