"""The actions that play: what each key of a video player asks of the player."""

from collections.abc import Callable, Mapping
from typing import final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from engine.training.scene import Scene
from gui.playback.player import SPEEDS, Player
from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets.actions import tool_tip

FAR = 10
"""Frames of a long step."""


@final
class PlaybackActions(QObject):
    """Joins the actions of the menu "Playback" to the player.

    Parameters
    ----------
    player : Player
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    theme : Theme
        Of the icon that changes between play and pause.
    parent : QObject
    """

    def __init__(
        self, player: Player, actions: Mapping[str, QAction], theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._actions = actions
        self._theme = theme
        self._scene: Scene | None = None
        handlers: dict[str, Callable[[], None]] = {
            "play_pause": self._play_or_pause,
            "step_forward": self._step_forward,
            "step_back": self._step_back,
            "forward_10": self._far_forward,
            "back_10": self._far_back,
            "first_frame": self._first,
            "last_frame": self._last,
            "next_event": self._next_event,
            "previous_event": self._previous_event,
            "faster": self._faster,
            "slower": self._slower,
            "normal_speed": self._normal_speed,
        }
        for name, handler in handlers.items():
            actions[name].triggered.connect(handler)
        actions["loop"].toggled.connect(player.set_loop)
        actions["follow"].toggled.connect(player.set_follow)
        player.loop_changed.connect(actions["loop"].setChecked)
        player.follow_changed.connect(actions["follow"].setChecked)
        player.playing_changed.connect(self._on_playing)

    def show_scene(self, scene: Scene) -> None:
        """Take the events from this comparison, or other scene."""
        self._scene = scene

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._on_playing(self._player.is_playing)

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        action = self._actions["play_pause"]
        action.setText("Pause" if playing else "Play")
        action.setToolTip(tool_tip(action))
        action.setIcon(icon("pause" if playing else "play", self._theme))

    @Slot()
    def _play_or_pause(self) -> None:
        if self._player.is_playing:
            self._player.pause()
        else:
            self._player.play()

    @Slot()
    def _step_forward(self) -> None:
        self._player.step(1)

    @Slot()
    def _step_back(self) -> None:
        self._player.step(-1)

    @Slot()
    def _far_forward(self) -> None:
        self._player.step(FAR)

    @Slot()
    def _far_back(self) -> None:
        self._player.step(-FAR)

    @Slot()
    def _first(self) -> None:
        self._go_to(0)

    @Slot()
    def _last(self) -> None:
        self._go_to(self._player.last_index)

    @Slot()
    def _next_event(self) -> None:
        later = [frame for frame in self._event_frames() if frame > self._player.index]
        if later:
            self._go_to(min(later))

    @Slot()
    def _previous_event(self) -> None:
        earlier = [frame for frame in self._event_frames() if frame < self._player.index]
        if earlier:
            self._go_to(max(earlier))

    @Slot()
    def _faster(self) -> None:
        self._change_speed(1)

    @Slot()
    def _slower(self) -> None:
        self._change_speed(-1)

    @Slot()
    def _normal_speed(self) -> None:
        self._player.set_speed(1.0)

    def _change_speed(self, steps: int) -> None:
        at = SPEEDS.index(self._player.speed) + steps
        self._player.set_speed(SPEEDS[max(0, min(at, len(SPEEDS) - 1))])

    def _event_frames(self) -> list[int]:
        return [event.frame for event in self._scene.events] if self._scene else []

    def _go_to(self, index: int) -> None:
        self._player.pause()
        self._player.seek(index)
