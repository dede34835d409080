"""Experiments as text: loss-free, and laid out for people."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.experiment.experiment import (
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.library.experiment_file import format_experiment, parse_experiment, write_experiment
from engine.nn.activations import ACTIVATIONS
from engine.nn.datasets import DATASETS
from engine.nn.initializers import (
    SCHEMES,
    Constant,
    Explicit,
    Initializer,
    Normal,
    Perturbed,
    Zeros,
)

reals = st.floats(-1e12, 1e12)
positives = st.floats(0.0, 1e12, exclude_min=True)
seeds = st.integers(0, 2**63 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=30)
hidden_names = st.sampled_from(sorted(ACTIVATIONS))
sizes = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)


@st.composite
def schemes(draw: st.DrawFn, layers: tuple[int, ...], nested: bool = False) -> Initializer:
    scheme: Any = SCHEMES[draw(st.sampled_from(sorted(SCHEMES)))]
    seed = 0 if nested else draw(seeds)
    if scheme is Explicit:
        shapes = list(zip(layers[1:], layers, strict=False))
        W = tuple(
            tuple(tuple(draw(reals) for _ in range(columns)) for _ in range(rows))
            for rows, columns in shapes
        )
        b = tuple(
            tuple(draw(reals) for _ in range(draw(st.sampled_from([0, rows]))))
            for rows, _ in shapes
        )
        return Explicit(seed=seed, W=W, b=b[: draw(st.integers(0, len(b)))])
    if scheme is Perturbed:
        base = draw(schemes(layers, nested=True))
        while isinstance(base, Perturbed):
            base = base.base
        return Perturbed(seed=seed, base=base, epsilon=draw(st.floats(0.0, 1e12)))
    numbers = {
        field.name: draw(st.floats(0.0, 1e12))
        for field in msgspec.structs.fields(scheme)
        if field.name not in ("seed", "bias")
    }
    if "low" in numbers:
        numbers["low"], numbers["high"] = sorted((numbers["low"], numbers["high"]))
    biases = st.one_of(reals, st.sampled_from([Zeros(), Constant(value=-0.0), Normal(scale=2.0)]))
    initializer: Initializer = scheme(seed=seed, bias=draw(biases), **numbers)
    return initializer


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    loss, output = draw(
        st.sampled_from(
            [("cross-entropy", "sigmoid")]
            + [("mean-squared-error", o) for o in ("sigmoid", "linear")]
        )
    )
    if draw(st.booleans()):
        layers = (2, *draw(sizes)[1:-1], 1)
        data = DataSpec(
            name=draw(st.sampled_from(sorted(DATASETS))),
            samples=draw(st.integers(2, 50)),
            noise=draw(st.floats(0.0, 1e3)),
            flip=draw(st.floats(0.0, 0.5)),
            seed=draw(seeds),
        )
    else:
        layers = draw(sizes)
        targets = st.floats(0.0, 1.0) if loss == "cross-entropy" else reals
        row = st.tuples(*[reals] * layers[0], *[targets] * layers[-1])
        data = DataSpec(points=tuple(draw(st.lists(row, min_size=1, max_size=5))), seed=draw(seeds))
    depth = len(layers) - 2
    hidden = st.one_of(hidden_names, st.tuples(*[hidden_names] * depth))
    edits = st.lists(
        st.builds(
            Edit,
            step=st.integers(0, 100),
            parameter=st.just(f"W{len(layers) - 1}"),
            index=st.tuples(st.integers(0, layers[-1] - 1), st.integers(0, layers[-2] - 1)),
            value=reals,
        ),
        max_size=3,
    ).map(tuple)
    changes = st.lists(
        st.builds(
            Change,
            step=st.integers(1, 10**7),
            learning_rate=positives,
            hidden=st.none() | hidden,
        ),
        max_size=3,
        unique_by=lambda change: change.step,
    ).map(lambda several: tuple(sorted(several, key=lambda change: change.step)))
    runs = st.builds(
        Run,
        name=texts,
        init=schemes(layers),
        learning_rate=st.none() | positives,
        hidden=st.none() | hidden,
        loss=st.none() | st.just("mean-squared-error"),
        edits=edits,
        changes=changes,
    )
    return Experiment(
        title=draw(texts),
        notes=draw(texts),
        example=draw(st.integers(0, data.count - 1)),
        data=data,
        network=NetworkSpec(
            layers=layers,
            hidden=draw(hidden),
            output=output,
            loss=loss,
            beta=draw(st.floats(1e-9, 1e9)),
        ),
        training=TrainingSpec(learning_rate=draw(positives), steps=draw(st.integers(0, 10**7))),
        runs=tuple(draw(st.lists(runs, min_size=1, max_size=3))),
    )


SINGLE_ROW = Experiment(
    network=NetworkSpec(layers=(2, 1)), runs=(Run(init=Perturbed(base=SCHEMES["symmetric"]())),)
)


@given(experiments())
@example(SINGLE_ROW)
def test_experiment_round_trip_is_bit_exact(experiment: Experiment) -> None:
    text = format_experiment(experiment)
    again = parse_experiment(text)
    assert again == experiment
    assert repr(again) == repr(experiment)  # distinguishes -0.0 from 0.0
    assert format_experiment(again) == text


def test_written_file_has_the_expected_layout() -> None:
    edits = (Edit(step=37, parameter="W1", index=(0, 1), value=0.3),)
    runs = Run(name="zero"), Run(name="random", init=Normal(scale=0.01, seed=3), edits=edits)
    lines = format_experiment(Experiment(runs=runs)).splitlines()
    assert lines[0] == "format = 1"
    for line in (
        "layers = [2, 2, 1]",
        'init = { scheme = "zeros" }',
        'init = { scheme = "normal", scale = 0.01, seed = 3 }',
        'edits = [{ step = 37, parameter = "W1", index = [0, 1], value = 0.3 }]',
    ):
        assert line in lines
    assert "samples" not in format_experiment(Experiment())  # xor is not drawn


def test_long_texts_and_points_are_written_line_by_line() -> None:
    points = tuple((float(i), 0.5, 1.0) for i in range(50))
    text = format_experiment(Experiment(notes="One.\nTwo.", data=DataSpec(points=points)))
    assert 'notes = """\nOne.\nTwo."""' in text
    assert "\n    [7.0, 0.5, 1.0],\n" in text


def test_long_given_weights_become_a_section() -> None:
    W = (tuple((0.123456789, i / 7) for i in range(12)), (tuple(i / 3 for i in range(12)),))
    experiment = Experiment(
        network=NetworkSpec(layers=(2, 12, 1)), runs=(Run(name="given", init=Explicit(W=W)),)
    )
    text = format_experiment(experiment)
    assert "[run.init]\n" in text
    assert max(map(len, text.splitlines())) < 300
    assert parse_experiment(text) == experiment


def test_invalid_unicode_is_rejected_before_writing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no character"):
        write_experiment(Experiment(title="\ud800"), tmp_path / "x.toml")
    assert not list(tmp_path.iterdir())
