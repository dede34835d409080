"""The links of the induction are compared with their frames."""

import numpy as np
import pytest

from engine.experiment.experiment import Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.explain.induction import Links, Pair, entries, links, widest_pair
from engine.nn.initializers import Explicit, Normal, Symmetric
from engine.training.comparison import compare

ROWS = Explicit(W=(((0.5, 0.5), (0.5, 0.5)), ((0.5, -0.4),)))
EQUAL = Symmetric(scale=1.0, seed=3)


def test_links_of_equal_units_are_zero() -> None:
    (run,) = compare(
        Experiment(training=TrainingSpec(steps=30), runs=(Run(init=EQUAL),))
    ).recordings
    assert {links(frame) for frame in run} == {Links(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)}


def test_links_break_in_one_step_after_unequal_outgoing_weights() -> None:
    (run,) = compare(Experiment(training=TrainingSpec(steps=2), runs=(Run(init=ROWS),))).recordings
    first = links(run[0])
    assert first.factors == ("outgoing",)
    assert (first.incoming, first.bias, first.activation) == (0.0, 0.0, 0.0)
    assert first.outgoing == 0.9
    assert first.error > 0.0
    assert first.gradient == np.abs(run[0].dW[1][0] - run[0].dW[1][1]).max() > 0.0
    assert links(run[1]).factors == ("incoming", "bias", "outgoing")


@pytest.mark.parametrize(
    ("parameter", "index", "factor"),
    [("W1", (0, 1), "incoming"), ("b1", (1,), "bias"), ("W2", (0, 0), "outgoing")],
)
def test_links_name_the_factor_of_an_edit(
    parameter: str, index: tuple[int, ...], factor: str
) -> None:
    edit = Edit(step=7, parameter=parameter, index=index, value=2.0)
    run = Run(init=EQUAL, edits=(edit,))
    comparison = compare(Experiment(training=TrainingSpec(steps=9), runs=(run,)))
    broken = comparison.diagnostics[0].symmetric_until
    assert broken == 7
    assert links(comparison.recordings[0][6]).factors == ()
    assert links(comparison.recordings[0][7]).factors == (factor,)


def test_links_are_the_largest_difference_in_any_hidden_layer() -> None:
    network = NetworkSpec(layers=(2, 1, 3, 1))
    run = Run(init=Normal(scale=1.0, seed=1))
    experiment = Experiment(network=network, training=TrainingSpec(steps=1), runs=(run,))
    frame = compare(experiment).recordings[0][0]
    assert links(frame).incoming == np.ptp(frame.W[2], axis=0).max()
    assert links(frame).outgoing == np.ptp(frame.W[3].T, axis=0).max()


def test_links_without_two_units_are_zero() -> None:
    experiment = Experiment(network=NetworkSpec(layers=(2, 1)), training=TrainingSpec(steps=1))
    assert links(compare(experiment).recordings[1][1]) == Links(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert widest_pair(compare(experiment).recordings[1][1]) is None


def test_widest_pair_differs_most_and_its_entries_are_those_of_the_frame() -> None:
    network = NetworkSpec(layers=(2, 3, 5, 1))
    run = Run(init=Normal(scale=1.0, seed=4))
    experiment = Experiment(network=network, training=TrainingSpec(steps=3), runs=(run,))
    frame = compare(experiment).recordings[0][3]
    pair = widest_pair(frame)
    assert pair is not None
    found = entries(frame, pair)
    most = max(links(frame).incoming, links(frame).bias, links(frame).outgoing)
    assert max(found[name].difference for name in ("incoming", "bias", "outgoing")) == most
    rows = {"activation": frame.A, "error": frame.dZ, "gradient": frame.dW}
    for name, arrays in rows.items():
        one, other = arrays[pair.layer][pair.first], arrays[pair.layer][pair.second]
        place = found[name].place
        assert (found[name].first, found[name].second) == (one[place], other[place])
        assert found[name].difference == np.abs(one - other).max()


def test_widest_pair_of_equal_units_is_the_first_with_the_first_example() -> None:
    run = Run(init=EQUAL)
    (recording,) = compare(Experiment(training=TrainingSpec(steps=5), runs=(run,))).recordings
    assert widest_pair(recording[5]) == Pair(1, 0, 1)
    found = entries(recording[5], Pair(1, 0, 1))
    assert {each.place for each in found.values()} == {0}
    assert {each.difference for each in found.values()} == {0.0}
    assert found["activation"].first == recording[5].A[1][1, 0]
