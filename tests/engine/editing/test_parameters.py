"""Edits by hand are values of the experiment, and say exactly what they said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.codegen.frames import frame_table
from engine.editing.parameters import (
    Parameter,
    differ_in_edits_only,
    is_drawn,
    nudged,
    other_unit_value,
    redrawn_value,
    what_if,
    with_edit,
)
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.toml_writer import format_experiment
from engine.library.experiment_file import parse_experiment
from engine.nn.initializers import (
    Constant,
    Explicit,
    Initializer,
    Normal,
    Orthogonal,
    Perturbed,
    Zeros,
)
from engine.studies.saturation.study import SaturationSpec
from engine.training.comparison import compare
from engine.training.recording import Frame
from engine.training.training import train

SMALL = Experiment(
    network=NetworkSpec(layers=(2, 3, 1)),
    training=TrainingSpec(steps=9),
    runs=(Run(name="a", init=Constant()), Run(name="b", init=Normal(scale=1.0, seed=4))),
)


@given(
    st.sampled_from(
        [
            Parameter(0, "W1", 2, 1),
            Parameter(1, "W2", 0, 2),
            Parameter(1, "b1", 1),
            Parameter(0, "b2", 0),
        ]
    ),
    st.integers(0, 9),
    st.floats(-1e12, 1e12),
)
def test_edited_parameter_has_the_value_in_its_frame(
    parameter: Parameter, step: int, value: float
) -> None:
    changed = with_edit(SMALL, parameter, step, value)
    assert parse_experiment(format_experiment(changed)) == changed
    recordings = train(changed)
    assert parameter.value_in(recordings[parameter.run][step]) == value
    before = train(SMALL)[parameter.run].parameters(0, step)
    np.testing.assert_array_equal(recordings[parameter.run].parameters(0, step), before)


def test_edit_replaces_one_of_the_same_parameter_and_frame() -> None:
    weight, bias = Parameter(0, "W1", 0, 1), Parameter(0, "b1", 0)
    changed = SMALL
    for parameter, step, value in (
        (weight, 5, 1.0),
        (weight, 2, 2.0),
        (bias, 5, 3.0),
        (weight, 5, 4.0),
        (bias, 5, 5.0),
    ):
        changed = with_edit(changed, parameter, step, value)
    edits = [(edit.step, edit.parameter, edit.value) for edit in changed.runs[0].edits]
    assert edits == [(2, "W1", 2.0), (5, "W1", 4.0), (5, "b1", 5.0)]
    assert changed.runs[1] == SMALL.runs[1]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_non_finite_value_is_rejected(value: float) -> None:
    with pytest.raises(UsageError, match=r"W1\[0,1\]: expected a number"):
        with_edit(SMALL, Parameter(0, "W1", 0, 1), 3, value)


@given(st.floats(-1e6, 1e6))
def test_nudge_of_one_ulp_is_the_smallest_change(value: float) -> None:
    up = nudged(value, None, True)
    assert up > value
    assert nudged(up, None, False) == value
    assert nudged(value, 0.25, True) == value + 0.25


def test_other_unit_value_is_the_corresponding_parameter() -> None:
    frame = train(SMALL)[1][0]
    assert other_unit_value(Parameter(1, "W1", 2, 1), frame) == (1, frame.W[1][0, 1])
    assert other_unit_value(Parameter(1, "W2", 0, 1), frame) == (3, frame.W[2][0, 2])
    assert other_unit_value(Parameter(1, "b1", 0), frame) == (2, 0.0)
    assert other_unit_value(Parameter(1, "b2", 0), frame) is None
    single = train(Experiment(network=NetworkSpec(layers=(2, 1)), runs=(Run(init=Zeros()),)))[0][0]
    assert other_unit_value(Parameter(0, "W1", 0, 1), single) is None


def test_redrawn_value_is_drawn_by_the_scheme() -> None:
    drawn = {redrawn_value(SMALL, Parameter(1, "W1", 0, 0)) for _ in range(20)}
    assert len(drawn) > 15
    assert redrawn_value(SMALL, Parameter(0, "W1", 0, 0)) == 0.5


def test_is_drawn_is_true_for_values_that_depend_on_the_seed() -> None:
    def drawn(init: Initializer, *parameters: Parameter) -> list[bool]:
        experiment = Experiment(network=NetworkSpec(layers=(2, 3, 1)), runs=(Run(init=init),))
        return [is_drawn(experiment, parameter) for parameter in parameters]

    weight, bias = Parameter(0, "W1", 2, 1), Parameter(0, "b1", 2)
    numbers = Explicit(W=(((0.5, 0.5),) * 3, ((0.5, 0.5, 0.5),)))
    assert drawn(Zeros(), weight, bias) == [False, False]
    assert drawn(Normal(), weight, bias) == [True, False]
    assert drawn(Normal(scale=0.0), weight, bias) == [False, False]
    assert drawn(Zeros(bias=Normal()), weight, bias) == [False, True]
    assert drawn(Perturbed(base=numbers), weight, bias) == [True, False]
    assert drawn(Perturbed(base=numbers, epsilon=0.0), weight, bias) == [False, False]
    assert drawn(Orthogonal(), weight, Parameter(0, "W2", 0, 2)) == [True, True]


def test_parameter_name_equals_the_column_of_the_table() -> None:
    comparison = compare(SMALL)
    table = frame_table(comparison, 0).splitlines()
    copied = dict(line.split("\t")[:2] for line in table[1:])
    for parameter in (Parameter(0, "W1", 1, 0), Parameter(0, "b1", 1), Parameter(0, "b2", 0)):
        assert copied[parameter.name] == repr(parameter.value_in(comparison.recordings[0][0]))


@given(st.integers(0, 9), st.sampled_from([0, 1]))
def test_what_if_without_a_change_equals_the_frame(index: int, run: int) -> None:
    recording = train(SMALL)[run]
    parameter, frame = Parameter(run, "W1", 1, 0), recording[index]
    same = what_if(recording, parameter, index, parameter.value_in(frame))
    assert_same_frame(same, frame)


@given(
    st.integers(0, 9),
    st.sampled_from([Parameter(1, "W1", 2, 1), Parameter(1, "W2", 0, 0), Parameter(1, "b1", 1)]),
    st.floats(-1e12, 1e12),
)
def test_what_if_equals_the_frame_of_a_training_with_the_edit(
    index: int, parameter: Parameter, value: float
) -> None:
    recording = train(SMALL)[1]
    before = recording.parameters(0, len(recording)).copy()
    frame = what_if(recording, parameter, index, value)
    edited = train(with_edit(SMALL, parameter, index, value))[1]
    assert_same_frame(frame, edited[index])
    np.testing.assert_array_equal(recording.parameters(0, len(recording)), before)


def assert_same_frame(one: Frame, other: Frame) -> None:
    assert (one.index, one.loss) == (other.index, other.loss)
    for name in ("W", "b", "Z", "A", "dZ", "dW", "db"):
        for mine, theirs in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_differ_in_edits_only_ignores_nothing_else() -> None:
    edited = with_edit(SMALL, Parameter(0, "W1", 0, 0), 3, 1.0)
    assert differ_in_edits_only(SMALL, edited)
    assert differ_in_edits_only(SMALL, SMALL)
    for other in (
        SMALL.replace(title="Another"),
        SMALL.replace(training=TrainingSpec(steps=10)),
        SMALL.replace(runs=SMALL.runs[:1]),
        SMALL.replace(runs=(SMALL.runs[0], Run(init=Zeros()))),
    ):
        assert not differ_in_edits_only(SMALL, other)
    twins = SMALL.replace(runs=(SMALL.runs[1], SMALL.runs[1]))
    forked = with_edit(twins, Parameter(1, "W1", 0, 0), 3, 1.0)
    assert not differ_in_edits_only(twins, forked)
    assert not differ_in_edits_only(Experiment(scene=SaturationSpec()), Experiment())
