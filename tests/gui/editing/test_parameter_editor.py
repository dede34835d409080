"""Previews and edits of one parameter by slider and drag."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QSlider, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter, what_if, with_edit
from engine.training.training import train
from gui.editing.parameter_editor import step_size
from gui.editing.weight_editor import WeightEditor
from gui.main_window import MainWindow
from tests.gui.diagrams import LEFT, choose, place, recording, touch, view
from tests.gui.windows import EXPERIMENT, Open, act, picture, wait_for_training

WEIGHT = Parameter(0, "W1", 1, 0)
BIAS = Parameter(1, "b1", 0)


def handle(slider: QSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    rect = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    return rect.center()


def slider_of(editor: WeightEditor) -> QSlider:
    slider = editor.findChild(QSlider)
    assert isinstance(slider, QSlider)
    return slider


def shown_value(window: MainWindow, parameter: Parameter) -> float:
    state = window.stage.state
    assert state is not None
    return parameter.value_in(state.frames[parameter.run])


def undo_texts(window: MainWindow) -> int:
    """The number of edits that can be undone."""
    count = 0
    while window.document.undo_text:
        window.document.undo()
        count += 1
    for _ in range(count):
        window.document.redo()
    return count


@pytest.mark.parametrize("frame", [0, 37])
def test_slider_previews_until_released(window: MainWindow, qtbot: QtBot, frame: int) -> None:
    window.player.seek(frame)
    before = picture(window)
    before_edit = recording(window).parameters(0, 401).copy()
    editor = touch(window, WEIGHT)
    slider = slider_of(editor)
    at = handle(slider)
    QTest.mousePress(slider, LEFT, pos=at)
    tried = []
    for right in (20, 40, 55):
        QTest.mouseMove(slider, at + QPoint(right, 0))
        tried.append(shown_value(window, WEIGHT))
        state = window.stage.state
        assert state is not None
        true = what_if(recording(window), WEIGHT, frame, tried[-1])
        assert state.frames[0].loss == true.loss
        np.testing.assert_array_equal(state.frames[0].dW[1], true.dW[1])
        np.testing.assert_array_equal(state.frames[0].A[2], true.A[2])
    assert len(set(tried)) == 3
    assert picture(window) != before
    assert window.document.experiment == EXPERIMENT
    np.testing.assert_array_equal(recording(window).parameters(0, 401), before_edit)
    QTest.mouseRelease(slider, LEFT, pos=at + QPoint(55, 0))
    wait_for_training(window, qtbot)
    assert window.document.experiment == with_edit(EXPERIMENT, WEIGHT, frame, tried[-1])
    assert editor.value == tried[-1]
    editor.close()
    act(window, "undo")
    assert window.document.experiment == EXPERIMENT
    assert window.document.undo_text == ""
    wait_for_training(window, qtbot)
    assert picture(window) == before


def test_escape_discards_the_preview(window: MainWindow) -> None:
    window.player.seek(37)
    before = picture(window)
    editor = touch(window, WEIGHT)
    slider = slider_of(editor)
    at = handle(slider)
    QTest.mousePress(slider, LEFT, pos=at)
    QTest.mouseMove(slider, at + QPoint(50, 0))
    assert picture(window) != before
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert picture(window) == before
    assert window.document.experiment == EXPERIMENT


def test_slider_keys_and_clicks_set_immediately(window: MainWindow, qtbot: QtBot) -> None:
    editor = touch(window, WEIGHT)
    slider = slider_of(editor)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert editor.value > 0.0
    assert window.document.experiment == with_edit(EXPERIMENT, WEIGHT, 0, editor.value)
    editor.close()
    wait_for_training(window, qtbot)


def drag(window: MainWindow, parameter: Parameter, up: int, *, drop: bool = True) -> QPoint:
    at, viewport = place(window, parameter, parameter.run), view(window).viewport()
    QTest.mousePress(viewport, LEFT, pos=at)
    for step in range(1, 11):
        QTest.mouseMove(viewport, at - QPoint(0, round(up * step / 10)))
    if drop:
        QTest.mouseRelease(viewport, LEFT, pos=at - QPoint(0, up))
    return at


@pytest.mark.parametrize("parameter", [WEIGHT, BIAS])
@pytest.mark.parametrize("up", [60, -60])
def test_drag_of_an_edge_or_a_unit_sets_its_value(
    window: MainWindow, qtbot: QtBot, parameter: Parameter, up: int
) -> None:
    start = parameter.value_in(recording(window, parameter.run)[0])
    drag(window, parameter, up, drop=False)
    tried = shown_value(window, parameter)
    assert (tried - start) * up > 0.0
    assert window.document.experiment == EXPERIMENT
    at = place(window, parameter, parameter.run)
    QTest.mouseRelease(view(window).viewport(), LEFT, pos=at - QPoint(0, up))
    assert window.findChild(WeightEditor) is None
    expected = with_edit(EXPERIMENT, parameter, 0, tried)
    assert window.document.experiment == expected
    assert window.document.undo_text == f"Set {parameter.name} of {'AB'[parameter.run]} by hand"
    wait_for_training(window, qtbot)
    assert shown_value(window, parameter) == tried
    assert undo_texts(window) == 1


def test_drag_back_to_the_start_changes_nothing(window: MainWindow) -> None:
    before = picture(window)
    at = drag(window, BIAS, 40, drop=False)
    viewport = view(window).viewport()
    grabbed = at - QPoint(0, 4)  # from where it left its place
    for y in range(40, -1, -1):
        QTest.mouseMove(viewport, grabbed - QPoint(0, y))
    state = window.stage.state
    assert state is not None
    back = BIAS.value_in(recording(window, 1)[0])
    y = next(y for y in range(-20, 20) if _shown_at(window, at + QPoint(0, y)) == back)
    QTest.mouseRelease(viewport, LEFT, pos=at + QPoint(0, y))
    assert window.document.experiment == EXPERIMENT
    assert window.findChild(WeightEditor) is None
    assert picture(window) == before


def _shown_at(window: MainWindow, at: QPoint) -> float:
    QTest.mouseMove(view(window).viewport(), at)
    return shown_value(window, BIAS)


def test_escape_cancels_a_drag(window: MainWindow) -> None:
    before = picture(window)
    at = drag(window, WEIGHT, 50, drop=False)
    assert picture(window) != before
    QTest.keyClick(view(window), Qt.Key.Key_Escape)
    assert picture(window) == before
    QTest.mouseRelease(view(window).viewport(), LEFT, pos=at - QPoint(0, 50))
    assert window.document.experiment == EXPERIMENT


def test_training_stopped_before_its_first_frame_shows_that_frame(
    window: MainWindow, qtbot: QtBot
) -> None:
    """So the picture is never that of another experiment."""
    drag(window, WEIGHT, 50)
    tried = shown_value(window, WEIGHT)
    act(window, "stop")
    assert "first frame" in window.message
    wait_for_training(window, qtbot)
    assert window.scene is not None
    assert window.scene.experiment == window.document.experiment
    assert shown_value(window, WEIGHT) == tried


@pytest.mark.parametrize(
    ("answer", "runs"), [("Change run A", 2), ("Fork run A", 3), ("Cancel", 2), (None, 2)]
)
def test_drag_after_the_first_frame_asks_for_run_or_fork(
    window: MainWindow, qtbot: QtBot, answer: str | None, runs: int
) -> None:
    window.player.seek(37)
    before = picture(window)
    drag(window, WEIGHT, 50)
    tried = shown_value(window, WEIGHT)
    assert window.document.experiment == EXPERIMENT
    if answer is None:
        menu = window.findChild(QMenu, "here_or_fork")
        assert isinstance(menu, QMenu)
        QTest.keyClick(menu, Qt.Key.Key_Escape)
    else:
        choose(window, "here_or_fork", answer)
    qtbot.wait(20)
    experiment = window.document.experiment
    assert len(experiment.runs) == runs
    if answer is None or answer == "Cancel":
        assert experiment == EXPERIMENT
        assert picture(window) == before
        return
    assert undo_texts(window) == 1
    wait_for_training(window, qtbot)
    changed = WEIGHT._replace(run=runs - 1 if runs == 3 else 0)
    assert shown_value(window, changed) == tried
    expected = train(window.document.experiment)[changed.run]
    shown = recording(window, changed.run)
    np.testing.assert_array_equal(shown.parameters(0, 401), expected.parameters(0, 401))
    shared = train(EXPERIMENT)[0].parameters(0, 37)
    np.testing.assert_array_equal(shown.parameters(0, 37), shared)


def test_preview_ends_with_the_frame(window: MainWindow) -> None:
    window.player.seek(37)
    drag(window, WEIGHT, 50, drop=False)
    window.player.seek(38)
    assert shown_value(window, WEIGHT) == WEIGHT.value_in(recording(window)[38])
    window.player.seek(37)
    assert shown_value(window, WEIGHT) == WEIGHT.value_in(recording(window)[37])


def test_copied_picture_shows_no_preview(window: MainWindow) -> None:
    act(window, "copy_picture")
    before = QGuiApplication.clipboard().image()
    drag(window, WEIGHT, 50, drop=False)
    act(window, "copy_picture")
    assert QGuiApplication.clipboard().image() == before


def test_too_large_a_weight_is_refused(open_window: Open) -> None:
    huge = with_edit(EXPERIMENT, WEIGHT, 0, 1e12)
    window = open_window(huge)
    editor = touch(window, WEIGHT)
    assert editor.value == 1e12
    editor.set_value(1.1e12)
    assert window.document.experiment == huge
    editor.close()


@pytest.mark.parametrize("limit", [1.0, 1.25, 4.0, 320.0, 1e12])
def test_step_size_is_visible(limit: float) -> None:
    assert 0.02 * limit < step_size(limit) <= 0.05 * limit
    assert f"{step_size(limit):e}"[0] in "125"
