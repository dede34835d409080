"""Garbage is collected in the thread of Qt's objects, whichever thread allocates."""

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from gui.background import garbage
from gui.background.consumer_thread import ConsumerThread
from gui.background.trainer import Trainer
from gui.export.formats.png import PngWriter

LONG = Experiment(title="long", training=TrainingSpec(steps=3_000_000))


@pytest.fixture
def collecting_threads() -> Iterator[set[str]]:
    """Return the names of the threads in which garbage is collected, of which there is a lot."""
    names: set[str] = set()

    def note(phase: str, info: dict[str, int]) -> None:
        names.add(threading.current_thread().name)

    before = gc.get_threshold()
    gc.callbacks.append(note)
    gc.set_threshold(5, 2, 2)
    yield names
    gc.set_threshold(*before)
    gc.callbacks.remove(note)
    assert gc.isenabled()


def test_nothing_is_collected_in_the_thread_that_trains(
    qtbot: QtBot, collecting_threads: set[str]
) -> None:
    trainer = Trainer()
    with qtbot.waitSignal(trainer.started):
        trainer.start(LONG)
    assert not gc.isenabled()
    qtbot.wait(700)  # longer than it takes until garbage is looked for
    trainer.start(LONG)
    qtbot.wait(50)
    trainer.stop()
    assert gc.isenabled()
    assert collecting_threads == {threading.main_thread().name}


def test_nothing_is_collected_in_the_thread_that_encodes(
    tmp_path: Path, collecting_threads: set[str]
) -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    writer = PngWriter(tmp_path / "frames.png", (16, 16), Fraction(10), 40, "format = 1\n")
    with ConsumerThread(writer, "encoder") as encoder:
        assert not gc.isenabled()
        for _ in range(40):
            encoder.add(pixels)
    assert gc.isenabled()
    assert collecting_threads == {threading.main_thread().name}


@pytest.mark.parametrize(
    "making",
    [
        """
stage = Stage(LIGHT)
stage.show_scene(scene)
def make(names):
    stage.set_panels(names)
""",
        """
def make(names):
    for name in names:
        PANELS[name](scene, 0, LIGHT).arrange(QRectF(0, 0, 160, 200), compact=True)
""",
    ],
    ids=["on a stage", "alone"],
)
@pytest.mark.slow
def test_no_item_is_deleted_while_another_is_made(making: str) -> None:
    """It ended the process with a segmentation fault, on the way from one panel to another."""
    code = f"""
import gc, itertools
from PySide6.QtCore import QRectF
from gui.export.offscreen import offscreen_application
application = offscreen_application()
from engine.training.comparison import compare
from engine.experiment.experiment import Experiment, TrainingSpec
from gui.stage.catalogue import PANELS
from gui.stage.stage import Stage
from gui.style.theme import LIGHT, load_fonts
load_fonts()
scene = compare(Experiment(training=TrainingSpec(steps=1)))
{making}
names = ("saturation", "weight-space", "decision", "loss", "gap")
for threshold in range(5, 200, 16):
    gc.set_threshold(threshold, 2, 2)
    for count in range(1, len(names) + 1):
        for chosen in itertools.combinations(names, count):
            make(chosen)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_collection_is_enabled_when_every_holder_has_released_it() -> None:
    class Holder:
        pass

    one, other = Holder(), Holder()
    garbage.hold(one)
    garbage.hold(other)
    garbage.release(one)
    assert not gc.isenabled()
    garbage.release(other)
    assert gc.isenabled()
    garbage.release(other)


def test_collection_collects_the_due_generations(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    for counts in ((701, 0, 0), (9000, 11, 0), (0, 0, 11), (700, 10, 10)):
        monkeypatch.setattr(gc, "get_count", lambda counts=counts: counts)
        garbage.collect_what_is_due()
    assert collected == [0, 1, 2]
