"""Networks built step by step: what is set by hand goes with what it was set on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.editing.resizing import ResizeKind, Resizing, fitted, with_activation
from engine.errors import UsageError
from engine.experiment.experiment import Change, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Explicit, Normal, Perturbed
from engine.training.training import train

SIZES = (2, 3, 4, 2, 1)
NAMES = ("relu", "tanh", "sigmoid")


def every_parameter(sizes: tuple[int, ...], step: int) -> tuple[Edit, ...]:
    """Set every weight to 100 l + 10 row + column, and every bias to its negative less 0.5."""
    edits = []
    for layer in range(1, len(sizes)):
        for row in range(sizes[layer]):
            for column in range(sizes[layer - 1]):
                value = 100.0 * layer + 10.0 * row + column
                edits.append(
                    Edit(step=step, parameter=f"W{layer}", index=(row, column), value=value)
                )
            bias = -100.0 * layer - 10.0 * row - 0.5
            edits.append(Edit(step=step, parameter=f"b{layer}", index=(row,), value=bias))
    return tuple(edits)


FULL = Experiment(
    network=NetworkSpec(layers=SIZES, hidden=NAMES),
    training=TrainingSpec(steps=0),
    runs=(Run(init=Normal(), edits=every_parameter(SIZES, 0)), Run(hidden="tanh")),
)


def numbers(experiment: Experiment) -> dict[str, np.ndarray]:
    """The first parameters of run 0, of which those not set by hand are small."""
    recording = train(experiment)[0]
    named = recording.layout.view(recording.parameters(0, 1)[0])
    return {name: np.where(np.abs(array) > 1.0, array, 0.0) for name, array in named.items()}


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_units_are_added_and_removed_at_the_end_of_a_layer(layer: int) -> None:
    before = numbers(FULL)
    more = Resizing(ResizeKind.ADD_UNIT, layer).apply(FULL)
    less = Resizing(ResizeKind.REMOVE_UNIT, layer).apply(FULL)
    assert more.experiment.network.layers[layer] == SIZES[layer] + 1
    assert less.experiment.network.layers[layer] == SIZES[layer] - 1
    assert more.dropped == 0
    assert less.dropped == SIZES[layer - 1] + 1 + SIZES[layer + 1]
    for name, array in numbers(more.experiment).items():
        rows, columns = before[name].shape
        np.testing.assert_array_equal(array[:rows, :columns], before[name])
        assert not array[rows:].any()
        assert not array[:, columns:].any()
    for name, array in numbers(less.experiment).items():
        rows, columns = array.shape
        np.testing.assert_array_equal(array, before[name][:rows, :columns])


@pytest.mark.parametrize(("layer", "unit"), [(1, 0), (1, 2), (2, 1), (3, 0)])
@pytest.mark.parametrize("wrapped", [False, True])
def test_chosen_unit_is_removed_from_edits_and_given_numbers(
    layer: int, unit: int, wrapped: bool
) -> None:
    before = numbers(FULL)
    rows = [before[f"W{i}"].tolist() for i in range(1, len(SIZES))]
    given = Explicit(
        W=tuple(tuple(map(tuple, matrix)) for matrix in rows),
        b=tuple(tuple(before[f"b{i}"][:, 0].tolist()) for i in (1, 2)),  # the others are zero
    )
    init = Perturbed(base=given, epsilon=0.0) if wrapped else given
    resizing = Resizing(ResizeKind.REMOVE_UNIT, layer, unit)
    assert resizing.text == f"Remove unit {unit + 1} of layer {layer}"
    for experiment in (FULL, FULL.replace(runs=(Run(init=init),))):
        full = numbers(experiment)
        less, dropped = resizing.apply(experiment)
        after = numbers(less)
        for name, array in full.items():
            expected = array
            if int(name[1:]) == layer:
                expected = np.delete(array, unit, axis=0)
            elif name == f"W{layer + 1}":
                expected = np.delete(array, unit, axis=1)
            np.testing.assert_array_equal(after[name], expected)
    assert dropped == 0
    assert resizing.apply(FULL).dropped == SIZES[layer - 1] + 1 + SIZES[layer + 1]


def test_removing_a_missing_unit_is_rejected() -> None:
    with pytest.raises(UsageError, match="no unit 4 in layer 1"):
        Resizing(ResizeKind.REMOVE_UNIT, 1, 3).apply(FULL)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_added_layer_leaves_other_edits_in_place(after: int) -> None:
    before = numbers(FULL)
    result = Resizing(ResizeKind.ADD_LAYER, after).apply(FULL)
    sizes = result.experiment.network.layers
    assert sizes[: after + 1] + sizes[after + 2 :] == SIZES
    assert sizes[after + 1] == (SIZES[1] if after == 0 else SIZES[after])
    assert result.dropped == SIZES[after] * SIZES[after + 1]
    assert result.experiment.network.hidden_names[after] == NAMES[max(0, after - 1)]
    now = numbers(result.experiment)
    for layer in range(1, len(SIZES)):
        moved = layer + (layer > after)
        np.testing.assert_array_equal(now[f"b{moved}"], before[f"b{layer}"])
        if layer != after + 1:
            np.testing.assert_array_equal(now[f"W{moved}"], before[f"W{layer}"])


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_removed_layer_drops_only_its_incoming_and_outgoing_edits(layer: int) -> None:
    before = numbers(FULL)
    result = Resizing(ResizeKind.REMOVE_LAYER, layer).apply(FULL)
    assert result.experiment.network.layers == SIZES[:layer] + SIZES[layer + 1 :]
    assert result.experiment.network.hidden_names == NAMES[: layer - 1] + NAMES[layer:]
    gone = (SIZES[layer - 1] + 1) * SIZES[layer] + SIZES[layer] * SIZES[layer + 1]
    assert result.dropped == gone
    now = numbers(result.experiment)
    for old in {1, 2, 3, 4} - {layer}:
        moved = old - (old > layer)
        np.testing.assert_array_equal(now[f"b{moved}"], before[f"b{old}"])
        if old != layer + 1:
            np.testing.assert_array_equal(now[f"W{moved}"], before[f"W{old}"])


@given(st.lists(st.tuples(st.sampled_from(ResizeKind), st.integers(0, 5)), max_size=12))
def test_any_sequence_of_resizings_gives_a_valid_experiment_or_an_error(
    steps: list[tuple[ResizeKind, int]],
) -> None:
    experiment, edits = FULL, len(FULL.runs[0].edits)
    for kind, layer in steps:
        try:
            experiment, dropped = Resizing(kind, layer).apply(experiment)
        except UsageError:
            continue
        edits -= dropped
        hidden = len(experiment.network.layers) - 2
        assert len(experiment.network.hidden_names) == hidden
    assert len(experiment.runs[0].edits) == edits


def test_only_hidden_layer_can_be_removed_and_added_again() -> None:
    small = Experiment(network=NetworkSpec(hidden=("relu",)), runs=(Run(hidden=("sigmoid",)),))
    none = Resizing(ResizeKind.REMOVE_LAYER, 1).apply(small).experiment
    assert none.network.layers == (2, 1)
    again = Resizing(ResizeKind.ADD_LAYER, 0).apply(none).experiment
    assert again.network.layers == (2, 2, 1)
    assert again.network.hidden_names == ("relu",)
    assert again.network_for(again.runs[0]).hidden_names == ("sigmoid",)


def test_changes_have_an_activation_for_each_hidden_layer() -> None:
    change = Change(step=3, hidden=("relu", "tanh"))
    experiment = Experiment(
        network=NetworkSpec(layers=(2, 2, 2, 1)), runs=(Run(changes=(change,)),)
    )
    more = Resizing(ResizeKind.ADD_LAYER, 1).apply(experiment).experiment
    assert more.network_for(more.runs[0], 3).hidden_names == ("relu", "relu", "tanh")
    less = Resizing(ResizeKind.REMOVE_LAYER, 2).apply(experiment).experiment
    assert less.network_for(less.runs[0], 3).hidden_names == ("relu",)


@pytest.mark.parametrize("wrapped", [False, True])
def test_resizing_rejects_given_numbers(wrapped: bool) -> None:
    given = Explicit(W=(((1.0, 2.0), (3.0, 4.0)), ((5.0, 6.0),)))
    run = Run(init=Perturbed(base=given) if wrapped else given)
    with pytest.raises(UsageError, match=r"run\[1\].init: gives the first weights as numbers"):
        Resizing(ResizeKind.ADD_UNIT, 1).apply(Experiment(runs=(Run(), run)))


@pytest.mark.parametrize("layer", [0, 4, 9])
def test_only_hidden_layers_can_be_resized(layer: int) -> None:
    with pytest.raises(UsageError, match=f"no hidden layer {layer}"):
        Resizing(ResizeKind.ADD_UNIT, layer).apply(FULL)


def test_fitted_keeps_edits_that_fit() -> None:
    network, runs, dropped = fitted(FULL, (2, 3, 4, 2, 2, 1))
    assert network.hidden_names == (*NAMES, "sigmoid")
    assert (len(runs[0].edits), dropped) == (len(FULL.runs[0].edits), 0)
    network, runs, dropped = fitted(FULL, (2, 3, 1))
    assert network.hidden_names == ("relu",)
    assert {edit.parameter for edit in runs[0].edits} == {"W1", "b1", "W2", "b2"}
    assert dropped == len(FULL.runs[0].edits) - len(runs[0].edits)


def test_activation_changes_for_all_runs_or_one() -> None:
    every = with_activation(FULL, 2, "linear")
    assert every.network.hidden == ("relu", "linear", "sigmoid")
    assert every.runs[1].hidden == "tanh"
    one = with_activation(FULL, 2, "linear", run=1)
    assert one.network.hidden == NAMES
    assert one.runs[1].hidden == ("tanh", "linear", "tanh")
    assert with_activation(one, 2, "tanh", run=1).runs[1].hidden == "tanh"
    with pytest.raises(UsageError, match="activation"):
        with_activation(FULL, 1, "tan")


@pytest.mark.parametrize(
    ("before", "kind", "layer", "unit", "after"),
    [
        ("dW2[3,2]", ResizeKind.REMOVE_UNIT, 2, 0, "dW2[2,2]"),
        ("dW2[3,2]", ResizeKind.REMOVE_UNIT, 1, 1, "dW2[3,1]"),
        ("dW2[3,2]", ResizeKind.REMOVE_UNIT, 2, 3, None),
        ("A3[1]", ResizeKind.REMOVE_UNIT, 3, 0, "A3[0]"),
        ("Z3[1]", ResizeKind.REMOVE_LAYER, 2, None, "Z2[1]"),
        ("db4[0,0]", ResizeKind.ADD_LAYER, 0, None, "db5[0,0]"),
        ("dW1[0,1]", ResizeKind.ADD_UNIT, 1, None, "dW1[0,1]"),
    ],
)
def test_the_explained_number_goes_with_its_unit(
    before: str, kind: ResizeKind, layer: int, unit: int | None, after: str | None
) -> None:
    experiment = FULL.replace(explained=before)
    assert Resizing(kind, layer, unit).apply(experiment).experiment.explained == after
