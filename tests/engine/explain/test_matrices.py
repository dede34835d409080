"""Explanations of the rows of a gradient and of a step are compared with the engine."""

import numpy as np
import pytest
from hypothesis import given

from engine.experiment.experiment import (
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.experiment.quantity import FIRST, Quantity
from engine.explain.matrices import explain_rows, explain_update
from engine.explain.rows import compared_rows, rows
from engine.explain.update import update
from engine.nn.initializers import Constant, Explicit, Normal, Zeros
from engine.training.training import train
from tests.engine.explain.networks import experiments, trained

STEPS = TrainingSpec(steps=30)


def conclusion(run: Run, frame: int = 5, hidden: str = "tanh", layer: int = 1) -> str:
    experiment = Experiment(training=STEPS, network=NetworkSpec(hidden=hidden), runs=(run,))
    recording = train(experiment)[0]
    found = rows(recording.spec, recording[frame], recording.data.Y, (layer, 0, 1))
    requested = Quantity("dW", layer, 0)
    explained = explain_rows(recording.spec, recording.data, recording[frame], requested, 1)
    assert explained.lines[-1].words == found.conclusion
    return found.conclusion


def test_conclusion_for_equal_units_names_all_factors() -> None:
    assert conclusion(Run(init=Constant(value=0.5))) == (
        "The rows are equal to the last bit, because all their factors are."
    )


def test_conclusion_names_different_outgoing_weights() -> None:
    init = Explicit(W=(((0.5, 0.5), (0.5, 0.5)), ((1.0, 2.0),)))
    assert conclusion(Run(init=init), 0) == (
        "The rows differ, because the outgoing weights differ."
    )


def test_conclusion_names_different_slopes() -> None:
    init = Explicit(W=(((0.5, 0.5), (0.5, 0.25)), ((1.0, 1.0),)))
    assert conclusion(Run(init=init), 0) == "The rows differ, because the slopes g′(z) differ."


def test_conclusion_for_equal_rows_with_a_different_factor() -> None:
    init = Explicit(W=(((0.5, 0.5), (0.5, 0.25)), ((0.0, 0.0),)))
    assert conclusion(Run(init=init), 0) == (
        "The rows are equal although the slopes g′(z) differ: their products are the same."
    )


@given(experiments())
def test_conclusion_agrees_with_the_rows(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    for layer in range(1, len(frame.W)):
        if len(frame.W[layer]) < 2:
            continue
        found = rows(recording.spec, frame, recording.data.Y, (layer, 0, 1))
        equal = bool((frame.dW[layer][0] == frame.dW[layer][1]).all())
        assert found["gradient"].is_same == equal
        assert ("equal" in found.conclusion) == equal


@pytest.mark.parametrize(
    ("sizes", "requested", "compared"),
    [
        ((2, 3, 1), Quantity("dW", 1, 2, 0), (1, 2, 0)),
        ((2, 3, 1), Quantity("dW", 2, 0, 1), (1, 1, 2)),  # the unit that the weight comes from
        ((2, 3, 1), Quantity("A", 2, 0), (1, 0, 1)),
        ((2, 1, 3), Quantity("dW", 1, 0, 1), (2, 0, 1)),
        ((2, 3, 1, 4), Quantity("db", 2, 0), (1, 0, 1)),
        ((2, 1, 1), Quantity("dW", 1, 0, 1), None),
    ],
)
def test_rows_of_a_single_unit_are_replaced_by_those_of_another_layer(
    sizes: tuple[int, ...], requested: Quantity, compared: tuple[int, int, int] | None
) -> None:
    assert compared_rows(sizes, requested, None) == compared
    runs = (Run(init=Normal(seed=1)),)
    points = ((0.0,) * sizes[0] + (1.0,) * sizes[-1],)
    data, network = DataSpec(points=points), NetworkSpec(layers=sizes)
    recording = train(Experiment(data=data, network=network, training=STEPS, runs=runs))[0]
    explained = explain_rows(recording.spec, recording.data, recording[3], requested)
    words = explained.lines[0].words
    if compared is None:
        assert "no symmetry to break" in explained.lines[1].words
    else:
        assert explained.subject.startswith(f"dW{compared[0]}[{compared[1]}] and ")
    assert ("has one unit" in words) == (sizes[requested.layer] == 1)


@given(experiments())
def test_update_leads_to_the_next_frame(experiment: Experiment) -> None:
    recording, _ = trained(experiment)
    for frame in range(len(recording)):
        for layer in range(1, len(experiment.network.layers)):
            found = update(recording, frame, layer)
            assert found is not None
            assert found.start == min(frame, len(recording) - 2)
            assert found.weights.is_exact
            assert found.biases.is_exact
            assert (found.weights.after == recording[found.start + 1].W[layer]).all()


@pytest.mark.parametrize("batch_size", [1, 3])
def test_update_subtracts_the_gradient_of_the_batch(batch_size: int) -> None:
    training = TrainingSpec(steps=30, batch_size=batch_size)
    recording = train(Experiment(training=training, runs=(Run(init=Normal(seed=2)),)))[0]
    for frame in range(30):
        found = update(recording, frame, 1)
        assert found is not None
        assert found.batch is not None
        assert found.batch <= batch_size
        assert found.weights.is_exact
    latex = explain_update(recording, 3, 1).latex
    assert "of 4 examples; elsewhere dW1 is that of all" in latex


def test_update_marks_edits_by_hand() -> None:
    edit = Edit(step=7, parameter="W1", index=(1, 0), value=3.5)
    run = Run(init=Normal(seed=2), edits=(edit,))
    recording = train(Experiment(training=STEPS, runs=(run,)))[0]
    found = update(recording, 6, 1)
    assert found is not None
    assert found.weights.by_hand.tolist() == [[False, False], [True, False]]
    assert found.weights.is_exact
    assert "* set by hand in frame 7" in explain_update(recording, 6, 1).latex
    other = update(recording, 7, 1)
    assert other is not None
    assert not other.weights.by_hand.any()


def test_update_uses_the_rate_and_activation_of_its_frame() -> None:
    changes = (Change(step=10, learning_rate=2.0), Change(step=20, hidden="relu"))
    run = Run(init=Normal(scale=1.0, seed=2), changes=changes)
    recording = train(Experiment(training=STEPS, runs=(run,)))[0]
    found = [update(recording, frame, 1) for frame in range(30)]
    assert all(each is not None and each.weights.is_exact for each in found)
    assert [each.rate for each in found if each is not None] == [0.5] * 10 + [2.0] * 20


def test_update_without_a_step_explains_nothing() -> None:
    recording = train(Experiment(training=TrainingSpec(steps=0), runs=(Run(init=Zeros()),)))[0]
    assert update(recording, 0, 1) is None
    assert "no step" in explain_update(recording, 0, 1).lines[0].words


def test_large_matrix_is_abbreviated() -> None:
    network = NetworkSpec(layers=(2, 9, 1))
    recording = train(Experiment(training=STEPS, network=network))[1]
    text = explain_update(recording, 3, 1).latex
    assert r"\vdots" in text
    assert np.isfinite(recording[3].W[1]).all()


def test_diverged_run_is_explained() -> None:
    experiment = Experiment(
        training=TrainingSpec(steps=300, learning_rate=1e6),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        runs=(Run(init=Normal(scale=1.0, seed=1)),),
    )
    recording = train(experiment)[0]
    last = len(recording) - 1
    assert last < 300
    assert update(recording, last, 1) is not None
    assert explain_rows(recording.spec, recording.data, recording[last], FIRST).lines
