"""Diagnostics against plain loops over frames and pairs of units."""

from itertools import combinations
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import Constant, Explicit, Initializer, Normal, Perturbed, Symmetric
from engine.training.diagnostics import (
    Diagnostics,
    count_distinct,
    gap_of,
)
from engine.training.recording import Frame, Recording
from engine.training.training import train


def record(
    layers: tuple[int, ...] = (2, 2, 1),
    hidden: str = "tanh",
    init: Initializer | None = None,
    steps: int = 60,
    data: DataSpec | None = None,
    rate: float = 0.5,
) -> Recording:
    experiment = Experiment(
        data=data or DataSpec(),
        network=NetworkSpec(layers=layers, hidden=hidden),
        training=TrainingSpec(steps=steps, learning_rate=rate),
        runs=(Run(init=init or Normal(scale=1.0, seed=1)),),
    )
    return train(experiment)[0]


def diagnose(recording: Recording) -> Diagnostics:
    diagnostics = Diagnostics(recording)
    diagnostics.extend()
    return diagnostics


def units_of(frame: Frame, layer: int) -> list[list[float]]:
    """Each unit of a hidden layer as its incoming row, bias and outgoing column."""
    W, b = frame.W, frame.b
    return [
        [*W[layer][j].tolist(), b[layer][j, 0], *W[layer + 1][:, j].tolist()]
        for j in range(len(W[layer]))
    ]


def greatest_difference(units: list[list[float]]) -> float:
    pairs = combinations(units, 2)
    return max(max(abs(p - q) for p, q in zip(a, b, strict=True)) for a, b in pairs)


CASES = {
    "random": lambda: record(),
    "deep": lambda: record((2, 4, 3, 5, 1), "sigmoid", Normal(scale=2.0)),
    "equal": lambda: record((2, 5, 5, 1), "tanh", Symmetric(seed=2)),
    "tiny": lambda: record((2, 3, 1), "tanh", Perturbed(base=Constant(), epsilon=1e-12)),
    "relu": lambda: record((2, 6, 1), "relu", Normal(scale=3.0)),
    "huge": lambda: record((2, 4, 1), "tanh", Normal(scale=100.0)),
    "pairs": lambda: record(
        (2, 4, 1),
        "tanh",
        Explicit(W=(((0.1, 0.2), (0.3, -0.4), (0.1, 0.2), (0.3, -0.4)), ((1.0, 2.0, 1.0, 2.0),))),
    ),
    "one unit": lambda: record((2, 1, 1)),
    "one example": lambda: record(data=DataSpec(points=((0.5, -1.0, 1.0),))),
    "two outputs": lambda: record(
        (2, 3, 2), data=DataSpec(points=((0.0, 1.0, 0.0, 1.0), (1.0, 0.0, 1.0, 1.0)))
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_curves_agree_with_loops_over_frames(name: str) -> None:
    recording = CASES[name]()
    d = diagnose(recording)
    hidden = range(1, recording.layout.depth)
    assert len(d) == len(recording)
    for frame in recording:
        k = frame.index
        layers = [units_of(frame, layer) for layer in hidden]
        gaps = [greatest_difference(units) for units in layers if len(units) > 1]
        assert d.gap[k] == max(gaps) if gaps else isnan(d.gap[k])
        np.testing.assert_equal(gap_of(frame), d.gap[k])
        assert d.distinct_units[k].tolist() == [len(set(map(tuple, units))) for units in layers]
        rows = frame.dW[1].tolist()
        if len(rows) > 1:
            assert d.row_difference[k] == greatest_difference(rows)
        else:
            assert isnan(d.row_difference[k])
        for layer in range(1, recording.layout.depth + 1):
            entries = np.concatenate([frame.dW[layer], frame.db[layer]], axis=1)
            norm = np.sqrt((entries**2).sum())
            assert d.gradient_norm[k, layer - 1] == pytest.approx(norm, rel=1e-13)
        unit = ACTIVATIONS[recording.spec.hidden_names[0]]
        saturated = [unit.saturated(frame.A[layer]).ravel() for layer in hidden]
        assert d.saturated[k] == pytest.approx(np.concatenate(saturated).mean())
        right = ((frame.A[-1] > 0.5) == (recording.data.Y > 0.5)).all(axis=0)
        assert d.accuracy[k] == right.mean()


def test_cases_have_the_properties_of_their_names() -> None:
    equal, tiny, pairs = (diagnose(CASES[name]()) for name in ("equal", "tiny", "pairs"))
    assert not equal.gap.any()
    assert not equal.row_difference.any()
    assert (equal.distinct_units == 1).all()
    assert equal.symmetric_until == len(equal)
    assert 0.0 < tiny.gap[0] < 1e-11
    assert tiny.symmetric_until == 0
    assert (pairs.distinct_units == 2).all()


@pytest.mark.parametrize("epsilon", [5e-324, 1e-200])
def test_the_smallest_difference_is_not_zero(epsilon: float) -> None:
    recording = record(init=Explicit(W=(((0.0, epsilon), (0.0, 0.0)), ((0.0, 0.0),))), steps=0)
    d = diagnose(recording)
    assert d.gap[0] == epsilon
    assert d.distinct_units[0, 0] == 2


def test_difference_in_any_parameter_counts() -> None:
    equal = Explicit(W=(((0.1, 0.2), (0.1, 0.2)), ((0.3, 0.3),)))
    assert diagnose(record(init=equal, steps=0)).gap[0] == 0.0
    for init in (
        Explicit(W=(((0.1, 0.2), (0.1, 0.4)), ((0.3, 0.3),))),
        Explicit(W=(((0.1, 0.2), (0.1, 0.2)), ((0.3, 0.5),))),
        Explicit(W=(((0.1, 0.2), (0.1, 0.2)), ((0.3, 0.3),)), b=((0.0, 0.2),)),
    ):
        d = diagnose(record(init=init, steps=0))
        assert d.gap[0] == pytest.approx(0.2)
        assert d.distinct_units[0, 0] == 2


def test_without_hidden_layers_there_is_no_gap() -> None:
    d = diagnose(record((2, 1), steps=5))
    assert np.isnan(d.gap).all()
    assert np.isnan(d.saturated).all()
    assert d.distinct_units.shape == (6, 0)
    assert d.gradient_norm.shape == (6, 1)
    assert np.isnan(d.row_difference).all()


def test_accuracy_needs_targets_of_0_and_1() -> None:
    data = DataSpec(points=((0.0, 1.0, 0.3), (1.0, 0.0, 1.0)))
    assert np.isnan(diagnose(record(data=data, steps=3)).accuracy).all()


def test_norm_of_a_tiny_gradient_does_not_underflow() -> None:
    init = Explicit(W=(((1.0, 1.0), (1.0, 1.0)), ((1e-180, 1e-180),)), b=((0.1, 0.1), (1.0,)))
    d = diagnose(record(init=init, steps=0))
    assert 0.0 < d.gradient_norm[0, 0] < 1e-170


@given(
    units=st.integers(1, 9),
    frames=st.integers(1, 4),
    seed=st.integers(0, 2**32),
    values=st.sampled_from(
        [(0.0, 1.0), (0.5, -0.5), (0.0, -0.0, 1e-300, 5e-324), (1.0, 1 + 2**-52)]
    ),
)
@settings(max_examples=300)
def test_distinct_units_are_counted_exactly(
    units: int, frames: int, seed: int, values: tuple[float, ...]
) -> None:
    theta = np.random.default_rng(seed).choice(values, (units, 3, frames))
    expected = [len({tuple(row) for row in theta[..., i].tolist()}) for i in range(frames)]
    assert count_distinct(theta).tolist() == expected


def test_distinct_units_of_a_wide_layer() -> None:
    rng = np.random.default_rng(0)
    different = rng.choice([-0.5, 0.5], (600, 40, 1))
    theta = np.concatenate([different, different[rng.permutation(600)]])
    assert count_distinct(theta).tolist() == [len(np.unique(different[..., 0], axis=0))]


def test_diagnostics_do_not_depend_on_how_the_recording_grew() -> None:
    whole = CASES["deep"]()
    at_once = diagnose(whole)
    growing = Recording(whole.experiment, whole.run)
    d = Diagnostics(growing)
    theta = whole.parameters(0, len(whole))
    for start, stop in ((0, 1), (1, 2), (2, 30), (30, 61)):
        growing.extend(theta[start:stop], whole.losses[start:stop])
        d.extend()
        assert len(d) == stop
    for name in ("gap", "distinct_units", "row_difference", "gradient_norm", "saturated",
                 "accuracy", "saturated_from"):  # fmt: skip
        array = getattr(d, name)
        assert not array.flags.writeable
        np.testing.assert_array_equal(array, getattr(at_once, name))


def test_saturated_from_is_the_first_frame_saturated_for_all_examples() -> None:
    # The last unit's weights are so large that it is saturated at once, the others never.
    W1 = ((0.1, 0.1), (0.2, -0.1), (0.0, 50.0))
    recording = record((2, 3, 1), init=Explicit(W=(W1, ((0.1, 0.1, 0.1),))), steps=20)
    assert diagnose(recording).saturated_from.tolist() == [-1, -1, 0]
    dying = record((2, 2, 1), "relu", Normal(scale=1.0, seed=14), steps=300, rate=8.0)
    d = diagnose(dying)
    assert max(d.saturated_from) > 0  # one dies on the way, the other never
    assert min(d.saturated_from) == -1
    for unit, first in enumerate(d.saturated_from.tolist()):
        dead = [k for k, frame in enumerate(dying) if (frame.A[1][unit] <= 0.0).all()]
        assert first == (dead[0] if dead else -1)


@pytest.mark.parametrize("name", ["random", "deep", "two outputs"])
def test_largest_weight_and_gradient_are_over_all_frames(name: str) -> None:
    recording = CASES[name]()
    d = diagnose(recording)
    weights = [np.abs(w).max() for frame in recording for w in frame.W[1:]]
    assert d.largest_weight == max(weights)
    assert d.largest_gradient == max(np.abs(frame.dW[1]).max() for frame in recording)


def test_non_finite_gradients_are_not_the_largest() -> None:
    recording = record(steps=1)
    layout, d = recording.layout, Diagnostics(recording)
    gradient = np.zeros((layout.size, 2))
    gradient[:4] = [[-3.0, 1.0], [2.0, np.inf], [0.0, 0.0], [0.0, np.nan]]
    done = recording.passes(0, 2)
    d.observe(done.theta, gradient, done.A)
    assert d.largest_gradient == 3.0
    assert d.gradient_norm[1, 0] == np.inf
