"""The bar below the stage, with the timeline, the playback buttons and the current frame."""

from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from engine.training import Finish, Scene
from gui.panels.base.panel import LETTERS
from gui.playback.player import SPEEDS
from gui.playback.timeline import Timeline
from gui.style.icons import SIZE
from gui.style.theme import Theme
from gui.widgets import ActionButton, Part, as_it_stands, column, configured, row, tool_tip

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
        self.timeline = configured(Timeline(theme), valueChanged=self.frame_requested)
        self._frame = configured(
            QSpinBox(),
            objectName="frame",
            accessibleName="Frame",
            toolTip="The current frame; type another",
            focusPolicy=Qt.FocusPolicy.ClickFocus,
            keyboardTracking=False,
            minimumWidth=86,
            alignment=Qt.AlignmentFlag.AlignRight,
            valueChanged=self.frame_requested,
        )
        self._frame.lineEdit().returnPressed.connect(self._frame.clearFocus)
        self._last = configured(QLabel(), role="quiet")
        self._state = configured(_Elided(), objectName="state", role="quiet")
        self._speed = configured(
            QComboBox(),
            objectName="speed",
            accessibleName="Speed",
            toolTip="Speed of playback; 1× is 30 frames per second  (+, −)",
            focusPolicy=Qt.FocusPolicy.ClickFocus,
            activated=lambda at: self.speed_chosen.emit(SPEEDS[at]),
        )
        self._speed.setFixedWidth(72)
        self._speed.addItems([speed_text(speed) for speed in SPEEDS])
        self._lay_out(actions)

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        playback: list[Part] = []
        for names in GROUPS:
            playback += [_button(actions[name], f"{name.split('_')[0]}_button") for name in names]
            playback.append(10)
        buttons = row(
            *playback,
            configured(QLabel("frame"), role="quiet"),
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
        buttons.setContentsMargins(6, 0, 0, 0)
        column(self.timeline, buttons, parent=self, spacing=2, margins=(6, 2, 10, 8))

    def show_scene(
        self, scene: Scene, index: int, stopped: bool = False, is_former: bool = False
    ) -> None:
        """Show the progress of a scene, and which of its frames is shown.

        A former scene is shown while there is no frame of the open experiment.
        """
        # While it trains, the timeline has room for all planned frames.
        last = scene.last_index
        planned = last if scene.is_complete else scene.planned_index
        with QSignalBlocker(self.timeline), QSignalBlocker(self._frame):
            self.timeline.set_span(planned + 1, scene.track_count)
            self.timeline.set_trained(last, scene.events)
            self._frame.setMaximum(max(0, planned))
        self._last.setText(f"of {planned:,}")
        self._state.setText(NOT_BEGUN if stopped and is_former else state_text(scene, stopped))
        self._state.setToolTip(as_it_stands(self._state.text()))
        self.show_index(index)

    @Slot()
    def commit_entries(self) -> None:
        """Request the frame whose number is being typed."""
        self._frame.interpretText()

    def show_index(self, index: int) -> None:
        box = self._frame
        is_typing = box.hasFocus() and box.cleanText() != box.textFromValue(box.value())
        with QSignalBlocker(self.timeline), QSignalBlocker(box):
            self.timeline.setValue(index)
            if not is_typing:
                box.setValue(index)

    @Slot(float)
    def show_speed(self, speed: float) -> None:
        self._speed.setCurrentIndex(SPEEDS.index(speed))


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


def _button(action: QAction, name: str = "") -> ActionButton:
    return configured(
        ActionButton(action),
        objectName=name,
        autoRaise=True,
        iconSize=QSize(SIZE, SIZE),
        focusPolicy=Qt.FocusPolicy.NoFocus,  # its shortcut works everywhere
        accessibleName=tool_tip(action),
    )


@final
class _Elided(QLabel):
    """A label whose text ends in … where it does not fit; the tool tip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        place, right = self.contentsRect(), Qt.TextElideMode.ElideRight
        words = self.fontMetrics().elidedText(self.text(), right, place.width())
        look = self.palette(), self.isEnabled(), words, self.foregroundRole()
        with QPainter(self) as painter:
            self.style().drawItemText(painter, place, self.alignment().value, *look)
