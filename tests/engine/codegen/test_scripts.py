"""Scripts are run as a reader would run them, and give what the engine gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.codegen.numpy_code import is_exact
from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import BUILT_INS, built_in
from engine.nn.initializers import (
    Constant,
    GlorotUniform,
    HeNormal,
    Initializer,
    Normal,
    Orthogonal,
    Perturbed,
    Uniform,
    UniformFanIn,
    Zeros,
)
from engine.training.recording import Finish, Recording
from engine.training.training import train

STARTS: list[Initializer] = [
    Zeros(),
    Constant(value=0.1, bias=0.25),
    Normal(scale=0.7, seed=3),
    Uniform(limit=0.9, seed=4),
    UniformFanIn(seed=5),
    GlorotUniform(seed=6, bias=-0.5),
    HeNormal(seed=2**40),
    Orthogonal(seed=8),
    Perturbed(base=Constant(value=0.5), epsilon=0.01, seed=9),
    Normal(scale=0.5, seed=1, bias=Normal(scale=0.2)),
]


@st.composite
def trainings(draw: st.DrawFn) -> Experiment:
    hidden = draw(st.lists(st.integers(1, 5), min_size=0, max_size=3))
    loss = draw(st.sampled_from(["cross-entropy", "mean-squared-error"]))
    units = st.sampled_from(["tanh", "sigmoid", "relu", "linear"])
    outputs = draw(st.integers(1, 2))
    numbers = st.integers(-8, 8).map(lambda n: n / 4)
    targets = st.sampled_from([0.0, 0.5, 1.0]) if loss == "cross-entropy" else numbers
    point = st.tuples(numbers, numbers, *[targets] * outputs)
    points = draw(st.lists(point, min_size=1, max_size=12))
    edits = draw(
        st.lists(
            st.builds(
                Edit,
                step=st.integers(0, 12),
                parameter=st.sampled_from(["W1", "b1"]),
                index=st.just((0, 0)),
                value=st.floats(-1.0, 1.0),
            ),
            max_size=2,
        )
    )
    run = Run(
        name=draw(st.sampled_from(["", "a", 'quotes " and \\ and """'])),
        init=draw(st.sampled_from(STARTS)),
        learning_rate=draw(st.one_of(st.none(), st.floats(0.01, 0.5))),
        edits=tuple(edits),
    )
    return Experiment(
        title=draw(st.sampled_from(["plain", 'with """ quotes', "ünï\\"])),
        data=DataSpec(points=tuple(points)),
        network=NetworkSpec(
            layers=(2, *hidden, outputs),
            hidden=tuple(draw(units) for _ in hidden),
            loss=loss,
            output="sigmoid"
            if loss == "cross-entropy"
            else draw(st.sampled_from(["sigmoid", "linear"])),
            beta=draw(st.sampled_from([1.0, 1.0, 2.0, 0.3])),
        ),
        training=TrainingSpec(
            learning_rate=0.2,
            steps=draw(st.integers(0, 12)),
            batch_size=draw(st.one_of(st.none(), st.integers(1, 12))),
        ),
        runs=(run,),
    )


def calm(experiment: Experiment) -> Recording:
    """Train an experiment; pass over those that run away, where rounding is all that counts."""
    (recording,) = train(experiment)
    assume(recording.finish is Finish.COMPLETED)
    assume(recording.losses.max() < 100.0)
    return recording


def ran(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "script.py", "exec"), names)
    return names


@settings(max_examples=80, deadline=None)
@given(trainings())
def test_numpy_gives_the_same_bits(experiment: Experiment) -> None:
    recording = calm(experiment)
    text = SCRIPTS["NumPy"](experiment, 0)
    names, last = ran(text), recording[-1]
    tolerance = 0.0 if is_exact(experiment) else 1e-9
    assert ("to the last bit" in text) == is_exact(experiment)
    np.testing.assert_allclose(names["losses"], recording.losses, rtol=tolerance, atol=tolerance)
    for layer in range(1, recording.layout.depth + 1):
        for mine, theirs in ((names["W"], last.W), (names["b"], last.b)):
            found, wanted = mine[layer - 1], theirs[layer]
            np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


STORIES = [name for name in BUILT_INS if built_in(name).scene is None]


@pytest.mark.parametrize("name", STORIES)
def test_numpy_repeats_every_built_in_experiment(name: str) -> None:
    experiment = built_in(name)
    with np.errstate(all="ignore"):
        recordings = train(experiment)
        for number, recording in enumerate(recordings):
            names = ran(SCRIPTS["NumPy"](experiment, number))
            assert names["losses"][: len(recording)] == recording.losses.tolist()


def test_labels_that_were_flipped_are_written_as_they_are() -> None:
    right = Experiment(data=DataSpec(name="moons", samples=20), training=TrainingSpec(steps=5))
    wrong = replace(right, data=replace(right.data, flip=0.25))
    names = ran(SCRIPTS["NumPy"](wrong, 1))
    assert (names["Y"] != right.load_data().Y).sum() == 5
    assert names["losses"] == train(wrong)[1].losses.tolist()


def _check_but_for_rounding(library: str, experiment: Experiment) -> None:
    recording = calm(experiment)
    names, last = ran(SCRIPTS[library](experiment, 0)), recording[-1]
    np.testing.assert_allclose(names["losses"], recording.losses, rtol=1e-9, atol=1e-14)
    for layer in range(1, recording.layout.depth + 1):
        for mine, theirs in ((names["W"], last.W), (names["b"], last.b)):
            found = mine[layer - 1]
            found = found.detach() if library == "PyTorch" else found
            np.testing.assert_allclose(np.asarray(found), theirs[layer], rtol=1e-9, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(trainings())
def test_torch_gives_the_same_but_for_rounding(experiment: Experiment) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: its script is not run")
    _check_but_for_rounding("PyTorch", experiment)


@settings(max_examples=15, deadline=None)  # each is compiled
@given(trainings())
def test_jax_gives_the_same_but_for_rounding(experiment: Experiment) -> None:
    pytest.importorskip("jax", reason="JAX is not installed: its script is not run")
    _check_but_for_rounding("JAX", experiment)


@pytest.mark.parametrize("library", SCRIPTS)
def test_a_script_is_short_and_says_what_it_repeats(library: str) -> None:
    text = SCRIPTS[library](built_in("zero-vs-random"), 1)
    assert text.startswith(f'"""Zero against random, run "random", in {library}.\n')
    assert len(text.splitlines()) < 90
    assert max(map(len, text.splitlines())) <= 100
