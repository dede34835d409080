"""Copied scripts run and give the engine's numbers."""

from typing import final

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.codegen.numpy_code import is_exact
from engine.codegen.scripts import SCRIPTS
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
from engine.library.built_ins import BUILT_INS, built_in
from engine.nn.activations import ACTIVATIONS, Activation
from engine.nn.code import Code
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
from engine.nn.losses import MeanSquaredError
from engine.training.recording import Finish, Recording
from engine.training.training import train
from engine.types import Array
from tests.engine.codegen.script_runner import run_here, run_in_a_process

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


@settings(max_examples=80, deadline=None)
@given(trainings())
def test_numpy_script_gives_the_same_bits(experiment: Experiment) -> None:
    recording = calm(experiment)
    text = SCRIPTS["NumPy"](experiment, 0)
    found, last = run_here(text), recording[-1]
    tolerance = 0.0 if is_exact(experiment) else 1e-9
    assert ("to the last bit" in text) == is_exact(experiment)
    np.testing.assert_allclose(found.losses, recording.losses, rtol=tolerance, atol=tolerance)
    for layer in range(1, recording.layout.depth + 1):
        for mine, theirs in ((found.W, last.W), (found.b, last.b)):
            np.testing.assert_allclose(
                mine[layer - 1], theirs[layer], rtol=tolerance, atol=tolerance
            )


STORIES = [name for name in BUILT_INS if built_in(name).scene is None]


@pytest.mark.parametrize("name", STORIES)
def test_numpy_script_repeats_every_built_in_experiment(name: str) -> None:
    experiment = built_in(name)
    with np.errstate(all="ignore"):
        recordings = train(experiment)
        for number, recording in enumerate(recordings):
            found = run_here(SCRIPTS["NumPy"](experiment, number))
            assert found.losses[: len(recording)] == recording.losses.tolist()


def test_flipped_labels_are_written_as_numbers() -> None:
    right = Experiment(data=DataSpec(name="moons", samples=20), training=TrainingSpec(steps=5))
    wrong = replace(right, data=replace(right.data, flip=0.25))
    assert (wrong.load_data().Y != right.load_data().Y).sum() == 5
    found = run_here(SCRIPTS["NumPy"](wrong, 1))
    assert found.losses == train(wrong)[1].losses.tolist()


@pytest.mark.parametrize("library", ["JAX", "PyTorch"])
def test_other_libraries_give_the_same_up_to_rounding(library: str) -> None:
    """With mini-batches, edits, changes, several outputs and a steepness."""
    module = {"JAX": "jax", "PyTorch": "torch"}[library]
    pytest.importorskip(module, reason=f"{library} is not installed: its script is not run")
    points = tuple((a / 2, b / 2, float(a > b), float(a == b)) for a in range(2) for b in range(3))
    edits = (
        Edit(step=2, parameter="W1", index=(0, 1), value=0.5),
        Edit(step=0, parameter="b2", index=(0,), value=-0.5),
    )
    changes = (Change(step=3, learning_rate=0.05, hidden="sigmoid"),)
    experiment = Experiment(
        data=DataSpec(points=points),
        network=NetworkSpec(layers=(2, 3, 2), beta=2.0),
        training=TrainingSpec(steps=6, learning_rate=0.2, batch_size=3),
        runs=(Run(init=Normal(scale=0.7, seed=3), edits=edits, changes=changes),),
    )
    (result,), recording = run_in_a_process([SCRIPTS[library](experiment, 0)]), train(experiment)[0]
    np.testing.assert_allclose(result.losses, recording.losses, rtol=1e-9, atol=1e-14)
    for layer in range(1, recording.layout.depth + 1):
        for mine, theirs in ((result.W, recording[-1].W), (result.b, recording[-1].b)):
            np.testing.assert_allclose(mine[layer - 1], theirs[layer], rtol=1e-9, atol=1e-12)


@final
class Unwritten(Activation):
    """An activation without code for any library but NumPy."""

    name = "unwritten"
    formula = "z"
    code = Code(numpy="{z}")
    slope_code = Code(numpy="np.ones_like({a})")

    def value(self, z: Array, out: Array) -> None:
        out[...] = z

    def slope(self, z: Array, a: Array, out: Array) -> None:
        out.fill(1.0)


@pytest.mark.parametrize("library", ["PyTorch", "JAX"])
def test_activation_without_code_for_a_library_is_refused(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "unwritten", Unwritten())
    experiment = Experiment(
        network=NetworkSpec(hidden="unwritten"), training=TrainingSpec(steps=2), runs=(Run(),)
    )
    assert run_here(SCRIPTS["NumPy"](experiment, 0)).losses == train(experiment)[0].losses.tolist()
    with pytest.raises(UsageError, match=f"activation unwritten has no code for {library}"):
        SCRIPTS[library](experiment, 0)


@pytest.mark.parametrize("library", ["NumPy", "PyTorch", "JAX"])
def test_loss_without_code_for_a_library_is_refused(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MeanSquaredError, "code", Code())
    experiment = Experiment(network=NetworkSpec(loss="mean-squared-error"))
    with pytest.raises(UsageError, match=f"loss mean-squared-error has no code for {library}"):
        SCRIPTS[library](experiment, 0)


@pytest.mark.parametrize("library", SCRIPTS)
def test_script_is_short_and_names_the_run(library: str) -> None:
    text = SCRIPTS[library](built_in("zero-vs-random"), 1)
    assert text.startswith(f'"""Zero against random, run "random", in {library}.\n')
    assert len(text.splitlines()) < 90
    assert max(map(len, text.splitlines())) <= 100
