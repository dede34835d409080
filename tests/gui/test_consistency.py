"""Between an edit and its first picture, and at rest, nothing is computed from two experiments."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter
from engine.editing.resizing import ResizeKind, Resizing
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.experiment.quantity import FIRST, Question
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment
from engine.nn.initializers import Constant, Normal, Zeros
from engine.studies.ensemble.study import EnsembleSpec
from engine.studies.symmetry_breaking.study import BreakingSpec
from gui.main_window import MainWindow
from gui.panels.base.interactions import (
    ActivationMenuRequested,
    AnyInteraction,
    ExperimentOpened,
    NetworkResized,
    ParameterDropped,
    PointAdded,
    PointDeleted,
    QuantityClicked,
    ValueEdited,
)
from gui.widgets.actions import COMMANDS, Needs
from tests.gui.windows import EXPERIMENT, LONG, Open, act, wait_for_training

THREE = EXPERIMENT.replace(
    scene=None, runs=tuple(Run(name=name, init=Normal(seed=n)) for n, name in enumerate("abc"))
)


def opening(window: MainWindow, name: str) -> MainWindow:
    """Open an experiment, whose first picture is not there yet."""
    window.player.seek(100)
    window.open_file(name)
    assert window.scene is not None
    assert window.scene.experiment != window.document.experiment
    return window


@pytest.mark.parametrize("name", ["moons", "depth-relu"])
def test_every_edit_is_of_the_experiment_that_is_opening(
    open_window: Open, name: str, qtbot: QtBot
) -> None:
    window, experiment = open_window(), built_in(name)
    for action in ("undo", "reseed", "fork", "break_in_fork", "many_seeds", "nudges", "stop"):
        opening(window, name)
        act(window, action)
        changed = window.document.experiment
        assert changed.title == (EXPERIMENT.title if action == "undo" else experiment.title)
        new = changed.runs[len(experiment.runs) :]
        assert all(run.changes == () for run in new)  # a fork of its first frame
        while window.document.undo_text:
            window.document.undo()
    wait_for_training(window, qtbot)
    assert window.scene is not None
    assert window.scene.experiment == window.document.experiment


def test_no_action_uses_the_scene_of_another_experiment(open_window: Open) -> None:
    window = opening(open_window(), "moons")
    needy = {command.name for command in COMMANDS if command.needs is not Needs.NOTHING}
    assert needy >= {"export", "copy_numbers", "copy_torch", "explain"}
    for name in needy:
        assert not window.actions_by_name[name].isEnabled()
    QGuiApplication.clipboard().setText("")
    act(window, "copy_experiment")
    assert parse_experiment(QGuiApplication.clipboard().text()) == built_in("moons")


EDITS: tuple[AnyInteraction, ...] = (
    ValueEdited(("example",), 2, "Show an example"),
    ExperimentOpened(Experiment(title="of another"), "Open"),
    NetworkResized(Resizing(ResizeKind.ADD_UNIT, 1)),
    ActivationMenuRequested(1, 1),
    PointAdded((0.5, 0.5), 1),
    PointDeleted(0),
    ParameterDropped(Parameter(1, "W1", 0, 0), 50.0),
    QuantityClicked(Question(1, FIRST)),
)


@pytest.mark.parametrize("name", ["moons", "depth-relu"])
def test_the_picture_of_another_experiment_edits_nothing(open_window: Open, name: str) -> None:
    window = opening(open_window(), name)
    for interaction in EDITS:
        window.stage.interacted.emit(interaction)
        assert window.document.experiment == built_in(name), interaction
        assert not window.findChildren(QDialog)


def test_a_run_that_was_just_removed_is_not_edited(open_window: Open) -> None:
    window = open_window(THREE)
    window.document.edit(lambda old: old.replace(runs=old.runs[:2]), "Remove run C")
    before = window.document.experiment
    for interaction in (
        ExperimentOpened(Experiment(title="of another"), "Open"),
        ActivationMenuRequested(2, 1),
        ParameterDropped(Parameter(2, "W1", 0, 0), 50.0),
    ):
        window.stage.interacted.emit(interaction)
        assert window.document.experiment == before, interaction


def test_an_example_that_was_just_removed_is_reported(open_window: Open) -> None:
    window = open_window(built_in("moons"))
    window.document.edit(
        lambda old: old.replace(data=old.data.replace(samples=5)), "Change samples"
    )
    window.stage.interacted.emit(ValueEdited(("example",), 100, "Show an example"))
    assert "example" in window.message


def test_quick_edits_of_the_same_kind_are_all_made(open_window: Open) -> None:
    window = open_window()
    for _ in range(3):
        window.stage.interacted.emit(NetworkResized(Resizing(ResizeKind.ADD_UNIT, 1)))
    assert window.document.experiment.network.layers == (2, 5, 1)


def test_a_fork_begins_at_the_frame_of_the_edited_experiment(open_window: Open) -> None:
    """Not at a frame that only the picture still has."""
    window = open_window()
    window.player.seek(300)
    fewer = EXPERIMENT.replace(training=EXPERIMENT.training.replace(steps=50))
    window.document.apply(fewer, "Change steps")
    act(window, "fork")
    assert [change.step for change in window.document.experiment.runs[-1].changes] == [50]


def test_an_experiment_that_is_edited_while_it_opens_starts_at_its_first_frame(
    open_window: Open, qtbot: QtBot
) -> None:
    """Not at the frame of the experiment before, which the picture still shows."""
    window = opening(open_window(), "moons")
    window.document.apply(window.document.experiment.replace(runs=THREE.runs), "Change the runs")
    act(window, "fork")
    assert window.document.undo_text == "Copy run A"
    wait_for_training(window, qtbot)
    assert window.scene is not None
    assert window.scene.experiment == window.document.experiment
    assert window.player.index == 0


def test_actions_before_the_first_scene_raise_nothing(qtbot: QtBot) -> None:
    window = MainWindow(EXPERIMENT)
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    for action in ("break_symmetry", "break_in_fork", "fork", "nudges", "explain", "export"):
        act(window, action)
    wait_for_training(window, qtbot)
    assert window.scene is not None
    assert window.scene.experiment == window.document.experiment


# At rest


def ways_to_rest() -> dict[str, Callable[[MainWindow], None]]:
    def stop_an_opening(window: MainWindow) -> None:
        window.document.apply(LONG, "Make it long")
        act(window, "stop")

    def stop_and_open_again(window: MainWindow) -> None:
        window.open_file("moons")
        act(window, "stop")
        window.open_file("moons")

    def undo_an_opening(window: MainWindow) -> None:
        window.open_file("moons")
        window.document.undo()

    def undo_and_redo(window: MainWindow) -> None:
        window.open_file("moons")
        window.document.undo()
        window.document.redo()

    def rename_while_training(window: MainWindow) -> None:
        window.open_file("moons")
        window.document.edit(lambda old: old.replace(title="other"), "Change title")

    def stop_twice(window: MainWindow) -> None:
        stop_an_opening(window)
        act(window, "stop")

    return {
        way.__name__: way
        for way in (
            stop_an_opening,
            stop_and_open_again,
            undo_an_opening,
            undo_and_redo,
            rename_while_training,
            stop_twice,
        )
    }


@pytest.mark.parametrize("way", ways_to_rest())
def test_at_rest_the_scene_is_that_of_the_document(
    open_window: Open, qtbot: QtBot, way: str
) -> None:
    window = open_window()
    ways_to_rest()[way](window)
    wait_for_training(window, qtbot)
    assert window.scene is not None
    assert window.scene.experiment == window.document.experiment
    assert 0 <= window.scene.last_index < LONG.training.steps


def test_an_experiment_that_is_opened_again_starts_at_its_first_frame(
    open_window: Open, tmp_path: Path
) -> None:
    window = open_window(built_in("constant"))
    window.player.seek(37)
    window.open_file("constant")
    assert window.player.index == 0
    window.open_at("constant", 60)
    assert window.player.index == 60


# References to runs by their number


BREAKING = Experiment(
    title="Nudged",
    training=TrainingSpec(steps=60),
    runs=(Run(name="a", init=Zeros()), Run(name="b", init=Constant(value=0.5))),
    scene=BreakingSpec(run=1),
)


def remove(window: MainWindow, run: int) -> None:
    from PySide6.QtWidgets import QToolButton

    window.controls.findChildren(QToolButton, "remove_run")[run].click()


def test_the_nudged_run_is_followed(open_window: Open) -> None:
    window = open_window(BREAKING)
    remove(window, 0)
    experiment = window.document.experiment
    assert [run.name for run in experiment.runs] == ["b"]
    assert experiment.scene == BreakingSpec(run=0)


def test_the_scene_of_a_removed_run_is_removed_with_it(open_window: Open) -> None:
    window = open_window(BREAKING)
    remove(window, 1)
    experiment = window.document.experiment
    assert ([run.name for run in experiment.runs], experiment.scene) == (["a"], None)
    assert "run B" in window.message
    act(window, "undo")
    assert window.document.experiment == BREAKING


def test_runs_that_cannot_be_shown_side_by_side_are_removed_with_a_message(
    open_window: Open,
) -> None:
    runs = tuple(Run(name=name) for name in "abcde")
    spec = EnsembleSpec(seeds=2)
    window = open_window(Experiment(training=TrainingSpec(steps=3), runs=runs, scene=spec))
    act(window, "many_seeds")
    assert [run.name for run in window.document.experiment.runs] == list("abcd")
    assert "first 4 runs" in window.message


def test_the_selected_weight_follows_its_run(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(THREE)
    window.view_model.update(selected=Parameter(1, "W1", 0, 1))
    remove(window, 0)
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected == Parameter(0, "W1", 0, 1)
    act(window, "undo")
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected == Parameter(1, "W1", 0, 1)
    remove(window, 1)
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected is None


def test_the_explained_number_follows_its_run(open_window: Open, qtbot: QtBot) -> None:
    from gui.explain.card import Card

    window = open_window(THREE)
    window.stage.interacted.emit(QuantityClicked(Question(1, FIRST)))
    card = window.findChild(Card)
    assert card
    remove(window, 0)
    wait_for_training(window, qtbot)
    assert card.choices.question.run == 0
    remove(window, 0)
    wait_for_training(window, qtbot)
    assert not window.findChildren(Card)


def test_the_chosen_run_is_followed(open_window: Open) -> None:
    window = open_window(THREE)
    window.controls.choose(2)
    remove(window, 0)
    assert window.controls.chosen_run == 1
    assert window.findChild(QAction, "fork")
    act(window, "fork")
    assert window.document.experiment.runs[-1].name == "c (2)"
