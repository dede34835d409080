"""Random sequences of edits: undo and files restore every bit."""

import math
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.editing import runs
from engine.editing.parameters import Parameter, nudged, with_edit
from engine.editing.resizing import ResizeKind, Resizing
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.experiment.specs import Change
from engine.experiment.toml_writer import format_experiment
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment, read_experiment
from engine.training.training import train
from gui.document.document import Document

STEPS = 12
VALUES = st.one_of(
    st.floats(-2.0, 2.0), st.sampled_from([0.0, -0.0, 5e-324, 1e-16, math.pi, 1e12, -1e300])
)


def bits(experiment: Experiment) -> list[bytes]:
    """Train an experiment, and return every bit of every frame's parameters and losses."""
    return [
        recording.parameters(0, len(recording)).tobytes() + recording.losses.tobytes()
        for recording in train(experiment)
    ]


class Story(RuleBasedStateMachine):
    """A document, beside a list of what it was at every point of its history."""

    def __init__(self) -> None:
        super().__init__()
        start = built_in("zero-vs-random").replace(training=TrainingSpec(steps=STEPS))
        self.document = Document(start)
        self.history = [start]
        self.at = 0

    def do(self, undo_text: Callable[[Experiment], Experiment], text: str) -> None:
        """Apply an action to the document; one that fails must leave it unchanged."""
        try:
            changed = undo_text(self.document.experiment)
        except UsageError:
            return
        self.document.apply(changed, text)
        if changed != self.history[self.at]:
            self.at += 1
            self.history[self.at :] = [changed]
            assert self.document.undo_text == text

    @rule(data=st.data(), step=st.integers(0, STEPS), value=VALUES)
    def edit(self, data: st.DataObject, step: int, value: float) -> None:
        parameter = self.some_parameter(data)
        self.do(lambda e: with_edit(e, parameter, step, value), "Set by hand")

    @rule(data=st.data(), step=st.integers(0, STEPS), up=st.booleans())
    def nudge(self, data: st.DataObject, step: int, up: bool) -> None:
        parameter = self.some_parameter(data)
        recording = train(self.document.experiment)[parameter.run]
        value = parameter.value_in(recording[min(step, len(recording) - 1)])
        self.do(lambda e: with_edit(e, parameter, step, nudged(value, None, up)), "Nudge")

    @rule(data=st.data())
    def fork(self, data: st.DataObject) -> None:
        run = self.some_run(data)
        self.do(lambda e: runs.with_fork(e, run), "Copy a run")

    @precondition(lambda self: len(self.document.experiment.runs) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        run = self.some_run(data)
        self.do(lambda e: runs.without_run(e, run), "Remove a run")

    @rule(data=st.data(), step=st.integers(1, STEPS), rate=st.floats(0.01, 2.0))
    def change(self, data: st.DataObject, step: int, rate: float) -> None:
        number = self.some_run(data)

        def undo_text(experiment: Experiment) -> Experiment:
            old = experiment.runs[number]
            others = [each for each in old.changes if each.step != step]
            changes = sorted([*others, Change(step=step, learning_rate=rate)], key=lambda c: c.step)
            new = old.replace(changes=tuple(changes))
            each = (*experiment.runs[:number], new, *experiment.runs[number + 1 :])
            return experiment.replace(runs=each)

        self.do(undo_text, "Change the learning rate from here on")

    @rule()
    def reseed(self) -> None:
        self.do(lambda e: runs.with_new_seeds(e, runs.random_runs(e)), "New seeds")

    @rule(kind=st.sampled_from(ResizeKind), layer=st.integers(0, 3))
    def resize(self, kind: ResizeKind, layer: int) -> None:
        if (
            kind in (ResizeKind.ADD_UNIT, ResizeKind.ADD_LAYER)
            and max(self.sizes) * len(self.sizes) > 20
        ):
            return
        self.do(lambda e: Resizing(kind, layer).apply(e).experiment, "Resize")

    @rule()
    def undo(self) -> None:
        self.at = max(0, self.at - 1)
        self.document.undo()

    @rule()
    def redo(self) -> None:
        self.at = min(len(self.history) - 1, self.at + 1)
        self.document.redo()

    @rule()
    def reopen(self) -> None:
        """What is saved and opened afresh trains to the same bits, forks and all."""
        with TemporaryDirectory() as folder:
            path = Path(folder, "story.toml")
            path.write_text(format_experiment(self.document.experiment), encoding="utf-8")
            assert bits(read_experiment(path)) == bits(self.document.experiment)

    @invariant()
    def the_document_is_where_it_should_be(self) -> None:
        assert self.document.experiment == self.history[self.at]
        assert bool(self.document.undo_text) == (self.at > 0)
        assert bool(self.document.redo_text) == (self.at + 1 < len(self.history))

    @invariant()
    def the_file_says_it_all(self) -> None:
        text = format_experiment(self.document.experiment)
        assert parse_experiment(text) == self.document.experiment
        assert format_experiment(parse_experiment(text)) == text  # −0.0 included, which equals 0.0

    def teardown(self) -> None:
        """Undo all of it, and do all of it again."""
        while self.document.undo_text:
            self.document.undo()
            self.at -= 1
            assert repr(self.document.experiment) == repr(self.history[self.at])
        while self.document.redo_text:
            self.document.redo()
            self.at += 1
            assert repr(self.document.experiment) == repr(self.history[self.at])

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.document.experiment.network.layers

    def some_run(self, data: st.DataObject) -> int:
        return data.draw(st.integers(0, len(self.document.experiment.runs) - 1))

    def some_parameter(self, data: st.DataObject) -> Parameter:
        layer = data.draw(st.integers(1, len(self.sizes) - 1))
        row = data.draw(st.integers(0, self.sizes[layer] - 1))
        if data.draw(st.booleans()):
            return Parameter(self.some_run(data), f"b{layer}", row)
        column = data.draw(st.integers(0, self.sizes[layer - 1] - 1))
        return Parameter(self.some_run(data), f"W{layer}", row, column)


@pytest.mark.slow
def test_200_random_edits_and_their_undo(qapp: object) -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=6,
            stateful_step_count=200,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
