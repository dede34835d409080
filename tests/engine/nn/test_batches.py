"""Mini-batches have the same examples at each step, however the network is trained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.toml_writer import format_experiment
from engine.explain.update import update
from engine.library.experiment_file import parse_experiment
from engine.nn.batches import Batches
from engine.nn.initializers import Initializer, XavierFanIn, initialize_parameters
from engine.training.descent import Descent
from engine.training.recording import Recording
from engine.training.training import train
from tests.engine.codegen.script_runner import run_here
from tests.engine.reference import Reference


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 2**40), st.integers(0, 5))
def test_epoch_uses_every_example_once(examples: int, size: int, seed: int, epoch: int) -> None:
    batches = Batches(examples, size, seed)
    steps = range(epoch * batches.steps_per_epoch, (epoch + 1) * batches.steps_per_epoch)
    looked_at = [batches.examples_of(step).tolist() for step in steps]
    assert sorted(example for batch in looked_at for example in batch) == list(range(examples))
    assert all(len(each) == min(size, examples) for each in looked_at[:-1])


def test_batch_depends_on_the_step_only() -> None:
    batches, other = Batches(50, 8, 3), Batches(50, 8, 3)
    first = [batches.examples_of(step).tolist() for step in range(21)]
    assert [other.examples_of(step).tolist() for step in reversed(range(21))] == first[::-1]
    assert first[0] != first[7]  # each epoch has its own order
    assert Batches(50, 8, 4).examples_of(0).tolist() != first[0]


def test_batches_without_a_seed_have_the_order_of_the_examples() -> None:
    batches = Batches(7, 3, None)
    found = [batches.examples_of(step).tolist() for step in (0, 1, 2, 3, 5, 4)]
    assert found == [[0, 1, 2], [3, 4, 5], [6], [0, 1, 2], [6], [3, 4, 5]]


def noisy(batch_size: int | None, *inits: Initializer, steps: int = 40) -> Experiment:
    return Experiment(
        data=DataSpec(name="moons", samples=30, noise=0.3, seed=5),
        network=NetworkSpec(layers=(2, 4, 1)),
        training=TrainingSpec(
            learning_rate=0.7, steps=steps, batch_size=batch_size, shuffle_seed=9
        ),
        runs=tuple(Run(name=str(i), init=init) for i, init in enumerate(inits)),
    )


@pytest.mark.parametrize("size", [1, 7, 16])
def test_training_descends_on_the_batches(size: int) -> None:
    experiment = noisy(size, XavierFanIn(seed=2))
    (recording,) = train(experiment)
    data = experiment.load_data()
    given = initialize_parameters(experiment.network.layers, experiment.runs[0].init)
    W, b = [given["W1"], given["W2"]], [given["b1"], given["b2"]]
    network = Reference(("tanh",), "sigmoid", "cross-entropy")
    for step in range(41):
        frame = recording[step]
        np.testing.assert_allclose(frame.W[1], W[0], rtol=1e-9, atol=1e-12)
        assert frame.loss == pytest.approx(network.mean_loss(W, b, data.X, data.Y), rel=1e-9)
        whole, _ = network.gradients(W, b, data.X, data.Y)
        np.testing.assert_allclose(frame.dW[1], whole[0], rtol=1e-6, atol=1e-9)
        chosen = Batches(30, size, 9).examples_of(step)
        dW, db = network.gradients(W, b, data.X[:, chosen], data.Y[:, chosen])
        W = [w - 0.7 * d for w, d in zip(W, dW, strict=True)]
        b = [w - 0.7 * d for w, d in zip(b, db, strict=True)]


def in_order(size: int, *inits: Initializer) -> Experiment:
    experiment = noisy(size, *inits)
    return experiment.replace(training=experiment.training.replace(shuffle=False))


@pytest.mark.parametrize("size", [1, 7])
def test_training_without_shuffling_takes_the_examples_in_order(size: int) -> None:
    experiment = in_order(size, XavierFanIn(seed=2))
    (recording,) = train(experiment)
    data = experiment.load_data()
    given = initialize_parameters(experiment.network.layers, experiment.runs[0].init)
    W, b = [given["W1"], given["W2"]], [given["b1"], given["b2"]]
    network = Reference(("tanh",), "sigmoid", "cross-entropy")
    start = 0
    for step in range(41):
        np.testing.assert_allclose(recording[step].W[1], W[0], rtol=1e-9, atol=1e-12)
        stop = min(start + size, 30)
        dW, db = network.gradients(W, b, data.X[:, start:stop], data.Y[:, start:stop])
        W = [w - 0.7 * d for w, d in zip(W, dW, strict=True)]
        b = [w - 0.7 * d for w, d in zip(b, db, strict=True)]
        start = stop % 30


def test_order_of_the_data_has_the_same_bits_in_stacks_scripts_and_updates() -> None:
    inits = [XavierFanIn(seed=seed) for seed in range(3)]
    experiment = in_order(7, *inits)
    descent = Descent(experiment, experiment.runs, experiment.load_data())
    descent.begin()
    for _ in range(40):
        descent.step()
    for column, run in enumerate(experiment.runs):
        (alone,) = train(in_order(7, run.init))
        np.testing.assert_array_equal(descent.stack.theta[:, column], alone.parameters(40, 41)[0])
        script = run_here(SCRIPTS["NumPy"](experiment, column))
        assert script.losses == alone.losses.tolist()
        step = update(alone, 5, 1)
        assert step is not None
        assert step.weights.is_exact


def test_order_of_the_data_is_written_to_the_file() -> None:
    experiment = in_order(7, XavierFanIn(seed=4))
    experiment = experiment.replace(training=experiment.training.replace(shuffle_seed=0))
    text = format_experiment(experiment)
    assert "shuffle = false" in text
    assert "shuffle_seed" not in text
    assert parse_experiment(text) == experiment


def test_batch_of_all_examples_equals_full_batch_training() -> None:
    init = XavierFanIn(seed=1)
    whole, all_in_one = train(noisy(None, init))[0], train(noisy(30, init))[0]
    np.testing.assert_array_equal(whole.parameters(0, 41), all_in_one.parameters(0, 41))


@pytest.mark.parametrize("size", [1, 7])
def test_stacked_runs_with_batches_have_the_same_bits(size: int) -> None:
    inits = [XavierFanIn(seed=seed) for seed in range(3)]
    experiment = noisy(size, *inits)
    descent = Descent(experiment, experiment.runs, experiment.load_data())
    descent.begin()
    for _ in range(40):
        descent.step()
    for column, run in enumerate(experiment.runs):
        (alone,) = train(noisy(size, run.init))
        np.testing.assert_array_equal(descent.stack.theta[:, column], alone.parameters(40, 41)[0])


def test_replayed_frames_with_batches_have_the_same_bits() -> None:
    experiment = noisy(7, XavierFanIn(seed=4))
    (whole,) = train(experiment)
    sparse = Recording(experiment, experiment.runs[0], budget=8 * 17 * 9)
    assert sparse.stride > 1
    sparse.extend(whole.parameters(0, 41), whole.losses)
    for frame in (3, 40, 17, 18):
        replayed = sparse.parameters(frame, frame + 1)
        np.testing.assert_array_equal(replayed, whole.parameters(frame, frame + 1))


def test_batch_size_is_written_to_the_file() -> None:
    experiment = noisy(7, XavierFanIn(seed=4))
    text = format_experiment(experiment)
    assert "batch_size = 7" in text
    assert "shuffle_seed = 9" in text
    assert parse_experiment(text) == experiment
    assert "shuffle_seed" not in format_experiment(Experiment())
