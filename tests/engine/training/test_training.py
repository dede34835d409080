"""Training: exact symmetry, stacks, divergence, cancelling; an independent network beside it."""

from itertools import product
from math import isfinite

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import Constant, Explicit, Normal, Symmetric
from engine.training.recording import Finish, Recording
from engine.training.training import LONGEST_BLOCK, Training, train
from tests.engine.reference import KNOWN_ACTIVATIONS, KNOWN_LOSSES, Reference


def points(m: int, inputs: int, outputs: int = 1) -> DataSpec:
    rng = np.random.default_rng(m)
    x, y = rng.normal(size=(m, inputs)), rng.integers(0, 2, (m, outputs))
    return DataSpec(points=np.concatenate([x, y], axis=1).tolist())


def units_are_identical(recording: Recording) -> bool:
    """Tell whether the units of each hidden layer are, to the last bit, in the last frame."""
    W, b, depth = recording[-1].W, recording[-1].b, recording.layout.depth
    pairs = [(rows, rows[:1]) for layer in range(1, depth) for rows in (W[layer], b[layer])]
    pairs += [(W[layer].T, W[layer].T[:1]) for layer in range(2, depth + 1)]
    return all((units == first).all() for units, first in pairs)


def check_symmetry(layers: tuple[int, ...], hidden: str, m: int, steps: int, runs: int = 1) -> None:
    scale = 1.0 / max(layers[1:])
    starts = [Symmetric(scale=3.0 * scale, seed=seed) for seed in range(runs - 1)]
    experiment = Experiment(
        data=points(m, layers[0], layers[-1]),
        network=NetworkSpec(layers=layers, hidden=hidden),
        training=TrainingSpec(learning_rate=0.1, steps=steps),
        # All biases alike and positive: ReLU units are alive.
        runs=(
            Run(init=Constant(value=scale, bias=0.1)),
            *(Run(init=start) for start in starts),
        ),
    )
    recordings = train(experiment)
    for recording in recordings:
        assert recording.finish is Finish.COMPLETED
        assert units_are_identical(recording)
    assert recordings[0].losses[-1] != recordings[0].losses[0]


@pytest.mark.parametrize("widths", [range(first, first + 8) for first in range(1, 65, 8)])
def test_identical_units_stay_identical_at_every_width(widths: range) -> None:
    for width in widths:
        hidden = KNOWN_ACTIVATIONS[width % 4]
        check_symmetry((3, width, width, 1), hidden, m=5, steps=100)


@pytest.mark.parametrize(("depth", "hidden"), list(product([1, 2, 3, 4], ACTIVATIONS)))
def test_identical_units_stay_identical_at_every_depth(depth: int, hidden: str) -> None:
    for width, m in ((2, 4), (3, 1), (5, 13), (7, 2), (17, 50)):
        check_symmetry((2, *[width] * depth, 1), hidden, m, steps=200, runs=2)


@pytest.mark.parametrize("m", [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33, 64, 100, 257, 1000])
def test_identical_units_stay_identical_for_every_batch(m: int) -> None:
    check_symmetry((2, 3, 1), "tanh", m, steps=300)
    check_symmetry((5, 13, 5, 2), "sigmoid", m, steps=50, runs=2)


def test_identical_units_stay_identical_in_a_large_network() -> None:
    check_symmetry((2, 64, 64, 64, 64, 1), "tanh", m=1000, steps=10)


@pytest.mark.parametrize(
    ("width", "hidden"), list(zip([3, 5, 7, 17], KNOWN_ACTIVATIONS, strict=True))
)
def test_identical_units_stay_identical_for_thousands_of_steps(width: int, hidden: str) -> None:
    check_symmetry((2, width, 1), hidden, m=40, steps=4000)


@pytest.mark.parametrize(("hidden", "loss"), list(product(KNOWN_ACTIVATIONS, KNOWN_LOSSES)))
def test_training_agrees_with_an_independent_network(hidden: str, loss: str) -> None:
    experiment = Experiment(
        data=DataSpec(name="moons", samples=30),
        network=NetworkSpec(layers=(2, 4, 3, 1), hidden=hidden, loss=loss),
        training=TrainingSpec(learning_rate=0.2, steps=40),
        runs=(Run(init=Normal(scale=0.7, seed=2)),),
    )
    recording, data = train(experiment)[0], experiment.load_data()
    reference = Reference((hidden,) * 2, "sigmoid", loss)
    W, b, losses = reference.train(
        list(recording[0].W[1:]), list(recording[0].b[1:]), data.X, data.Y, 0.2, 40
    )
    np.testing.assert_allclose(recording.losses, losses, rtol=1e-12)
    for layer in (1, 2, 3):
        np.testing.assert_allclose(recording[-1].W[layer], W[layer - 1], rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(recording[-1].b[layer], b[layer - 1], rtol=1e-11, atol=1e-12)


RUNS = tuple(
    Run(init=Normal(scale=1.0, seed=seed), learning_rate=rate, edits=edits)
    for seed, rate, edits in (
        (1, 0.5, ()),
        (2, 0.1, (Edit(step=7, parameter="W1", index=(0, 1), value=0.3),)),
        (3, 2.0, ()),
        (4, 0.7, (Edit(step=0, parameter="b2", index=(0,), value=-1.0),)),
    )
)


def same_bits(one: Recording, other: Recording) -> None:
    np.testing.assert_array_equal(one.losses, other.losses)
    np.testing.assert_array_equal(one.parameters(0, len(one)), other.parameters(0, len(other)))


@pytest.mark.parametrize(
    "data", [DataSpec(), points(1, 2), points(2, 2), DataSpec(name="moons", samples=40)]
)
def test_run_has_the_same_bits_alone_and_in_a_stack(data: DataSpec) -> None:
    training = TrainingSpec(steps=150)
    together = train(Experiment(data=data, training=training, runs=RUNS))
    for run, recording in zip(RUNS, together, strict=True):
        same_bits(train(Experiment(data=data, training=training, runs=(run,)))[0], recording)
    again = train(Experiment(data=data, training=training, runs=RUNS[::-1]))
    for one, other in zip(together, again[::-1], strict=True):
        same_bits(one, other)


def test_runs_with_different_networks_train_together() -> None:
    runs = (RUNS[0], Run(init=RUNS[0].init, hidden="relu"), Run(loss="mean-squared-error"))
    together = train(Experiment(runs=runs))
    assert [recording.finish for recording in together] == [Finish.COMPLETED] * 3
    for run, recording in zip(runs, together, strict=True):
        same_bits(train(Experiment(runs=(run,)))[0], recording)


def test_steps_and_rate_do_not_change_the_start() -> None:
    long, short = (
        train(Experiment(training=TrainingSpec(steps=steps), runs=RUNS[:1]))[0]
        for steps in (300, 120)
    )
    np.testing.assert_array_equal(long.losses[:121], short.losses)
    slow = Experiment(training=TrainingSpec(learning_rate=0.01), runs=(Run(init=RUNS[0].init),))
    np.testing.assert_array_equal(train(slow)[0].parameters(0, 1), long.parameters(0, 1))


def test_training_of_zero_steps_has_one_frame() -> None:
    recording = train(Experiment(training=TrainingSpec(steps=0), runs=RUNS[:1]))[0]
    assert (len(recording), recording.finish) == (1, Finish.COMPLETED)


def test_first_chunk_is_frame_0_and_runs_stay_in_lockstep() -> None:
    training = Training(Experiment(runs=(RUNS[0], Run(hidden="relu"))))
    lengths = []
    for _ in training.train():
        first, second = map(len, training.recordings)
        assert first == second
        lengths.append(first)
    assert lengths[0] == 1
    assert lengths[-1] == 401
    assert max(np.diff(lengths)) <= LONGEST_BLOCK
    assert len(lengths) > 3
    assert [recording.finish for recording in training.recordings] == [Finish.COMPLETED] * 2


def diverging(*others: Run) -> Experiment:
    """A linear network on whose one parameter W1 grows by the factor −3 a step."""
    return Experiment(
        data=DataSpec(points=((1.0, 0.0),)),
        network=NetworkSpec(layers=(1, 1), output="linear", loss="mean-squared-error"),
        training=TrainingSpec(learning_rate=0.1, steps=2000),
        runs=(Run(init=Explicit(W=(((1.0,),),)), learning_rate=1.0), *others),
    )


def test_a_diverging_run_ends_at_its_last_finite_frame() -> None:
    calm = Run(init=Explicit(W=(((1.0,),),)))
    wild, other = train(diverging(calm))
    # W and b both fall by 2 (W + b): so W + b grows by the factor −3, and its square is the loss.
    expected = [1.0]
    while isfinite(expected[-1] * 9.0):
        expected.append(expected[-1] * 9.0)
    assert wild.finish is Finish.DIVERGED
    assert len(wild) == len(expected)
    np.testing.assert_allclose(wild.losses, expected, rtol=1e-12)
    assert np.isfinite(wild.parameters(0, len(wild))).all()
    assert wild.reason == (
        f"diverged at step {len(wild)}: the loss is no longer finite; try a smaller learning rate"
    )
    assert wild[-1].index == len(wild) - 1
    assert (other.finish, len(other), other.reason) == (Finish.COMPLETED, 2001, "")
    same_bits(train(diverging())[0], wild)


def test_divergence_of_a_parameter_is_reported() -> None:
    # All activations are 0, so the first loss is 1; the gradient of b1 is −2 · (10¹²)³⁰.
    weights: tuple[tuple[tuple[float, ...], ...], ...] = (((1e12,),),) * 31
    experiment = Experiment(
        data=DataSpec(points=((0.0, 1.0),)),
        network=NetworkSpec(
            layers=(1,) * 32, hidden="linear", output="linear", loss="mean-squared-error"
        ),
        runs=(Run(init=Explicit(W=weights)),),
    )
    recording = train(experiment)[0]
    assert recording.losses.tolist() == [1.0]
    assert recording.finish is Finish.DIVERGED
    assert recording.reason.startswith("diverged at step 1: a parameter is no longer finite")
    assert np.isinf(recording[0].db[1][0, 0])  # shown as it is


def test_start_without_a_finite_loss_is_rejected() -> None:
    experiment = Experiment(
        network=NetworkSpec(
            layers=(2, *[40] * 30, 1), hidden="linear", output="linear", loss="mean-squared-error"
        ),
        runs=(Run(), Run(init=Constant(value=1e12, bias=1.0))),
    )
    with pytest.raises(UsageError, match=r"^run\[1\]\.init: the first loss is not finite"):
        train(experiment)


@pytest.mark.parametrize("checks", [0, 1, 150, 151])
def test_a_cancelled_training_stops_within_a_step(checks: int) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > checks

    training = Training(Experiment(training=TrainingSpec(steps=10**6), runs=RUNS[:1]))
    for _ in training.train(cancelled):
        pass
    assert asked <= checks + 2  # once more than True has been said, but no step later
    recording = training.recordings[0]
    assert recording.finish is Finish.CANCELLED
    assert len(recording) <= checks + 1
    whole = train(Experiment(training=TrainingSpec(steps=200), runs=RUNS[:1]))[0]
    np.testing.assert_array_equal(recording.losses, whole.losses[: len(recording)])


def test_closed_training_is_cancelled() -> None:
    training = Training(Experiment(runs=RUNS[:2]))
    chunks = training.train()
    next(chunks)
    states = [training.recordings[1].finish]
    chunks.close()
    states.append(training.recordings[1].finish)
    assert states == [Finish.TRAINING, Finish.CANCELLED]


def test_training_restores_numpy_error_settings() -> None:
    with np.errstate(all="raise"):
        for _ in Training(diverging()).train():
            assert np.geterr()["over"] == "raise"
