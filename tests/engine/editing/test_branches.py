"""Forks: where runs branch off, held against the bits of their recordings."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.editing.branches import Branch, branches
from engine.experiment.experiment import Change, Edit, Experiment, Run, TrainingSpec
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.nn.initializers import Initializer, Normal, Zeros
from engine.training.recording import Recording
from engine.training.training import train

START = Normal(scale=0.8, seed=3)
EDIT = Edit(step=6, parameter="W1", index=(0, 1), value=0.3)
SLOWER = Change(step=9, learning_rate=0.1)


def of(*runs: Run, steps: int = 20) -> Experiment:
    return Experiment(training=TrainingSpec(steps=steps), runs=runs)


def test_run_branches_off_at_its_first_different_edit_or_change() -> None:
    experiment = of(
        Run(init=START),
        Run(init=START, edits=(EDIT,)),
        Run(init=START, edits=(EDIT,), changes=(SLOWER,)),
        Run(init=START, changes=(Change(step=4, hidden="relu"),)),
    )
    assert branches(experiment) == (None, Branch(0, 6, 5), Branch(1, 9, 9), Branch(0, 4, 3))


def test_unchanged_fork_branches_off_at_its_change() -> None:
    same = Change(step=7, learning_rate=0.5)
    experiment = of(Run(init=START), Run(init=START, changes=(same,)))
    assert branches(experiment) == (None, Branch(0, 7, 7))
    one, other = train(experiment)
    assert_shared(one, other, 20)


def test_different_starts_and_equal_runs_have_no_branch() -> None:
    at_start = Edit(step=0, parameter="b1", index=(0,), value=1.0)
    beyond = Edit(step=21, parameter="b1", index=(0,), value=1.0)
    for other in (
        Run(init=Zeros()),
        Run(init=START, hidden="relu"),
        Run(init=START, learning_rate=0.1),
        Run(init=START, edits=(at_start,)),
        Run(init=START, edits=(beyond,)),
        Run(name="another name", init=START, learning_rate=0.5, hidden="tanh"),
    ):
        assert branches(of(Run(init=START), other)) == (None, None)


def test_branch_moves_to_an_earlier_edit_of_the_first_run() -> None:
    early = EDIT.replace(step=2)
    runs = Run(init=START, edits=(early,)), Run(init=START, changes=(SLOWER,))
    assert branches(of(*runs)) == (None, Branch(0, 2, 1))


def test_both_index_forms_of_a_bias_are_equal() -> None:
    short = Edit(step=3, parameter="b1", index=(1,), value=1.0)
    long = short.replace(index=(1, 0))
    assert branches(of(Run(edits=(short,)), Run(edits=(long,)))) == (None, None)


edits = st.builds(
    Edit,
    step=st.integers(0, 8),
    parameter=st.just("W1"),
    index=st.sampled_from([(0, 0), (1, 1)]),
    value=st.sampled_from([0.25, -1.0]),
)


@st.composite
def some_run(draw: st.DrawFn) -> Run:
    steps = sorted(draw(st.sets(st.integers(1, 8), max_size=2)))
    settled = [
        Change(
            step=step,
            learning_rate=draw(st.sampled_from([0.5, 0.1])),
            hidden=draw(st.sampled_from([None, "tanh", "relu"])),
        )
        for step in steps
    ]
    init: Initializer = draw(st.sampled_from([START, Zeros()]))
    return Run(init=init, edits=tuple(draw(st.lists(edits, max_size=2))), changes=tuple(settled))


@settings(max_examples=150, deadline=None)
@given(st.lists(some_run(), min_size=2, max_size=4))
def test_shared_frames_are_bit_equal(runs: list[Run]) -> None:
    experiment = of(*runs, steps=10)
    recordings = train(experiment)
    again = train(parse_experiment(format_experiment(experiment)))
    for number, branch in enumerate(branches(experiment)):
        assert_shared(recordings[number], again[number], 10)
        if branch is not None:
            assert branch.run < number
            assert 0 <= branch.shared <= branch.frame <= 10
            assert_shared(recordings[branch.run], recordings[number], branch.shared)


def assert_shared(one: Recording, other: Recording, last: int) -> None:
    np.testing.assert_array_equal(
        one.parameters(0, last + 1), other.parameters(0, last + 1), strict=True
    )
    np.testing.assert_array_equal(one.losses[: last + 1], other.losses[: last + 1])
    for mine, theirs in zip(one[last].A, other[last].A, strict=True):
        np.testing.assert_array_equal(mine, theirs)
