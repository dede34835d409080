"""Joins what is clicked, dragged and pressed on the diagram to a hand on a single parameter."""

from collections.abc import Mapping
from functools import partial
from typing import final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from engine.editing.parameters import Parameter, nudged
from engine.editing.resizing import Resizing
from engine.training.scene import Scene
from gui.controls.controls import Controls
from gui.document.document import Document
from gui.editing.parameter_editor import ParameterEditor, tidied
from gui.editing.selection import Selection
from gui.editing.weight_editor import WeightEditor
from gui.panels.base.panel import LETTERS
from gui.stage.stage_view import StageView
from gui.stage.view_model import ViewModel

EPSILON = 1e-12
"""What breaks the symmetry at one key: far too little to be seen at first."""
PULL = 150.0
"""So far, in units of the layout, a parameter is dragged from 0 to the reach."""


@final
class DiagramController(QObject):
    """Opens the editor of what is clicked, moves what is dragged, and nudges by one key.

    Parameters
    ----------
    parameter_editor : ParameterEditor
    view : StageView
    view_model : ViewModel
    document : Document
    controls : Controls
        Which say which run is chosen.
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    window : QWidget
        Whose popups the editor and the question are.

    Signals
    -------
    removal_requested(Resizing)
        A unit is to be removed.
    """

    removal_requested = Signal(Resizing)

    def __init__(
        self,
        parameter_editor: ParameterEditor,
        view: StageView,
        view_model: ViewModel,
        document: Document,
        controls: Controls,
        actions: Mapping[str, QAction],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._parameter_editor = parameter_editor
        self._view = view
        self._document = document
        self._controls = controls
        self._breaking = actions["break_symmetry"], actions["break_in_fork"]
        self._explanation_controller = actions["explain"]
        self._window = window
        self._start: float | None = None
        self._is_asking = False
        self._selection = Selection(view, view_model, parameter_editor, self)
        self._selection.opened.connect(self.open_editor)
        for fork, action in enumerate(self._breaking):
            action.triggered.connect(partial(self._break_symmetry, bool(fork)))

    def show_scene(self, scene: Scene) -> None:
        """Touch this comparison from now on; another scene has nothing to be touched so."""
        self._start, self._is_asking = None, False
        self._parameter_editor.show_scene(scene)
        selected = self._selection.parameter
        if selected is not None and selected.run >= scene.track_count:
            self._selection.select(None)  # of a fork that was undone
        for action in self._breaking:
            action.setEnabled(self._parameter_editor.current_scene is not None)

    @Slot(Parameter)
    def open_editor(self, parameter: Parameter) -> None:
        """Open the editor of a parameter."""
        # Until another experiment is trained, the values shown are not those to be edited.
        scene = self._parameter_editor.current_scene
        if scene is None:
            return
        self._parameter_editor.hold_still()
        if not self._parameter_editor.is_trained(parameter.run):
            self._parameter_editor.note_untrained(parameter.run)
            return
        step, before = self._parameter_editor.step_of(parameter.run), self._selection.parameter
        editor = WeightEditor(scene, parameter, step, self._window)
        editor.edited.connect(self._parameter_editor.apply)
        editor.tried.connect(self._parameter_editor.preview)
        editor.given_up.connect(self._parameter_editor.cancel_preview)
        editor.explained.connect(
            self._explanation_controller.trigger
        )  # which explains what is selected
        editor.removal_requested.connect(self.removal_requested)
        editor.closed.connect(partial(self._selection.select, before))
        self._selection.select(parameter)
        editor.show_near(*self._on_screen(parameter))

    def _on_screen(self, parameter: Parameter) -> tuple[QPoint, QRect]:
        """Return where a parameter is, and the panel around it; else where the pointer is."""
        view, found = self._view, self._view.stage.position_of(parameter)
        if found is None:  # nothing shows it
            return QCursor.pos(), QRect(QCursor.pos(), QSize())
        place, panel = view.mapFromScene(found[0]), view.mapFromScene(found[1]).boundingRect()
        corner = view.viewport().mapToGlobal(panel.topLeft())
        return view.viewport().mapToGlobal(place), QRect(corner, panel.size())

    def _dragged_value(self, parameter: Parameter, rise: float) -> float | None:
        """Return the value to which a parameter is dragged; None if its value is unknown."""
        if self._start is None:
            self._start = self._parameter_editor.value_of(parameter)
        if self._start is None or rise == 0.0:
            return self._start
        reach = self._parameter_editor.reach_of(self._start)
        return tidied(self._start + reach * rise / PULL, reach)

    def preview_drag(self, parameter: Parameter, rise: float) -> None:
        """Show the frame with the value to which a parameter is dragged."""
        value = self._dragged_value(parameter, rise)
        if value is not None:
            self._parameter_editor.preview(parameter, value)

    def finish_drag(self, parameter: Parameter, rise: float) -> None:
        """Set what was dragged; after the start, ask whether in this run or in a fork."""
        value, self._start = self._dragged_value(parameter, rise), None
        if value is None or value == self._parameter_editor.value_of(parameter):
            self._parameter_editor.cancel_preview()
        elif self._parameter_editor.step_of(parameter.run) == 0:
            self._parameter_editor.set_value(parameter, value)
        else:
            self._ask(parameter, value)

    def _ask(self, parameter: Parameter, value: float) -> None:
        step, letter = self._parameter_editor.step_of(parameter.run), LETTERS[parameter.run]
        menu = QMenu(self._window)
        menu.setObjectName("here_or_fork")
        here = menu.addAction(f"Change run {letter} from frame {step:,} on")
        fork = menu.addAction(f"Fork run {letter} here: a copy that differs from frame {step:,} on")
        experiment = self._document.experiment
        fork.setEnabled(len(experiment.runs) < experiment.most_runs)
        menu.addSeparator()
        menu.addAction("Leave it as it was")
        self._is_asking = True

        def answer(action: QAction) -> None:
            if action in (here, fork):
                self._is_asking = False
                self._parameter_editor.set_value(parameter, value, fork=action is fork)

        menu.triggered.connect(answer)
        # A menu hides before it says what was chosen.
        menu.aboutToHide.connect(partial(QTimer.singleShot, 0, self._give_up_if_unanswered))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    @Slot()
    def _give_up_if_unanswered(self) -> None:
        if self._is_asking:
            self._is_asking = False
            self._parameter_editor.cancel_preview()

    def _break_symmetry(self, fork: bool) -> None:
        """Nudge what is selected, or else the first weight of the chosen run, or of a fork."""
        first = Parameter(self._controls.chosen_run, "W1", 0, 0)
        parameter = self._selection.parameter or first
        value = self._parameter_editor.value_of(parameter)
        if value is None:
            self._parameter_editor.note_untrained(parameter.run)
            return
        new = nudged(value, EPSILON, up=True)
        if new == value:
            self._parameter_editor.error_reported.emit(
                f"{parameter.name} is {value:.3g}, to which 10⁻¹² adds nothing; click it, and "
                "nudge it by 1 ulp"
            )
            return
        name, letter = parameter.name, LETTERS[parameter.run]
        undo_text = f"Fork run {letter}, and nudge {name}" if fork else f"Nudge {name} of {letter}"
        made = self._parameter_editor.set_value(parameter, new, f"{undo_text} by 10⁻¹²", fork=fork)
        if made is None:
            return
        if fork and self._selection.parameter is not None:
            self._selection.select(made)
        self._parameter_editor.note_key(made, "nudged by 10⁻¹²", parameter.run)
