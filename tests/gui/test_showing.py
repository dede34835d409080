"""What takes long to compute is drawn once it is at hand, and never computed in the window."""

import re
import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import recording
from engine.comparison import Comparison
from engine.explaining.quantity import Quantity, Question
from engine.recording import Frame, Recording
from gui import showing
from gui.explaining.card import Card
from gui.main_window import MainWindow
from tests.gui.windows import LONG, Open, act, picture, wait_for_training


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


@pytest.mark.parametrize("budget", [recording.FRAMES_BUDGET, 0])
def test_an_open_card_explains_what_is_drawn_and_computes_no_frame(
    open_window: Open,
    qtbot: QtBot,
    computing: set[str],
    monkeypatch: pytest.MonkeyPatch,
    budget: int,
) -> None:
    """Also of frames so large that only one is at hand."""
    monkeypatch.setattr(recording, "FRAMES_BUDGET", budget)
    window = open_window()
    wait_for_training(window, qtbot)
    qtbot.waitUntil(lambda: drawn_index(window) == 0)
    act(window, "explain")
    card = window.findChild(Card)
    assert isinstance(card, Card)

    def explained_frame() -> int:
        words = " ".join(line.words for line in card.explanation.lines)
        return int(re.findall(r"in frame ([\d,]+)", words, re.IGNORECASE)[0].replace(",", ""))

    assert explained_frame() == 0
    for index in (50, 399, 200):
        window.player.seek(index)
        qtbot.waitUntil(lambda index=index: explained_frame() == index)  # type: ignore[misc]
        for run in (1, 0):
            card.ask(Question(run, Quantity("dW", 1, 0, 0)))
        assert drawn_index(window) == index
    window.player.seek(0)
    window.player.play()
    qtbot.waitUntil(lambda: 3 < explained_frame() < 200)
    window.player.pause()
    act(window, "reseed")
    wait_for_training(window, qtbot)
    qtbot.waitUntil(lambda: explained_frame() == drawn_index(window) == window.player.index)
    assert computing <= {"frames", "training"}
    card.close()


def test_a_window_that_is_resized_shows_the_frames_that_it_showed(
    open_window: Open, qtbot: QtBot, computing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large ones are not at hand any more once the next ones are."""
    monkeypatch.setattr(recording, "FRAMES_BUDGET", 0)
    window = open_window()
    qtbot.waitUntil(lambda: drawn_index(window) == 0)
    gate, prepared = threading.Event(), threading.Event()
    prepare = Comparison.prepare

    def prepare_and_wait(comparison: Comparison, index: int) -> None:
        prepare(comparison, index)
        prepared.set()
        assert gate.wait(20)

    monkeypatch.setattr(Comparison, "prepare", prepare_and_wait)
    window.player.seek(50)
    assert prepared.wait(20)
    window.resize(window.width() - 40, window.height() - 40)
    qtbot.wait(50)
    assert drawn_index(window) == 0
    assert computing <= {"frames", "training"}
    gate.set()
    qtbot.waitUntil(lambda: drawn_index(window) == 50)


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
