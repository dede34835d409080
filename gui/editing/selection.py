"""The keyboard on the diagram: select a weight or bias, move it, open its editor."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from engine.editing.parameters import Parameter
from gui.editing.parameter_editor import ParameterEditor, step_size, when
from gui.panels.base.panel import LETTERS
from gui.stage.stage_view import StageView
from gui.stage.view_model import ViewModel

COARSER = 10.0
"""A step with Alt is so many times as long, and one with Ctrl so many times as short."""
DIGITS = 15
"""Steps leave alone what is nudged by 10⁻¹², and no dust of rounding behind."""

KEYS = (
    ("Next weight or bias", "Tab"),
    ("The one before", "Shift+Tab"),
    ("Move it", "Up   Down"),
    ("… by little, by much", "with Ctrl, Alt"),
    ("… in a fork of its run", "with Shift"),
    ("Open its editor", "Enter"),
    ("Select nothing", "Escape"),
)
"""What keys do on the diagram, beside the actions: to be listed."""

Key = Qt.Key
Modifier = Qt.KeyboardModifier


class _Fork(NamedTuple):
    """What a key has forked, and by which deed: the next key goes on with that."""

    parameter: Parameter
    step: int
    undo_text: str
    origin: int


@final
class Selection(QObject):
    """Tab and Shift+Tab go through what is on the diagram, and past its ends to other widgets.

    Parameters
    ----------
    view : StageView
        It receives the keys while it has the focus.
    view_model : ViewModel
    parameter_editor : ParameterEditor
    parent : QObject

    Signals
    -------
    opened(Parameter)
        Enter was pressed on it.
    """

    opened = Signal(Parameter)

    def __init__(
        self,
        view: StageView,
        view_model: ViewModel,
        parameter_editor: ParameterEditor,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = view.stage
        self._view_model = view_model
        self._parameter_editor = parameter_editor
        self._fork: _Fork | None = None
        view.installEventFilter(self)

    @property
    def parameter(self) -> Parameter | None:
        """What is selected."""
        return self._view_model.options.selected

    def select(self, parameter: Parameter | None) -> None:
        """Select this, or nothing."""
        if parameter != self.parameter:
            self._view_model.update(selected=parameter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not isinstance(event, QKeyEvent) or event.type() not in kinds:
            return False
        handler, is_pressed = self._handler(event), event.type() == QEvent.Type.KeyPress
        if handler is None:
            if is_pressed and event.key() in (Key.Key_Tab, Key.Key_Backtab):
                self.select(None)  # the focus goes on
            return False
        if is_pressed:
            handler()
        event.accept()  # as an override: the key is no shortcut now
        return True

    def _handler(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does here; None if it is somebody else's."""
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
            factor = {
                Modifier.NoModifier: 1.0,
                Modifier.AltModifier: COARSER,
                Modifier.ControlModifier: 1.0 / COARSER,
            }.get(held & ~Modifier.ShiftModifier)
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
        if 0 <= at < len(parameters):
            return partial(self.select, parameters[at])
        return None

    def _escape(self) -> Callable[[], None] | None:
        if self._stage.is_dragging:
            return self._cancel_drag
        return None if self.parameter is None else partial(self.select, None)

    def _cancel_drag(self) -> None:
        self._stage.cancel_drag()
        self._parameter_editor.cancel_preview()

    def _move(self, parameter: Parameter, steps: float, fork: bool) -> None:
        """Move it by so many steps. Keys pressed one after the other are undone as one."""
        value = self._parameter_editor.value_of(parameter)
        if value is None:
            return
        new = round(value + steps * step_size(self._parameter_editor.reach_of(value)), DIGITS)
        letter, step = LETTERS[parameter.run], self._parameter_editor.step_of(parameter.run)
        undo_text, origin = f"Move {parameter.name} of {letter}, {when(step)}", parameter.run
        old = self._fork
        if old and old[:3] == (parameter, step, self._parameter_editor.last_undo_text):
            fork, undo_text, origin = False, old.undo_text, old.origin  # it goes on in that fork
        elif fork:
            undo_text = f"Fork run {letter}, and move {parameter.name} {when(step)}"
        if not fork:
            self._parameter_editor.preview(parameter, new)
        made = self._parameter_editor.set_value(
            parameter, new, undo_text, fork=fork, merge=not fork
        )
        if made is None:
            return
        if fork:
            self._fork = _Fork(made, step, undo_text, origin)
            self.select(made)
        self._parameter_editor.note_key(made, "moved", origin)
