"""The playback actions, which control the player."""

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Slot

from engine.training import events_text
from gui.panels.base.panel import LETTERS
from gui.playback.player import SPEEDS
from gui.style.icons import icon
from gui.widgets import tool_tip
from gui.workspace.workspace import Workspace

LONG_STEP = 10
"""The number of frames of a long step."""


@final
class PlaybackActions(QObject):
    """Connects the actions of the menu "Playback" to the player."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._player = player = workspace.player
        actions = workspace.actions
        handlers: dict[str, Callable[[], None]] = {
            "play_pause": self._play_or_pause,
            "step_forward": partial(player.step, 1),
            "step_back": partial(player.step, -1),
            "forward_10": partial(player.step, LONG_STEP),
            "back_10": partial(player.step, -LONG_STEP),
            "first_frame": partial(self._go_to, 0),
            "last_frame": lambda: self._go_to(player.last_index),
            "next_event": partial(self._go_to_event, 1),
            "previous_event": partial(self._go_to_event, -1),
            "faster": partial(self._change_speed, 1),
            "slower": partial(self._change_speed, -1),
            "normal_speed": partial(player.set_speed, 1.0),
        }
        for name, handler in handlers.items():
            actions[name].invoked.connect(handler)
        actions["loop"].toggled.connect(player.set_loop)
        actions["follow"].toggled.connect(player.set_follow)
        player.loop_changed.connect(actions["loop"].setChecked)
        player.follow_changed.connect(actions["follow"].setChecked)
        player.playing_changed.connect(self.show_playing)
        player.index_changed.connect(workspace.messages.end_moment)

    @Slot()
    def show_playing(self) -> None:
        """Show with `play_pause` whether the player is playing."""
        action = self._workspace.actions["play_pause"]
        name = "pause" if self._player.is_playing else "play"
        action.setText(name.capitalize())
        action.setToolTip(tool_tip(action))
        action.setIcon(icon(name, self._workspace.appearance.theme))

    @Slot()
    def name_events(self) -> None:
        """Show for a moment what happens in the current frame."""
        scene, index = self._workspace.scene, self._player.index
        if scene is not None:
            letters = LETTERS if scene.track_count > 1 else ""
            here = [event for event in scene.events if event.frame == index]
            if here:
                self._workspace.messages.show_for_a_moment("  ·  ".join(events_text(here, letters)))

    @Slot()
    def _play_or_pause(self) -> None:
        if self._player.is_playing:
            self._player.pause()
        else:
            self._player.play()

    def _go_to_event(self, direction: int) -> None:
        """Show the nearest frame with an event after the current one, or before it for −1."""
        scene, index = self._workspace.scene, self._player.index
        distances = [direction * (event.frame - index) for event in scene.events] if scene else []
        beyond = [distance for distance in distances if distance > 0]
        if beyond:
            self._go_to(index + direction * min(beyond))
            self.name_events()

    def _change_speed(self, steps: int) -> None:
        at = SPEEDS.index(self._player.speed) + steps
        self._player.set_speed(SPEEDS[max(0, min(at, len(SPEEDS) - 1))])

    def _go_to(self, index: int) -> None:
        self._player.pause()
        self._player.seek(index)
