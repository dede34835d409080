"""Random sequences of actions in a real window, which always shows its experiment."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtTest import QTest

from engine.editing.parameters import Parameter
from engine.editing.paths import edited
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.built_ins import built_in
from gui.main_window import MainWindow
from tests.gui.windows import Open, act, picture, timeline

STEPS = 60
START = built_in("zero-vs-random").replace(training=TrainingSpec(steps=STEPS))
OTHERS = ("constant", "saturation-scale", "perceptron-xor")


class Story(RuleBasedStateMachine):
    """A window, beside the history that its document should have."""

    open_window: Callable[[Experiment], MainWindow]

    def __init__(self) -> None:
        super().__init__()
        self.window = type(self).open_window(START)
        self.player = self.window.player
        self.history = [START]
        self.at = 0

    def did(self) -> None:
        """Note what the document says by now, if anything changed it."""
        experiment = self.window.document.experiment
        if experiment is not self.history[self.at]:
            self.at += 1
            self.history[self.at :] = [experiment]

    @rule(name=st.sampled_from(["play_pause", "play_pause", "loop", "follow", "faster", "slower"]))
    def play(self, name: str) -> None:
        act(self.window, name)

    @rule(name=st.sampled_from(["step_forward", "step_back", "forward_10", "back_10"]))
    def step(self, name: str) -> None:
        act(self.window, name)
        assert not self.player.is_playing

    @rule(name=st.sampled_from(["first_frame", "last_frame", "next_event", "previous_event"]))
    def jump(self, name: str) -> None:
        act(self.window, name)

    @rule(frames=st.lists(st.integers(0, STEPS + 10), min_size=1, max_size=30))
    def scrub(self, frames: list[int]) -> None:
        for frame in frames:
            timeline(self.window).setValue(frame)
        if not self.player.follow:
            assert self.player.index == min(frames[-1], self.player.last_index)

    @rule(milliseconds=st.integers(0, 60))
    def wait(self, milliseconds: int) -> None:
        QTest.qWait(milliseconds)

    @rule(steps=st.integers(1, STEPS), rate=st.floats(0.01, 3.0))
    def edit(self, steps: int, rate: float) -> None:
        if not self.window.document.experiment.uses("training"):
            return
        changes: dict[tuple[str | int, ...], object] = {
            ("training", "steps"): steps,
            ("training", "learning_rate"): rate,
        }
        changed = edited(self.window.document.experiment, changes)
        self.window.document.apply(changed, "Change the training")
        self.did()

    @rule(row=st.integers(0, 1), value=st.floats(-2.0, 2.0), sets=st.booleans())
    def touch(self, row: int, value: float, sets: bool) -> None:
        parameter, parameter_editor = Parameter(0, "W1", row, 0), self.window.parameter_editor
        if parameter_editor.current_scene is None or parameter_editor.value_of(parameter) is None:
            return
        parameter_editor.preview(parameter, value)
        if sets:
            parameter_editor.set_value(parameter, value)
        else:
            parameter_editor.cancel_preview()
        self.did()

    @rule(name=st.sampled_from(["reseed", "fork", "break_symmetry"]))
    def change(self, name: str) -> None:
        act(self.window, name)
        self.did()

    @rule()
    def undo(self) -> None:
        act(self.window, "undo")
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        act(self.window, "redo")
        self.at = min(len(self.history) - 1, self.at + 1)

    @rule(name=st.sampled_from(OTHERS))
    def open(self, name: str) -> None:
        self.window.open_file(name)
        self.at += 1
        self.history[self.at :] = [self.window.document.experiment]

    @rule()
    def stop(self) -> None:
        act(self.window, "stop")

    @invariant()
    def what_is_shown_is_what_is_said(self) -> None:
        window, player = self.window, self.player
        assert 0 <= player.index <= max(0, player.last_index)
        assert timeline(window).value() == min(player.index, timeline(window).maximum())
        assert not (player.is_playing and player.follow)
        assert window.document.experiment is self.history[self.at]
        assert bool(window.document.undo_text) == (self.at > 0)
        assert bool(window.document.redo_text) == (self.at + 1 < len(self.history))

    def teardown(self) -> None:
        """In the end every picture is the one that new panels make of the same frame."""
        window = self.window
        self.player.pause()
        window.trainer.start(window.document.experiment)
        while window.trainer.is_training:
            QTest.qWait(5)
        QTest.qWait(20)
        scene = window.scene
        assert scene is not None
        assert scene.experiment == window.document.experiment
        for index in (self.player.index, *range(0, self.player.last_index + 1, 13)):
            self.player.seek(index)
            shown = picture(window)
            window.stage.set_theme(window.stage.theme)  # creates all panels again
            assert picture(window) == shown
        window.close_without_asking()


def run_stories(open_window: Open, stories: int, actions: int) -> None:
    class Told(Story):
        pass

    Told.open_window = staticmethod(open_window)
    run_state_machine_as_test(
        Told,
        settings=settings(
            max_examples=stories,
            stateful_step_count=actions,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_random_actions_raise_no_error(open_window: Open) -> None:
    run_stories(open_window, 3, 50)


@pytest.mark.soak
def test_many_random_actions_raise_no_error(open_window: Open) -> None:
    run_stories(open_window, 40, 200)
