"""Which fields can be swept, and what a value does."""

import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run
from engine.experiment.sweep import field_named, fields_of, values_of, with_value
from engine.experiment.toml_writer import format_experiment
from engine.library.experiment_file import parse_experiment
from engine.nn.initializers import Constant, Normal, XavierFanIn, Zeros
from engine.studies.ensemble.study import EnsembleSpec, SweepSpec

PLAIN = Experiment(runs=(Run(init=Zeros()), Run(init=Normal(scale=0.1)), Run(init=Constant())))


def test_sweepable_fields_include_parts_and_scheme_parameters() -> None:
    assert fields_of(PLAIN) == [
        "data.samples",
        "data.noise",
        "data.flip",
        "network.beta",
        "training.learning_rate",
        "network.width",
        "network.depth",
        "init.scale",
        "init.value",
    ]
    assert "network.width" not in fields_of(Experiment(network=NetworkSpec(layers=(2, 1))))


def test_field_is_found_by_its_last_word() -> None:
    assert field_named(PLAIN, "scale") == field_named(PLAIN, "run.init.scale") == "init.scale"
    with pytest.raises(UsageError, match=r'did you mean "init\.scale"'):
        field_named(PLAIN, "init.scal")
    with pytest.raises(UsageError, match="unknown field"):
        field_named(Experiment(runs=(Run(init=XavierFanIn()),)), "scale")


def test_value_changes_every_run_that_has_the_field() -> None:
    zeros, normal, constant = with_value(PLAIN, "init.scale", 3.0).runs
    assert (zeros, constant) == (PLAIN.runs[0], PLAIN.runs[2])
    assert normal.init == Normal(scale=3.0)


def test_sizes_and_counts_are_rounded() -> None:
    assert with_value(PLAIN, "network.width", 4.4).network.layers == (2, 4, 1)
    assert with_value(PLAIN, "network.depth", 3.0).network.layers == (2, 2, 2, 2, 1)
    assert with_value(PLAIN, "data.samples", 99.6).data.samples == 100
    assert with_value(PLAIN, "training.learning_rate", 0.25).training.learning_rate == 0.25


def test_invalid_value_is_rejected_with_field_and_value() -> None:
    with pytest.raises(UsageError, match=r"network\.width = 0: layers"):
        with_value(PLAIN, "network.width", 0.0)


def test_logarithmic_values_are_rounded_decimals() -> None:
    assert values_of(1e-4, 100.0, 7, True) == [1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0, 100.0]
    assert values_of(2.0, 9.0, 1, False) == [2.0]


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ({"field": "init.skale"}, 'did you mean "init.scale"'),
        ({"start": 0.0}, "start: must be above 0 in a logarithmic range"),
        ({"start": 3.0, "stop": 1.0}, "stop: must be above start"),
        ({"seeds": 9_000_000, "count": 100}, "seeds: "),
        (
            {"field": "network.width", "start": 1.0, "stop": 5000.0, "count": 2},
            "network.width = 5000",
        ),
    ],
)
def test_invalid_sweep_is_rejected(scene: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Experiment(runs=PLAIN.runs, scene=SweepSpec(**scene))  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["training.learning_rate", "data.samples", "data.noise"])
def test_field_without_effect_is_rejected(field: str) -> None:
    runs = (Run(init=Normal(), learning_rate=0.1),)
    sweep = SweepSpec(field=field, start=2.0, stop=4.0, count=2)
    with pytest.raises(UsageError, match=f"{field} changes nothing here"):
        Experiment(runs=runs, scene=sweep)
    moons = DataSpec(name="moons")
    some = Experiment(runs=(*runs, Run(init=Normal())), data=moons, scene=sweep)
    assert some.scene == sweep


def test_invalid_ensemble_is_rejected() -> None:
    for seeds in (0, 10**12):
        with pytest.raises(UsageError, match="seeds"):
            EnsembleSpec(seeds=seeds)
    with pytest.raises(UsageError, match="draw: the data"):
        Experiment(scene=EnsembleSpec(draw="weights-and-data"))
    with pytest.raises(UsageError, match="at most 4 are compared"):
        Experiment(runs=tuple(Run(name=str(i)) for i in range(5)))
    six = tuple(Run(name=str(i)) for i in range(6))
    assert len(Experiment(runs=six, scene=EnsembleSpec()).runs) == 6


def test_sweep_round_trip_through_a_file() -> None:
    experiment = Experiment(runs=PLAIN.runs, scene=SweepSpec(field="init.scale", seeds=7))
    assert parse_experiment(format_experiment(experiment)) == experiment
