"""Claims on the formulas themselves: the training loop, errors, gradients, shapes."""

from itertools import product
from math import exp, log, tanh

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near
from engine.claims.runs import data_of, one_pass, recording, starts
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.datasets import Data
from engine.nn.initializers import Normal, XavierFanIn, initialize_parameters
from engine.nn.network import NetworkStack, ParameterLayout
from engine.nn.output_heads import output_head
from engine.training.recording import Recording

MOONS = "small-tanh-moons"


@claim(
    "error-is-the-inverse-of-probability",
    text=Text.FORUM,
    says="Error functions are inversely proportional to the probability of the right answer.",
    reason="Cross-entropy is −ln p: half the probability adds ln 2, it does not double the error.",
    wrong={
        "loss at p = 0.05 over loss at p = 0.1": near(1.301, 1e-3),
        "loss at p = 0.05 less loss at p = 0.1": near(log(2.0), 1e-9),
    },
    break_it="On paper: take 1/p for the error, and see what the gradient becomes.",
)
def _inverse() -> Numbers:
    def at(p: float) -> float:
        logit = np.array([[log(p / (1.0 - p))]])
        one = np.array([[1.0]])
        return float(output_head("sigmoid", "cross-entropy").mean_loss(logit, one))

    return {
        "loss at p = 0.05 over loss at p = 0.1": at(0.05) / at(0.1),
        "loss at p = 0.05 less loss at p = 0.1": at(0.05) - at(0.1),
    }


@claim(
    "error-is-desired-minus-output",
    text=Text.FORUM,
    says="The error is the desired output minus the output.",
    when="it means what is sent back, with cross-entropy, and but for the sign",
    reason="That difference is the residual; with squared error what is sent back is 2σ′ times "
    "as large, and the loss is neither.",
    right={"dZ2 less (output − desired), cross-entropy": ZERO},
    wrong={
        "dZ2 over (output − desired), squared error, from zero": (0.5, 0.5),
        "first loss, cross-entropy, from zero": near(log(2.0), 1e-12),
    },
    shown={"zero-logistic-regression": 0},
    break_it="Exchange the loss.",
)
def _desired() -> Numbers:
    data, sizes = data_of("zero-logistic-regression"), (2, 1)
    zero = np.zeros((3, 2))
    entropy = one_pass(NetworkSpec(layers=sizes), data, zero)
    squared = one_pass(NetworkSpec(layers=sizes, loss="mean-squared-error"), data, zero)
    residual = entropy.A[1] - data.Y[..., None]
    return {
        "dZ2 less (output − desired), cross-entropy": float(np.abs(entropy.dZ[1] - residual).max()),
        "dZ2 over (output − desired), squared error, from zero": float(
            (squared.dZ[1] / residual).max()
        ),
        "first loss, cross-entropy, from zero": float(entropy.losses(entropy.Z[1])[0]),
    }


def next_parameters(run: Recording, rate: float) -> tuple[np.ndarray, float]:
    """Return W1 after one step of the loop as texts write it, number by number, and the loss.

    For a network 2-n-1 of tanh with cross-entropy, at frame 0.
    """
    frame, X, Y = run[0], run.data.X, run.data.Y[0]
    W1, b1, W2, b2 = frame.W[1], frame.b[1][:, 0], frame.W[2][0], float(frame.b[2][0, 0])
    units, m = len(W1), len(Y)
    total, dW1 = 0.0, np.zeros_like(W1)
    for example in range(m):
        x1, x2 = float(X[0, example]), float(X[1, example])
        hidden = [tanh(W1[j, 0] * x1 + W1[j, 1] * x2 + b1[j]) for j in range(units)]
        z = sum(W2[j] * hidden[j] for j in range(units)) + b2
        output = 1.0 / (1.0 + exp(-z))
        total -= log(output if Y[example] == 1.0 else 1.0 - output)
        for j, (i, x) in product(range(units), enumerate((x1, x2))):
            dW1[j, i] += (output - Y[example]) * W2[j] * (1.0 - hidden[j] ** 2) * x
    return W1 - rate * dW1 / m, total / m


@claim(
    "training-loop",
    text=Text.FORUM,
    says="Training is a loop: forward, compare, error, backward, update, and again.",
    reason="Written out number by number, the loop gives the next frame of the recording.",
    right={
        "greatest difference from the next W1": (0.0, 1e-14),
        "difference from the loss": (0.0, 1e-14),
        "steps of 400 on which the loss fell": (395, 400),
    },
    shown={"xavier-tanh-moons": 1},
    break_it="Raise the learning rate until the loss no longer falls.",
)
def _loop() -> Numbers:
    run = recording("xavier-tanh-moons")
    W1, first = next_parameters(run, 1.0)
    return {
        "greatest difference from the next W1": float(np.abs(W1 - run[1].W[1]).max()),
        "difference from the loss": abs(first - float(run.losses[0])),
        "steps of 400 on which the loss fell": float((np.diff(run.losses) < 0.0).sum()),
    }


@claim(
    "backward-is-the-chain-rule",
    text=Text.FORUM,
    says="One goes backward through the layers because of the chain rule.",
    reason="What comes back agrees with what a small change of each parameter does to the loss.",
    right={
        "greatest error of a derivative, tanh": (0.0, 1e-8),
        "greatest error of a derivative, sigmoid, squared error": (0.0, 1e-8),
        "greatest error of a derivative, ReLU, three layers": (0.0, 1e-8),
    },
    shown={"xavier-tanh-moons": 0},
    break_it="On paper: leave out the slope of the activation in dZ.",
)
def _chain_rule() -> Numbers:
    def error(spec: NetworkSpec) -> float:
        theta, data, h = starts(spec, XavierFanIn(bias=0.1), 1), data_of(MOONS), 1e-5
        size = len(theta)
        changed = np.concatenate([theta + h * np.eye(size), theta - h * np.eye(size)], axis=1)
        done = one_pass(spec, data, changed)
        losses = done.losses(done.Z[-1])
        numeric = (losses[:size] - losses[size:]) / (2.0 * h)
        return float(np.abs(numeric - one_pass(spec, data, theta).gradient[:, 0]).max())

    name = "greatest error of a derivative, "
    return {
        f"{name}tanh": error(NetworkSpec(layers=(2, 4, 1))),
        f"{name}sigmoid, squared error": error(
            NetworkSpec(layers=(2, 4, 1), hidden="sigmoid", loss="mean-squared-error")
        ),
        f"{name}ReLU, three layers": error(NetworkSpec(layers=(2, 5, 4, 1), hidden="relu")),
    }


@claim(
    "gradient-is-a-mean",
    text=Text.LESSON,
    says="dW is the mean over the examples, the sum divided by m.",
    reason="So it does not grow with the number of examples, and neither does the step.",
    right={
        "gradient of the data twice over that of the data once": near(1.0, 1e-12),
        "first dW2 from zero on AND, sigmoid": (0.125, 0.125),
    },
    shown={"zero-sigmoid-and": 0},
    break_it="On paper: leave out the division by m, and a step grows with the number of examples.",
)
def _mean() -> Numbers:
    spec, data = NetworkSpec(layers=(2, 4, 1)), data_of(MOONS)
    theta = starts(spec, XavierFanIn(), 2)
    twice = Data(np.tile(data.X, 2), np.tile(data.Y, 2))
    ratio = one_pass(spec, twice, theta).gradient / one_pass(spec, data, theta).gradient
    return {
        "gradient of the data twice over that of the data once": float(np.median(ratio)),
        "first dW2 from zero on AND, sigmoid": float(recording("zero-sigmoid-and")[0].dW[2][0, 0]),
    }


@claim(
    "derivatives-of-the-activations",
    text=Text.LESSON,
    says="σ′ is σ(1 − σ) and tanh′ is 1 − tanh².",
    reason="Both agree with differences, and ReLU's slope is 1 for z > 0 and 0 below.",
    right={
        "greatest error, sigmoid": (0.0, 1e-9),
        "greatest error, tanh": (0.0, 1e-9),
        "greatest error, ReLU": (0.0, 1e-9),
    },
    shown={"saturation-scale": 60},
    break_it="Look at ReLU at exactly 0: there is no derivative, and 0 is taken.",
)
def _derivatives() -> Numbers:
    z, h = np.linspace(-6.01, 6.0, 500), 1e-5

    def error(name: str) -> float:
        unit = activation(name)
        slopes = unit.value_and_slope(z)[1]
        return float(np.abs(slopes - (unit(z + h) - unit(z - h)) / (2.0 * h)).max())

    return {
        "greatest error, sigmoid": error("sigmoid"),
        "greatest error, tanh": error("tanh"),
        "greatest error, ReLU": error("relu"),
    }


@claim(
    "shapes-of-three-four-one",
    text=Text.LESSON,
    says="For 3 inputs, 4 hidden units and 1 output, W1 is 4 × 3, b1 4 × 1, W2 1 × 4, b2 1 × 1.",
    reason="A row of W belongs to a unit, a column to one of its inputs; the biases are zero.",
    right={
        "rows of W1": (4, 4),
        "columns of W1": (3, 3),
        "rows of b1": (4, 4),
        "rows of W2": (1, 1),
        "columns of W2": (4, 4),
        "numbers in all": (21, 21),
        "greatest bias": ZERO,
    },
    shown={"initialize-parameters": 0},
    break_it="On paper: exchange rows and columns, and the first product does not fit.",
)
def _shapes() -> Numbers:
    drawn = initialize_parameters((3, 4, 1), Normal(scale=0.01))
    return {
        "rows of W1": drawn["W1"].shape[0],
        "columns of W1": drawn["W1"].shape[1],
        "rows of b1": drawn["b1"].shape[0],
        "rows of W2": drawn["W2"].shape[0],
        "columns of W2": drawn["W2"].shape[1],
        "numbers in all": ParameterLayout((3, 4, 1)).size,
        "greatest bias": float(max(np.abs(drawn["b1"]).max(), np.abs(drawn["b2"]).max())),
    }


@claim(
    "shapes-fit-the-product",
    text=Text.LESSON,
    says="Whatever the layers, W has as many columns as the layer before has units.",
    reason="Z = W A + b needs it; drawn for twenty architectures and multiplied.",
    right={"architectures": (20, 20), "layers of Z with another shape": ZERO},
    shown={"initialize-parameters": 0},
    break_it="Give explicit weights of another shape: they are refused and the field named.",
)
def _fit() -> Numbers:
    rng = np.random.Generator(np.random.PCG64(12))
    wrong, architectures = 0, 0
    for _ in range(20):
        sizes = tuple(int(n) for n in rng.integers(1, 9, rng.integers(2, 6)))
        X, Y = np.ones((sizes[0], 3)), np.ones((sizes[-1], 3))
        done = NetworkStack(NetworkSpec(layers=sizes), X, Y, 2)
        done.load(starts(NetworkSpec(layers=sizes), XavierFanIn(), 2))
        done.forward()
        wrong += sum(z.shape != (n, 3, 2) for n, z in zip(sizes[1:], done.Z[1:], strict=True))
        architectures += 1
    return {"architectures": architectures, "layers of Z with another shape": wrong}


@claim(
    "randn-takes-a-shape",
    text=Text.LESSON,
    says="numpy.random.randn((2, 2)) draws a matrix of two rows and two columns.",
    reason="randn wants the numbers one by one, randn(2, 2); given a pair it raises a TypeError.",
    wrong={"randn((2, 2)) draws": ZERO, "rows of randn(2, 2)": (2, 2)},
    break_it="On paper: standard_normal((2, 2)) of a Generator does take a shape.",
)
def _randn() -> Numbers:
    try:
        np.random.RandomState(0).randn((2, 2))  # type: ignore[call-overload]
        draws = 1.0
    except TypeError:
        draws = 0.0
    return {
        "randn((2, 2)) draws": draws,
        "rows of randn(2, 2)": np.random.RandomState(0).randn(2, 2).shape[0],
    }
