"""Threads and processes that fail, are late or are killed, and none that touches a widget."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGraphicsItem, QLabel
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.experiment_file import write_experiment
from gui.background.consumer_thread import ConsumerThread
from gui.document import file_reader
from gui.export.formats.png import PngWriter
from gui.settings.log import log_path
from tests.gui.windows import EXPERIMENT, LONG, Open, act, wait_for_training
from tests.trust.programs import ended, start, surroundings
from tests.trust.story import run_story

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc are as on Linux")


@pytest.fixture(scope="module")
def long_experiment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.toml"
    write_experiment(LONG, path)
    return path


@pytest.mark.parametrize("milliseconds", [0, 30, 900])
def test_a_window_closes_during_any_work(milliseconds: int, long_experiment: Path) -> None:
    """Also before the first frame exists, and in the midst of training."""
    figures = run_story("close", milliseconds, long_experiment)
    assert figures["error"] == ""
    assert figures["training"]


def test_a_window_closes_while_it_reads_a_large_file() -> None:
    figures = run_story("leave", 50)
    assert figures["error"] == ""
    assert figures["reading"]


@pytest.mark.soak
def test_fifty_starts_and_exits_succeed(long_experiment: Path) -> None:
    for number in range(50):
        figures = run_story("close", 13 * number, *([long_experiment] if number % 2 else []))
        assert figures["error"] == ""


def end_by(number: signal.Signals, seconds: float, experiment: Path) -> None:
    # By `env` the interpreter starts: a forked process has imported all.
    process = start(experiment, under=["env"], env=surroundings(QT_QPA_PLATFORM="offscreen"))
    time.sleep(seconds)
    process.send_signal(number)
    done = ended(process)
    # Before there is a window, there is nothing to put away: the signal itself ends the process.
    assert done.returncode in (128 + number, -number), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@linux
@pytest.mark.parametrize("seconds", [0.05, 0.4, 1.2])
def test_a_signal_ends_the_program_at_any_moment(seconds: float, long_experiment: Path) -> None:
    end_by(signal.SIGTERM, seconds, long_experiment)


INTERRUPT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["AMID"]:
            os.kill(os.getpid(), int(os.environ["SIGNAL"]))
sys.meta_path.insert(0, Finder())
"""


IMPORTS = {"main.py's own": "argparse", "the engine's": "msgspec", "Qt's own": "encodings.cp437"}


@pytest.mark.slow
@linux
@pytest.mark.parametrize("words", [[], ["export", "constant", "-o", "x.gif"]], ids=str)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", IMPORTS)
def test_a_signal_during_an_import_ends_the_program(
    name: str, number: signal.Signals, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPT)
    variables = {"AMID": IMPORTS[name], "SIGNAL": str(int(number))}
    variables |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(tmp_path)}
    folder = tmp_path / "empty"
    folder.mkdir()
    done = ended(start(*words, env=surroundings(**variables), cwd=folder))
    assert done.returncode in (128 + number, -number)
    assert done.stderr in ("", "initscope: cancelled\n")
    assert not list(folder.iterdir())


@linux
@pytest.mark.soak
def test_fifty_signals_end_the_program(long_experiment: Path) -> None:
    for number in range(50):
        end_by((signal.SIGTERM, signal.SIGINT)[number % 2], 0.04 * number, long_experiment)


@linux
def test_unexpected_errors_are_reported_and_logged_and_the_window_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    figures = run_story("faults", 30)
    left_undone = "Something went wrong; nothing was changed: on purpose"
    assert {fault: figures[fault] for fault in ("slot", "draw", "paint")} == dict.fromkeys(
        ("slot", "draw", "paint"), left_undone
    )
    assert figures["worker"] == "Training stopped: on purpose"
    assert [figures[f"after {fault}"] for fault in ("draw", "paint", "worker")] == ["", "", ""]
    assert (figures["index"], figures["as before"]) == (30, True)
    log = log_path().read_text(encoding="utf-8")
    assert log.count("unexpected error") >= 3
    assert "training failed" in log
    assert "ZeroDivisionError: on purpose" in log


mortal = pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal by now")


@mortal
@pytest.mark.soak
@linux
def test_reference_count_of_none_does_not_drift() -> None:
    assert abs(run_story("frames", 20_000, seconds=1800, is_forked=False)["drift"]) < 100


@pytest.mark.slow
@mortal
@linux
def test_reference_count_of_none_does_not_drift_in_some_frames() -> None:
    assert abs(run_story("frames", 200, is_forked=False)["drift"]) < 20


class Sampling:
    """Notes every method of a widget or an item that a thread of the program calls."""

    def __init__(self) -> None:
        self.touched: list[str] = []
        self.threads: set[str] = set()
        self.modules: set[str] = set()

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            self.modules.add(frame.f_globals.get("__name__", ""))
            self.threads.add(threading.current_thread().name)
        owner = getattr(argument, "__self__", None)
        if event == "c_call" and isinstance(owner, QObject | QGraphicsItem):
            self.touched.append(f"{type(owner).__name__}.{getattr(argument, '__name__', '')}")


@contextmanager
def watched() -> Iterator[Sampling]:
    watch = Sampling()
    threading.setprofile(watch)
    try:
        yield watch
    finally:
        threading.setprofile(None)


def test_no_thread_touches_a_widget(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Train, open, draw and encode, each in its thread, under a profiler that sees each call."""
    pixels = np.zeros((16, 16, 4), np.uint8)
    with watched() as watch:
        window = open_window(LONG)
        window.player.set_follow(True)
        qtbot.waitUntil(lambda: window.player.index > 100)
        act(window, "reseed")
        path = tmp_path / "x.toml"
        write_experiment(EXPERIMENT, path)
        monkeypatch.setattr(file_reader, "PATIENCE_SECONDS", 0.0)
        window.open_file(str(path))
        qtbot.waitUntil(lambda: window.document.experiment.title == EXPERIMENT.title)
        wait_for_training(window, qtbot)
        writer = PngWriter(tmp_path / "x.png", (16, 16), Fraction(10), 4, "format = 1\n")
        with ConsumerThread(writer, "encoder") as encoder:
            for _ in range(4):
                encoder.add(pixels)
    assert watch.threads >= {"training", "reading", "encoder"}
    assert "engine.training.descent" in watch.modules
    assert watch.touched == []
    assert {
        name for name in watch.modules if name.startswith(("gui.panels", "gui.stage.stage"))
    } == set()


def test_the_profiler_sees_calls_of_widgets(qtbot: QtBot) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    with watched() as watch:
        thread = threading.Thread(target=label.text)
        thread.start()
        thread.join()
    assert "QLabel.text" in watch.touched


def test_the_scene_of_a_replaced_experiment_is_not_shown(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(EXPERIMENT)
    shown: list[str] = []
    window.trainer.started.connect(lambda scene: shown.append(scene.experiment.title))
    window.trainer.finished.connect(lambda scene: shown.append(scene.experiment.title))
    for number in range(20):
        experiment = Experiment(title=str(number), training=TrainingSpec(steps=20 + number))
        window.document.apply(experiment, "Another")
        if number % 5 == 0:
            qtbot.wait(1)  # what has just ended may be on its way
            del shown[:]
    wait_for_training(window, qtbot)
    qtbot.wait(50)
    assert shown[-2:] == ["19", "19"]
    assert window.scene
    assert window.scene.experiment.title == "19"
    assert window.player.last_index == 39
