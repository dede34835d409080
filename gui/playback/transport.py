"""The bar below the stage, with the timeline, the playback buttons and the current frame."""

from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from engine.training.recording import Finish
from engine.training.scene import Scene
from gui.panels.base.panel import LETTERS
from gui.playback.player import SPEEDS
from gui.playback.timeline import Timeline
from gui.style.icons import SIZE
from gui.style.theme import Theme
from gui.widgets.action_button import ActionButton
from gui.widgets.actions import tool_tip
from gui.widgets.layouts import Part, column, row
from gui.widgets.plain_text import as_it_stands

GROUPS = (
    ("first_frame", "step_back", "play_pause", "step_forward", "last_frame"),
    ("previous_event", "next_event"),
)
NOT_BEGUN = "stopped: last change not trained"
FRACTIONS = {1 / 8: "⅛×", 1 / 4: "¼×", 1 / 2: "½×"}


@final
class Transport(QWidget):
    """Shows the position of the player, and requests others.

    Signals
    -------
    frame_requested(int)
        A frame, which may lie beyond the last one computed so far.
    speed_chosen(float)
    """

    frame_requested = Signal(int)
    speed_chosen = Signal(float)

    def __init__(
        self, actions: Mapping[str, QAction], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._is_updating = False
        self.timeline = Timeline(theme)
        self.timeline.valueChanged.connect(self._on_value)
        self._frame = QSpinBox()
        _name(self._frame, "frame", "Frame", "The current frame; type another")
        self._frame.setKeyboardTracking(False)
        self._frame.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._frame.setMinimumWidth(86)
        self._frame.valueChanged.connect(self._on_value)
        self._frame.lineEdit().returnPressed.connect(self._frame.clearFocus)
        self._last = _quiet(QLabel())
        self._state = _quiet(_Elided())
        self._state.setObjectName("state")
        self._speed = QComboBox()
        speed_tip = "Speed of playback; 1× is 30 frames per second  (+, −)"
        _name(self._speed, "speed", "Speed", speed_tip)
        self._speed.setFixedWidth(72)
        self._speed.addItems([speed_text(speed) for speed in SPEEDS])
        self._speed.activated.connect(self._on_speed)
        self._lay_out(actions)

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        playback: list[Part] = []
        for names in GROUPS:
            playback += [_button(actions[name], f"{name.split('_')[0]}_button") for name in names]
            playback.append(10)
        buttons = row(
            *playback,
            _quiet(QLabel("frame")),
            4,
            self._frame,
            4,
            self._last,
            14,
            (self._state, 1),
            *(_button(actions[name]) for name in ("stop", "follow", "loop")),
            6,
            self._speed,
            6,
            *(_button(actions[name]) for name in ("claims", "controls")),
            spacing=3,
        )
        indented = row(buttons, margins=(6, 0, 0, 0))
        column(self.timeline, indented, parent=self, spacing=2, margins=(6, 2, 10, 8))

    def show_scene(
        self, scene: Scene, index: int, stopped: bool = False, is_former: bool = False
    ) -> None:
        """Show the progress of a scene, and which of its frames is shown.

        A former scene is shown while there is no frame of the open experiment.
        """
        # While it trains, the timeline has room for all planned frames.
        last = scene.last_index
        planned = last if scene.is_complete else scene.planned_index
        self._is_updating = True
        self.timeline.set_span(planned + 1, scene.track_count)
        self.timeline.set_trained(last, scene.events)
        self._frame.setMaximum(max(0, planned))
        self._is_updating = False
        self._last.setText(f"of {planned:,}")
        self._state.setText(NOT_BEGUN if stopped and is_former else state_text(scene, stopped))
        self._state.setToolTip(as_it_stands(self._state.text()))
        self.show_index(index)

    def show_index(self, index: int) -> None:
        self._is_updating = True
        self.timeline.setValue(index)
        self._frame.setValue(index)
        self._is_updating = False

    @Slot(float)
    def show_speed(self, speed: float) -> None:
        self._speed.setCurrentIndex(SPEEDS.index(speed))

    def set_theme(self, theme: Theme) -> None:
        self.timeline.set_theme(theme)

    @Slot(int)
    def _on_value(self, index: int) -> None:
        if not self._is_updating:
            self.frame_requested.emit(index)

    @Slot(int)
    def _on_speed(self, index: int) -> None:
        self.speed_chosen.emit(SPEEDS[index])


def speed_text(speed: float) -> str:
    """Return a speed as text.

    >>> speed_text(0.5), speed_text(16.0)
    ('½×', '16×')
    """
    return FRACTIONS.get(speed) or f"{speed:g}×"


def state_text(scene: Scene, stopped: bool = False) -> str:
    """Return the state of a scene as text; empty once every run has ended as planned."""
    parts = [
        f"run {LETTERS[run]} {recording.reason or 'diverged'}"
        for run, recording in enumerate(scene.recordings)
        if recording.finish is Finish.DIVERGED
    ]
    if not scene.is_complete and stopped:
        parts.insert(0, f"stopped: {scene.progress}")
    elif not scene.is_complete:
        parts = [f"{scene.activity}… {scene.progress}", *filter(None, [scene.speed]), *parts]
    return " · ".join(parts)


def _name(widget: QWidget, name: str, accessible_name: str, tip: str) -> None:
    widget.setObjectName(name)
    widget.setAccessibleName(accessible_name)
    widget.setToolTip(tip)
    widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)


def _quiet(label: QLabel) -> QLabel:
    label.setProperty("role", "quiet")
    return label


def _button(action: QAction, name: str = "") -> ActionButton:
    button = ActionButton(action)
    button.setObjectName(name)
    button.setAutoRaise(True)
    button.setIconSize(QSize(SIZE, SIZE))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its shortcut works everywhere
    button.setAccessibleName(tool_tip(action))
    return button


@final
class _Elided(QLabel):
    """A label whose text ends in … where it does not fit; the tool tip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, place = QPainter(self), self.contentsRect()
        end = Qt.TextElideMode.ElideRight
        words = self.fontMetrics().elidedText(self.text(), end, place.width())
        colour = self.palette(), self.isEnabled(), words, self.foregroundRole()
        self.style().drawItemText(painter, place, self.alignment().value, *colour)
        painter.end()
