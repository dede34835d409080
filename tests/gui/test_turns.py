"""The turns of the event loop in which panels are made, drawn and painted."""

import re
import time
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.training.comparison import Comparison, compare
from gui.main_window import MainWindow
from gui.panels.base.panel import Panel
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.turns import Turns
from tests.gui.windows import picture

ONE = Experiment(title="one", training=TrainingSpec(steps=5))
OTHER = Experiment(title="other", training=TrainingSpec(steps=5), panels=("network", "loss"))


def begin(window: MainWindow, experiment: Experiment) -> Comparison:
    """Have the window show an experiment as if it had just been trained."""
    scene = compare(experiment)
    window.scene_controller.show_scene(scene)
    return scene


def test_panels_drawing_and_painting_take_separate_turns(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(monkeypatch)
    turns.note(Panel, "__init__", "made")
    turns.note(Stage, "draw", "drawn")
    window.view.painted.connect(partial(turns.take_down, "painted"))
    begin(window, ONE)
    qtbot.waitUntil(lambda: "painted" in turns.calls)
    panels = len(window.stage.panels)
    assert panels > 5
    assert turns.calls == [*["made"] * panels, "drawn", "painted"]
    assert turns.most_in_one() <= 2  # two may come within a millisecond


def test_scene_that_replaces_one_being_built_is_drawn_immediately(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, ONE)
    assert window.stage.panels == ()
    other = begin(window, OTHER)
    state = window.stage.state
    assert state is not None
    assert state.scene is other
    assert window.stage.names == OTHER.panels
    begin(window, ONE)  # after the scene before has been drawn
    assert window.stage.panels == ()
    qtbot.waitUntil(lambda: not window.scheduler.is_behind)
    assert "decision" in window.stage.names


def test_request_while_building_draws_everything(window: MainWindow) -> None:
    begin(window, OTHER)
    asked = picture(window)
    assert picture(window) == asked
    begin(window, ONE)
    window.player.seek(3)
    state = window.stage.state
    assert state is not None
    assert state.index == 3


def test_panels_requested_during_a_build_are_made_once(qapp: object) -> None:
    load_fonts()
    stage = Stage(THEMES["dark"])
    making = stage.build(compare(ONE))
    assert making is not None
    next(making)
    stage.set_theme(THEMES["light"])
    panels = stage.panels
    assert list(making) == []
    assert stage.panels == panels
    assert set(panels) == {item for item in stage.items() if isinstance(item, Panel)}
    making = stage.build(compare(OTHER))
    assert making is not None
    again = stage.build(compare(OTHER))  # the same, but no panel is there yet
    assert again is not None
    assert list(making) == [None]
    assert list(again) == [None] * (len(stage.panels) + 1)
    assert stage.names == OTHER.panels


def test_other_timers_run_between_painting_and_drawing(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(monkeypatch)
    turns.note(Stage, "draw", "drawn")

    def note_painting() -> None:
        turns.take_down("painted")
        time.sleep(0.03)  # the next frame is scheduled meanwhile

    window.view.painted.connect(note_painting)
    window.player.play()
    qtbot.waitUntil(lambda: turns.calls.count("painted") > 20)
    window.player.pause()
    played = " ".join(turns.log)
    at_once = played.count("painted turn drawn")
    later = len(re.findall("painted turn( turn)+ drawn", played))
    assert at_once < later / 2  # two turns may come within a millisecond
