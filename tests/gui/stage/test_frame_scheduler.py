"""Slow frames and explanations, which are computed on a thread."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.experiment.quantity import Quantity, Question
from engine.generators import drain
from engine.training import recording
from engine.training.comparison import Comparison, compare
from engine.training.recording import Frame
from engine.weak_cache import WeakCache
from gui.explain.card import Card
from gui.export.dialogs.preview import Preview
from gui.export.estimate import estimate
from gui.export.plan import ExportPlan
from gui.main_window import MainWindow
from gui.stage import stage as stage_module
from gui.stage.catalogue import PANELS
from gui.style.theme import THEMES
from tests.gui.windows import LONG, Open, act, picture, wait_for_training


def drawn_index(window: MainWindow) -> int:
    state = window.stage.state
    assert state
    return state.index


@pytest.fixture
def computing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the threads that compute frames, each of which takes long."""
    names: set[str] = set()

    def make_frame(**fields: Any) -> Frame:
        names.add(threading.current_thread().name)
        return Frame(**fields)

    monkeypatch.setattr("engine.training.recording.Frame", make_frame)
    monkeypatch.setattr(stage_module, "LONG_SECONDS", 0.0)
    return names


def test_slow_frames_are_computed_on_a_thread(
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
    window.resize(window.width() - 40, window.height() - 40)  # the data of the stage are cached
    qtbot.wait(50)
    assert computing <= {"frames", "training"}


def test_following_and_playing_slow_frames_advance_with_gaps(
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


def test_only_the_last_of_many_requests_is_fetched(
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
def test_open_card_explains_the_drawn_frame_without_computing_frames(
    open_window: Open,
    qtbot: QtBot,
    computing: set[str],
    monkeypatch: pytest.MonkeyPatch,
    budget: int,
) -> None:
    """Also of frames so large that only one is cached."""
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


PREPARING = tuple(name for name, kind in PANELS.items() if kind.prepares)
"""The panels that have more to work out than the frame."""


@pytest.fixture
def working_out(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the threads in which panels work something out."""
    names: set[str] = set()
    get = WeakCache.get

    def get_and_record(
        cache: WeakCache[Any], owner: object, key: Any, compute: Callable[[], Any]
    ) -> Any:
        def compute_and_record() -> Any:
            names.add(threading.current_thread().name)
            return compute()

        return get(cache, owner, key, compute_and_record)

    monkeypatch.setattr(WeakCache, "get", get_and_record)
    return names


@pytest.mark.parametrize("budget", [recording.FRAMES_BUDGET, 0])
def test_panel_explanations_are_computed_on_a_thread(
    open_window: Open,
    qtbot: QtBot,
    computing: set[str],
    working_out: set[str],
    monkeypatch: pytest.MonkeyPatch,
    budget: int,
) -> None:
    """Also where the frames that they explain take the place of one another."""
    monkeypatch.setattr(recording, "FRAMES_BUDGET", budget)
    window = open_window(Experiment(training=TrainingSpec(steps=60), panels=PREPARING))
    wait_for_training(window, qtbot)
    assert window.stage.names == PREPARING
    for index in (30, 60, 59, 0, 60):
        window.player.seek(index)
        qtbot.waitUntil(lambda index=index: drawn_index(window) == index)  # type: ignore[misc]
    window.stage.set_theme(THEMES["light"])
    window.resize(window.width() - 40, window.height() - 40)
    qtbot.wait(50)
    assert computing | working_out <= {"frames", "training"}


def test_preview_computes_frames_on_a_thread(
    qtbot: QtBot, computing: set[str], working_out: set[str]
) -> None:
    scene = compare(Experiment(training=TrainingSpec(steps=60), panels=PREPARING))
    preview = Preview(scene, 30)
    qtbot.addWidget(preview)
    preview.show_plan(ExportPlan(Path("x.gif")))
    qtbot.waitUntil(lambda: not preview.picture.pixmap().isNull())
    pictures = [preview.picture.pixmap().toImage()]
    for index in (60, 30):
        shown = preview.picture.pixmap().cacheKey()
        preview.frame.setValue(index)
        qtbot.waitUntil(lambda shown=shown: preview.picture.pixmap().cacheKey() != shown)  # type: ignore[misc]
        pictures.append(preview.picture.pixmap().toImage())
    assert pictures[0] == pictures[2] != pictures[1]
    preview.frame.setValue(45)
    preview.stop()  # nothing more is drawn, whatever is under way
    shown = preview.picture.pixmap().cacheKey()
    qtbot.wait(300)
    assert preview.picture.pixmap().cacheKey() == shown
    assert computing | working_out == {"frames"}


def test_estimate_computes_frames_on_a_thread(
    qapp: object, tmp_path: Path, computing: set[str], working_out: set[str]
) -> None:
    scene = compare(Experiment(training=TrainingSpec(steps=60), panels=PREPARING))
    assert drain(estimate(scene, ExportPlan(tmp_path / "x.gif"), 61)) > 0
    assert computing | working_out == {"frames"}


def test_resized_window_shows_the_same_frames(
    open_window: Open, qtbot: QtBot, computing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large frames leave the cache once the next ones are computed."""
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


def test_window_closes_while_a_frame_is_fetched(
    open_window: Open, qtbot: QtBot, computing: set[str]
) -> None:
    window = open_window()
    window.player.seek(50)
    act(window, "reseed")
    window.player.seek(60)
    window.close()
    qtbot.wait(50)
    assert not {thread.name for thread in threading.enumerate()} & {"frames", "training"}
