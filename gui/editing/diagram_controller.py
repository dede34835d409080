"""Edits the weight or bias that is clicked or dragged on the network diagram."""

from functools import partial
from typing import final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu

from engine.editing.parameters import Parameter, nudged
from engine.editing.resizing import Resizing
from engine.training import Scene
from gui.editing.nudge_report import NudgeReport
from gui.editing.parameter_editor import ParameterEditor, tidied
from gui.editing.selection import Selection
from gui.editing.weight_editor import WeightEditor
from gui.panels.base.panel import LETTERS
from gui.workspace.workspace import Workspace

EPSILON = 1e-12
"""The nudge that breaks the symmetry by one key, too small to be seen at first."""
BREAK_ACTIONS = {"break_symmetry": False, "break_in_fork": True}
"""Whether each action that breaks the symmetry forks the run."""
REACH_LENGTH = 150.0
"""The length of a drag from 0 to the reach, in units of the layout."""


@final
class DiagramController(QObject):
    """Opens the editor of a parameter, sets what is dragged, and nudges by one key.

    Signals
    -------
    removal_requested(Resizing)
        A unit is to be removed.
    """

    removal_requested = Signal(Resizing)

    def __init__(self, workspace: Workspace, parameter_editor: ParameterEditor) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._editor = parameter_editor
        self._start: float | None = None
        self._is_asking = False
        self._weight_editor: WeightEditor | None = None
        self._nudge_report = NudgeReport(workspace)
        self._selection = Selection(workspace, parameter_editor)
        self._selection.opened.connect(self.open_editor)
        workspace.document.about_to_change.connect(self._commit_entry)
        workspace.document.changed.connect(self._on_document_changed)
        for name, fork in BREAK_ACTIONS.items():
            workspace.actions[name].invoked.connect(partial(self._break_symmetry, fork))

    def show_scene(self, scene: Scene) -> None:
        """Edit the parameters of this scene."""
        self._start, self._is_asking = None, False
        selected = self._selection.parameter
        if selected is not None:
            run = self._workspace.moved_run(selected.run)
            self._selection.select(None if run is None else selected._replace(run=run))
        for name in BREAK_ACTIONS:
            self._workspace.actions[name].setEnabled(self._editor.current_scene is not None)

    @Slot(Parameter)
    def open_editor(self, parameter: Parameter) -> None:
        """Open the editor of a parameter."""
        # Until another experiment is trained, the values shown are not those to be edited.
        scene = self._editor.current_scene
        if scene is None:
            return
        self._workspace.player.pause()
        if not self._editor.is_trained(parameter.run):
            self._editor.report_untrained(parameter.run)
            return
        step, before = self._editor.step_of(parameter.run), self._selection.parameter
        editor = WeightEditor(scene, parameter, step, self._workspace.window)
        editor.edited.connect(self._editor.apply)
        editor.previewed.connect(self._editor.preview)
        editor.preview_cancelled.connect(self._editor.cancel_preview)
        # The action explains the selected parameter.
        editor.explanation_requested.connect(self._workspace.actions["explain"].trigger)
        editor.removal_requested.connect(self.removal_requested)
        editor.closed.connect(partial(self._on_editor_closed, before))
        self._weight_editor = editor
        self._selection.select(parameter)
        editor.show_near(*self._position_of(parameter))

    def _on_editor_closed(self, before: Parameter | None) -> None:
        self._weight_editor = None
        self._selection.select(before)

    @Slot()
    def _commit_entry(self) -> None:
        """Set what is being typed in the editor of a parameter."""
        if self._weight_editor is not None:
            self._weight_editor.commit()

    @Slot()
    def _on_document_changed(self) -> None:
        """Close the editor of a parameter, unless it has made the change itself."""
        editor = self._weight_editor
        if editor is not None and editor.experiment != self._workspace.document.experiment:
            editor.discard()

    def _position_of(self, parameter: Parameter) -> tuple[QPoint, QRect]:
        """Return where on the screen a parameter and its panel are, or else the pointer."""
        view = self._workspace.view
        found = view.stage.position_of(parameter)
        if found is None:
            return QCursor.pos(), QRect(QCursor.pos(), QSize())
        place, panel = view.mapFromScene(found[0]), view.mapFromScene(found[1]).boundingRect()
        corner = view.viewport().mapToGlobal(panel.topLeft())
        return view.viewport().mapToGlobal(place), QRect(corner, panel.size())

    def _dragged_value(self, parameter: Parameter, rise: float) -> float | None:
        """Return the value to which a parameter is dragged; None if its value is unknown."""
        if self._start is None:
            self._start = self._editor.value_of(parameter)
        if self._start is None or rise == 0.0:
            return self._start
        reach = self._editor.reach_of(self._start)
        return tidied(self._start + reach * rise / REACH_LENGTH, reach)

    def preview_drag(self, parameter: Parameter, rise: float) -> None:
        """Show the frame with the value to which a parameter is dragged."""
        value = self._dragged_value(parameter, rise)
        if value is not None:
            self._editor.preview(parameter, value)

    def finish_drag(self, parameter: Parameter, rise: float) -> None:
        """Set what was dragged; after the start, ask whether in this run or in a fork."""
        value, self._start = self._dragged_value(parameter, rise), None
        if value is None or value == self._editor.value_of(parameter):
            self._editor.cancel_preview()
        elif self._editor.step_of(parameter.run) == 0:
            self._editor.set_value(parameter, value)
        else:
            self._ask(parameter, value)

    def _ask(self, parameter: Parameter, value: float) -> None:
        step, letter = self._editor.step_of(parameter.run), LETTERS[parameter.run]
        menu = QMenu(self._workspace.window)
        menu.setObjectName("here_or_fork")
        here = menu.addAction(f"Change run {letter} from frame {step:,} on")
        fork = menu.addAction(f"Fork run {letter} here: a copy that differs from frame {step:,} on")
        experiment = self._workspace.document.experiment
        fork.setEnabled(len(experiment.runs) < experiment.most_runs)
        menu.addSeparator()
        menu.addAction("Cancel")
        self._is_asking = True

        def answer(action: QAction) -> None:
            if action in (here, fork):
                self._is_asking = False
                self._editor.set_value(parameter, value, fork=action is fork)

        menu.triggered.connect(answer)
        # A menu hides before it emits what was chosen.
        menu.aboutToHide.connect(partial(QTimer.singleShot, 0, self._cancel_if_unanswered))
        menu.aboutToHide.connect(menu.deleteLater)
        self._workspace.document.changed.connect(menu.close)
        menu.popup(QCursor.pos())

    @Slot()
    def _cancel_if_unanswered(self) -> None:
        if self._is_asking:
            self._is_asking = False
            self._editor.cancel_preview()

    def _break_symmetry(self, fork: bool) -> None:
        """Nudge the selected parameter, or else the first weight of the chosen run."""
        first = Parameter(self._workspace.controls.chosen_run, "W1", 0, 0)
        parameter = self._selection.parameter or first
        value = self._editor.value_of(parameter)
        if value is None:
            self._editor.report_untrained(parameter.run)
            return
        new = nudged(value, EPSILON, up=True)
        if new == value:
            self._workspace.messages.show_message(
                f"{parameter.name} is {value:.3g}, to which 10⁻¹² adds nothing; click it, and "
                "nudge it by 1 ulp"
            )
            return
        name, letter = parameter.name, LETTERS[parameter.run]
        undo_text = f"Fork run {letter}, and nudge {name}" if fork else f"Nudge {name} of {letter}"
        changed = self._editor.set_value(parameter, new, f"{undo_text} by 10⁻¹²", fork=fork)
        if changed is None:
            return
        if fork and self._selection.parameter is not None:
            self._selection.select(changed)
        self._editor.report_key(changed, "nudged by 10⁻¹²", parameter.run)
        self._nudge_report.await_result(changed, self._editor.step_of(changed.run), EPSILON)
