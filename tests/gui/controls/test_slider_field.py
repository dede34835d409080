"""A slider shows its number, edits live, and a drag is one undo step."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from engine.editing.paths import Path, at
from engine.experiment.experiment import DataSpec, Experiment, TrainingSpec
from engine.training.training import train
from gui.controls.controls import Controls
from gui.controls.slider_field import SliderField
from gui.main_window import MainWindow
from gui.widgets.number_box import NumberBox
from tests.gui.windows import Open, act, wait_for_training

MOONS = Experiment(
    data=DataSpec(name="moons", samples=50), training=TrainingSpec(steps=30), example=40
)
NOISE, FLIP, EXAMPLE = ("data", "noise"), ("data", "flip"), ("example",)


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    window = open_window(MOONS)
    window.resize(1400, 900)
    return window


def field(window: MainWindow, path: Path) -> SliderField:
    controls = window.findChild(Controls)
    assert controls
    found = controls.fields[path]
    assert isinstance(found, SliderField)
    return found


def slider(window: MainWindow, path: Path) -> QSlider:
    found = field(window, path).findChild(QSlider)
    assert found
    return found


def enter(window: MainWindow, path: Path, text: str) -> str:
    """Type into a field and confirm; return the resulting text."""
    controls = window.findChild(Controls)
    assert controls
    editor = controls.fields[path].editor
    assert isinstance(editor, NumberBox)
    line = editor.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return line.text()


def _is_taken(window: MainWindow, path: Path, value: float) -> bool:
    return bool(at(window.document.experiment, path) == value)


def drag(window: MainWindow, path: Path, qtbot: QtBot, *values: float) -> None:
    """Hold the slider at one value after the other, until each has been taken."""
    held = slider(window, path)
    held.setSliderDown(True)
    for value in values:
        held.setSliderPosition(round(value * 100))
        qtbot.waitUntil(partial(_is_taken, window, path, value))
    held.setSliderDown(False)


def test_drag_is_live_and_one_undo_step(window: MainWindow, qtbot: QtBot) -> None:
    drag(window, FLIP, qtbot, 0.1, 0.3, 0.2)
    assert window.document.undo_text == "Change flip"
    wait_for_training(window, qtbot)
    assert window.scene
    (fresh, _) = train(window.document.experiment)
    assert window.scene.recordings[0].losses.tobytes() == fresh.losses.tobytes()
    assert window.document.experiment.example == 40
    act(window, "undo")
    assert window.document.experiment == MOONS
    assert slider(window, FLIP).value() == 0
    act(window, "redo")
    assert window.document.experiment.data.flip == 0.2
    assert slider(window, FLIP).value() == 20


def test_two_drags_are_two_undo_steps(window: MainWindow, qtbot: QtBot) -> None:
    drag(window, NOISE, qtbot, 0.3, 0.5)
    drag(window, NOISE, qtbot, 0.7, 0.9)
    act(window, "undo")
    assert window.document.experiment.data.noise == 0.5
    act(window, "undo")
    assert window.document.experiment == MOONS


def test_mouse_drags_the_slider(window: MainWindow, qtbot: QtBot) -> None:
    held = slider(window, NOISE)
    middle = held.height() // 2
    start = QPoint(7 + round((held.width() - 14) * 0.1), middle)
    QTest.mousePress(held, Qt.MouseButton.LeftButton, pos=start)
    for x in (40, 60, held.width()):
        QTest.mouseMove(held, QPoint(x, middle))
    QTest.mouseRelease(held, Qt.MouseButton.LeftButton, pos=QPoint(held.width(), middle))
    assert window.document.experiment.data.noise == 1.0
    act(window, "undo")
    assert window.document.experiment == MOONS


def test_number_may_exceed_the_slider_range(window: MainWindow, qtbot: QtBot) -> None:
    enter(window, NOISE, "2.5")
    assert window.document.experiment.data.noise == 2.5
    assert slider(window, NOISE).value() == slider(window, NOISE).maximum()


def test_keys_move_the_slider_by_a_hundredth(window: MainWindow, qtbot: QtBot) -> None:
    held = slider(window, FLIP)
    held.setFocus()
    QTest.keyClick(held, Qt.Key.Key_Right)
    QTest.keyClick(held, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.document.experiment.data.flip == 0.02)
    act(window, "undo")
    assert window.document.experiment == MOONS


def test_example_is_counted_from_1_and_limited_to_the_last(
    window: MainWindow, qtbot: QtBot
) -> None:
    for text, shown in (("51", 40), ("0", 40), ("50", 49)):
        enter(window, EXAMPLE, text)
        assert window.document.experiment.example == shown
        controls = window.findChild(Controls)
        assert controls
        message = "" if shown == 49 else "Expected a whole number from 1 to 50"
        assert controls.fields[EXAMPLE].error == message
    enter(window, ("data", "samples"), "8")
    assert window.document.experiment.data.samples == 8
    assert window.document.experiment.example == 7
    assert enter(window, EXAMPLE, "8") == "8"
