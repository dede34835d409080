"""What is being typed is committed or refused before anything else happens, and never lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter
from engine.editing.paths import Path as FieldPath
from engine.editing.paths import at
from engine.library.built_ins import built_in
from engine.library.experiment_file import read_experiment, write_experiment
from gui.editing.weight_editor import WeightEditor
from gui.main_window import MainWindow
from gui.panels.base.interactions import (
    ActivationMenuRequested,
    NetworkResized,
    ParameterClicked,
    PointAdded,
    ValueEdited,
)
from gui.widgets.number_box import NumberBox
from tests.gui.windows import EXPERIMENT, Open, act

STEPS: FieldPath = ("training", "steps")


def type_into(window: MainWindow, path: FieldPath, text: str) -> QLineEdit:
    """Type into a field of the form, and press no other key."""
    editor = window.controls.fields[path].editor
    line = editor.lineEdit() if isinstance(editor, NumberBox) else editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    return line


@pytest.fixture
def saved(open_window: Open, tmp_path: Path) -> tuple[MainWindow, Path]:
    path = tmp_path / "mine.toml"
    write_experiment(EXPERIMENT, path)
    window = open_window()
    window.open_file(str(path))
    return window, path


def test_save_writes_what_is_being_typed(saved: tuple[MainWindow, Path]) -> None:
    window, path = saved
    type_into(window, STEPS, "250")
    act(window, "save")
    assert read_experiment(path).training.steps == 250
    assert not window.isWindowModified()


def test_every_field_is_committed_by_an_action(window: MainWindow) -> None:
    entries: dict[FieldPath, tuple[str, object]] = {
        ("title",): ("mine", "mine"),
        ("training", "learning_rate"): ("0.25", 0.25),
        ("data", "flip"): ("0.25", 0.25),
        ("network", "layers"): ("2, 3, 1", (2, 3, 1)),
        ("runs", 1, "name"): ("wild", "wild"),
        ("runs", 1, "init", "scale"): ("0.25", 0.25),
    }
    for path, (text, value) in entries.items():
        type_into(window, path, text)
        act(window, "fork")
        assert at(window.document.experiment, path) == value
        assert len(window.document.experiment.runs) == 3
        window.document.undo()  # the fork


def test_closing_asks_about_what_is_being_typed(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    write_experiment(EXPERIMENT, path)
    window = open_window(asks=True)
    window.open_file(str(path))
    type_into(window, STEPS, "250")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Save)
    assert window.close()
    assert read_experiment(path).training.steps == 250


def test_an_entry_that_is_refused_stops_the_action_once(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.document.apply(EXPERIMENT.replace(title="changed"), "Change title")
    saved: list[str] = []
    monkeypatch.setattr(window.files, "save_to", saved.append)
    before = window.document.state
    for name in ("save", "quit", "fork", "undo"):
        line = type_into(window, STEPS, "25O")
        act(window, name)
        assert window.document.state == before
        assert window.isVisible()
        assert line.text() == "25O"
        assert "steps" in window.message
        assert window.controls.fields[STEPS].error
    assert saved == []
    act(window, "undo")  # which is no surprise any more
    assert window.document.experiment == EXPERIMENT


def changes(window: MainWindow) -> dict[str, Callable[[], object]]:
    """Ways to change the document, other than an action of the menus."""
    from engine.editing.resizing import ResizeKind, Resizing

    handle = window.stage.interacted.emit
    form = window.controls

    def press(name: str) -> None:
        form.findChildren(QAbstractButton, name)[-1].click()

    def menu_action(name: str) -> QAction:
        found = window.findChild(QAction, name)
        assert found
        return found

    return {
        "add a run": lambda: press("add_run"),
        "remove a run": lambda: press("remove_run"),
        "new seed": lambda: press("reseed_run"),
        "resize": lambda: handle(NetworkResized(Resizing(ResizeKind.ADD_UNIT, 1))),
        "point": lambda: handle(PointAdded((0.5, 0.5), 1)),
        "value": lambda: handle(ValueEdited(("example",), 2, "Show an example")),
        "panels": lambda: menu_action("panel_loss").trigger(),
        "open": lambda: window.open_file("moons"),
        "undo": window.document.undo,
    }


def undo_all(window: MainWindow) -> list[int]:
    """Undo every change; return the number of steps after each, the last one first."""
    steps = [window.document.experiment.training.steps]
    while window.document.undo_text:
        window.document.undo()
        steps.append(window.document.experiment.training.steps)
    return steps


def test_every_change_of_the_document_commits_what_is_being_typed(open_window: Open) -> None:
    window = open_window()
    for name, change in changes(window).items():
        undo_all(window)
        QTest.qWait(1)  # in which cards are shown, and those that were removed are deleted
        window.document.apply(EXPERIMENT.replace(title="changed"), "Change title")
        type_into(window, STEPS, "250")
        change()
        if name == "undo":  # of the entry, which is the last edit
            window.document.redo()
            assert (name, window.document.experiment.training.steps) == (name, 250)
            continue
        last, *steps = undo_all(window)
        assert (name, steps) == (name, [250, 400, 400])
        assert name == "open" or last == 250


def test_the_frame_that_is_being_typed_is_the_one_that_is_forked(window: MainWindow) -> None:
    box = window.findChild(QSpinBox, "frame")
    assert box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "37")
    window.player.seek(5)  # as playback does
    act(window, "fork")
    assert [change.step for change in window.document.experiment.runs[-1].changes] == [37]


def test_save_sets_the_weight_that_is_being_typed(saved: tuple[MainWindow, Path]) -> None:
    window, path = saved
    window.stage.interacted.emit(ParameterClicked(Parameter(1, "W1", 0, 0)))
    editor = window.findChild(WeightEditor)
    assert editor
    line = editor.findChild(QLineEdit)
    assert line
    line.selectAll()
    QTest.keyClicks(line, "0.125")
    act(window, "save")
    assert [edit.value for edit in read_experiment(path).runs[1].edits] == [0.125]


# Editors that outlive what they edit


def test_a_removed_card_with_an_entry_edits_nothing(window: MainWindow) -> None:
    window.controls.choose(0)
    type_into(window, ("runs", 1, "init", "scale"), "0.125")
    window.controls.findChildren(QToolButton, "remove_run")[1].click()
    assert [run.name for run in window.document.experiment.runs] == ["zero"]
    act(window, "undo")
    assert at(window.document.experiment, ("runs", 1, "init", "scale")) == 0.125


def test_a_field_of_a_scene_that_is_undone_edits_nothing(window: MainWindow) -> None:
    act(window, "many_seeds")
    type_into(window, ("scene", "seeds"), "17")
    window.document.undo()
    window.document.undo()
    assert window.document.experiment == EXPERIMENT
    QTest.qWait(400)
    assert window.document.experiment == EXPERIMENT
    act(window, "redo")
    act(window, "redo")
    assert at(window.document.experiment, ("scene", "seeds")) == 17


def test_a_disposed_field_emits_nothing(window: MainWindow, qtbot: QtBot) -> None:
    """Also where no signal asks it to commit before it is disposed of."""
    type_into(window, ("runs", 1, "init", "scale"), "0.125")
    with qtbot.assertNotEmitted(window.controls.edited, wait=400):
        window.controls.show_experiment(EXPERIMENT.replace(runs=EXPERIMENT.runs[:1]))


def test_an_editor_of_a_weight_closes_with_its_experiment(window: MainWindow) -> None:
    window.stage.interacted.emit(ParameterClicked(Parameter(1, "W1", 0, 0)))
    editor = window.findChild(WeightEditor)
    assert editor
    window.open_file("moons")
    assert not editor.isVisible()
    editor.set_value(0.5)
    assert window.document.experiment == built_in("moons")


def test_a_menu_of_a_layer_closes_with_its_experiment(window: MainWindow) -> None:
    from PySide6.QtWidgets import QMenu

    window.stage.interacted.emit(ActivationMenuRequested(0, 1))
    menu = window.findChild(QMenu, "layer_menu")
    assert menu
    window.open_file("moons")
    assert not menu.isVisible()


def test_typing_is_not_delayed_or_cut_by_what_the_window_does(window: MainWindow) -> None:
    """Actions of the player commit an entry, but leave the focus and the text."""
    line = type_into(window, STEPS, "250")
    act(window, "step_forward")
    assert line.text() == "250"
    assert line.hasFocus()
    QTest.keyClick(line, Qt.Key.Key_1)
    assert line.text() == "2501"
