"""The player: playback by the clock, seeking, and growing scenes."""

from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.playback.player import FRAMES_PER_SECOND, SPEEDS, Player


class Frames:
    """A scene without frames, which has only a last index."""

    def __init__(self, last_index: int, is_complete: bool = True) -> None:
        self.last_index = last_index
        self.is_complete = is_complete


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def player(qapp: object, clock: Clock) -> Iterator[Player]:
    player = Player(clock=clock)
    player.set_scene(Frames(400))
    yield player
    player.pause()


def pass_time(player: Player, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    player.tick()


@pytest.mark.parametrize(("asked", "got"), [(37, 37), (0, 0), (400, 400), (401, 400), (-5, 0)])
def test_seek_clamps_to_existing_frames(player: Player, asked: int, got: int) -> None:
    player.seek(10)
    player.seek(asked)
    assert player.index == got


def test_step_pauses(player: Player) -> None:
    player.play()
    player.step(1)
    assert (player.index, player.is_playing) == (1, False)
    player.step(-10)
    assert player.index == 0


def test_index_changed_is_emitted_once_per_change(player: Player, qtbot: QtBot) -> None:
    indices: list[int] = []
    player.index_changed.connect(indices.append)
    player.seek(5)
    player.seek(5)
    player.step(1)
    assert indices == [5, 6]


@pytest.mark.parametrize("speed", SPEEDS)
def test_playback_maintains_the_pace_with_few_ticks(
    player: Player, clock: Clock, speed: float
) -> None:
    player.set_speed(speed)
    player.play()
    for seconds in (0.011, 0.25, 0.049, 0.1):
        pass_time(player, clock, seconds / speed)
    assert player.index == int(0.41 * FRAMES_PER_SECOND)


def test_speed_change_does_not_jump(player: Player, clock: Clock) -> None:
    player.play()
    pass_time(player, clock, 1.05)
    player.set_speed(4.0)
    assert player.index == 31
    pass_time(player, clock, 1.0)
    assert player.index == 151


def test_unknown_speed_raises(player: Player) -> None:
    with pytest.raises(ValueError, match="speed"):
        player.set_speed(3.0)


def test_play_at_the_end_starts_over(player: Player, clock: Clock) -> None:
    player.seek(395)
    player.play()
    pass_time(player, clock, 1.0)
    assert (player.index, player.is_playing) == (400, False)
    player.play()
    assert (player.index, player.is_playing) == (0, True)


def test_loop_shows_the_last_frame_as_long_as_others(player: Player, clock: Clock) -> None:
    player.set_loop(True)
    player.seek(399)
    player.play()
    shown = []
    for _ in range(4):
        pass_time(player, clock, 1.0 / FRAMES_PER_SECOND + 1e-9)
        shown.append(player.index)
    assert shown == [400, 0, 1, 2]
    assert player.is_playing


def test_playback_waits_for_training(player: Player, clock: Clock) -> None:
    frames = Frames(10, is_complete=False)
    player.set_scene(frames)
    player.play()
    pass_time(player, clock, 60.0)
    assert (player.index, player.is_playing) == (10, True)
    frames.last_index = 1000
    player.poll()
    pass_time(player, clock, 0.11)
    assert player.index == 13  # from where it waited, not from where the clock would be
    frames.last_index, frames.is_complete = 1000, True
    player.poll()
    pass_time(player, clock, 60.0)
    assert (player.index, player.is_playing) == (1000, False)


def test_follow_ends_with_a_seek_backwards(player: Player) -> None:
    frames = Frames(0, is_complete=False)
    player.set_scene(frames)
    player.set_follow(True)
    for last_index in (5, 50, 51):
        frames.last_index = last_index
        player.poll()
        assert player.index == last_index
    player.step(1)
    assert player.follow
    player.step(-1)
    frames.last_index = 90
    player.poll()
    assert (player.follow, player.index, player.last_index) == (False, 50, 90)


def test_follow_and_play_exclude_each_other(player: Player) -> None:
    player.play()
    player.set_follow(True)
    assert not player.is_playing
    player.play()
    assert not player.follow


def test_set_scene_waits_for_the_requested_frame(player: Player) -> None:
    player.seek(300)
    frames = Frames(3, is_complete=False)
    player.set_scene(frames, player.wanted)
    assert player.index == 3
    frames.last_index = 299
    player.poll()
    assert player.index == 299
    frames.last_index, frames.is_complete = 1000, True
    player.poll()
    assert player.index == 300
    player.set_scene(Frames(100), player.wanted)
    assert player.index == 100
    player.set_scene(Frames(400), player.wanted)
    assert player.index == 300


def test_seek_cancels_the_requested_frame(player: Player) -> None:
    player.seek(300)
    frames = Frames(30, is_complete=False)
    player.set_scene(frames, player.wanted)
    player.seek(7)
    frames.last_index = 400
    player.poll()
    assert player.index == 7


def test_new_scene_starts_at_its_first_frame(player: Player) -> None:
    player.seek(300)
    player.set_scene(Frames(1000))
    assert player.index == 0


def test_growing_scene_is_polled_until_complete(qtbot: QtBot) -> None:
    player = Player()
    frames = Frames(0, is_complete=False)
    player.set_scene(frames)
    with qtbot.waitSignal(player.last_index_changed, timeout=2000) as changed:
        frames.last_index = 9
    assert changed.args == [9]
    frames.is_complete = True
    player.poll()
    assert not any(timer.isActive() for timer in player.findChildren(QTimer))


def test_playback_advances_by_its_timer(qtbot: QtBot) -> None:
    player = Player()
    player.set_scene(Frames(10))
    player.set_speed(2.0)
    player.play()
    qtbot.waitUntil(lambda: not player.is_playing, timeout=3000)
    assert player.index == 10


class PlayerMachine(RuleBasedStateMachine):
    """Whatever is asked in whatever order, the index is a frame that exists."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.player = Player(clock=self.clock)
        self.frames = Frames(0)
        self.indices: list[int] = []
        self.player.index_changed.connect(self.indices.append)
        self.player.set_scene(self.frames)

    @rule(last=st.integers(0, 500), complete=st.booleans(), keep=st.booleans())
    def change(self, last: int, complete: bool, keep: bool) -> None:
        before = self.player.index
        self.frames = Frames(last, complete)
        self.player.set_scene(self.frames, self.player.wanted if keep else 0)
        if not self.player.follow:
            assert self.player.index >= min(before, last) if keep else self.player.index == 0

    @precondition(lambda self: not self.frames.is_complete)
    @rule(more=st.integers(0, 200), complete=st.booleans())
    def grow(self, more: int, complete: bool) -> None:
        self.frames.last_index += more
        self.frames.is_complete = complete
        self.player.poll()
        assert self.player.last_index == self.frames.last_index
        if self.player.follow:
            assert self.player.index == self.frames.last_index

    @rule(index=st.integers(-10, 600))
    def seek(self, index: int) -> None:
        self.player.seek(index)
        assert self.player.index == max(0, min(index, self.frames.last_index))

    @rule(frames=st.integers(-30, 30))
    def step(self, frames: int) -> None:
        expected = max(0, min(self.player.index + frames, self.frames.last_index))
        self.player.step(frames)
        assert self.player.index == expected
        assert not self.player.is_playing

    @rule()
    def play(self) -> None:
        self.player.play()
        assert self.player.is_playing

    @rule()
    def pause(self) -> None:
        self.player.pause()
        assert not self.player.is_playing

    @rule(speed=st.sampled_from(SPEEDS), loop=st.booleans(), follow=st.booleans())
    def choose(self, speed: float, loop: bool, follow: bool) -> None:
        self.player.set_speed(speed)
        self.player.set_loop(loop)
        self.player.set_follow(follow)

    @precondition(lambda self: self.player.is_playing)
    @rule(seconds=st.floats(0.0, 2.0))
    def pass_time(self, seconds: float) -> None:
        before = self.player.index
        self.clock.now += seconds
        self.player.tick()
        if not self.player.loop:
            assert self.player.index >= before
            moved = seconds * FRAMES_PER_SECOND * self.player.speed
            assert self.player.index <= before + moved + 1

    @invariant()
    def index_is_a_frame(self) -> None:
        assert 0 <= self.player.index <= max(0, self.player.last_index)
        if self.indices:
            assert self.indices[-1] == self.player.index
        assert not (self.player.is_playing and self.player.follow)

    def teardown(self) -> None:
        self.player.pause()
        for timer in self.player.findChildren(QTimer):
            timer.stop()


@pytest.mark.usefixtures("qapp")
class TestPlayerMachine(PlayerMachine.TestCase):  # type: ignore[misc,valid-type]
    pass
