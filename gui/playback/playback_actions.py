"""The playback actions, which control the player."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from engine.training.scene import Scene
from gui.playback.player import SPEEDS, Player
from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets.actions import tool_tip

LONG_STEP = 10
"""The number of frames of a long step."""


@final
class PlaybackActions(QObject):
    """Connects the actions of the menu "Playback" to the player.

    Parameters
    ----------
    player : Player
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    theme : Theme
        The theme of the icon of `play_pause`.
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
            "step_forward": partial(player.step, 1),
            "step_back": partial(player.step, -1),
            "forward_10": partial(player.step, LONG_STEP),
            "back_10": partial(player.step, -LONG_STEP),
            "first_frame": partial(self._go_to, 0),
            "last_frame": self._go_to_last,
            "next_event": self._next_event,
            "previous_event": self._previous_event,
            "faster": partial(self._change_speed, 1),
            "slower": partial(self._change_speed, -1),
            "normal_speed": partial(player.set_speed, 1.0),
        }
        for name, handler in handlers.items():
            actions[name].triggered.connect(handler)
        actions["loop"].toggled.connect(player.set_loop)
        actions["follow"].toggled.connect(player.set_follow)
        player.loop_changed.connect(actions["loop"].setChecked)
        player.follow_changed.connect(actions["follow"].setChecked)
        player.playing_changed.connect(self._on_playing)

    def show_scene(self, scene: Scene) -> None:
        """Take the events from this scene."""
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
    def _go_to_last(self) -> None:
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

    def _change_speed(self, steps: int) -> None:
        at = SPEEDS.index(self._player.speed) + steps
        self._player.set_speed(SPEEDS[max(0, min(at, len(SPEEDS) - 1))])

    def _event_frames(self) -> list[int]:
        return [event.frame for event in self._scene.events] if self._scene else []

    def _go_to(self, index: int) -> None:
        self._player.pause()
        self._player.seek(index)
