"""The card that explains a number."""

from functools import partial
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter
from engine.editing.paths import edited
from engine.experiment.quantity import Quantity, Question
from engine.explain.lines import explain
from engine.explain.notation import Explanation, latex_of
from engine.library.built_ins import built_in
from engine.studies.variance.study import VarianceSpec
from gui.explain import card as module
from gui.explain.card import VIEWS, Card
from gui.main_window import MainWindow
from gui.panels.base.interactions import QuantityClicked
from gui.panels.training.gradient_rows import GradientRowsPanel
from tests.gui.diagrams import opened_editor
from tests.gui.windows import EXPERIMENT, Open, act, wait_for_training


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    window = open_window()
    window.resize(1400, 900)
    return window


def panel(window: MainWindow, run: int) -> GradientRowsPanel:
    (found,) = [
        item
        for item in window.stage.items()
        if isinstance(item, GradientRowsPanel) and item.run == run
    ]
    return found


def click(window: MainWindow, wanted: Question) -> Card:
    """Click on a number in the gradient rows."""
    rows = panel(window, wanted.run)
    places = (
        QPointF(x, y)
        for y in range(0, int(rows.rect.height()), 4)
        for x in range(0, int(rows.rect.width()), 4)
    )
    place = next(at for at in places if rows.interaction_at(at) == QuantityClicked(wanted))
    view = window.stage.views()[0]
    at = view.mapFromScene(rows.mapToScene(place))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    return card_of(window)


def card_of(window: MainWindow) -> Card:
    card = window.findChild(Card)
    assert isinstance(card, Card)
    return card


def result(card: Card) -> float:
    """The number that the explanation ends in."""
    lines = [line for line in card.explanation.lines if line.tone == "result" and line.formula]
    text = latex_of(lines[-1].formula).split("=")[-1].replace(" ", "")
    return float(text.replace(r"\cdot10^{", "e").replace("}", ""))


def shows(card: Card, wanted: float) -> bool:
    return result(card) == wanted


def press(card: Card, name: str) -> None:
    button = card.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(card: Card, name: str, at: int) -> None:
    box = card.findChild(QComboBox, f"explain_{name}")
    assert box is not None
    box.setCurrentIndex(at)
    box.activated.emit(at)


def test_click_on_a_gradient_opens_its_card(window: MainWindow) -> None:
    window.player.seek(50)
    card = click(window, Question(1, Quantity("dW", 1, 1, 0)))
    assert card.isVisible()
    assert card.view == "gradient"
    assert window.scene is not None
    assert result(card) == window.scene.recordings[1][50].dW[1][1, 0]
    card.close()


def test_click_on_a_difference_compares_the_rows(window: MainWindow) -> None:
    window.player.seek(50)
    card = click(window, Question(0, Quantity("dW", 1, 0, 1), 1))
    assert card.view == "rows"
    assert card.explanation.lines[-1].words == (
        "The rows are equal to the last bit, because all their factors are."
    )
    choose(card, "run", 1)
    assert "differ, because" in card.explanation.lines[-1].words
    card.close()


def test_card_follows_the_player(window: MainWindow, qtbot: QtBot) -> None:
    card = click(window, Question(1, Quantity("dW", 1, 0, 0)))
    comparison = window.scene
    assert comparison is not None
    numbers = comparison.recordings[1]
    for frame in (10, 399, 0):
        window.player.seek(frame)
        wanted = numbers[frame].dW[1][0, 0]
        qtbot.waitUntil(partial(shows, card, wanted))
    QTest.keyClick(card, Qt.Key.Key_Right)  # the keys that step work in the card too
    assert window.player.index == 1
    qtbot.waitUntil(lambda: result(card) == numbers[1].dW[1][0, 0])
    card.close()


def test_card_follows_the_experiment_and_closes_with_escape(
    window: MainWindow, qtbot: QtBot
) -> None:
    act(window, "explain")
    card = card_of(window)
    card.ask(Question(1, Quantity("A", 2, 0)))
    smaller = edited(window.document.experiment, {("network", "layers"): (2, 1)})
    window.document.apply(smaller, "Remove a layer")
    wait_for_training(window, qtbot)
    assert card.explanation.subject == "A1[0,0]"
    assert window.scene is not None
    assert result(card) == window.scene.recordings[1][0].A[1][0, 0]
    QTest.keyClick(card, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Card) is None)
    act(window, "explain")
    assert card_of(window).isVisible()
    card_of(window).close()


def test_choices_reach_every_number(window: MainWindow) -> None:
    window.player.seek(20)
    act(window, "explain")
    card = card_of(window)
    assert window.scene is not None
    frame = window.scene.recordings[1][20]
    choose(card, "run", 1)
    choose(card, "layer", 1)
    choose(card, "input", 2)  # after the two inputs, the bias
    assert result(card) == frame.db[2][0, 0]
    choose(card, "input", 1)
    assert result(card) == frame.dW[2][0, 1]
    card.show_view("forward")
    example = card.findChild(QSpinBox, "explain_example")
    assert example is not None
    example.setValue(3)
    assert result(card) == frame.A[2][0, 2]
    card.show_view("update")
    assert card.explanation.subject == "W2 and b2"
    card.close()


def test_boxes_are_as_wide_as_their_texts(window: MainWindow) -> None:
    act(window, "explain")
    card = card_of(window)
    QTest.qWait(50)  # it was shown once
    unit = card.findChild(QComboBox, "explain_unit")
    assert unit is not None
    around = unit.width() - unit.fontMetrics().horizontalAdvance(unit.currentText())
    choose(card, "layer", 1)
    assert unit.currentText() == "output 1"
    QTest.qWait(0)  # laid out
    assert unit.width() >= around + unit.fontMetrics().horizontalAdvance("output 1")
    long = window.document.experiment.runs[0].name * 60
    renamed = edited(window.document.experiment, {("runs", 0, "name"): long[:200]})
    window.document.apply(renamed, "Change the name")
    run = card.findChild(QComboBox, "explain_run")
    assert run is not None
    assert run.sizeHint().width() < 300
    card.close()


def test_card_states_how_indices_count(window: MainWindow) -> None:
    act(window, "explain")
    card = card_of(window)
    said = card.findChild(QLabel, "explanation_counting")
    assert said is not None
    assert "counts from 0" in said.text()
    assert said.width() >= said.sizeHint().width()
    card.show_view("update")  # whole matrices: nothing is counted
    assert said.text() == ""
    card.close()


def test_explain_action_explains_the_selected_parameter(window: MainWindow) -> None:
    window.view_model.update(selected=Parameter(1, "b1", 1))
    act(window, "explain")
    card = card_of(window)
    assert card.choices.question[:2] == (1, Quantity("db", 1, 1))
    card.close()


def test_explanation_is_copied_as_latex(window: MainWindow) -> None:
    act(window, "explain")
    card = card_of(window)
    press(card, "copy_explanation")
    text = QGuiApplication.clipboard().text()
    assert text == card.explanation.latex
    assert r"\frac{\partial J}{\partial W^{[1]}_{1,1}}" in text
    card.close()


@pytest.mark.parametrize("view", VIEWS)
def test_show_on_the_stage_is_one_edit(window: MainWindow, view: str) -> None:
    before, scene = window.document.experiment, window.scene
    act(window, "explain")
    card = card_of(window)
    card.ask(Question(1, Quantity("dW", 2, 0, 1)))
    card.show_view(view)
    press(card, "explain_on_stage")
    experiment = window.document.experiment
    assert VIEWS[view][1] in window.stage.names
    assert "network" in window.stage.names
    assert experiment.explained == ("A2[0]" if view == "forward" else "dW2[0,1]")
    assert experiment.computes_like(before)
    assert window.scene is scene  # nothing was trained for it
    act(window, "undo")
    assert window.document.experiment == before
    card.close()


def test_study_disables_the_explain_action(open_window: Open) -> None:
    small = VarianceSpec(largest=10, sums=100)
    window = open_window(built_in("variance-of-sums").replace(scene=small))
    action = window.actions_by_name["explain"]
    assert not action.isEnabled()


def test_card_opens_the_editor_of_the_weight(window: MainWindow, qtbot: QtBot) -> None:
    card = click(window, Question(1, Quantity("dW", 1, 1, 0)))
    button = card.findChild(QPushButton, "change_parameter")
    assert button is not None
    assert button.text() == "Change W1[1,0]…"
    choose(card, "input", 2)
    assert button.text() == "Change b1[1,0]…"
    press(card, "change_parameter")
    editor = opened_editor(window)
    editor.set_value(0.25)
    editor.close()
    wait_for_training(window, qtbot)
    (edit,) = window.document.experiment.runs[1].edits
    assert (edit.parameter, edit.index[0], edit.value) == ("b1", 1, 0.25)
    card.show_view("update")
    assert not button.isVisible()
    card.close()


def test_card_opens_the_editor_without_a_diagram(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(edited(EXPERIMENT, {("panels",): ("gradient-rows", "loss")}))
    card = click(window, Question(0, Quantity("dW", 1, 0, 1)))
    press(card, "change_parameter")
    editor = opened_editor(window)
    assert editor.isVisible()
    editor.close()
    card.close()


def test_slow_explanations_show_only_the_last_request(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(window, "explain")
    card = card_of(window)
    before = card.explanation
    may_explain, asked = Event(), []

    def slow(*arguments: Any) -> Explanation:
        asked.append(arguments[2].index)
        may_explain.wait(20)
        return explain(*arguments)

    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(module, "explain", slow)
    for index in (5, 6, 7):
        window.player.seek(index)
        qtbot.waitUntil(lambda index=index: card.frame_indices[0] == index)  # type: ignore[misc]
    assert card.explanation is before
    may_explain.set()
    qtbot.waitUntil(lambda: card.explanation is not before)
    assert asked == [5, 7]
    where = [label.text() for label in card.findChildren(QLabel) if "frame 7" in label.text()]
    assert len(where) == 1
