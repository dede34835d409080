"""The main window: every action, every key, and a picture that always is the player's frame."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment_file import read_experiment, write_experiment
from engine.initializers import Normal
from engine.library import built_in
from engine.recording import Finish
from gui.actions import COMMANDS, key_texts
from gui.controls.edits import edited
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.stage import DEFAULT_PANELS
from gui.theme import THEMES

EXPERIMENT = built_in("zero-vs-random")
NAMES = [
    *("play_pause", "step_forward", "step_back", "first_frame", "last_frame"),
    *("next_event", "previous_event", "open", "save", "save_as", "export"),
    *("undo", "redo", "reseed", "fork"),
]
LONG = Experiment(title="long", training=TrainingSpec(steps=3_000_000))

Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot) -> Open:
    """Return what opens a window; it is trained to the end unless it takes too long."""

    def open_window(experiment: Experiment = EXPERIMENT, **options: Any) -> MainWindow:
        window = MainWindow(experiment, **options)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        qtbot.waitUntil(lambda: window.comparison is not None)
        if experiment is not LONG:
            wait_for_training(window, qtbot)
        return window

    return open_window


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    return open_window()


def wait_for_training(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.trainer.is_training, timeout=20_000)


def act(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action
    action.trigger()


def timeline(window: MainWindow) -> QSlider:
    slider = window.findChild(QSlider, "timeline")
    assert slider
    return slider


def picture(window: MainWindow) -> Any:
    return window._view.grab().toImage()


def test_the_names_scripts_hold_on_to(window: MainWindow) -> None:
    assert {name for name in NAMES if window.findChild(QAction, name)} == set(NAMES)
    assert timeline(window).maximum() == window.player.last_index == 400
    assert window.windowTitle() == "Zero against random[*] — Initscope"


@pytest.mark.parametrize(
    ("names", "index"),
    [
        (["step_forward"], 101),
        (["step_back", "step_back"], 98),
        (["forward_10"], 110),
        (["back_10", "step_back"], 89),
        (["first_frame"], 0),
        (["last_frame"], 400),
        (["last_frame", "step_forward"], 400),
        (["first_frame", "step_back"], 0),
    ],
)
def test_stepping_is_exact(window: MainWindow, names: list[str], index: int) -> None:
    window.player.seek(100)
    for name in names:
        act(window, name)
    assert (window.player.index, timeline(window).value()) == (index, index)
    spin = window.findChild(QSpinBox, "frame")
    assert spin
    assert spin.value() == index


def test_events_are_visited_one_by_one(window: MainWindow) -> None:
    assert window.comparison
    frames = sorted({event.frame for event in window.comparison.events})
    assert len(frames) > 1
    act(window, "first_frame")
    seen = [0] if frames[0] == 0 else []
    for _ in frames[len(seen) :]:
        act(window, "next_event")
        seen.append(window.player.index)
    assert seen == frames
    act(window, "next_event")
    assert window.player.index == frames[-1]
    for frame in reversed(frames[:-1]):
        act(window, "previous_event")
        assert window.player.index == frame


@pytest.mark.parametrize(
    ("key", "index"),
    [
        (Qt.Key.Key_Right, 101),
        (Qt.Key.Key_Left, 99),
        (Qt.Key.Key_L, 110),
        (Qt.Key.Key_J, 90),
        (Qt.Key.Key_Period, 101),
        (Qt.Key.Key_Comma, 99),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 400),
    ],
)
@pytest.mark.parametrize("focus", ["view", "timeline", "chooser"])
def test_keys_work_whatever_has_the_focus(
    window: MainWindow, qtbot: QtBot, key: Qt.Key, index: int, focus: str
) -> None:
    widget = window._view if focus == "view" else window.findChild(QWidget, focus)
    assert widget
    widget.setFocus()
    window.player.seek(100)
    QTest.keyClick(widget, key)
    assert window.player.index == index


def is_playing(window: MainWindow) -> bool:
    return window.player.is_playing


def test_space_and_k_play_and_pause(window: MainWindow, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Space, Qt.Key.Key_K):
        QTest.keyClick(window._view, key)
        assert is_playing(window)
        qtbot.waitUntil(lambda: window.player.index > 3)
        QTest.keyClick(window._view, key)
        assert not is_playing(window)
        window.player.seek(0)


def test_keys_belong_to_a_field_while_one_types(window: MainWindow) -> None:
    line = window._controls.fields[("title",)].editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "just k l 0")
    QTest.keyClick(line, Qt.Key.Key_Home)
    QTest.keyClick(line, Qt.Key.Key_Right)
    assert line.text() == "just k l 0"
    assert not window.player.is_playing
    assert timeline(window).value() == 0
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert window.document.experiment.title == "just k l 0"
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert window.player.index == 1


def test_every_key_means_one_thing(window: MainWindow) -> None:
    keys = [key for action in window.actions() for key in key_texts(action)]
    assert len(keys) == len(set(keys))


def test_the_timeline_seeks(window: MainWindow) -> None:
    timeline(window).setValue(250)
    assert window.player.index == 250


def test_the_frame_may_be_typed(window: MainWindow) -> None:
    spin = window.findChild(QSpinBox, "frame")
    assert spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "123")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert window.player.index == 123


def test_the_picture_is_that_of_the_frame_however_it_was_reached(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.player.seek(37)
    sought = picture(window)
    window.player.seek(38)
    assert picture(window) != sought
    act(window, "step_back")
    assert picture(window) == sought
    timeline(window).setValue(300)
    timeline(window).setValue(37)
    assert picture(window) == sought
    act(window, "first_frame")
    window.player.set_speed(4.0)
    window.player.index_changed.connect(lambda index: index >= 36 and window.player.pause())
    act(window, "play_pause")
    qtbot.waitUntil(lambda: not window.player.is_playing)
    window.player.step(37 - window.player.index)
    assert picture(window) == sought


def test_a_change_retrains_and_keeps_the_playhead(window: MainWindow, qtbot: QtBot) -> None:
    window.player.seek(123)
    before = window.comparison
    with qtbot.waitSignal(window.trainer.ended):
        window.document.apply(
            edited(EXPERIMENT, {("training", "learning_rate"): 0.1}), "Change learning rate"
        )
    assert window.comparison is not before
    assert window.comparison
    assert window.comparison.experiment.training.learning_rate == 0.1
    assert window.player.index == 123
    assert window.isWindowModified()


def test_undo_and_redo_show_what_was_there(window: MainWindow, qtbot: QtBot) -> None:
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
    with qtbot.waitSignal(window.trainer.ended):
        pass
    assert window.comparison
    assert window.comparison.experiment == EXPERIMENT
    assert not undo.isEnabled()
    assert not window.isWindowModified()
    act(window, "redo")
    assert window.document.experiment == changed


def test_the_chosen_run_is_copied_until_there_are_four(window: MainWindow, qtbot: QtBot) -> None:
    fork = window.findChild(QAction, "fork")
    assert fork
    window._controls.choose(1)
    act(window, "fork")
    new = window.document.experiment.runs
    assert [run.name for run in new] == ["zero", "random", "random 2"]
    assert new[2].init == new[1].init
    act(window, "fork")
    assert len(window.document.experiment.runs) == 4
    assert not fork.isEnabled()
    wait_for_training(window, qtbot)
    assert window.comparison
    assert len(window.comparison.recordings) == 4


def test_reseed_needs_random_weights(open_window: Open) -> None:
    window = open_window(msgspec.structs.replace(EXPERIMENT, runs=(Run(),)))
    reseed = window.findChild(QAction, "reseed")
    assert reseed
    assert not reseed.isEnabled()


def test_opening_begins_at_the_start(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    write_experiment(edited(EXPERIMENT, {("title",): "Other"}), path)
    window.player.seek(50)
    with qtbot.waitSignal(window.trainer.ended):
        window.open_file(str(path))
    assert window.windowTitle().startswith("Other")
    assert window.player.index == 0
    assert window.settings.folder == str(tmp_path)


@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\xff", b"title = [", b"[network]\nlayers = [2]", b"[data]\nn = 1"]
)
def test_a_bad_file_leaves_everything_as_it_was(
    window: MainWindow, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    window.player.seek(70)
    before, shown = window.comparison, picture(window).size()
    window.open_file(str(path))
    assert "bad.toml" in window.message
    assert window.comparison is before
    assert (window.player.index, window.document.experiment) == (70, EXPERIMENT)
    assert shown.width() == picture(window).width()


def test_a_dropped_file_is_opened(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dropped.toml"
    write_experiment(edited(EXPERIMENT, {("title",): "Dropped"}), path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    assert window.document.experiment.title == "Dropped"


def test_save_as_and_open_ask_for_a_file(window: MainWindow, tmp_path: Path) -> None:
    act(window, "save")  # it has no file yet, so this asks too
    dialog = window.findChild(QFileDialog)
    assert dialog
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(tmp_path / "mine"))
    dialog.done(QDialog.DialogCode.Accepted)
    assert read_experiment(tmp_path / "mine.toml") == EXPERIMENT
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    act(window, "save")
    assert read_experiment(tmp_path / "mine.toml").title == "Mine"
    assert not window.isWindowModified()


def test_what_cannot_be_saved_is_told(window: MainWindow, tmp_path: Path) -> None:
    window._files.save_to(str(tmp_path / "missing" / "a.toml"))
    assert "there is no folder" in window.message
    assert window.document.path is None


def test_the_export_dialog_gets_what_is_shown(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    class Dialog(QDialog):
        def __init__(
            self, comparison: object, index: int, theme_name: str, parent: QWidget
        ) -> None:
            super().__init__(parent)
            given.extend([comparison, index, theme_name])

    module = types.ModuleType("gui.export.dialog")
    module.ExportDialog = Dialog  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gui.export.dialog", module)
    window.player.seek(44)
    act(window, "export")
    assert given == [window.comparison, 44, "light"]
    dialog = window.findChild(QDialog)
    assert dialog
    dialog.close()


def test_training_can_be_followed_live(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(LONG)
    assert timeline(window).maximum() == 3_000_000
    act(window, "follow")
    before = window.player.index
    qtbot.waitUntil(lambda: window.player.index > before + 100)
    state = window.findChild(QLabel, "state")
    assert state
    assert state.text().startswith("training…")
    act(window, "step_back")
    assert not window.player.follow


def test_a_scrub_beyond_what_is_trained_stops_at_its_end(open_window: Open) -> None:
    window = open_window(LONG)
    timeline(window).setValue(2_999_999)
    assert timeline(window).value() == window.player.index <= window.player.last_index < 2_999_999


def test_a_run_that_diverges_is_told(open_window: Open) -> None:
    window = open_window(
        Experiment(
            network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
            training=TrainingSpec(steps=50, learning_rate=0.01),
            runs=(Run(), Run(init=Normal(scale=1.0, seed=3), learning_rate=1e3)),
        )
    )
    state = window.findChild(QLabel, "state")
    assert state
    assert window.comparison
    assert window.comparison.recordings[1].finish is Finish.DIVERGED
    assert state.text() == f"run B {window.comparison.recordings[1].reason}"
    assert window.player.last_index == 50


def test_closing_while_it_trains_ends_cleanly(open_window: Open) -> None:
    window = open_window(LONG)
    work = window.trainer._work
    assert work
    window.close()
    assert not work.thread.is_alive()
    assert not window.trainer.is_training


def test_the_theme_is_chosen_or_follows_the_system(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = picture(window).pixelColor(2, 2)
    act(window, "theme_dark")
    assert window.settings.theme == "dark"
    dark = picture(window).pixelColor(2, 2)
    assert (light.name(), dark.name()) == (THEMES["light"].background, THEMES["dark"].background)
    assert window.palette().window().color().name() == THEMES["dark"].background
    act(window, "theme_system")
    assert picture(window).pixelColor(2, 2) == light

    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return Qt.ColorScheme.Dark

    signal = QGuiApplication.styleHints().colorSchemeChanged
    monkeypatch.setattr(QGuiApplication, "styleHints", Hints)
    signal.emit(Qt.ColorScheme.Dark)
    assert picture(window).pixelColor(2, 2) == dark


def test_colour_scales_and_panels_are_chosen(window: MainWindow) -> None:
    window.player.seek(60)
    fixed = picture(window)
    act(window, "scale_logarithmic")
    assert picture(window) != fixed
    act(window, "scale_fixed")
    assert picture(window) == fixed
    act(window, "panel_network")
    assert window.stage.names == DEFAULT_PANELS[1:]
    assert picture(window) != fixed
    for name in DEFAULT_PANELS[1:]:
        act(window, f"panel_{name}")
    assert len(window.stage.names) == 1
    act(window, "panel_network")
    assert "network" in window.stage.names


def test_the_picture_can_be_copied(window: MainWindow) -> None:
    window.player.seek(37)
    act(window, "copy_picture")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)
    window.player.seek(38)
    act(window, "copy_picture")
    assert QGuiApplication.clipboard().image() != image


def test_speed_loop_and_full_screen(window: MainWindow) -> None:
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
    assert not window._controls.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Right)  # though the menus are hidden
    assert window.player.index == 1
    act(window, "leave_full_screen")
    assert not window.isFullScreen()
    assert window._controls.isVisible()


def test_the_help_sheet_lists_every_key(window: MainWindow) -> None:
    act(window, "help")
    sheet = window.findChild(QDialog, "help_sheet")
    assert sheet
    text = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for command in COMMANDS:
        action = window.findChild(QAction, command.name)
        assert action
        for key in key_texts(action):
            assert key.replace("<", "&lt;").replace(">", "&gt;") in text
    sheet.close()


def test_what_the_window_remembers_comes_back(open_window: Open) -> None:
    settings = Settings(
        geometry=(0, 0, 790, 590),
        controls_shown=False,
        theme="dark",
        colour_scale="logarithmic",
        panels=("network", "loss"),
        speed=4.0,
        loop=True,
        folder="/tmp",
    )
    window = open_window(settings=settings)
    assert window.settings.replaced(geometry=None) == settings.replaced(geometry=None)
    assert not window._controls.isVisible()
    assert window.stage.names == ("network", "loss")


def test_settings_of_another_version_do_no_harm(open_window: Open) -> None:
    window = open_window(settings=Settings(panels=("hologram",), speed=3.5))
    assert window.stage.names == DEFAULT_PANELS
    assert window.player.speed == 1.0


def test_a_window_lies_on_the_screen(open_window: Open) -> None:
    window = open_window(settings=Settings(geometry=(9000, 9000, 900, 500)))
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(QRect(window.pos(), QPoint(window.x() + 9, window.y() + 9)))


@pytest.mark.parametrize(
    ("button", "closes", "saved"),
    [
        (QMessageBox.StandardButton.Cancel, False, False),
        (QMessageBox.StandardButton.Discard, True, False),
        (QMessageBox.StandardButton.Save, True, True),
    ],
)
def test_unsaved_changes_are_asked_about(
    open_window: Open,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    button: QMessageBox.StandardButton,
    closes: bool,
    saved: bool,
) -> None:
    window = open_window(asks=True)
    path = tmp_path / "mine.toml"
    window.document.save(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    assert window.close() == closes
    assert (read_experiment(path).title == "Mine") == saved
    window.close_without_asking()


def test_without_changes_nothing_is_asked(open_window: Open) -> None:
    assert open_window(asks=True).close()


def test_a_failure_is_told(window: MainWindow) -> None:
    window.trainer.failed.emit("training: not enough memory")
    assert window.message == "training: not enough memory"
