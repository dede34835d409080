"""The player, which owns the index of the current frame and its playback."""

from collections.abc import Callable
from time import perf_counter
from typing import Protocol, final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FRAMES_PER_SECOND = 30
"""Frames per second at speed 1."""
SPEEDS = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
TICK_MILLISECONDS = 16
POLL_MILLISECONDS = 30


class Playable(Protocol):
    """A scene whose number of frames grows while it is computed."""

    @property
    def last_index(self) -> int: ...
    @property
    def is_complete(self) -> bool: ...


@final
class Player(QObject):
    """Determines which frame is shown: by request, by the clock, or by following the training.

    Paused, playing and following exclude one another::

        paused ──play──► playing ──pause, step, the end──► paused
        paused, playing ──follow──► following ──seek back, step, play──► paused or playing

    While playing, the index is elapsed time × speed × 30, so that a slow computer drops frames and
    maintains the pace. At the last frame playback waits for more while there is training; then it
    pauses, or starts over if `loop`.

    Parameters
    ----------
    parent : QObject, optional
    clock : callable, optional
        Returns seconds that never decrease.
    """

    index_changed = Signal(int)
    last_index_changed = Signal(int)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    loop_changed = Signal(bool)
    follow_changed = Signal(bool)

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._scene: Playable | None = None
        self._index = 0
        self._last_index = -1
        self._awaited = 0  # the index to show once it exists
        self._position = 0.0  # the index with its fraction, while playing
        self._ticked_at = 0.0
        self._speed = 1.0
        self._loop = False
        self._follow = False
        self._ticks = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MILLISECONDS)
        self._polls = QTimer(self, interval=POLL_MILLISECONDS)
        # A millisecond later, so that other timers run between painting and the next drawing.
        self._turns = QTimer(self, singleShot=True, interval=1)
        self._turns.timeout.connect(self._take_turn)
        for timer in (self._ticks, self._polls):
            timer.timeout.connect(self._turns.start)

    @property
    def index(self) -> int:
        """The index of the current frame, from 0."""
        return self._index

    @property
    def last_index(self) -> int:
        """The index of the last frame so far; -1 while there is none."""
        return self._last_index

    @property
    def is_playing(self) -> bool:
        return self._ticks.isActive()

    @property
    def speed(self) -> float:
        """One of `SPEEDS`; 1 is 30 frames a second."""
        return self._speed

    @property
    def loop(self) -> bool:
        """Whether playback starts over at the end."""
        return self._loop

    @property
    def follow(self) -> bool:
        """Whether the index follows the newest frame while there is training."""
        return self._follow

    @property
    def wanted(self) -> int:
        """The current index, or the one to be shown as soon as it exists."""
        return max(self._index, self._awaited)

    def set_scene(self, scene: Playable, index: int = 0) -> None:
        """Play another scene from an index on.

        The last frame so far is shown until the one at the index exists.
        """
        self._scene = scene
        self._polls.start()
        self._update_last_index()
        self._awaited = index
        self._show(self._last_index if self._follow else index)
        self._position = float(self._index)

    @Slot()
    def _take_turn(self) -> None:
        if self._polls.isActive():
            self.poll()
        if self._ticks.isActive():
            self.tick()

    def poll(self) -> None:
        """Update the last index. Called by a timer while the scene grows."""
        self._update_last_index()
        if self._follow:
            self._show(self._last_index)
        else:
            self._show(self.wanted)
            self._position = max(self._position, float(self._index))

    def _update_last_index(self) -> None:
        if self._scene is None:
            return
        # In this order: a scene that is complete now does not grow afterwards.
        if self._scene.is_complete:
            self._polls.stop()
        last_index = self._scene.last_index
        if last_index != self._last_index:
            self._last_index = last_index
            self.last_index_changed.emit(last_index)

    def seek(self, index: int) -> None:
        """Show a frame, or the nearest that exists; if playing, continue from there."""
        self._awaited = 0
        if self._follow and index < self._last_index:
            self.set_follow(False)
        self._show(index)
        self._position = float(self._index)

    def step(self, frames: int) -> None:
        """Pause, and move by a number of frames, backwards if negative."""
        self.pause()
        self.seek(self._index + frames)

    @Slot()
    def play(self) -> None:
        """Start playback, from the first frame if the last one is shown."""
        if self.is_playing or self._scene is None:
            return
        self.set_follow(False)
        self._awaited = 0
        if self._index >= self._last_index and self._scene.is_complete:
            self.seek(0)
        self._position = float(self._index)
        self._ticked_at = self._clock()
        self._ticks.start()
        self.playing_changed.emit(True)

    @Slot()
    def pause(self) -> None:
        if self.is_playing:
            self._ticks.stop()
            self.playing_changed.emit(False)

    def set_speed(self, speed: float) -> None:
        """Set one of `SPEEDS`; raise `ValueError` for another."""
        if speed not in SPEEDS:
            raise ValueError(f"speed: {speed} is not one of {SPEEDS}")
        if speed != self._speed:
            self._speed = speed
            self.speed_changed.emit(speed)

    @Slot(bool)
    def set_loop(self, loop: bool) -> None:
        if loop != self._loop:
            self._loop = loop
            self.loop_changed.emit(loop)

    @Slot(bool)
    def set_follow(self, follow: bool) -> None:
        if follow == self._follow:
            return
        self._follow = follow
        if follow:
            self.pause()
            self._awaited = 0
            self._show(self._last_index)
        self.follow_changed.emit(follow)

    def tick(self) -> None:
        """Show the scheduled frame. Called by a timer while playing."""
        now = self._clock()
        self._position += (now - self._ticked_at) * FRAMES_PER_SECOND * self._speed
        self._ticked_at = now
        frames = self._last_index + 1
        if self._position >= frames - 1:
            if self._scene is None or not self._scene.is_complete:
                self._position = float(max(0, frames - 1))
            elif not self._loop:
                self._show(self._last_index)
                self.pause()
                return
            elif frames:
                self._position %= frames  # the last frame is shown as long as any other
        self._show(int(self._position))

    def _show(self, index: int) -> None:
        index = max(0, min(index, self._last_index))
        if index >= self._awaited:
            self._awaited = 0
        if index != self._index:
            self._index = index
            self.index_changed.emit(index)
