"""The editor of one weight or bias."""

from math import inf, nextafter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter, with_edit
from engine.experiment.experiment import Edit
from engine.experiment.quantity import parse_quantity
from engine.library.built_ins import built_in
from engine.training.events import EventKind
from gui.editing.weight_editor import WeightEditor
from gui.explain.card import Card
from gui.main_window import MainWindow
from gui.widgets.number_box import NumberBox
from tests.gui.diagrams import touch
from tests.gui.windows import Open, act, wait_for_training

CONSTANT = built_in("constant")


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(CONSTANT)
    qtbot.addWidget(window)
    window.resize(1400, 900)
    window.show()
    wait_for_training(window, qtbot)
    return window


def button(editor: WeightEditor, name: str) -> QPushButton:
    found = editor.findChild(QPushButton, name)
    assert found is not None
    return found


def press(editor: WeightEditor, name: str) -> None:
    QTest.mouseClick(button(editor, name), Qt.MouseButton.LeftButton)


def line_of(editor: WeightEditor) -> QLineEdit:
    box = editor.findChild(NumberBox)
    assert box is not None
    line: QLineEdit = box.lineEdit()
    return line


def type_into(editor: WeightEditor, text: str) -> None:
    line_of(editor).selectAll()
    QTest.keyClicks(line_of(editor), text)


def edits(window: MainWindow, run: int) -> tuple[Edit, ...]:
    return window.document.experiment.runs[run].edits


def test_nudge_breaks_the_symmetry_and_undo_restores_it(window: MainWindow, qtbot: QtBot) -> None:
    window.player.seek(50)
    comparison = window.scene
    assert comparison is not None
    before = comparison.recordings[0][50].W[1][1, 0]
    editor = touch(window, Parameter(0, "W1", 1, 0))
    nudge = editor.findChild(QComboBox)
    assert nudge is not None
    nudge.setCurrentIndex(nudge.count() - 1)  # one unit in the last place
    press(editor, "nudge_up")
    wait_for_training(window, qtbot)
    assert edits(window, 0) == (
        Edit(step=50, parameter="W1", index=(1, 0), value=nextafter(before, inf)),
    )
    assert window.player.index == 50
    comparison = window.scene
    assert comparison is not None
    broken = [e for e in comparison.events if e.run == 0 and e.kind is EventKind.SYMMETRY_BROKEN]
    assert [event.frame for event in broken] == [50]
    editor.close()
    act(window, "undo")
    wait_for_training(window, qtbot)
    comparison = window.scene
    assert comparison is not None
    assert not [e for e in comparison.events if e.run == 0 and e.kind is EventKind.SYMMETRY_BROKEN]
    assert window.document.experiment == CONSTANT


def test_fork_shares_the_past_of_its_run(window: MainWindow, qtbot: QtBot) -> None:
    window.player.seek(30)
    editor = touch(window, Parameter(0, "W2", 0, 1))
    fork = editor.findChildren(QRadioButton)[1]
    fork.setChecked(True)
    press(editor, "negate")
    press(editor, "zero")  # of the fork, which is edited now
    wait_for_training(window, qtbot)
    assert edits(window, 0) == ()
    assert [(edit.step, edit.value) for edit in edits(window, 2)] == [(30, 0.0)]
    comparison = window.scene
    assert comparison is not None
    run, copy = comparison.recordings[0], comparison.recordings[2]
    assert (run.parameters(0, 30) == copy.parameters(0, 30)).all()
    assert (run.parameters(30, 31) != copy.parameters(30, 31)).any()
    editor.close()


def test_every_button_sets_its_value(window: MainWindow, qtbot: QtBot) -> None:
    editor = touch(window, Parameter(1, "W1", 0, 0))
    start = editor.value
    press(editor, "negate")
    assert editor.value == -start
    press(editor, "zero")
    assert editor.value == 0.0
    press(editor, "same")
    assert window.scene is not None
    assert editor.value == window.scene.recordings[1][0].W[1][1, 0]
    press(editor, "draw")
    assert editor.value == edits(window, 1)[0].value
    assert len(edits(window, 1)) == 1
    assert "at the start" in editor.findChildren(QLabel)[0].text()
    editor.close()


def test_buttons_without_effect_are_disabled(window: MainWindow) -> None:
    bias = touch(window, Parameter(1, "b1", 0))  # of a scheme that draws weights alone
    assert not button(bias, "draw").isEnabled()
    assert bias.value == 0.0
    assert not button(bias, "negate").isEnabled()
    type_into(bias, "0.5")
    assert button(bias, "negate").isEnabled()
    press(bias, "negate")  # the typed value
    assert bias.value == -0.5
    press(bias, "zero")
    assert not button(bias, "negate").isEnabled()
    bias.close()
    act(window, "undo")
    act(window, "undo")
    assert window.document.experiment == CONSTANT
    assert not button(touch(window, Parameter(0, "W1", 0, 0)), "draw").isEnabled()


def test_typed_value_is_set_by_a_click_elsewhere(window: MainWindow, qtbot: QtBot) -> None:
    window.player.seek(30)
    editor = touch(window, Parameter(0, "W1", 0, 0))
    type_into(editor, "0.25")
    editor.findChildren(QRadioButton)[1].setChecked(True)
    with qtbot.waitSignal(editor.closed):
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert edits(window, 0) == ()
    assert [edit.value for edit in edits(window, 2)] == [0.25]
    wait_for_training(window, qtbot)


@pytest.mark.parametrize(
    ("text", "key"), [("0.25", Qt.Key.Key_Escape), ("0,2,5", None), ("1e300", None), ("0.50", None)]
)
def test_typed_value_is_discarded_by_escape(
    window: MainWindow, qtbot: QtBot, text: str, key: Qt.Key | None
) -> None:
    editor = touch(window, Parameter(0, "W1", 0, 0))
    assert editor.value == 0.5
    type_into(editor, text)
    with qtbot.waitSignal(editor.closed):
        if key is None:
            editor.close()
        else:
            QTest.keyClick(line_of(editor), key)
    assert window.document.experiment == CONSTANT


def test_unit_of_measurement_is_removed_after_typing(window: MainWindow, qtbot: QtBot) -> None:
    editor = touch(window, Parameter(0, "b1", 0))
    type_into(editor, "0.25")
    press(editor, "remove_unit")
    assert window.document.experiment.network.layers == (2, 1, 1)
    assert edits(window, 0) == ()
    wait_for_training(window, qtbot)


def test_invalid_number_is_reported_and_changes_nothing(window: MainWindow) -> None:
    for text in ("nan", "inf", "1e300", "much", ""):
        editor = touch(window, Parameter(0, "b1", 1))
        line = line_of(editor)
        line.setText(text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        shown = "".join(label.text() for label in editor.findChildren(QLabel))
        assert "xpected a number" in shown, text
        assert window.document.experiment == CONSTANT
        line.setText("-0.125")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert edits(window, 0)[0].value == -0.125
        editor.close()
        act(window, "undo")


def test_editor_opens_the_explanation_of_its_gradient(window: MainWindow) -> None:
    editor = touch(window, Parameter(1, "W1", 1, 0))
    press(editor, "explain_gradient")
    assert not editor.isVisible()
    card = window.findChild(Card)
    assert isinstance(card, Card)
    run, quantity, _ = card.choices.question
    assert (run, quantity) == (1, parse_quantity("dW1[1,0]"))
    card.close()


def test_editor_removes_the_unit_of_its_bias(window: MainWindow, qtbot: QtBot) -> None:
    edited = with_edit(CONSTANT, Parameter(0, "W1", 0, 1), 5, 0.5)
    edited = with_edit(edited, Parameter(0, "W2", 0, 1), 5, 0.75)
    window.document.apply(edited, "Edit two")
    wait_for_training(window, qtbot)
    editor = touch(window, Parameter(0, "b1", 0))
    press(editor, "remove_unit")
    assert not editor.isVisible()
    wait_for_training(window, qtbot)
    experiment = window.document.experiment
    assert experiment.network.layers == (2, 1, 1)
    assert window.document.undo_text == "Remove unit 1 of layer 1, with 1 edit by hand"
    (edit,) = edits(window, 0)
    assert (edit.parameter, edit.index, edit.value) == ("W2", (0, 0), 0.75)
    editor = touch(window, Parameter(0, "b1", 0))
    assert editor.findChild(QPushButton, "remove_unit") is None  # the layer would go
    editor.close()
    act(window, "undo")
    assert window.document.experiment == edited


@pytest.mark.parametrize("parameter", [Parameter(0, "b2", 0), Parameter(0, "W1", 0, 0)])
def test_only_hidden_units_can_be_removed(window: MainWindow, parameter: Parameter) -> None:
    editor = touch(window, parameter)
    assert editor.findChild(QPushButton, "remove_unit") is None
    editor.close()


def test_removing_a_unit_reports_drawn_weights(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    press(touch(window, Parameter(0, "b1", 1)), "remove_unit")
    assert window.message.startswith("The weights of B are drawn again for the smaller network")
    wait_for_training(window, qtbot)
