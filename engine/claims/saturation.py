"""Claims on hidden units: saturation, vanishing gradients, and dead ReLU units."""

from functools import partial

import numpy as np

from engine.claims.attack import laws
from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import STATISTICAL, ZERO, Text, cached, exactly, near, register
from engine.claims.runs import (
    Stack,
    data_of,
    descend,
    diagnostics,
    frame,
    largest,
    loss,
    network,
    norms,
    one_pass,
    slope,
    starts,
    typical,
)
from engine.nn.activations import activation
from engine.nn.initializers import Normal, XavierFanIn
from engine.nn.network import NetworkStack, ParameterLayout
from engine.studies.depth.signal_propagation import deep_pass
from engine.types import Array

claim = partial(register, __name__)

RELU = activation("relu")
MOONS, XOR, XOR_01 = "small-tanh-moons", "zero-tanh-xor", "dead-relu-xor"
SATURATED = "saturated-hidden-xor"


@cached
def scaled_start(unit: str, name: str, scale: float, width: int = 8) -> NetworkStack:
    """Return the first pass of 200 networks whose weights are `scale` times N(0, 1/n)."""
    spec = network(width, hidden=unit)
    return one_pass(spec, data_of(name), starts(spec, XavierFanIn(), 200) * scale)


def saturated(unit: str, scale: float) -> float:
    """Return the share of saturated hidden activations on moons at the start."""
    A = scaled_start(unit, MOONS, scale).A[1]
    return float(activation(unit).saturated(A).mean())


def gradient_of_W1(name: str, scale: float) -> float:
    """Return the median of |dW1| at the start, over 200 networks 2-4-1 of tanh."""
    stack = scaled_start("tanh", name, scale, width=4)
    return float(np.median(norms(stack.layout.weights(stack.gradient, 1))))


def relative_gradient(scale: float) -> float:
    """Return the median of |dW1|/|W1| on moons at the start, over 200 networks 2-8-1 of tanh."""
    stack = scaled_start("tanh", MOONS, scale)
    dW1, W1 = (stack.layout.weights(each, 1) for each in (stack.gradient, stack.theta))
    return float(np.median(norms(dW1) / norms(W1)))


@cached
def first_layer_scaled(width: int, factor: float, count: int, rate: float, steps: int) -> Stack:
    """Train networks 2-width-1 of tanh on moons from N(0, 1/n) with W1 multiplied by a factor."""
    theta = starts(network(width), XavierFanIn(), count)
    ParameterLayout((2, width, 1)).weights(theta, 1)[...] *= factor
    return descend(network(width), data_of(MOONS), theta, rate, steps)


def four_units_above_90(factor: float, rate: float) -> float:
    """Return the share of 100 networks 2-4-1 with accuracy above 90 % after 1000 steps."""
    return first_layer_scaled(4, factor, 100, rate, 1000).share_above_90


def change_of_scaled_W1(factor: float) -> float:
    """Return the median, over 60 networks 2-8-1, of the largest change of W1 in 600 steps."""
    theta = starts(network(8), XavierFanIn(), 60)
    W1 = ParameterLayout((2, 8, 1)).weights(theta, 1) * factor
    ended = first_layer_scaled(8, factor, 60, 0.5, 600).weights(1)
    return float(np.median(np.abs(ended - W1).max(axis=(0, 1))))


def relative_step(scale: float) -> float:
    """Return |dW1|/|W1| at the start of 30 layers of 100 tanh units, from N(0, scale²)."""
    done = deep_pass(Normal(scale=scale), "tanh", 30, 100)
    dW1, W1 = (done.layout.weights(each, 1) for each in (done.gradient, done.theta))
    return float(norms(dW1)[0] / norms(W1)[0])


@cached
def above_90(unit: str, scale: float) -> float:
    """Return the share of 60 networks 2-8-1 with accuracy above 90 % after 600 steps on moons."""
    spec = network(8, hidden=unit)
    theta = starts(spec, XavierFanIn(), 60) * scale
    return descend(spec, data_of(MOONS), theta, 0.5, 600).share_above_90


@cached
def dZ1_for_scaled_W2() -> Array:
    """Return dZ1 (4, m, 3) of networks with W2 times 1, 2 and 0, and the same dZ2."""
    spec = network(4, output="linear", loss="mean-squared-error")
    data, theta = data_of(MOONS), np.repeat(starts(spec, XavierFanIn(), 1), 3, axis=1)
    ParameterLayout(spec.layers).weights(theta, 2)[...] *= np.array([1.0, 2.0, 0.0])
    stack = NetworkStack(spec, data.X, np.zeros((1, data.examples, 3)), 3)
    stack.load(theta)
    stack.forward()
    # These targets make dZ2 = 2 (a − y) the same in all three networks.
    stack.set_examples(data.X, stack.A[2] - (data.Y[..., None] + 0.5))
    stack.forward()
    stack.backward()
    return stack.dZ[1]


claim(
    "large-weights-saturate",
    text=Text.LESSON,
    says="Large weights make |Z| large, and the units saturate.",
    when="the activation is bounded, as tanh and sigmoid are",
    reason="ReLU (for z > 0) and linear units have the derivative 1 however large z is. How large "
    "is large depends on the activation: tanh saturates beyond ±2.6, softsign beyond ±99.",
    right={
        "saturated share, tanh, weights × 1": ((0.0, 0.1), lambda: saturated("tanh", 1.0)),
        "saturated share, tanh, weights × 10": ((0.65, 0.9), lambda: saturated("tanh", 10.0)),
        "saturated share, tanh, weights × 100": ((0.95, 1.0), lambda: saturated("tanh", 100.0)),
        "saturated share, sigmoid, weights × 100": (
            (0.9, 1.0),
            lambda: saturated("sigmoid", 100.0),
        ),
    },
    wrong={"derivative of ReLU at z = 1000": (exactly(1.0), lambda: slope(RELU, 1000.0))},
    shown={"saturation-scale": 100, SATURATED: 0, "large-relu-xor": 0, "random-scale": 0},
    break_it="Replace tanh by ReLU.",
    attack=Attack(nets.SATURABLE, laws.saturated_share, laws.is_large_and_bounded),
)

claim(
    "saturation-makes-gradients-vanish",
    text=Text.LESSON,
    says="When the units are saturated, the gradients vanish.",
    when="all examples are far from the boundaries of all units, as the corners of XOR are",
    reason="In continuous data a few examples are where the activation is steep, and large "
    "outgoing weights amplify their share; in deep networks the gradient can even explode.",
    right={
        "|dW1| on XOR, weights × 1": ((0.03, 0.1), lambda: gradient_of_W1(XOR, 1.0)),
        "|dW1| on XOR, weights × 100": ((0.0, 1e-6), lambda: gradient_of_W1(XOR, 100.0)),
        "|dW1| of a saturated start on XOR": (
            (0.0, 1e-8),
            lambda: np.linalg.norm(frame(SATURATED).dW[1]),
        ),
    },
    wrong={
        "|dW1| on moons, weights × 1": ((0.15, 0.35), lambda: gradient_of_W1(MOONS, 1.0)),
        "|dW1| on moons, weights × 100": ((0.2, 0.6), lambda: gradient_of_W1(MOONS, 100.0)),
        "|dZ1| over |dZ50|, 50 layers of tanh, N(0, 1)": (
            (5e16, 1e18),
            lambda: typical(Normal(scale=1.0), "tanh").gradient_ratio,
        ),
    },
    shown={SATURATED: 0, "saturation-scale": 100, "depth-tanh": 0},
    break_it="Use moons as the data: |dW1| is millions of times as large.",
    attack=Attack(nets.SATURABLE, nets.first_gradient, nets.hidden_is_flat),
)

claim(
    "saturation-makes-learning-slow",
    text=Text.LESSON,
    says="Saturated units learn slowly.",
    when="there is one hidden layer",
    reason="The step relative to the weight, |dW1|/|W1|, becomes small, even where |dW1| does "
    "not. In deep networks the gradient can explode, and the step is then many times as large as "
    "the weight.",
    right={
        "|dW1|/|W1| on moons, weights × 1": ((0.07, 0.14), lambda: relative_gradient(1.0)),
        "|dW1|/|W1| on moons, weights × 100": ((0.001, 0.005), lambda: relative_gradient(100.0)),
        "share above 90 % after 600 steps, weights × 1": (
            (0.95, 1.0),
            lambda: above_90("tanh", 1.0),
        ),
        "share above 90 % after 600 steps, W1 × 100": (
            (0.0, 0.2),
            lambda: first_layer_scaled(8, 100.0, 60, 0.5, 600).share_above_90,
        ),
    },
    wrong={
        "|dW1|/|W1|, 30 layers of tanh, N(0, 1/n)": ((0.1, 5.0), lambda: relative_step(0.1)),
        "|dW1|/|W1|, 30 layers of tanh, N(0, 1)": ((1e9, 1e13), lambda: relative_step(1.0)),
    },
    shown={SATURATED: 200, "random-scale": 100},
    break_it="Divide W1 by 100 at some frame.",
    attack=STATISTICAL,
)

claim(
    "larger-rate-does-not-cure-saturation",
    text=Text.BLOG,
    says="A larger learning rate does not cure saturated units; it harms the healthy ones.",
    when="the rate is very much larger, 100 instead of 0.5",
    reason="A rate ten or forty times as large does help: most networks if W1 is ten times too "
    "large, and up to half of them, instead of one in seven, if it is thirty times too large.",
    right={
        f"share above 90 %, W1 {size}, rate 100": (
            interval,
            partial(four_units_above_90, factor, 100.0),
        )
        for size, factor, interval in (
            ("as drawn", 1.0, (0.0, 0.25)),
            ("× 10", 10.0, (0.0, 0.15)),
            ("× 30", 30.0, (0.0, 0.2)),
        )
    },
    wrong={
        f"share above 90 %, W1 {size}, rate {rate:g}": (
            interval,
            partial(four_units_above_90, factor, rate),
        )
        for size, factor, rate, interval in (
            ("as drawn", 1.0, 0.5, (0.95, 1.0)),
            ("× 10", 10.0, 0.5, (0.65, 0.85)),
            ("× 10", 10.0, 5.0, (0.88, 1.0)),
            ("× 30", 30.0, 0.5, (0.05, 0.25)),
            ("× 30", 30.0, 2.0, (0.2, 0.4)),
            ("× 30", 30.0, 5.0, (0.27, 0.5)),
            ("× 30", 30.0, 20.0, (0.35, 0.6)),
        )
    },
    shown={"saturated-rates": 1000},
    break_it="Divide W1 by ten: then a rate of 0.5 is enough.",
    attack=STATISTICAL,
)

claim(
    "error-sent-back-is-proportional-to-weights",
    text=Text.QUESTION,
    says="The error propagated back to a layer is proportional to the weights it passes through.",
    reason="dA1 = W2ᵀ dZ2 is linear in W2 as long as dZ2 is the same.",
    right={
        "dZ1 for 2 W2 relative to W2": (
            exactly(2.0),
            lambda: np.median(dZ1_for_scaled_W2()[..., 1] / dZ1_for_scaled_W2()[..., 0]),
        ),
        "dZ1 for W2 = 0": (ZERO, lambda: largest(dZ1_for_scaled_W2()[..., 2])),
    },
    shown={"zero-tanh-and": 0, "output-weights-tenfold": 0},
    break_it="On paper: let dZ2 change with W2, as it does when the targets do not change.",
    attack=Attack(nets.RANDOM, laws.error_of_doubled_weights),
)

claim(
    "frozen-first-layer",
    text=Text.LESSON,
    says="With W1 a hundred times too large the hidden layer is saturated and does not change.",
    when="every example is far from the boundary of every unit, as the corners of XOR are",
    reason="Then W1 changes by about 1e-9 in 200 steps. On moons a few examples are near a "
    "boundary, and W1 changes by about 0.6.",
    right={
        "saturated share at the start": (
            near(1.0, 0.0),
            lambda: diagnostics(SATURATED).saturated[0],
        ),
        "change of W1 in 200 steps": (
            (0.0, 1e-6),
            lambda: largest(frame(SATURATED, 200).W[1] - frame(SATURATED).W[1]),
        ),
        "final loss": (near(0.693147, 1e-5), lambda: loss(SATURATED)),
    },
    wrong={
        "median change of W1 in 600 steps, moons, W1 × 100": (
            (0.2, 1.5),
            lambda: change_of_scaled_W1(100.0),
        ),
    },
    shown={SATURATED: 200, "large-relu-xor": 200},
    break_it="Divide W1 by 100.",
    attack=Attack(nets.SATURABLE, nets.frozen_weights, nets.is_flat_and_calm),
)
