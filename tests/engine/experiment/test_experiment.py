"""Experiments: what is refused, in which words, and what a run overrides."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Explicit, Normal
from engine.studies.ensemble.study import EnsembleSpec


def with_edit(**edit: object) -> Experiment:
    return Experiment(runs=(Run(edits=(Edit(**{"step": 1, "value": 0.0} | edit),)),))  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "one layer": (
        lambda: NetworkSpec(layers=(2,)),
        "layers: expected a list, of length at least 2",
    ),
    "no unit": (
        lambda: NetworkSpec(layers=(2, 0, 1)),
        "layers[1]: expected a whole number, at least 1",
    ),
    "too wide": (
        lambda: NetworkSpec(layers=(2, 5000, 1)),
        "layers[1]: expected a whole number, at most 1,024",
    ),
    "too large": (lambda: NetworkSpec(layers=(1024,) * 4), "layers: more than 2,500,000"),
    "a fraction": (
        lambda: NetworkSpec(layers=(2, 2.5, 1)),  # type: ignore[arg-type]
        "layers[1]: expected a whole number, got a number",
    ),
    "misspelt": (lambda: NetworkSpec(hidden="tahn"), 'did you mean "tanh"?'),
    "three names": (lambda: NetworkSpec(hidden=("tanh",) * 3), "hidden: give one name, or 1"),
    "output": (
        lambda: NetworkSpec(output="linear"),
        'output: cross-entropy needs sigmoid or softmax, not "linear"',
    ),
    "loss": (lambda: NetworkSpec(loss="hinge"), 'unknown loss "hinge"'),
    "nan": (lambda: NetworkSpec(beta=float("nan")), "beta: expected a number, at least 1e-09"),
    "infinite rate": (lambda: TrainingSpec(learning_rate=float("inf")), "learning_rate: "),
    "no rate": (
        lambda: TrainingSpec(learning_rate=0.0),
        "learning_rate: expected a number, above 0",
    ),
    "true steps": (
        lambda: TrainingSpec(steps=True),
        "steps: expected a whole number, got true or false",
    ),
    "steps": (
        lambda: TrainingSpec(steps=10**9),
        "steps: expected a whole number, at most 10,000,000",
    ),
    "samples": (
        lambda: DataSpec(name="moons", samples=10**9),
        "samples: expected a whole number, at most 100,000",
    ),
    "activations": (
        lambda: Experiment(
            data=DataSpec(name="moons", samples=50_000), network=NetworkSpec(layers=(2, 1000, 1))
        ),
        "network.layers: 50,000 examples for all units are 50,050,000 activations; at most",
    ),
    "set": (lambda: DataSpec(name="mons"), 'did you mean "moons"?'),
    "both": (lambda: DataSpec(name="xor", points=((0.0, 0.0, 1.0),)), "points: excludes name"),
    "no points": (lambda: DataSpec(points=()), "points: give at least one point"),
    "nan point": (lambda: DataSpec(points=((float("nan"),),)), "points[0][0]: expected a number"),
    "inputs": (
        lambda: Experiment(network=NetworkSpec(layers=(3, 1))),
        'network.layers: begins with 3 and ends with 1, but the set "xor" has 2 inputs and 1',
    ),
    "three classes of two": (
        lambda: Experiment(network=NetworkSpec(layers=(2, 3))),
        'ends with 3, but the set "xor" has 2 inputs and 1 output, or one for each of 2 classes',
    ),
    "fewer samples than classes": (
        lambda: Experiment(
            data=DataSpec(name="blobs", samples=4), network=NetworkSpec(layers=(2, 5))
        ),
        "data.samples: 4 for 5 classes; give one for each at least",
    ),
    "short point": (
        lambda: Experiment(data=DataSpec(points=((0.0, 0.0, 1.0), (0.0, 1.0)))),
        "data.points: point 2 has 2 numbers; the network needs 3: 2 inputs, then 1 target",
    ),
    "labels of −1 and 1": (
        lambda: Experiment(data=DataSpec(points=((0.0, 0.0, 1.0), (0.0, 1.0, -1.0)))),
        "data.points: cross-entropy needs targets from 0 to 1, but point 2 has -1; use "
        "targets in this range, such as 0 and 1 for two classes, or another loss",
    ),
    "a target above 1 for one run": (
        lambda: Experiment(
            data=DataSpec(points=((0.0, 0.0, 2.0),)),
            network=NetworkSpec(loss="mean-squared-error"),
            runs=(Run(), Run(loss="cross-entropy")),
        ),
        "data.points: cross-entropy needs targets from 0 to 1, but point 1 has 2",
    ),
    "no run": (lambda: Experiment(runs=()), "run: expected a list, of length at least 1"),
    "five runs": (lambda: Experiment(runs=(Run(),) * 5), "run: 5 runs; at most 4 are compared"),
    "run's hidden": (
        lambda: Experiment(runs=(Run(), Run(hidden=("tanh", "relu")))),
        "run[1].hidden: give one name, or 1",
    ),
    "run's weights": (
        lambda: Experiment(runs=(Run(init=Explicit(W=(((1.0,),),))),)),
        "run[0].init.W: give W1 to W2",
    ),
    "no such layer": (
        lambda: with_edit(parameter="W3", index=(0, 0)),
        "run[0].edits[0].parameter: there is no W3 in a network of 2 layers",
    ),
    "no such name": (lambda: with_edit(parameter="V1", index=(0, 0)), "parameter: expected text"),
    "no such row": (
        lambda: with_edit(parameter="W1", index=(2, 0)),
        "run[0].edits[0].index: [2, 0] is outside the shape [2, 2] of W1",
    ),
    "no column": (
        lambda: with_edit(parameter="W1", index=(0,)),
        "run[0].edits[0].index: a weight needs two",
    ),
    "bias column": (
        lambda: with_edit(parameter="b1", index=(0, 1)),
        "run[0].edits[0].index: [0, 1] is outside the shape [2, 1] of b1",
    ),
    "no such example": (
        lambda: Experiment(example=4),
        "example: there are 4, of which the last is 3, counted from 0",
    ),
    "an example below": (lambda: Experiment(example=-1), "example: expected a whole number, at l"),
    "an example of a scene": (
        lambda: Experiment(example=1, scene=EnsembleSpec()),
        "example: means nothing to the scene ensemble; leave it out",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_value_is_rejected_with_its_field(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(UsageError) as refused:
        make()
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_targets_of_squared_error_may_be_any_numbers() -> None:
    data = DataSpec(points=((0.0, 0.0, -1.0), (0.0, 1.0, 7.5)))
    for output in ("sigmoid", "linear"):
        network = NetworkSpec(loss="mean-squared-error", output=output)
        assert Experiment(data=data, network=network).load_data().Y.tolist() == [[-1.0, 7.5]]


def test_the_defaults_are_xor_on_2_2_1() -> None:
    experiment = Experiment()
    assert experiment.data.set_name == "xor"
    assert experiment.network.layers == (2, 2, 1)
    assert experiment.training == TrainingSpec(learning_rate=0.5, steps=400)
    assert [run.name for run in experiment.runs] == ["zero", "random"]


def test_specs_from_lists_and_mappings_are_equal() -> None:
    listed = NetworkSpec(layers=[2, 2, 1], beta=1)  # type: ignore[arg-type]
    assert listed == NetworkSpec()
    assert hash(listed) == hash(NetworkSpec())
    assert isinstance(listed.layers, tuple)
    from_mappings = Experiment(network={"layers": [2, 3, 1]})  # type: ignore[arg-type]
    assert from_mappings.network == NetworkSpec(layers=(2, 3, 1))


def test_experiment_is_immutable() -> None:
    with pytest.raises(AttributeError):
        Experiment().title = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        Experiment().load_data().X[0, 0] = 1.0


def test_run_overrides_shared_settings() -> None:
    experiment = Experiment(
        runs=(Run(), Run(hidden="relu", loss="mean-squared-error", learning_rate=0.1))
    )
    plain, own = experiment.runs
    assert experiment.network_for(plain) is experiment.network
    assert experiment.network_for(own) == experiment.network.replace(
        hidden="relu", loss="mean-squared-error"
    )
    assert experiment.learning_rate_for(plain) == 0.5
    assert experiment.learning_rate_for(own) == 0.1


def test_given_points_become_columns() -> None:
    experiment = Experiment(
        data=DataSpec(points=((1.0, 2.0, 0.0, 1.0), (3.0, 4.0, 1.0, 0.0))),
        network=NetworkSpec(layers=(2, 3, 2)),
        runs=(Run(init=Normal()),),
    )
    data = experiment.load_data()
    np.testing.assert_array_equal(data.X, [[1, 3], [2, 4]])
    np.testing.assert_array_equal(data.Y, [[0, 1], [1, 0]])


def test_the_activation_of_each_hidden_layer() -> None:
    assert NetworkSpec(layers=(2, 3, 3, 1), hidden="relu").hidden_names == ("relu", "relu")
    assert NetworkSpec(layers=(2, 3, 3, 1), hidden=("relu", "tanh")).hidden_names[1] == "tanh"
    assert NetworkSpec(layers=(2, 1)).hidden_names == ()
    assert NetworkSpec(layers=(2, 3, 1)).parameter_count == 3 * 3 + 4


def test_display_fields_change_no_number() -> None:
    few, many = Experiment(), Experiment(data=DataSpec(name="moons"), example=150)
    shown = few.replace(title="Other", panels=("loss",), example=3)
    assert few.computes_like(shown)
    assert shown.computes_like(few)
    assert not few.computes_like(many)
    assert not many.computes_like(few)
