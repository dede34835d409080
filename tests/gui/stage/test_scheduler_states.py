"""The states of the frame scheduler, transition by transition."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter, what_if, with_edit
from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Normal
from engine.training.comparison import Comparison, compare
from gui.background.trainer import Trainer
from gui.panels.base.panel import WhatIf
from gui.playback.player import Player
from gui.stage import stage as stage_module
from gui.stage.frame_scheduler import FrameScheduler, SchedulerState
from gui.stage.stage import Stage
from gui.stage.stage_view import StageView
from gui.stage.view_state import ViewModel, ViewOptions
from gui.style.theme import DARK, load_fonts

RUNS = (Run(init=Normal(scale=1.0, seed=3)),)
ONE = Experiment(title="one", training=TrainingSpec(steps=40), runs=RUNS, panels=("network",))
OTHER = ONE.replace(title="other", panels=("network", "loss"))
WEIGHT = Parameter(0, "W1", 0, 0)


@dataclass
class Rig:
    """A scheduler with everything that it connects."""

    view: StageView
    player: Player
    trainer: Trainer
    view_model: ViewModel
    scheduler: FrameScheduler
    drawn: list[int] = field(default_factory=list)

    @property
    def state(self) -> SchedulerState:
        return self.scheduler.state

    @property
    def index_on_stage(self) -> int | None:
        state = self.view.stage.state
        return None if state is None else state.index

    def is_training_paused(self) -> bool:
        return self.trainer.is_paused

    def what_if(self) -> WhatIf | None:
        return self.view_model.options.what_if

    def show(self, scene: Comparison, index: int = 0) -> None:
        self.scheduler.show_scene(scene, index)


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    load_fonts()
    view = StageView(Stage(DARK))
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    player, trainer = Player(), Trainer()
    view_model = ViewModel(ViewOptions(DARK), view)
    scheduler = FrameScheduler(view, player, trainer, view_model, view)
    rig = Rig(view, player, trainer, view_model, scheduler)
    scheduler.drawn.connect(rig.drawn.append)
    yield rig
    trainer.close()


@pytest.fixture
def painted(rig: Rig, qtbot: QtBot) -> Rig:
    """The rig with the first frame of `ONE` on the screen."""
    rig.show(compare(ONE))
    qtbot.waitUntil(lambda: rig.state is SchedulerState.PAINTED)
    rig.drawn.clear()
    return rig


class Gate:
    """Makes the preparation of frames wait until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stage_module, "LONG_SECONDS", 0.0)
        self._opened = threading.Event()
        prepare = Comparison.prepare

        def wait_and_prepare(comparison: Comparison, index: int) -> None:
            assert self._opened.wait(20)
            prepare(comparison, index)

        monkeypatch.setattr(Comparison, "prepare", wait_and_prepare)

    def open(self) -> None:
        self._opened.set()


def test_without_a_scene_nothing_is_drawn(rig: Rig) -> None:
    assert rig.state is SchedulerState.EMPTY
    rig.scheduler.draw()
    rig.view_model.update(colour_scale="frame")
    rig.scheduler.finish()
    assert rig.state is SchedulerState.EMPTY
    assert not rig.drawn


def test_a_scene_is_built_with_painting_paused(rig: Rig) -> None:
    rig.show(compare(ONE))
    assert rig.state is SchedulerState.BUILDING
    assert rig.view.is_painting_paused
    assert rig.scheduler.is_behind
    assert not rig.view.stage.panels
    assert not rig.drawn


def test_built_panels_are_drawn_and_then_painted(rig: Rig, qtbot: QtBot) -> None:
    states: list[tuple[SchedulerState, bool]] = []
    rig.view.painted.connect(lambda: states.append((rig.state, rig.is_training_paused())))
    rig.show(compare(ONE), 7)
    qtbot.waitUntil(lambda: rig.state is SchedulerState.PAINTED)
    assert states[-1] == (SchedulerState.DRAWN, True)
    assert rig.drawn == [7]
    assert not rig.is_training_paused()
    assert not rig.scheduler.is_behind


def test_a_request_while_building_draws_immediately_and_paints_later(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.show(compare(ONE))
    rig.player.seek(9)
    assert rig.drawn == [9]
    assert rig.state is SchedulerState.DRAWN
    assert rig.view.is_painting_paused
    qtbot.waitUntil(lambda: rig.state is SchedulerState.PAINTED)
    assert rig.drawn == [9]


def test_a_scene_that_replaces_one_being_built_is_drawn_immediately(rig: Rig) -> None:
    rig.show(compare(ONE))
    rig.show(compare(OTHER), 3)
    assert rig.state is SchedulerState.DRAWN
    assert rig.drawn == [3]
    assert rig.view.stage.names == OTHER.panels


def test_another_scene_is_built_while_the_last_picture_stays(painted: Rig) -> None:
    painted.show(compare(OTHER))
    assert painted.state is SchedulerState.BUILDING
    assert painted.view.is_painting_paused


def test_a_scene_with_the_same_panels_is_drawn_immediately(painted: Rig) -> None:
    panels = painted.view.stage.panels
    painted.show(compare(with_edit(ONE, WEIGHT, 5, 0.5)), 6)
    assert painted.state is SchedulerState.DRAWN
    assert painted.drawn == [6]
    assert painted.view.stage.panels == panels
    assert not painted.view.is_painting_paused


def test_training_is_paused_from_drawing_to_painting(painted: Rig, qtbot: QtBot) -> None:
    assert not painted.is_training_paused()
    painted.player.seek(20)
    assert painted.state is SchedulerState.DRAWN
    assert painted.is_training_paused()
    qtbot.waitUntil(lambda: painted.state is SchedulerState.PAINTED)
    assert painted.trainer.thread_of_training is None
    assert painted.drawn == [20]


def test_other_view_options_are_drawn_immediately(painted: Rig) -> None:
    painted.view_model.update(selected=WEIGHT)
    assert painted.state is SchedulerState.DRAWN
    state = painted.view.stage.state
    assert state
    assert state.selected == WEIGHT


def test_missing_data_are_fetched_while_the_last_frame_stays(
    painted: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    painted.player.seek(30)
    assert painted.state is SchedulerState.FETCHING
    assert painted.scheduler.is_behind
    assert painted.index_on_stage == 0
    gate.open()
    qtbot.waitUntil(lambda: painted.state is SchedulerState.PAINTED)
    assert painted.drawn == [30]


def test_frame_fetched_late_is_drawn_before_the_current_one(
    painted: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, states = Gate(monkeypatch), []
    painted.player.seek(30)
    painted.player.seek(31)
    painted.player.seek(32)
    painted.trainer.fetched.connect(lambda: states.append(painted.state))
    gate.open()
    qtbot.waitUntil(lambda: painted.drawn == [30, 32])
    assert states == [SchedulerState.FETCHING, SchedulerState.DRAWN]


def test_data_of_a_replaced_scene_are_not_drawn(
    painted: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    painted.player.seek(30)
    scene = compare(OTHER)
    painted.show(scene, 31)
    assert painted.state is SchedulerState.BUILDING
    gate.open()
    qtbot.waitUntil(lambda: painted.state is SchedulerState.PAINTED)
    assert painted.drawn == [31]
    state = painted.view.stage.state
    assert state
    assert state.scene is scene


def test_another_size_is_laid_out_with_training_paused(painted: Rig, qtbot: QtBot) -> None:
    painted.view.resize(500, 350)
    assert painted.state is SchedulerState.DRAWN
    assert painted.is_training_paused()
    qtbot.waitUntil(lambda: painted.state is SchedulerState.PAINTED)
    assert not painted.drawn  # the stage lays out what it shows


def test_finish_draws_and_allows_painting(rig: Rig) -> None:
    rig.show(compare(ONE), 4)
    rig.scheduler.finish()
    assert rig.state is SchedulerState.DRAWN
    assert rig.drawn == [4]
    assert not rig.view.is_painting_paused
    assert not rig.scheduler.is_behind


def test_draw_changes_draws_only_what_has_changed(
    painted: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted.scheduler.draw_changes()
    assert not painted.drawn
    monkeypatch.setattr(Comparison, "revision", 1)
    painted.scheduler.draw_changes()
    assert painted.drawn == [0]


def test_growing_curves_are_drawn_once_for_many_frames(painted: Rig, qtbot: QtBot) -> None:
    for last in range(5):
        painted.player.last_index_changed.emit(last)
    assert not painted.drawn
    qtbot.waitUntil(lambda: painted.drawn == [0])
    qtbot.wait(150)
    assert painted.drawn == [0]


def test_preview_ends_with_its_frame(painted: Rig) -> None:
    scene = painted.view.stage.scene
    assert scene
    tried = WhatIf(WEIGHT, 2.0, what_if(scene.recordings[0], WEIGHT, 0, 2.0))
    painted.view_model.update(what_if=tried)
    assert painted.what_if() is tried
    painted.player.seek(1)
    assert painted.what_if() is None
    painted.player.seek(0)
    state = painted.view.stage.state
    assert state
    assert state.what_if is None


@pytest.mark.parametrize(("row", "is_kept"), [(0, True), (1, False)])
def test_a_selected_parameter_that_the_new_panels_lack_is_deselected(
    painted: Rig, qtbot: QtBot, row: int, is_kept: bool
) -> None:
    selected = Parameter(0, "W1", row, 0)
    painted.view_model.update(selected=selected)
    painted.show(compare(ONE.replace(network=NetworkSpec(layers=(2, 1, 1)))))
    qtbot.waitUntil(lambda: painted.state is SchedulerState.PAINTED)
    assert painted.view_model.options.selected == (selected if is_kept else None)
