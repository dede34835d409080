"""Selects a weight or bias on the network diagram by keys, moves it and opens its editor."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from engine.editing.parameters import Parameter
from gui.editing.parameter_editor import ParameterEditor, step_size, when
from gui.panels.base.panel import LETTERS
from gui.workspace.workspace import Workspace

COARSER = 10.0
"""The factor of a step with Alt; one with Ctrl is smaller by it."""
DIGITS = 15
"""Moved values are rounded to this many decimals, which keeps nudges of 10⁻¹² intact."""

KEYS = (
    ("Next weight or bias", "Tab"),
    ("Previous weight or bias", "Shift+Tab"),
    ("Move it", "Up   Down"),
    ("… in small or large steps", "with Ctrl, Alt"),
    ("… in a fork of its run", "with Shift"),
    ("Open its editor", "Enter"),
    ("Select nothing", "Escape"),
)
"""The keys on the diagram that are not shortcuts of actions, for the help sheet."""

Key = Qt.Key
Modifier = Qt.KeyboardModifier
FACTORS = {
    Modifier.NoModifier: 1.0,
    Modifier.AltModifier: COARSER,
    Modifier.ControlModifier: 1.0 / COARSER,
}


class _Fork(NamedTuple):
    """A fork made by a key, in which the next key continues."""

    parameter: Parameter
    step: int
    undo_text: str
    origin: int


@final
class Selection(QObject):
    """Lets Tab and Shift+Tab go through the diagram's parameters, and past them to other widgets.

    Signals
    -------
    opened(Parameter)
        Enter was pressed on it.
    """

    opened = Signal(Parameter)

    def __init__(self, workspace: Workspace, parameter_editor: ParameterEditor) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._stage = workspace.view.stage
        self._editor = parameter_editor
        self._fork: _Fork | None = None
        workspace.view.installEventFilter(self)

    @property
    def parameter(self) -> Parameter | None:
        """The selected parameter."""
        return self._workspace.appearance.view_model.options.selected

    def select(self, parameter: Parameter | None) -> None:
        """Select a parameter, or none."""
        if parameter != self.parameter:
            self._workspace.appearance.view_model.update(selected=parameter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not isinstance(event, QKeyEvent) or event.type() not in kinds:
            return False
        handler, is_pressed = self._handler(event), event.type() == QEvent.Type.KeyPress
        if handler is None:
            if is_pressed and event.key() in (Key.Key_Tab, Key.Key_Backtab):
                self.select(None)  # the focus moves to another widget
            return False
        if is_pressed:
            handler()
        event.accept()  # as an override: the key is no shortcut now
        return True

    def _handler(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does; None for a key that is not handled here."""
        held = event.modifiers() & ~(Modifier.KeypadModifier | Modifier.GroupSwitchModifier)
        key, selected = event.key(), self.parameter
        if key in (Key.Key_Tab, Key.Key_Backtab):
            forward = key == Key.Key_Tab and not held & Modifier.ShiftModifier
            return None if held & Modifier.ControlModifier else self._tab(forward)
        if key == Key.Key_Escape and not held:
            return self._escape()
        if selected is None:
            return None
        if key in (Key.Key_Up, Key.Key_Down):
            fork = bool(held & Modifier.ShiftModifier)
            factor = FACTORS.get(held & ~Modifier.ShiftModifier)
            sign = 1.0 if key == Key.Key_Up else -1.0
            return None if factor is None else partial(self._move, selected, sign * factor, fork)
        if key in (Key.Key_Return, Key.Key_Enter) and not held:
            return partial(self.opened.emit, selected)
        return None

    def _tab(self, forward: bool) -> Callable[[], None] | None:
        parameters, selected = self._stage.parameters, self.parameter
        if selected in parameters:
            at = parameters.index(selected) + (1 if forward else -1)
        else:
            at = 0 if forward else -1
        return partial(self.select, parameters[at]) if 0 <= at < len(parameters) else None

    def _escape(self) -> Callable[[], None] | None:
        if self._stage.is_dragging:
            return self._cancel_drag
        return None if self.parameter is None else partial(self.select, None)

    def _cancel_drag(self) -> None:
        self._stage.drop()
        self._editor.cancel_preview()

    def _move(self, parameter: Parameter, steps: float, fork: bool) -> None:
        """Move a parameter by a number of steps; consecutive keys are one edit to undo."""
        value, old = self._editor.value_of(parameter), self._fork
        if value is None:
            return
        new = round(value + steps * step_size(self._editor.reach_of(value)), DIGITS)
        letter, step = LETTERS[parameter.run], self._editor.step_of(parameter.run)
        undo_text, origin = f"Move {parameter.name} of {letter}, {when(step)}", parameter.run
        if old and old[:3] == (parameter, step, self._workspace.document.undo_text):
            fork, undo_text, origin = False, old.undo_text, old.origin  # continues in that fork
        elif fork:
            undo_text = f"Fork run {letter}, and move {parameter.name} {when(step)}"
        if not fork:
            self._editor.preview(parameter, new)
        changed = self._editor.set_value(parameter, new, undo_text, fork=fork, merge=not fork)
        if changed is None:
            return
        if fork:
            self._fork = _Fork(changed, step, undo_text, origin)
            self.select(changed)
        self._editor.report_key(changed, "moved", origin)
