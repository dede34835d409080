"""Points that are added, moved and deleted with the mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, TrainingSpec
from engine.experiment.specs import Run
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.nn.initializers import Normal
from engine.training.training import train
from gui.main_window import MainWindow
from gui.panels.base.label import Label
from gui.panels.base.plot import Markers
from gui.panels.network_diagram.network import NetworkPanel
from gui.panels.training.decision import DecisionPanel
from gui.stage.stage import Stage
from tests.gui.stages import draw_frame, items_of
from tests.gui.windows import Open, act, wait_for_training

SHORT = TrainingSpec(steps=40)
XOR = Experiment(title="xor", training=SHORT)
MOONS = Experiment(title="moons", training=SHORT, data=DataSpec(name="moons", samples=12))
XOR_POINTS = ((-1.0, -1.0, 0.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, 0.0))
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found
    return found


def decision(window: MainWindow, run: int = 0) -> DecisionPanel:
    (found,) = [
        panel
        for panel in window.stage.panels
        if isinstance(panel, DecisionPanel) and panel.run == run
    ]
    return found


def ring_of(panel: DecisionPanel) -> Markers:
    """Return the ring around the example that is shown."""
    *_, ring = items_of(panel, Markers)
    return ring


def place(window: MainWindow, x: tuple[float, float], run: int = 0) -> QPoint:
    """Return where inputs lie on the view."""
    panel, view = decision(window, run), window.stage.views()[0]
    return view.mapFromScene(panel.mapToScene(panel.point(*x)))


def click(
    window: MainWindow,
    x: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    run: int = 0,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    viewport = window.stage.views()[0].viewport()
    QTest.mouseClick(viewport, button, keys, place(window, x, run))


def drag(window: MainWindow, start: tuple[float, float], *stops: tuple[float, float]) -> None:
    viewport = window.stage.views()[0].viewport()
    QTest.mousePress(viewport, LEFT, pos=place(window, start))
    for stop in stops:
        QTest.mouseMove(viewport, place(window, stop))
    QTest.mouseRelease(viewport, LEFT, pos=place(window, stops[-1]))


def points(window: MainWindow) -> tuple[tuple[float, ...], ...]:
    found = window.document.experiment.data.points
    assert found is not None
    return found


def shows(window: MainWindow) -> None:
    """Check that the frames are those of the experiment opened afresh."""
    comparison = window.scene
    assert comparison is not None
    for mine, theirs in zip(comparison.recordings, train(window.document.experiment), strict=True):
        assert mine.losses.tobytes() == theirs.losses.tobytes()
        assert mine.data.X.tobytes() == theirs.data.X.tobytes()


@pytest.fixture
def drawing(open_window: Open, qtbot: QtBot) -> MainWindow:
    """Return a window in which points can be drawn on xor."""
    window = open_window(XOR)
    window.resize(1400, 900)
    act(window, "edit_data")
    return window


def test_each_button_adds_its_class_and_undo_removes_it(drawing: MainWindow, qtbot: QtBot) -> None:
    click(drawing, (0.0, 0.5))
    assert drawing.document.undo_text == "Add a point"
    click(drawing, (0.5, 0.0), RIGHT, run=1)
    wait_for_training(drawing, qtbot)
    first, second = points(drawing)[4:]
    assert points(drawing)[:4] == XOR_POINTS
    assert first == pytest.approx((0.0, 0.5, 0.0), abs=0.02)
    assert second == pytest.approx((0.5, 0.0, 1.0), abs=0.02)
    assert all(len(f"{abs(value)}") <= 5 for value in (*first, *second))  # no digits unseen
    shows(drawing)
    act(drawing, "undo")
    assert len(points(drawing)) == 5
    act(drawing, "undo")
    wait_for_training(drawing, qtbot)
    assert drawing.document.experiment == XOR
    shows(drawing)
    act(drawing, "redo")
    assert points(drawing) == (*XOR_POINTS, first)


def test_keys_choose_the_class_of_the_left_button(drawing: MainWindow) -> None:
    QTest.keyClick(drawing, Qt.Key.Key_2)
    assert drawing.view_model.options.drawn_class == 1
    click(drawing, (0.0, 0.0))
    click(drawing, (0.0, 0.4), RIGHT)
    QTest.keyClick(drawing, Qt.Key.Key_1)
    click(drawing, (0.4, 0.0))
    assert [point[2] for point in points(drawing)[4:]] == [1.0, 0.0, 0.0]


def test_dragged_point_moves_in_all_runs_and_trains_on_release(
    drawing: MainWindow, qtbot: QtBot
) -> None:
    viewport = drawing.stage.views()[0].viewport()
    QTest.mousePress(viewport, LEFT, pos=place(drawing, (1.0, -1.0)))
    QTest.mouseMove(viewport, place(drawing, (0.5, 0.3)))
    for run in range(2):
        panel = decision(drawing, run)
        assert panel.example_at(panel.point(0.5, 0.3)) == 2
        assert panel.example_at(panel.point(1.0, -1.0)) is None
    assert drawing.document.experiment == XOR
    QTest.mouseRelease(viewport, LEFT, pos=place(drawing, (0.5, 0.3)))
    wait_for_training(drawing, qtbot)
    assert points(drawing)[2] == pytest.approx((0.5, 0.3, 1.0), abs=0.02)
    assert drawing.document.undo_text == "Move a point"
    shows(drawing)
    act(drawing, "undo")
    wait_for_training(drawing, qtbot)
    assert drawing.document.experiment == XOR
    shows(drawing)


def test_point_is_deleted_by_shift_middle_button_or_key(drawing: MainWindow, qtbot: QtBot) -> None:
    click(drawing, (-1.0, 1.0), keys=Qt.KeyboardModifier.ShiftModifier)
    assert points(drawing) == (XOR_POINTS[0], *XOR_POINTS[2:])
    assert drawing.document.undo_text == "Delete a point"
    wait_for_training(drawing, qtbot)
    click(drawing, (1.0, 1.0), MIDDLE)
    assert points(drawing) == (XOR_POINTS[0], XOR_POINTS[2])
    wait_for_training(drawing, qtbot)
    click(drawing, (1.0, -1.0))  # rings it
    assert drawing.document.experiment.example == 1
    QTest.keyClick(drawing, Qt.Key.Key_Delete)
    assert points(drawing) == XOR_POINTS[:1]
    assert drawing.document.experiment.example == 0
    wait_for_training(drawing, qtbot)
    QTest.keyClick(drawing, Qt.Key.Key_Delete)
    assert "the last point cannot be deleted" in drawing.message.lower()
    assert points(drawing) == XOR_POINTS[:1]
    for _ in range(4):
        act(drawing, "undo")
    assert drawing.document.experiment == XOR


def test_edit_of_a_generated_data_set_turns_it_into_points(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(MOONS)
    act(window, "edit_data")
    before = MOONS.load_data()
    click(window, (-2.0, -2.0))
    wait_for_training(window, qtbot)
    data = window.document.experiment.load_data()
    assert data.X[:, :-1].tobytes() == before.X.tobytes()
    assert window.document.experiment.data.set_name == "points"
    text = format_experiment(window.document.experiment)
    assert parse_experiment(text) == window.document.experiment
    act(window, "undo")
    assert window.document.experiment == MOONS


def test_fast_clicks_all_add_points(drawing: MainWindow) -> None:
    for x in (-0.6, -0.3, 0.0, 0.3, 0.6):  # faster than any training, and as double clicks
        click(drawing, (x, 0.0))
        viewport = drawing.stage.views()[0].viewport()
        QTest.mouseDClick(viewport, LEFT, pos=place(drawing, (x, 0.4)))
    assert len(points(drawing)) >= 4 + 10


def test_unchecked_action_leaves_clicks_to_the_panel(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(XOR)
    trained = window.scene
    click(window, (0.1, 0.1))
    click(window, (1.0, 1.0), RIGHT)
    click(window, (1.0, 1.0), MIDDLE)
    drag(window, (1.0, 1.0), (0.5, 0.5), (0.0, 0.0))
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert window.document.experiment == XOR
    click(window, (1.0, -1.0), run=1)
    assert window.document.experiment.example == 2
    assert window.document.undo_text == "Show example 3"
    assert window.scene is trained  # nothing is trained again
    assert not window.trainer.is_training
    captions = [
        label.text
        for panel in window.stage.panels
        if isinstance(panel, NetworkPanel)
        for label in items_of(panel, Label)
        if "example " in label.text
    ]
    assert len(captions) == 2
    assert all("example 3 of 4, x = (1.00, −1.00), y = 1" in text for text in captions)
    ring = ring_of(decision(window))
    assert ring.nearest(decision(window).point(1.0, -1.0), 1.0) == 0
    act(window, "undo")
    assert window.document.experiment == XOR
    panel = decision(window)
    qtbot.waitUntil(lambda: ring_of(panel).nearest(panel.point(-1.0, -1.0), 1.0) == 0)


def test_action_is_disabled_where_points_cannot_be_drawn(open_window: Open, qtbot: QtBot) -> None:
    three = Experiment(
        training=SHORT,
        data=DataSpec(points=((1.0, 2.0, 3.0, 1.0),)),
        network=NetworkSpec(layers=(3, 2, 1)),
        runs=(Run(init=Normal()),),
    )
    window = open_window(XOR)
    button = window.findChild(QToolButton, "edit_data_button")
    assert button
    assert button.isVisible()
    button.click()
    assert action(window, "edit_data").isChecked()
    assert action(window, "delete_point").isEnabled()
    window.document.apply(three, "Open another")
    wait_for_training(window, qtbot)
    assert not action(window, "edit_data").isChecked()
    assert not action(window, "edit_data").isEnabled()
    assert not action(window, "delete_point").isEnabled()
    assert "this network has 3" in button.toolTip()
    assert window.view_model.options.drawn_class is None
    act(window, "undo")
    assert action(window, "edit_data").isEnabled()
    window.document.apply(
        Experiment(training=SHORT, panels=("network", "loss")), "Hide the decision"
    )
    assert "which is hidden" in button.toolTip()
    wait_for_training(window, qtbot)


def test_point_dragged_off_the_panel_or_back_stays(drawing: MainWindow) -> None:
    panel = decision(drawing)
    drag(drawing, (1.0, 1.0), (0.5, 0.5), (9.0, 0.0))
    assert panel.example_at(panel.point(1.0, 1.0)) == 3
    assert drawing.document.experiment == XOR
    drag(drawing, (-1.0, -1.0), (0.5, 0.5), (-1.0, -1.0))  # a click on the example that is shown
    assert panel.example_at(panel.point(-1.0, -1.0)) == 0
    assert drawing.document.experiment == XOR


def test_undo_during_a_drag_moves_no_point(drawing: MainWindow, qtbot: QtBot) -> None:
    click(drawing, (0.0, 0.0))
    wait_for_training(drawing, qtbot)
    viewport = drawing.stage.views()[0].viewport()
    QTest.mousePress(viewport, LEFT, pos=place(drawing, (0.0, 0.0)))
    QTest.mouseMove(viewport, place(drawing, (0.5, 0.5)))
    act(drawing, "undo")
    wait_for_training(drawing, qtbot)
    QTest.mouseMove(viewport, place(drawing, (0.6, 0.5)))
    QTest.mouseRelease(viewport, LEFT, pos=place(drawing, (0.6, 0.5)))
    assert drawing.document.experiment == XOR
    panel = decision(drawing)
    assert panel.example_at(panel.point(1.0, 1.0)) == 3


@pytest.mark.parametrize("on_stage", [True, False])
def test_escape_ends_drag_then_mode_then_full_screen(drawing: MainWindow, on_stage: bool) -> None:
    act(drawing, "full_screen")
    drawing.activateWindow()
    QTest.qWaitForWindowActive(drawing, 2000)
    view = drawing.stage.views()[0]
    panel = decision(drawing)
    QTest.mousePress(view.viewport(), LEFT, pos=place(drawing, (1.0, 1.0)))
    QTest.mouseMove(view.viewport(), place(drawing, (0.5, 0.5)))
    focus = view if on_stage else drawing
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert panel.example_at(panel.point(1.0, 1.0)) == 3
    assert action(drawing, "edit_data").isChecked()
    QTest.mouseRelease(view.viewport(), LEFT, pos=place(drawing, (0.5, 0.5)))
    assert drawing.document.experiment == XOR
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert not action(drawing, "edit_data").isChecked()
    assert drawing.view_model.options.drawn_class is None
    assert drawing.isFullScreen()
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert not drawing.isFullScreen()


def test_export_shows_the_example_without_the_mode(drawing: MainWindow, qtbot: QtBot) -> None:
    stage = Stage(drawing.stage.theme)
    comparison = drawing.scene
    assert comparison is not None
    stage.show_scene(comparison)
    draw_frame(stage, 0)
    before = stage.image(1280, 720)
    click(drawing, (1.0, 1.0))
    assert drawing.document.experiment.example == 3
    draw_frame(stage, 0)
    assert stage.image(1280, 720) != before
    (panel, _) = [each for each in stage.panels if isinstance(each, DecisionPanel)]
    assert ring_of(panel).nearest(panel.point(1.0, 1.0), 1.0) == 0
    assert DecisionPanel.title in {label.text for label in panel.labels}
