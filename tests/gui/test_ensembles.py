"""Ensembles in the window: shown during training, and opened network by network."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.ensemble.results import NOT_REACHED
from engine.ensemble.shards import SweepCell
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import HeNormal, Normal, Zeros
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy, SweepSpec
from gui.main_window import MainWindow
from gui.panels.base.interactions import ExperimentOpened
from gui.panels.base.panel import Panel
from tests.gui.windows import wait_for_training

SMALL = Experiment(
    runs=(Run(name="zeros", init=Zeros()), Run(name="He", init=HeNormal())),
    training=TrainingSpec(steps=200, learning_rate=2.0),
    scene=EnsembleSpec(seeds=80),
)
LONG = Experiment(
    data=DataSpec(name="moons", samples=200),
    network=NetworkSpec(layers=(2, 8, 1)),
    training=TrainingSpec(steps=1000),
    runs=(Run(name="He", init=HeNormal()),),
    scene=EnsembleSpec(seeds=3000),
)


def shown(qtbot: QtBot, experiment: Experiment) -> MainWindow:
    window = MainWindow(experiment)
    qtbot.addWidget(window)
    window.resize(1280, 760)
    window.show()
    return window


def study_of(window: MainWindow) -> EnsembleStudy:
    assert isinstance(window.scene, EnsembleStudy)
    return window.scene


def panel(window: MainWindow, name: str) -> Panel[Any]:
    (found,) = [
        item for item in window.stage.items() if isinstance(item, Panel) and item.name == name
    ]
    return found


def test_ensemble_stopped_before_its_first_frame_shows_it_and_can_be_trained_again(
    qtbot: QtBot,
) -> None:
    window = shown(qtbot, LONG)
    stop = window.actions_by_name["stop"]
    assert window.scene is None
    stop.trigger()
    wait_for_training(window, qtbot)
    assert window.player.last_index >= 0
    assert (stop.text(), stop.isEnabled()) == ("Train again", True)
    stop.trigger()
    assert (stop.text(), window.trainer.is_training) == ("Stop training", True)


def click(window: MainWindow, target: Panel[Any], point: QPointF) -> None:
    view = window.stage.views()[0]
    place = view.mapFromScene(target.mapToScene(point))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def points_of(target: Panel[Any], distance: float = 3.0) -> list[QPointF]:
    rect = target.rect
    return [
        QPointF(x, y)
        for y in np.arange(40.0, rect.height(), distance).tolist()
        for x in np.arange(5.0, rect.width(), distance).tolist()
    ]


@pytest.mark.parametrize("name", ["solve-steps", "surfaces"])
def test_click_opens_the_network_as_a_single_run(qtbot: QtBot, name: str) -> None:
    window = shown(qtbot, SMALL)
    wait_for_training(window, qtbot)
    study = study_of(window)
    window.player.seek(120)
    target = panel(window, name)
    asked = [point for point in points_of(target, 9.0) if target.interaction_at(point) is not None]
    opening = target.interaction_at(asked[len(asked) // 2])
    assert isinstance(opening, ExperimentOpened)
    click(window, target, asked[len(asked) // 2])
    assert window.document.experiment == opening.experiment
    wait_for_training(window, qtbot)
    comparison = window.scene
    assert comparison is not None
    assert window.player.index == 120
    run = comparison.experiment.runs[0]
    seed, cell = run.init.seed, SweepCell(0 if isinstance(run.init, Zeros) else 1)
    results = study.summaries[cell].results
    assert comparison.recordings[0].losses[-1] == results.loss[seed]
    window.actions_by_name["undo"].trigger()
    assert window.document.experiment == SMALL


def test_every_dot_is_at_the_step_of_its_network(qtbot: QtBot) -> None:
    window = shown(qtbot, SMALL)
    wait_for_training(window, qtbot)
    target = panel(window, "solve-steps")
    texts = {
        target.tool_tip(point, state)
        for state in [window.stage.state]
        if state is not None
        for point in points_of(target)
    } - {""}
    results = study_of(window).summaries[SweepCell(1)].results
    for seed in range(0, 80, 7):
        step = int(results.solved[seed])
        when = "not solved by step 200\n" if step == NOT_REACHED else f"solved at step {step:,}\n"
        assert any(text.startswith(f"He, seed {seed}\n") and when in text for text in texts)
    assert any(text.startswith("zeros, no randomness: one network") for text in texts)


def test_ensemble_in_training_is_shown_immediately_and_can_be_stopped(qtbot: QtBot) -> None:
    window = shown(qtbot, LONG)
    qtbot.waitUntil(lambda: window.scene is not None, timeout=10_000)
    study, state = study_of(window), window.findChild(QLabel, "state")
    assert isinstance(state, QLabel)
    qtbot.waitUntil(lambda: "a second" in state.text(), timeout=10_000)
    assert "left" in state.text()
    assert window.player.last_index == 1000
    assert not study.is_complete
    first = study.revision
    qtbot.waitUntil(lambda: study.revision > first, timeout=20_000)
    stop = window.actions_by_name["stop"]
    assert stop.text() == "Stop training"
    stop.trigger()
    assert not window.trainer.is_training
    assert state.text().startswith("stopped: ")
    done = study.done
    QTest.qWait(300)
    assert study.done == done < 3000
    assert stop.text() == "Train again"
    window.document.apply(LONG.replace(scene=EnsembleSpec(seeds=20)), "Fewer")
    wait_for_training(window, qtbot)
    assert not stop.isEnabled()


def test_any_training_becomes_an_ensemble_and_back(qtbot: QtBot) -> None:
    plain = SMALL.replace(scene=None)
    window = shown(qtbot, plain)
    wait_for_training(window, qtbot)
    many = window.actions_by_name["many_seeds"]
    many.trigger()
    wait_for_training(window, qtbot)
    assert study_of(window).spec.seeds == 1000
    assert many.text() == "Train one network for each run"
    assert not window.actions_by_name["reseed"].isEnabled()
    many.trigger()
    wait_for_training(window, qtbot)
    assert window.document.experiment == plain


def test_click_on_a_value_of_a_sweep_opens_its_networks(qtbot: QtBot) -> None:
    sweep = Experiment(
        runs=(Run(init=Normal()),),
        training=TrainingSpec(steps=50),
        scene=SweepSpec(field="scale", seeds=5, start=0.01, stop=100.0, count=5),
    )
    window = shown(qtbot, sweep)
    wait_for_training(window, qtbot)
    target = panel(window, "solved-by-value")
    click(window, target, QPointF(target.rect.width() - 24.0, target.rect.height() / 2.0))
    opened = window.document.experiment
    assert opened.scene == EnsembleSpec(seeds=5)
    assert opened.runs[0].init == Normal(scale=100.0)


def test_drag_over_dots_opens_nothing(qtbot: QtBot) -> None:
    window = shown(qtbot, SMALL)
    wait_for_training(window, qtbot)
    target = panel(window, "solve-steps")
    point = next(point for point in points_of(target) if target.interaction_at(point) is not None)
    view = window.stage.views()[0]
    place = view.mapFromScene(target.mapToScene(point))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place - QPoint(60, 0))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.document.experiment == SMALL
