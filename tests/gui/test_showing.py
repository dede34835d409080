"""What takes long to compute is drawn once it is at hand, and never computed in the window."""

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.comparison import Comparison
from engine.recording import Frame, Recording
from gui import showing
from gui.main_window import MainWindow
from tests.gui.windows import LONG, Open, act, picture


def drawn_index(window: MainWindow) -> int:
    moment = window.stage._moment
    assert moment
    return moment.index


@pytest.fixture
def computing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the threads that compute frames, each of which takes long."""
    names: set[str] = set()
    compute = Recording._frame

    def noted(recording: Recording, index: int, *rest: Any) -> Frame:
        names.add(threading.current_thread().name)
        return compute(recording, index, *rest)

    monkeypatch.setattr(Recording, "_frame", noted)
    monkeypatch.setattr(showing, "LONG_SECONDS", 0.0)
    return names


def test_a_frame_that_takes_long_is_fetched_in_a_thread(
    open_window: Open, qtbot: QtBot, computing: set[str]
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: drawn_index(window) == 0)
    pictures = []
    for index in (50, 399, 200, 50):
        window.player.seek(index)
        assert drawn_index(window) != index
        qtbot.waitUntil(lambda index=index: drawn_index(window) == index)  # type: ignore[misc]
        pictures.append(picture(window))
    assert pictures[0] == pictures[3] != pictures[1]
    assert computing <= {"frames", "training"}
    window.resize(window.width() - 40, window.height() - 40)  # of what is shown, all is at hand
    qtbot.wait(50)
    assert computing <= {"frames", "training"}


def test_what_is_followed_and_played_goes_on_with_frames_left_out(
    open_window: Open, qtbot: QtBot, computing: set[str]
) -> None:
    window = open_window(LONG)
    window.player.set_follow(True)
    qtbot.waitUntil(lambda: drawn_index(window) > 500)
    seen = drawn_index(window)
    qtbot.waitUntil(lambda: drawn_index(window) > seen)
    window.player.seek(0)
    window.player.play()
    qtbot.waitUntil(lambda: 0 < drawn_index(window) < seen)
    window.player.pause()
    qtbot.waitUntil(lambda: drawn_index(window) == window.player.index)
    assert computing <= {"frames", "training"}
    window.trainer.stop()


def test_of_many_that_are_asked_for_meanwhile_the_last_is_shown(
    open_window: Open, qtbot: QtBot, computing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: drawn_index(window) == 0)
    gate, fetched = threading.Event(), []
    prepare = Comparison.prepare

    def wait_and_prepare(comparison: Comparison, index: int) -> None:
        fetched.append(index)
        assert gate.wait(20)
        prepare(comparison, index)

    monkeypatch.setattr(Comparison, "prepare", wait_and_prepare)
    for index in range(100, 200):
        window.player.seek(index)
    gate.set()
    qtbot.waitUntil(lambda: drawn_index(window) == 199)
    assert fetched == [100, 199]


def test_a_window_closes_while_a_frame_is_fetched(
    open_window: Open, qtbot: QtBot, computing: set[str]
) -> None:
    window = open_window()
    window.player.seek(50)
    act(window, "reseed")
    window.player.seek(60)
    window.close()
    qtbot.wait(50)
    assert not {thread.name for thread in threading.enumerate()} & {"frames", "training"}
