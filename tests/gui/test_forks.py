"""Forks in the window, and the changes of their settings."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from engine.editing.branches import Branch, branches
from engine.experiment.experiment import Change
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.training.training import train
from gui.controls.fields import ChoiceField, NumberField
from gui.controls.run_card import RunCard
from gui.main_window import MainWindow
from gui.widgets.number_box import NumberBox
from tests.gui.windows import EXPERIMENT, Open, act, wait_for_training


def fork_at(window: MainWindow, qtbot: QtBot, run: int, frame: int) -> None:
    window.player.seek(frame)
    window.controls.choose(run)
    act(window, "fork")
    wait_for_training(window, qtbot)


def type_into(window: MainWindow, qtbot: QtBot, name: str, text: str) -> None:
    field = window.controls.fields["runs", 2, "changes", 0, name]
    assert isinstance(field, NumberField)
    box = field.editor
    assert isinstance(box, NumberBox)
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), text)
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    wait_for_training(window, qtbot)


def marks(window: MainWindow) -> list[bool]:
    """Return for the card of every run whether it is marked as chosen."""
    cards = window.controls.findChildren(RunCard)
    return [card.property("chosen") for card in cards if not card.isHidden()]


def test_fork_equals_its_run_until_changed(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 1, 40)
    experiment = window.document.experiment
    rate = EXPERIMENT.training.learning_rate
    assert experiment.runs[2].changes == (Change(step=40, learning_rate=rate),)
    assert window.document.undo_text == "Fork run B at frame 40"
    assert branches(experiment)[2] == Branch(1, 40, 40)
    assert window.controls.chosen_run == 2
    assert window.player.index == 40
    comparison = window.scene
    assert comparison
    np.testing.assert_array_equal(comparison.recordings[1].losses, comparison.recordings[2].losses)

    type_into(window, qtbot, "learning_rate", "7")
    choose = window.controls.fields["runs", 2, "changes", 0, "hidden"]
    assert isinstance(choose, ChoiceField)
    box = choose.editor
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText("relu"))
    box.activated.emit(box.currentIndex())
    wait_for_training(window, qtbot)
    changed = window.document.experiment
    assert changed.runs[2].changes == (Change(step=40, learning_rate=7.0, hidden="relu"),)
    assert window.scene
    shown = window.scene.recordings
    np.testing.assert_array_equal(shown[1].losses[:40], shown[2].losses[:40])
    assert shown[1].losses[40] != shown[2].losses[40]
    afresh = train(parse_experiment(format_experiment(changed)))
    for one, other in zip(shown, afresh, strict=True):
        np.testing.assert_array_equal(one.losses, other.losses)
        np.testing.assert_array_equal(one.parameters(0, 401), other.parameters(0, 401))

    for _ in range(3):
        act(window, "undo")
    assert window.document.experiment == EXPERIMENT


def test_invalid_change_is_reported_beside_its_field(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 1, 40)
    before = window.document.experiment
    for name, text, error in (
        ("learning_rate", "nan", "Expected a number"),
        ("learning_rate", "-1", "above 0"),
        ("step", "0", "at least 1"),
    ):
        type_into(window, qtbot, name, text)
        assert error in window.controls.fields["runs", 2, "changes", 0, name].error
        assert window.document.experiment == before


def test_change_can_be_removed(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 0, 30)
    button = window.controls.findChild(QToolButton, "remove_change")
    assert button
    button.click()
    wait_for_training(window, qtbot)
    runs = window.document.experiment.runs
    assert runs[2] == EXPERIMENT.runs[0].replace(name="zero (2)")
    assert window.document.undo_text == "Remove the change of run C at frame 30"
    assert ("runs", 2, "changes", 0, "step") not in window.controls.fields
    act(window, "undo")
    assert ("runs", 2, "changes", 0, "step") in window.controls.fields


def test_fork_at_the_first_frame_is_a_copy(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 1, 0)
    assert window.document.experiment.runs[2].changes == ()
    assert window.document.undo_text == "Copy run B"


def test_fork_of_a_fork_and_of_a_diverged_run(open_window: Open, qtbot: QtBot) -> None:
    hot = EXPERIMENT.runs[1].replace(learning_rate=5.0)
    spec = EXPERIMENT.network.replace(hidden="linear", output="linear", loss="mean-squared-error")
    window = open_window(EXPERIMENT.replace(network=spec, runs=(hot,)))
    assert window.scene
    last = len(window.scene.recordings[0]) - 1
    assert 3 < last < 400
    fork_at(window, qtbot, 0, 400)
    fork_at(window, qtbot, 1, 3)
    runs = window.document.experiment.runs
    assert [change.step for change in runs[1].changes] == [last]
    assert [change.step for change in runs[2].changes] == [3, last]
    assert branches(window.document.experiment) == (None, Branch(0, last, last), Branch(0, 3, 3))
    assert len({len(recording) for recording in window.scene.recordings}) == 1


def test_undo_of_a_fork_restores_the_chosen_run(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 0, 40)
    act(window, "undo")
    wait_for_training(window, qtbot)
    assert window.controls.chosen_run == 0
    act(window, "break_symmetry")
    assert window.document.undo_text == "Nudge W1[0,0] of A by 10⁻¹²"
    wait_for_training(window, qtbot)


def test_redo_of_a_fork_chooses_its_run(window: MainWindow, qtbot: QtBot) -> None:
    fork_at(window, qtbot, 0, 40)
    act(window, "undo")
    act(window, "redo")
    wait_for_training(window, qtbot)
    assert window.controls.chosen_run == 2
    assert marks(window) == [False, False, True]
    act(window, "undo")
    assert marks(window) == [True, False]
    wait_for_training(window, qtbot)
