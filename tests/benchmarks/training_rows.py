"""Training: a recorded network beside a bare loop, and a stack of networks beside single ones."""

import numpy as np

from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Normal
from engine.training.descent import Descent
from engine.training.recording import Recording
from engine.training.training import train
from engine.types import Array
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    scaled,
    side_by_side,
    timed,
)

STEPS = 20_000
NETWORKS = 1_000
STACK_STEPS = 100
MICROSECONDS = 1e6


def recording_beside_bare_loop() -> Measurement:
    """Measure `train` with its full recording beside a loop that keeps nothing."""
    experiment = Experiment(training=TrainingSpec(steps=STEPS), runs=(_run(3),))
    start = Recording(experiment, experiment.runs[0]).data
    first = train(Experiment(training=TrainingSpec(steps=0), runs=experiment.runs))[0][0]
    W, b = first.W, first.b
    rate = experiment.training.learning_rate

    def bare() -> tuple[Array, ...]:
        return bare_loop(W[1], b[1], W[2], b[2], start.X, start.Y, rate, STEPS)

    def folded() -> tuple[Array, ...]:
        return folded_loop(W[1], b[1], W[2], b[2], start.X, start.Y, rate, STEPS)

    last = train(experiment)[0][-1]
    for result in (bare(), folded()):
        for one, other in zip((last.W[1], last.b[1], last.W[2], last.b[2]), result, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)  # they do the same

    def ours() -> float:
        return timed(lambda: train(experiment), STEPS)

    pairs = side_by_side(ours, lambda: timed(bare, STEPS), 9)
    tuned = side_by_side(ours, lambda: timed(folded, STEPS), 3)
    note = (
        f"{Figure.SPEED.of(tuned):.2f} × the speed of a loop tuned beyond that, with the biases "
        "folded into the weights and one product for both"
    )
    return Measurement(scaled(pairs, MICROSECONDS), "µs a step", (note,))


def bare_loop(
    W1: Array, b1: Array, W2: Array, b2: Array, X: Array, Y: Array, rate: float, steps: int
) -> tuple[Array, ...]:
    """Train tanh and sigmoid units on the cross-entropy, as one writes it with NumPy."""
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    rate = rate / X.shape[1]
    XT = X.T
    for _ in range(steps):
        A1 = np.tanh(W1 @ X + b1)
        A2 = 1.0 / (1.0 + np.exp(-(W2 @ A1 + b2)))
        dZ2 = A2 - Y
        dZ1 = (W2.T @ dZ2) * (1.0 - A1 * A1)
        W2 -= rate * (dZ2 @ A1.T)
        b2 -= rate * dZ2.sum(axis=1, keepdims=True)
        W1 -= rate * (dZ1 @ XT)
        b1 -= rate * dZ1.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2


def folded_loop(
    W1: Array, b1: Array, W2: Array, b2: Array, X: Array, Y: Array, rate: float, steps: int
) -> tuple[Array, ...]:
    """Train the same with [W b] as one matrix, beneath the inputs a row of ones."""
    V1, V2 = np.hstack([W1, b1]), np.hstack([W2, b2])
    rate = rate / X.shape[1]
    inputs = np.vstack([X, np.ones((1, X.shape[1]))])
    hidden = np.ones((len(W1) + 1, X.shape[1]))
    A1 = hidden[:-1]
    W2T, inputsT, hiddenT = V2[:, :-1].T, inputs.T.copy(), hidden.T
    for _ in range(steps):
        np.tanh(V1 @ inputs, A1)
        dZ2 = 1.0 / (1.0 + np.exp(-(V2 @ hidden))) - Y
        dZ1 = (W2T @ dZ2) * (1.0 - A1 * A1)
        V2 -= rate * (dZ2 @ hiddenT)
        V1 -= rate * (dZ1 @ inputsT)
    return V1[:, :-1], V1[:, -1:], V2[:, :-1], V2[:, -1:]


def stack_beside_single_networks() -> Measurement:
    """Measure a thousand networks in one descent beside a descent for each."""
    experiment = Experiment()
    data = experiment.load_data()
    runs = [_run(seed) for seed in range(NETWORKS)]
    descent = Descent(experiment, runs, data)
    singles = [Descent(experiment, [run], data) for run in runs]
    descent.begin()
    first = descent.stack.theta.copy()
    repeats = 5  # a single pass over the stack is over in a few milliseconds

    def descend_together() -> None:
        for _ in range(repeats):
            descent.go_to(0, first)
            for _ in range(STACK_STEPS):
                descent.step()

    def descend_one_by_one() -> None:
        for column, single in enumerate(singles):
            single.go_to(0, first[:, column : column + 1])
            for _ in range(STACK_STEPS):
                single.step()

    network_steps = NETWORKS * STACK_STEPS
    pairs = side_by_side(
        lambda: timed(descend_together, repeats * network_steps),
        lambda: timed(descend_one_by_one, network_steps),
        5,
    )
    alone = np.concatenate([single.stack.theta[:, :1] for single in singles], axis=1)
    np.testing.assert_array_equal(descent.stack.theta, alone)  # the same networks, to the last bit
    return Measurement(scaled(pairs, MICROSECONDS), "µs a step and network")


def _run(seed: int) -> Run:
    return Run(init=Normal(scale=1.0, seed=seed))


ROWS = (
    Row(
        "train",
        "training 2-2-1 on XOR with full recording",
        "a bare NumPy @ loop that records nothing",
        Target(Figure.SPEED, 0.8),
        recording_beside_bare_loop,
    ),
    Row(
        "stack",
        "1,000 stacked 2-2-1 networks",
        "the same networks one by one",
        Target(Figure.SPEED, 150.0),
        stack_beside_single_networks,
    ),
)
