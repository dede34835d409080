"""The main window: edits, actions, drawing and closing."""

import sys
import types

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.editing.paths import edited
from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.nn.initializers import Normal
from engine.studies.saturation.study import SaturationSpec
from engine.training.recording import Finish
from gui.background import trainer as trainer_module
from gui.document.opening import Opened
from gui.main_window import MainWindow
from gui.panels.base.panel import ViewState
from gui.panels.saturation.saturation import SaturationCurvePanel
from gui.stage.stage import Stage
from gui.widgets.actions import COMMANDS, key_texts
from tests.gui.windows import EXPERIMENT, LONG, Open, act, timeline, wait_for_training

NAMES = [
    *("play_pause", "step_forward", "step_back", "first_frame", "last_frame"),
    *("next_event", "previous_event", "open", "save", "save_as", "export"),
    *("undo", "redo", "reseed", "fork"),
]


def test_window_has_the_names_for_scripts(window: MainWindow) -> None:
    assert {name for name in NAMES if window.findChild(QAction, name)} == set(NAMES)
    assert timeline(window).maximum() == window.player.last_index == 400
    assert window.windowTitle() == "Zero against random[*] — Initscope"


def test_edit_trains_again_and_keeps_the_index(window: MainWindow, qtbot: QtBot) -> None:
    window.player.seek(123)
    before = window.scene
    with qtbot.waitSignal(window.trainer.finished):
        window.document.apply(
            edited(EXPERIMENT, {("training", "learning_rate"): 0.1}), "Change learning rate"
        )
    assert window.scene is not before
    assert window.scene
    assert window.scene.experiment.training.learning_rate == 0.1
    assert window.player.index == 123
    assert window.isWindowModified()


def test_undo_and_redo_show_the_former_experiments(window: MainWindow, qtbot: QtBot) -> None:
    undo, redo = (window.findChild(QAction, name) for name in ("undo", "redo"))
    assert undo
    assert redo
    assert not undo.isEnabled()
    act(window, "reseed")
    changed = window.document.experiment
    assert changed.runs[1].init.seed != EXPERIMENT.runs[1].init.seed
    assert changed.runs[0] == EXPERIMENT.runs[0]
    assert undo.text() == "Undo: New seed for every random run"
    act(window, "undo")
    with qtbot.waitSignal(window.trainer.finished):
        pass
    assert window.scene
    assert window.scene.experiment == EXPERIMENT
    assert not undo.isEnabled()
    assert not window.isWindowModified()
    act(window, "redo")
    assert window.document.experiment == changed


def test_fork_copies_the_chosen_run_up_to_the_limit(window: MainWindow, qtbot: QtBot) -> None:
    fork = window.findChild(QAction, "fork")
    assert fork
    window.controls.choose(1)
    act(window, "fork")
    new = window.document.experiment.runs
    assert [run.name for run in new] == ["zero", "random", "random (2)"]
    assert new[2].init == new[1].init
    act(window, "fork")
    assert len(window.document.experiment.runs) == 4
    assert not fork.isEnabled()
    wait_for_training(window, qtbot)
    assert window.scene
    assert len(window.scene.recordings) == 4


def test_reseed_is_enabled_for_random_weights(open_window: Open) -> None:
    window = open_window(EXPERIMENT.replace(runs=(Run(),)))
    reseed = window.findChild(QAction, "reseed")
    assert reseed
    assert not reseed.isEnabled()


def test_export_dialog_receives_the_shown_scene(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    class Dialog(QDialog):
        def __init__(
            self, comparison: object, index: int, theme_name: str, parent: QWidget
        ) -> None:
            super().__init__(parent)
            given.extend([comparison, index, theme_name])

    module = types.ModuleType("gui.export.dialogs.animation_dialog")
    module.AnimationDialog = Dialog  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gui.export.dialogs.animation_dialog", module)
    window.player.seek(44)
    act(window, "export")
    assert given == [window.scene, 44, "light"]
    dialog = window.findChild(QDialog)
    assert dialog
    dialog.close()


def test_diverged_run_is_reported(open_window: Open) -> None:
    window = open_window(
        Experiment(
            network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
            training=TrainingSpec(steps=50, learning_rate=0.01),
            runs=(Run(), Run(init=Normal(scale=1.0, seed=3), learning_rate=1e3)),
        )
    )
    state = window.findChild(QLabel, "state")
    assert state
    assert window.scene
    assert window.scene.recordings[1].finish is Finish.DIVERGED
    assert state.text() == f"run B {window.scene.recordings[1].reason}"
    assert window.player.last_index == 50


def test_close_during_training_ends_the_thread(open_window: Open) -> None:
    window = open_window(LONG)
    thread = window.trainer.thread_of_training
    assert thread
    window.close()
    assert not thread.is_alive()
    assert not window.trainer.is_training


def test_training_pauses_for_each_picture(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "PATIENCE_SECONDS", 3600.0)
    window = open_window(LONG)
    # On a slow machine the scene is shown with fewer frames; seeking beyond them draws nothing.
    qtbot.waitUntil(lambda: window.player.last_index >= 5)
    for index in range(1, 6):
        window.player.seek(index)
        assert window.trainer.is_paused
        with qtbot.waitSignal(window.player.last_index_changed):
            pass
    window.player.set_follow(True)
    index = window.player.index
    qtbot.waitUntil(lambda: window.player.index > index)


def test_opened_experiment_is_drawn_and_painted_once_in_separate_turns(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "GRACE_SECONDS", 20.0)
    happened: list[str] = []
    draw = Stage.draw

    def noted(stage: Stage, state: ViewState) -> None:
        happened.append("drawn")
        draw(stage, state)

    def turned() -> None:
        if happened and happened[-1] != "turn":
            happened.append("turn")

    turns = QTimer(window, interval=1)
    turns.timeout.connect(turned)
    window.trainer.started.connect(lambda scene: happened.append("made"))
    window.view.painted.connect(lambda: happened.append("painted"))
    for index in (0, 30):  # whether the playhead stays or not
        window.player.seek(index)
        qtbot.wait(50)
        happened.clear()
        turns.start()
        with monkeypatch.context() as patch:
            patch.setattr(Stage, "draw", noted)
            window.document.open(Opened(Experiment(title=f"After frame {index}")))
            qtbot.waitUntil(lambda: "painted" in happened)
            wait_for_training(window, qtbot)
        turns.stop()
        assert happened[:5] == ["made", "turn", "drawn", "turn", "painted"]
        assert happened.count("drawn") == 1


def test_grab_draws_the_pending_frame(window: MainWindow, qtbot: QtBot) -> None:
    def stage() -> QImage:
        view = window.view
        place = QRect(view.mapTo(window, QPoint(0, 0)), view.size())
        return window.grab().toImage().copy(place)

    pictures: list[QImage] = []
    window.trainer.started.connect(lambda scene: pictures.append(stage()))
    window.document.open(Opened(Experiment(title="another")))
    wait_for_training(window, qtbot)
    assert pictures == [stage()]


def test_seek_while_panels_are_made_draws_immediately(window: MainWindow, qtbot: QtBot) -> None:
    drawn: list[int] = []
    window.scheduler.drawn.connect(drawn.append)
    window.trainer.started.connect(lambda scene: window.player.seek(7))
    window.trainer.started.connect(lambda scene: drawn.append(-1))
    window.document.open(Opened(Experiment(title="another")))
    wait_for_training(window, qtbot)
    assert drawn[:2] == [7, -1]


def test_training_is_paused_while_the_stage_is_laid_out(open_window: Open, qtbot: QtBot) -> None:
    def is_paused() -> bool:
        return window.trainer.is_paused

    window = open_window(LONG)
    qtbot.wait(100)
    window.trainer.resume()
    assert not is_paused()
    window.resize(window.width() - 50, window.height() - 50)
    assert is_paused()
    qtbot.waitUntil(lambda: not is_paused())
    window.trainer.stop()


def test_speed_loop_and_full_screen_actions(window: MainWindow) -> None:
    for name, speed in (("faster", 2.0), ("slower", 1.0), ("slower", 0.5), ("normal_speed", 1.0)):
        act(window, name)
        assert window.player.speed == speed
    for _ in range(12):
        act(window, "slower")
    assert window.player.speed == 1 / 8
    act(window, "loop")
    assert window.player.loop
    act(window, "full_screen")
    assert window.isFullScreen()
    assert not window.controls.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Right)  # though the menus are hidden
    assert window.player.index == 1
    act(window, "leave_full_screen")
    assert not window.isFullScreen()
    assert window.controls.isVisible()


def test_help_sheet_lists_every_key(window: MainWindow) -> None:
    act(window, "help")
    sheet = window.findChild(QDialog, "help_sheet")
    assert sheet
    text = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for command in COMMANDS:
        action = window.findChild(QAction, command.name)
        assert action
        for key in key_texts(action):
            assert key.replace("<", "&lt;").replace(">", "&gt;") in text
    assert sheet.width() <= 1280
    assert sheet.height() <= 690  # below the title of a window on a small screen
    sheet.close()


def test_failed_training_is_reported(window: MainWindow) -> None:
    window.trainer.failed.emit("training: not enough memory")
    assert window.message == "training: not enough memory"


def test_edit_of_texts_is_shown_without_training(window: MainWindow) -> None:
    window.player.seek(30)
    scene = window.scene
    window.document.apply(edited(EXPERIMENT, {("title",): "Another name"}), "Change title")
    assert window.scene is scene
    assert scene is not None
    assert scene.experiment.title == "Another name"
    assert window.player.index == 30
    window.document.undo()
    assert scene.experiment == EXPERIMENT


def test_drag_on_a_study_panel_edits_the_experiment(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(built_in("saturation-scale"))
    wait_for_training(window, qtbot)
    window.player.seek(40)
    scene = window.scene
    (panel, *_) = (each for each in window.stage.panels if each.name == "saturation-curve")
    assert isinstance(panel, SaturationCurvePanel)
    view = window.view

    def place(z: float) -> QPoint:
        return view.mapFromScene(panel.mapToScene(panel.point(z, 0.5)))

    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place(1.0))
    QTest.mouseMove(view.viewport(), place(-2.0))
    assert any(each.text.startswith(("z = −2", "z = −1.9")) for each in panel.labels)
    assert window.document.undo_text == ""
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place(-2.0))
    assert window.document.undo_text == "Move the marked z"
    changed = window.document.experiment.scene
    assert isinstance(changed, SaturationSpec)
    assert changed.z == pytest.approx(-2.0, abs=0.1)
    assert window.scene is scene  # it is not computed again
    assert window.player.index == 40
    window.document.undo()
    assert window.document.experiment == built_in("saturation-scale")
