"""The handles of the network diagram, and the menu of a layer."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter, with_edit
from engine.editing.resizing import ResizeKind, Resizing
from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Explicit, Normal
from gui.main_window import MainWindow
from gui.panels.base.interactions import ActivationMenuRequested
from gui.panels.network_diagram.layer_handles import _Handle
from tests.gui.diagrams import LEFT, choose, click, hover, network, place, view
from tests.gui.windows import EXPERIMENT, Open, act, picture, wait_for_training


@pytest.mark.parametrize(
    ("resizing", "layers"),
    [
        (Resizing(ResizeKind.ADD_UNIT, 1), (2, 3, 1)),
        (Resizing(ResizeKind.REMOVE_UNIT, 1), (2, 1, 1)),
        (Resizing(ResizeKind.ADD_LAYER, 0), (2, 2, 2, 1)),
        (Resizing(ResizeKind.ADD_LAYER, 1), (2, 2, 2, 1)),
        (Resizing(ResizeKind.REMOVE_LAYER, 1), (2, 1)),
    ],
)
def test_every_handle_applies_its_resizing(
    window: MainWindow, qtbot: QtBot, resizing: Resizing, layers: tuple[int, ...]
) -> None:
    hover(window)
    click(window, resizing)
    wait_for_training(window, qtbot)
    assert window.document.experiment.network.layers == layers
    assert window.document.undo_text == resizing.text
    assert window.message == ""
    shown = window.scene
    assert shown is not None
    assert shown.recordings[0].layout.sizes == layers
    act(window, "undo")
    assert window.document.experiment == EXPERIMENT


def test_handles_are_visible_only_below_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    before = picture(window)
    hover(window)
    assert picture(window) != before
    QTest.mouseMove(window.view.viewport(), QPoint(window.view.width() - 30, 60))
    qtbot.waitUntil(lambda: picture(window) == before)


def test_copied_picture_shows_no_handles(window: MainWindow) -> None:
    def copied() -> QImage:
        act(window, "copy_picture")
        return QGuiApplication.clipboard().image()

    before = copied()
    hover(window)
    assert copied() == before


def test_handles_stay_below_a_resting_pointer(window: MainWindow, qtbot: QtBot) -> None:
    hover(window)
    at = place(window, Resizing(ResizeKind.ADD_UNIT, 1))
    for units in (3, 4):
        QTest.mouseClick(view(window).viewport(), LEFT, pos=at)
        wait_for_training(window, qtbot)
        assert window.document.experiment.network.layers == (2, units, 1)


def test_lost_edits_are_reported_and_restored_by_undo(open_window: Open, qtbot: QtBot) -> None:
    edited = with_edit(EXPERIMENT, Parameter(0, "W1", 1, 0), 5, 0.5)
    edited = with_edit(edited, Parameter(0, "W1", 0, 0), 7, 0.25)
    window = open_window(edited)
    hover(window)
    click(window, Resizing(ResizeKind.REMOVE_UNIT, 1))
    wait_for_training(window, qtbot)
    (edit,) = window.document.experiment.runs[0].edits
    assert edit.index == (0, 0)
    assert window.message.startswith("1 edit by hand removed")
    act(window, "undo")
    assert window.document.experiment == edited


def test_explicit_numbers_stay_and_are_reported(open_window: Open) -> None:
    init = Explicit(W=(((1.0, 2.0), (3.0, 4.0)), ((5.0, 6.0),)))
    given = Experiment(training=TrainingSpec(steps=5), runs=(Run(init=init),))
    window = open_window(given)
    hover(window)
    click(window, Resizing(ResizeKind.ADD_UNIT, 1))
    assert window.document.experiment == given
    assert "choose another scheme first" in window.message


def test_layer_of_one_unit_offers_no_removal(open_window: Open) -> None:
    window = open_window(
        Experiment(network=NetworkSpec(layers=(2, 1, 1)), runs=(Run(init=Normal()),))
    )
    hover(window)
    with pytest.raises(LookupError, match="offers no"):
        click(window, Resizing(ResizeKind.REMOVE_UNIT, 1))


def test_name_of_a_layer_opens_its_menu(open_window: Open, qtbot: QtBot) -> None:
    start = Experiment(
        network=NetworkSpec(layers=(2, 3, 2, 1), hidden="tanh"),
        training=TrainingSpec(steps=5),
        runs=(Run(init=Normal(scale=1.0)), Run(init=Normal(scale=1.0), hidden="sigmoid")),
    )
    window = open_window(start)
    click(window, ActivationMenuRequested(0, 2))
    choose(window, "layer_menu", "relu")
    wait_for_training(window, qtbot)
    experiment = window.document.experiment
    assert experiment.network.hidden == ("tanh", "relu")
    assert experiment.runs[1].hidden == "sigmoid"
    assert window.document.undo_text == "Make layer 2 relu"
    click(window, ActivationMenuRequested(1, 1), run=1)
    choose(window, "layer_menu", "linear")
    wait_for_training(window, qtbot)
    assert hidden(window, 1) == ("linear", "sigmoid")
    assert hidden(window) == ("tanh", "relu")
    assert window.document.undo_text == "Make layer 1 linear in run B"
    click(window, ActivationMenuRequested(0, 2))
    choose(window, "layer_menu", "Remove layer 2")
    wait_for_training(window, qtbot)
    assert hidden(window) == "tanh"
    assert hidden(window, 1) == "linear"


def hidden(window: MainWindow, run: int | None = None) -> str | tuple[str, ...] | None:
    experiment = window.document.experiment
    return experiment.network.hidden if run is None else experiment.runs[run].hidden


def test_quick_clicks_all_resize(window: MainWindow, qtbot: QtBot) -> None:
    hover(window)
    for _ in range(3):
        click(window, Resizing(ResizeKind.ADD_UNIT, 1))
    wait_for_training(window, qtbot)
    assert window.document.experiment.network.layers == (2, 5, 1)


@pytest.mark.parametrize("layers", [(2, 12, 12, 12, 12, 12, 12, 1), (2, 12, 1), (2, 1)])
def test_handles_fit_in_every_network(open_window: Open, layers: tuple[int, ...]) -> None:
    window = open_window(
        Experiment(
            network=NetworkSpec(layers=layers),
            training=TrainingSpec(steps=1),
            runs=(Run(init=Normal()), Run(init=Normal())),
        )
    )
    hover(window)
    panel = network(window)
    every = [
        handle
        for handle in panel.childItems()
        if isinstance(handle, _Handle) and handle.isVisible()
    ]
    assert every
    for one in every:
        inside = panel.rect.contains(one.mapRectToParent(one.boundingRect()))
        assert inside, one.interaction
        for other in every:
            apart = (one.pos() - other.pos()).manhattanLength()
            assert one is other or apart >= 15.0
