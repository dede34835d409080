"""The transport: what stands below the stage, with the timeline, the buttons and the frame."""

from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
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
from gui.widgets.plain_text import as_it_stands

GROUPS = (
    ("first_frame", "step_back", "play_pause", "step_forward", "last_frame"),
    ("previous_event", "next_event"),
)
NOT_BEGUN = "stopped: last change not trained"
FRACTIONS = {1 / 8: "⅛×", 1 / 4: "¼×", 1 / 2: "½×"}


@final
class Transport(QWidget):
    """Shows where the player is, and asks it to go elsewhere.

    Signals
    -------
    frame_requested(int)
        The user asked for a frame; it may lie beyond the last one there is so far.
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
        self._frame.setObjectName("frame")
        self._frame.setAccessibleName("Frame")
        self._frame.setKeyboardTracking(False)
        self._frame.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._frame.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._frame.setMinimumWidth(86)
        self._frame.setToolTip("The frame that is shown; type another")
        self._frame.valueChanged.connect(self._on_value)
        self._frame.lineEdit().returnPressed.connect(self._frame.clearFocus)
        self._last = QLabel()
        self._last.setProperty("role", "quiet")
        self._state = _Elided()
        self._state.setObjectName("state")
        self._state.setProperty("role", "quiet")
        self._speed = QComboBox()
        self._speed.setObjectName("speed")
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip("Speed of playing; 1× is 30 frames a second  (+, −)")
        self._speed.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._speed.setFixedWidth(72)
        for speed in SPEEDS:
            self._speed.addItem(speed_text(speed))
        self._speed.activated.connect(self._on_speed)

        row = QHBoxLayout()
        row.setSpacing(3)
        for names in GROUPS:
            for name in names:
                row.addWidget(_button(actions[name], f"{name.split('_')[0]}_button"))
            row.addSpacing(10)
        caption = QLabel("frame")
        caption.setProperty("role", "quiet")
        row.addWidget(caption)
        row.addSpacing(4)
        row.addWidget(self._frame)
        row.addSpacing(4)
        row.addWidget(self._last)
        row.addSpacing(14)
        row.addWidget(self._state, 1)
        for name in ("stop", "follow", "loop"):
            row.addWidget(_button(actions[name]))
        row.addSpacing(6)
        row.addWidget(self._speed)
        row.addSpacing(6)
        row.addWidget(_button(actions["claims"]))
        row.addWidget(_button(actions["controls"]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 10, 8)
        layout.setSpacing(2)
        layout.addWidget(self.timeline)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(6, 0, 0, 0)
        buttons.addLayout(row)
        layout.addLayout(buttons)

    def show_scene(
        self, scene: Scene, index: int, stopped: bool = False, is_former: bool = False
    ) -> None:
        """Show how far a comparison, or other scene, has come, and which frame of it is shown.

        A former one is shown as long as there is no frame of the experiment that is open.
        """
        # While it trains, there is room on the timeline for all that is to come.
        last = scene.last_index
        to_come = last if scene.is_complete else scene.planned_index
        self._is_updating = True
        self.timeline.set_span(to_come + 1, scene.track_count)
        self.timeline.set_trained(last, scene.events)
        self._frame.setMaximum(max(0, to_come))
        self._is_updating = False
        self._last.setText(f"of {to_come:,}")
        self._state.setText(NOT_BEGUN if stopped and is_former else state_text(scene, stopped))
        self._state.setToolTip(as_it_stands(self._state.text()))
        self.show_index(index)

    def show_index(self, index: int) -> None:
        self._is_updating = True  # what is shown was not asked for here
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
    """Return a speed as it is written.

    >>> speed_text(0.5), speed_text(16.0)
    ('½×', '16×')
    """
    return FRACTIONS.get(speed) or f"{speed:g}×"


def state_text(scene: Scene, stopped: bool = False) -> str:
    """Return how the training stands; empty once every run has come to its end as planned."""
    told = [
        f"run {LETTERS[run]} {recording.reason or 'diverged'}"
        for run, recording in enumerate(scene.recordings)
        if recording.finish is Finish.DIVERGED
    ]
    if not scene.is_complete:
        told.insert(0, f"stopped: {scene.progress}" if stopped else _going_on(scene))
    return " · ".join(told)


def _going_on(scene: Scene) -> str:
    return " · ".join(filter(None, (f"{scene.activity}… {scene.progress}", scene.speed)))


def _button(action: QAction, name: str = "") -> ActionButton:
    button = ActionButton(action)
    button.setObjectName(name)
    button.setAutoRaise(True)
    button.setIconSize(QSize(SIZE, SIZE))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys work from everywhere
    button.setAccessibleName(tool_tip(action))
    return button


@final
class _Elided(QLabel):
    """Words that end in … where there is no room for them; the tool tip has them all."""

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
