"""Claims on the formulas: the training loop, errors, gradients and shapes."""

from functools import partial
from itertools import product
from math import exp, log, tanh

import numpy as np

from engine.claims.attack import laws
from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import (
    FALSE,
    IDENTITY,
    ZERO,
    Text,
    between,
    cached,
    derived,
    exactly,
    register,
)
from engine.claims.runs import data_of, frame, largest, network, one_pass, recording, starts
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.datasets import Data
from engine.nn.initializers import Normal, XavierFanIn, initialize_parameters
from engine.nn.network import NetworkStack, ParameterLayout
from engine.nn.output_heads import output_head
from engine.training.recording import Recording
from engine.types import Array

claim = partial(register, __name__)

MOONS, CLOUDS, TRAINED = "small-tanh-moons", "zero-logistic-regression", "xavier-tanh-moons"
CLASSES = "three-classes"


def loss_at(p: float) -> float:
    """Return the cross-entropy where the right class has probability p."""
    logit = np.array([[log(p / (1.0 - p))]])
    return float(output_head("sigmoid", "cross-entropy").mean_loss(logit, np.array([[1.0]])))


def logistic_pass(loss: str = "cross-entropy") -> NetworkStack:
    """Return the first pass of logistic regression from zero on two clouds."""
    return one_pass(NetworkSpec(layers=(2, 1), loss=loss), data_of(CLOUDS), np.zeros((3, 2)))


def residual() -> Array:
    """Return output − desired in the first pass of logistic regression from zero."""
    return logistic_pass().A[1] - data_of(CLOUDS).Y[..., None]


@cached
def next_parameters(run: Recording, rate: float) -> tuple[np.ndarray, float]:
    """Return W1 after the first step, computed by scalar loops as texts write them, and the loss.

    The network is 2-n-1 of tanh with cross-entropy.
    """
    first, X, Y = run[0], run.data.X, run.data.Y[0]
    W1, b1, W2, b2 = first.W[1], first.b[1][:, 0], first.W[2][0], float(first.b[2][0, 0])
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


def gradient_error(spec: NetworkSpec) -> float:
    """Return the largest difference of a derivative from a difference quotient, on moons."""
    theta, data, h = starts(spec, XavierFanIn(bias=0.1), 1), data_of(MOONS), 1e-5
    size = len(theta)
    changed = np.concatenate([theta + h * np.eye(size), theta - h * np.eye(size)], axis=1)
    stack = one_pass(spec, data, changed)
    losses = stack.losses(stack.Z[-1])
    numeric = (losses[:size] - losses[size:]) / (2.0 * h)
    return largest(numeric - one_pass(spec, data, theta).gradient[:, 0])


def gradient_of_doubled_data() -> float:
    """Return the median ratio of the gradients of the data twice and once."""
    data, theta = data_of(MOONS), starts(network(4), XavierFanIn(), 2)
    twice = Data(np.tile(data.X, 2), np.tile(data.Y, 2))
    gradients = (one_pass(network(4), each, theta).gradient for each in (twice, data))
    return float(np.median(np.divide(*gradients)))


def slope_error(name: str) -> float:
    """Return the largest difference of an activation's derivative from a difference quotient."""
    z, h, unit = np.linspace(-6.01, 6.0, 500), 1e-5, activation(name)
    return largest(unit.value_and_slope(z)[1] - (unit(z + h) - unit(z - h)) / (2.0 * h))


def drawn(name: str) -> Array:
    """Return an initial parameter of a network 3-4-1."""
    return initialize_parameters((3, 4, 1), Normal(scale=0.01))[name]


@cached
def architectures() -> list[list[bool]]:
    """Return, for each layer of 20 random architectures, whether Z has the right shape."""
    rng = np.random.Generator(np.random.PCG64(12))
    result = []
    for _ in range(20):
        sizes = tuple(int(n) for n in rng.integers(1, 9, rng.integers(2, 6)))
        spec, data = (
            NetworkSpec(layers=sizes),
            Data(np.ones((sizes[0], 3)), np.ones((sizes[-1], 3))),
        )
        Z = one_pass(spec, data, starts(spec, XavierFanIn(), 2)).Z
        result.append([z.shape == (n, 3, 2) for n, z in zip(sizes[1:], Z[1:], strict=True)])
    return result


def randn_accepts_a_tuple() -> bool:
    """Return whether `numpy.random.randn` accepts a shape."""
    try:
        np.random.RandomState(0).randn((2, 2))  # type: ignore[call-overload]
    except TypeError:
        return False
    return True


claim(
    "error-is-the-inverse-of-probability",
    text=Text.FORUM,
    says="Error functions are inversely proportional to the probability of the right answer.",
    reason="Cross-entropy is −ln p: half the probability adds ln 2 and does not double the error.",
    wrong={
        "loss at p = 0.05 over loss at p = 0.1": (
            derived(log(0.05) / log(0.1), 1e-9),
            lambda: loss_at(0.05) / loss_at(0.1),
        ),
        "loss at p = 0.05 minus loss at p = 0.1": (
            derived(log(2.0), 1e-9),
            lambda: loss_at(0.05) - loss_at(0.1),
        ),
    },
    break_it="On paper: use 1/p as the error, and compute its gradient.",
    attack=FALSE,
)

claim(
    "error-is-desired-minus-output",
    text=Text.FORUM,
    says="The error is the desired output minus the output.",
    when="“error” means the derivative that cross-entropy sends back from the output, up to its "
    "sign",
    reason="Squared error multiplies the difference by 2σ′ before it is sent back, and neither "
    "loss is the difference itself. With softmax it holds for each of K classes: from zero, the "
    "output is 1/K.",
    right={
        "dZ2 minus (output − desired), cross-entropy": (
            ZERO,
            lambda: largest(logistic_pass().dZ[1] - residual()),
        ),
        "dZ2 minus (1/3 − desired), softmax of three classes, from zero": (
            ZERO,
            lambda: largest(frame(CLASSES).dZ[2] - (1.0 / 3.0 - data_of(CLASSES).Y)),
        ),
    },
    wrong={
        "dZ2 over (output − desired), squared error, from zero": (
            exactly(0.5),
            lambda: (logistic_pass("mean-squared-error").dZ[1] / residual()).max(),
        ),
        "initial loss, cross-entropy, from zero": (
            derived(log(2.0), 1e-12),
            lambda: logistic_pass().losses(logistic_pass().Z[1])[0],
        ),
    },
    shown={CLOUDS: 0, CLASSES: 0},
    break_it="Choose the other loss.",
    attack=Attack(nets.RANDOM, laws.residual_error, laws.has_cross_entropy),
)

claim(
    "training-loop",
    text=Text.FORUM,
    says="Training is a loop: forward pass, comparison, error, backward pass, update.",
    reason="Written with scalars, the loop gives the next frame of the recording.",
    right={
        "largest difference from the next W1": (
            between(0.0, 1e-14),
            lambda: largest(next_parameters(recording(TRAINED), 1.0)[0] - frame(TRAINED, 1).W[1]),
        ),
        "difference from the loss": (
            between(0.0, 1e-14),
            lambda: abs(next_parameters(recording(TRAINED), 1.0)[1] - frame(TRAINED).loss),
        ),
        "steps of 400 in which the loss fell": (
            (395, 400),
            lambda: (np.diff(recording(TRAINED).losses) < 0.0).sum(),
        ),
    },
    shown={TRAINED: 1},
    break_it="Raise the learning rate until the loss no longer falls.",
    attack=Attack(nets.RANDOM, laws.update_error, laws.is_smooth),
)

claim(
    "backward-is-the-chain-rule",
    text=Text.FORUM,
    says="The backward pass goes through the layers in reverse because of the chain rule.",
    reason="Its derivatives agree with the effect that a small change of each parameter has on "
    "the loss.",
    right={
        f"largest error of a derivative, {name}": (
            between(0.0, 1e-8),
            partial(gradient_error, spec),
        )
        for name, spec in (
            ("tanh", network(4)),
            ("sigmoid, squared error", network(4, hidden="sigmoid", loss="mean-squared-error")),
            ("ReLU, three layers", NetworkSpec(layers=(2, 5, 4, 1), hidden="relu")),
        )
    },
    shown={TRAINED: 0},
    break_it="On paper: omit the derivative of the activation in dZ.",
    attack=Attack(nets.RANDOM, laws.gradient_error, laws.is_smooth),
)

claim(
    "gradient-is-a-mean",
    text=Text.LESSON,
    says="dW is the mean over the examples: the sum divided by m.",
    reason="So neither dW nor the step grows with the number of examples.",
    right={
        "gradient of the data twice over that of the data once": (
            derived(1.0, 1e-12),
            gradient_of_doubled_data,
        ),
        "first dW2 from zero on AND, sigmoid": (
            exactly(0.125),
            lambda: frame("zero-sigmoid-and").dW[2][0, 0],
        ),
    },
    shown={"zero-sigmoid-and": 0},
    break_it="On paper: omit the division by m, and a step grows with the number of examples.",
    attack=Attack(nets.RANDOM, laws.mean_error),
)

claim(
    "derivatives-of-the-activations",
    text=Text.LESSON,
    says="σ′ is σ(1 − σ) and tanh′ is 1 − tanh².",
    reason="Both agree with difference quotients, and the derivative of ReLU is 1 for z > 0 and 0 "
    "for z < 0.",
    right={
        f"largest error, {name}": (between(0.0, 1e-9), partial(slope_error, unit))
        for name, unit in (("sigmoid", "sigmoid"), ("tanh", "tanh"), ("ReLU", "relu"))
    },
    shown={"saturation-scale": 60},
    break_it="Look at ReLU at exactly 0: it has no derivative there, and 0 is used.",
    attack=IDENTITY,
)

claim(
    "shapes-of-three-four-one",
    text=Text.LESSON,
    says="For 3 inputs, 4 hidden units and 1 output, W1 is 4 × 3, b1 4 × 1, W2 1 × 4, b2 1 × 1.",
    reason="A row of W belongs to a unit, a column to one of its inputs; the biases are zero.",
    right={
        "rows of W1": (exactly(4), lambda: drawn("W1").shape[0]),
        "columns of W1": (exactly(3), lambda: drawn("W1").shape[1]),
        "rows of b1": (exactly(4), lambda: drawn("b1").shape[0]),
        "rows of W2": (exactly(1), lambda: drawn("W2").shape[0]),
        "columns of W2": (exactly(4), lambda: drawn("W2").shape[1]),
        "number of parameters": (exactly(21), lambda: ParameterLayout((3, 4, 1)).size),
        "largest bias": (
            ZERO,
            lambda: max(largest(drawn("b1")), largest(drawn("b2"))),
        ),
    },
    shown={"initialize-parameters": 0},
    break_it="On paper: exchange rows and columns, and the first product has no valid shape.",
    attack="It states the shapes of one network.",
)

claim(
    "shapes-fit-the-product",
    text=Text.LESSON,
    says="Whatever the layers, W has as many columns as the layer before has units.",
    reason="Z = W A + b requires it; checked for twenty random architectures.",
    right={
        "architectures": (exactly(20), lambda: len(architectures())),
        "layers of Z with another shape": (
            ZERO,
            lambda: sum(not is_right for layers in architectures() for is_right in layers),
        ),
    },
    shown={"initialize-parameters": 0},
    break_it="Enter explicit weights of another shape: they are refused, and the field is named.",
    attack=Attack(nets.RANDOM, laws.wrong_shapes),
)

claim(
    "randn-takes-a-shape",
    text=Text.LESSON,
    says="numpy.random.randn((2, 2)) draws a matrix with two rows and two columns.",
    reason="randn expects separate numbers, randn(2, 2); a tuple raises a TypeError.",
    wrong={
        "randn((2, 2)) draws": (ZERO, randn_accepts_a_tuple),
        "rows of randn(2, 2)": (
            exactly(2),
            lambda: np.random.RandomState(0).randn(2, 2).shape[0],
        ),
    },
    break_it="On paper: standard_normal((2, 2)) of a Generator does accept a shape.",
    attack="It is about a function of NumPy, which no experiment calls.",
)
