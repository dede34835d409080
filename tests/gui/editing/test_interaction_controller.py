"""The interactions: a closed union of frozen values, each handled by the controller."""

from typing import get_args

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from engine.editing.data import points_of
from engine.editing.parameters import Parameter
from engine.editing.resizing import ResizeKind, Resizing
from engine.experiment.experiment import Experiment
from engine.experiment.quantity import Quantity, Question
from gui.editing.weight_editor import WeightEditor
from gui.explain.card import Card
from gui.main_window import MainWindow
from gui.panels.base.interactions import (
    ActivationMenuRequested,
    AnyInteraction,
    ExperimentOpened,
    FrameRequested,
    Interaction,
    NetworkResized,
    ParameterClicked,
    ParameterDragged,
    ParameterDropped,
    PointAdded,
    PointDeleted,
    PointMoved,
    QuantityClicked,
    ValueEdited,
)
from tests.gui.windows import wait_for_training

WEIGHT = Parameter(0, "W1", 0, 1)


def test_the_union_of_interactions_is_closed() -> None:
    assert set(Interaction.__subclasses__()) == set(get_args(AnyInteraction))


def test_interactions_are_frozen() -> None:
    interaction = FrameRequested(3)
    with pytest.raises(AttributeError):
        interaction.index = 4  # type: ignore[misc]


def test_a_requested_frame_is_shown(window: MainWindow) -> None:
    window.stage.interacted.emit(FrameRequested(7))
    assert window.player.index == 7


def test_a_clicked_parameter_opens_its_editor(window: MainWindow) -> None:
    window.stage.interacted.emit(ParameterClicked(WEIGHT))
    editor = window.findChild(WeightEditor)
    assert isinstance(editor, WeightEditor)
    assert editor.isVisible()
    editor.close()


def test_a_dragged_parameter_is_previewed_and_a_dropped_one_is_set(window: MainWindow) -> None:
    before = window.document.experiment
    window.stage.interacted.emit(ParameterDragged(WEIGHT, 30.0))
    tried = window.view_model.options.what_if
    assert tried is not None
    assert tried.parameter == WEIGHT
    assert window.document.experiment == before
    window.stage.interacted.emit(ParameterDropped(WEIGHT, 30.0))
    (edit,) = window.document.experiment.runs[0].edits
    assert edit.value == tried.value


def test_a_clicked_quantity_is_explained(window: MainWindow) -> None:
    question = Question(1, Quantity("dW", 1, 1, 0))
    window.stage.interacted.emit(QuantityClicked(question))
    card = window.findChild(Card)
    assert isinstance(card, Card)
    assert card.choices.question[:2] == (1, Quantity("dW", 1, 1, 0))
    card.close()


def test_an_edited_value_is_applied_to_the_document(window: MainWindow) -> None:
    window.stage.interacted.emit(ValueEdited(("example",), 2, "Show example 3"))
    assert window.document.experiment.example == 2
    assert window.document.undo_text == "Show example 3"


def test_an_opened_experiment_can_be_undone(window: MainWindow) -> None:
    before, other = window.document.experiment, Experiment(title="other")
    window.stage.interacted.emit(ExperimentOpened(other, "Open other"))
    assert window.document.experiment == other
    window.document.undo()
    assert window.document.experiment == before


def test_a_resized_network_is_applied_to_the_document(window: MainWindow) -> None:
    window.stage.interacted.emit(NetworkResized(Resizing(ResizeKind.ADD_UNIT, 1)))
    assert window.document.experiment.network.layers == (2, 3, 1)


def test_a_requested_menu_offers_the_activations(window: MainWindow) -> None:
    window.stage.interacted.emit(ActivationMenuRequested(0, 1))
    menu = window.findChild(QMenu, "layer_menu")
    assert isinstance(menu, QMenu)
    assert "relu" in [action.text() for action in menu.actions()]
    menu.close()


def test_points_are_added_moved_and_deleted(window: MainWindow, qtbot: QtBot) -> None:
    before = points_of(window.document.experiment)
    new = len(before)
    window.stage.interacted.emit(PointAdded((0.5, 0.25), 1))
    wait_for_training(window, qtbot)  # the picture must show a point that is moved
    window.stage.interacted.emit(PointMoved(new, (0.75, 0.25)))
    assert points_of(window.document.experiment) == (*before, (0.75, 0.25, 1.0))
    wait_for_training(window, qtbot)
    window.stage.interacted.emit(PointDeleted(new))
    assert points_of(window.document.experiment) == before
    assert window.document.undo_text == "Delete a point"
