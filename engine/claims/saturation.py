"""Claims on hidden units: saturation, vanishing gradients, and ReLU with its dead units."""

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near, shared
from engine.claims.runs import (
    Stack,
    comparison,
    data_of,
    descend,
    first_below,
    norms,
    one_pass,
    recording,
    slope,
    starts,
    typical,
)
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.initializers import HeNormal, Normal, XavierFanIn
from engine.nn.network import NetworkStack, ParameterLayout

RELU = activation("relu")
MOONS, XOR, XOR_01 = "small-tanh-moons", "zero-tanh-xor", "dead-relu-xor"


@shared
def scaled_start(unit: str, name: str, scale: float, width: int = 8) -> NetworkStack:
    """Return the first pass of 200 networks whose weights are `scale` times N(0, 1/n)."""
    spec = NetworkSpec(layers=(2, width, 1), hidden=unit)
    return one_pass(spec, data_of(name), starts(spec, XavierFanIn(), 200) * scale)


def saturated(unit: str, scale: float) -> float:
    """Return the share of saturated hidden activations on moons at the start."""
    A = scaled_start(unit, MOONS, scale).A[1]
    return float(activation(unit).saturated(A).mean())


def gradient_of_W1(name: str, scale: float) -> float:
    """Return the median over many starts of |dW1| at the start, for four units of tanh."""
    done = scaled_start("tanh", name, scale, width=4)
    return float(np.median(norms(done.layout.weights(done.gradient, 1))))


@claim(
    "large-weights-saturate",
    text=Text.LESSON,
    says="Large weights make large |Z|, and the units saturate.",
    when="the activation has an end to saturate at, as tanh and sigmoid do",
    reason="ReLU and linear units have a slope of one however large z is.",
    right={
        "saturated share, tanh, weights × 1": (0.0, 0.1),
        "saturated share, tanh, weights × 10": (0.65, 0.9),
        "saturated share, tanh, weights × 100": (0.95, 1.0),
        "saturated share, sigmoid, weights × 100": (0.9, 1.0),
    },
    wrong={"slope of ReLU at z = 1000": (1.0, 1.0)},
    shown={
        "saturation-scale": 100,
        "saturated-hidden-xor": 0,
        "large-relu-xor": 0,
        "random-scale": 0,
    },
    break_it="Exchange tanh for ReLU.",
)
def _large() -> Numbers:
    return {
        "saturated share, tanh, weights × 1": saturated("tanh", 1.0),
        "saturated share, tanh, weights × 10": saturated("tanh", 10.0),
        "saturated share, tanh, weights × 100": saturated("tanh", 100.0),
        "saturated share, sigmoid, weights × 100": saturated("sigmoid", 100.0),
        "slope of ReLU at z = 1000": slope(RELU, 1000.0),
    }


@claim(
    "saturation-makes-gradients-vanish",
    text=Text.LESSON,
    says="When the units are saturated the gradients vanish.",
    when="all examples lie far from every boundary, as the corners of XOR do",
    reason="On continuous data a few examples fall on the steep part, and large outgoing weights "
    "amplify their share; in deep networks the gradient even explodes.",
    right={
        "|dW1| on XOR, weights × 1": (0.03, 0.1),
        "|dW1| on XOR, weights × 100": (0.0, 1e-6),
        "|dW1| of a saturated start on XOR": (0.0, 1e-8),
    },
    wrong={
        "|dW1| on moons, weights × 1": (0.15, 0.35),
        "|dW1| on moons, weights × 100": (0.2, 0.6),
        "|dZ1| over |dZ50|, 50 layers of tanh, N(0, 1)": (5e16, 1e18),
    },
    shown={"saturated-hidden-xor": 0, "saturation-scale": 100, "depth-tanh": 0},
    break_it="Take the moons for data: |dW1| is millions of times as large.",
)
def _vanish() -> Numbers:
    return {
        "|dW1| on XOR, weights × 1": gradient_of_W1(XOR, 1.0),
        "|dW1| on XOR, weights × 100": gradient_of_W1(XOR, 100.0),
        "|dW1| of a saturated start on XOR": float(
            np.linalg.norm(recording("saturated-hidden-xor")[0].dW[1])
        ),
        "|dW1| on moons, weights × 1": gradient_of_W1(MOONS, 1.0),
        "|dW1| on moons, weights × 100": gradient_of_W1(MOONS, 100.0),
        "|dZ1| over |dZ50|, 50 layers of tanh, N(0, 1)": typical(
            Normal(scale=1.0), "tanh"
        ).gradient_ratio,
    }


@claim(
    "saturation-makes-learning-slow",
    text=Text.LESSON,
    says="Saturated units learn slowly.",
    reason="What collapses is the step relative to the weight, |dW1|/|W1|, even where |dW1| "
    "does not.",
    right={
        "|dW1|/|W1| on moons, weights × 1": (0.07, 0.14),
        "|dW1|/|W1| on moons, weights × 100": (0.001, 0.005),
        "share above 90 % after 600 steps, weights × 1": (0.95, 1.0),
        "share above 90 % after 600 steps, W1 × 100": (0.0, 0.2),
    },
    shown={"saturated-hidden-xor": 200, "random-scale": 100},
    break_it="Divide W1 by a hundred by hand at some frame.",
)
def _slow() -> Numbers:
    def relative(scale: float) -> float:
        done = scaled_start("tanh", MOONS, scale)
        gradient = norms(done.layout.weights(done.gradient, 1))
        return float(np.median(gradient / norms(done.layout.weights(done.theta, 1))))

    spec = NetworkSpec(layers=(2, 8, 1))
    theta = starts(spec, XavierFanIn(), 60)
    ParameterLayout(spec.layers).weights(theta, 1)[...] *= 100.0
    frozen = descend(spec, data_of(MOONS), theta, 0.5, 600)
    return {
        "|dW1|/|W1| on moons, weights × 1": relative(1.0),
        "|dW1|/|W1| on moons, weights × 100": relative(100.0),
        "share above 90 % after 600 steps, weights × 1": above_90("tanh", 1.0),
        "share above 90 % after 600 steps, W1 × 100": float((frozen.accuracy > 0.9).mean()),
    }


@shared
def after_600(unit: str, scale: float) -> Stack:
    """Return 60 networks 2-8-1 after 600 steps on moons."""
    spec = NetworkSpec(layers=(2, 8, 1), hidden=unit)
    theta = starts(spec, XavierFanIn(), 60) * scale
    return descend(spec, data_of(MOONS), theta, 0.5, 600)


def above_90(unit: str, scale: float) -> float:
    """Return the share of those networks that get more than nine in ten points right."""
    return float((after_600(unit, scale).accuracy > 0.9).mean())


@claim(
    "relu-is-less-critical",
    text=Text.LESSON,
    says="ReLU does not saturate for z > 0, its slope is exactly one, so the scale is less "
    "critical.",
    reason="It learns from weights a hundred times too large, where tanh and sigmoid hardly do.",
    right={
        "slope of ReLU at z = 1000": (1.0, 1.0),
        "share above 90 %, ReLU, weights × 10": (0.9, 1.0),
        "share above 90 %, ReLU, weights × 100": (0.9, 1.0),
        "share above 90 %, tanh, weights × 100": (0.0, 0.2),
        "share above 90 %, sigmoid, weights × 100": (0.0, 0.2),
        "step at which ReLU × 100 solves XOR": (20, 20),
    },
    shown={"saturation-scale": 100, "large-relu-xor": 20, "saturated-hidden-xor": 20},
    break_it="Make the weights small instead: 0.01 is as bad for ReLU as for tanh.",
)
def _relu() -> Numbers:
    return {
        "slope of ReLU at z = 1000": slope(RELU, 1000.0),
        "share above 90 %, ReLU, weights × 10": above_90("relu", 10.0),
        "share above 90 %, ReLU, weights × 100": above_90("relu", 100.0),
        "share above 90 %, tanh, weights × 100": above_90("tanh", 100.0),
        "share above 90 %, sigmoid, weights × 100": above_90("sigmoid", 100.0),
        "step at which ReLU × 100 solves XOR": first_below(recording("large-relu-xor").losses, 0.1),
    }


@claim(
    "relu-does-not-mind-the-scale",
    text=Text.LESSON,
    says="For ReLU it matters little how large the first weights are.",
    when="they are not too small, and one can bear the first losses",
    reason="The first loss grows with the square of the scale, and small weights start as slowly "
    "as those of tanh.",
    right={"share above 90 %, ReLU, weights × 1": (0.95, 1.0)},
    wrong={
        "median first loss, ReLU, weights × 100": (1500.0, 3000.0),
        "share above 90 %, ReLU, weights × 0.1": (0.65, 0.9),
        "first loss, one start on XOR": near(3195.13, 1e-4),
    },
    shown={"large-relu-xor": 0},
    break_it="Look at the first ten losses.",
)
def _scale() -> Numbers:
    start = scaled_start("relu", MOONS, 100.0)
    return {
        "share above 90 %, ReLU, weights × 1": above_90("relu", 1.0),
        "median first loss, ReLU, weights × 100": float(np.median(start.losses(start.Z[-1]))),
        "share above 90 %, ReLU, weights × 0.1": above_90("relu", 0.1),
        "first loss, one start on XOR": float(recording("large-relu-xor").losses[0]),
    }


@shared
def dead_units(name: str, steps: int = 0, rate: float = 0.5) -> tuple[float, float]:
    """Return the share of dead ReLU units and of 2-2-1 networks with one, from He's start."""
    spec = NetworkSpec(layers=(2, 2, 1), hidden="relu")
    A = descend(spec, data_of(name), starts(spec, HeNormal(), 2000), rate, steps).done.A[1]
    dead = (A <= 0.0).all(axis=1)
    return float(dead.mean()), float(dead.any(axis=0).mean())


@claim(
    "relu-only-dies-below-zero",
    text=Text.LESSON,
    says="ReLU has no gradient only where z < 0.",
    when="it is asked of one example, not of a unit",
    reason="A unit below zero for every example gets no gradient at all; where inputs are 0 and 1 "
    "and biases zero, a quarter of the units start so, and a rate of 10 kills all of them.",
    right={"slope at z = −1": ZERO, "slope at z = 1": (1.0, 1.0)},
    wrong={
        "dead units at the start, XOR of 0 and 1": (0.22, 0.28),
        "networks with a dead unit, XOR of 0 and 1": (0.4, 0.48),
        "dead units at the start, XOR of ±1": ZERO,
        "dead units after 400 steps at rate 10, XOR of 0 and 1": (0.99, 1.0),
    },
    shown={"dead-relu-xor": 0, "relu-dead": 100},
    break_it="Centre the inputs: no unit starts dead.",
)
def _dies() -> Numbers:
    units, networks = dead_units(XOR_01)
    return {
        "slope at z = −1": slope(RELU, -1.0),
        "slope at z = 1": slope(RELU, 1.0),
        "dead units at the start, XOR of 0 and 1": units,
        "networks with a dead unit, XOR of 0 and 1": networks,
        "dead units at the start, XOR of ±1": dead_units(XOR)[0],
        "dead units after 400 steps at rate 10, XOR of 0 and 1": dead_units(XOR_01, 400, 10.0)[0],
    }


@claim(
    "dead-units-stay-dead",
    text=Text.LESSON,
    says="A ReLU unit that is dead for every example does not come back.",
    reason="No gradient reaches its weights, and its inputs never change.",
    right={
        "change of a parameter in 100 steps": ZERO,
        "change of the loss in 100 steps": (0.0, 1e-15),
        "dead units after 400 steps less those before": (0.06, 0.15),
    },
    shown={"dead-relu-xor": 100, "relu-dead": 200},
    break_it="Set the unit's bias to a positive number by hand.",
)
def _stay_dead() -> Numbers:
    run = recording("dead-relu-xor")
    return {
        "change of a parameter in 100 steps": float(
            np.ptp(run.parameters(0, len(run)), axis=0).max()
        ),
        "change of the loss in 100 steps": float(np.ptp(run.losses)),
        "dead units after 400 steps less those before": dead_units(XOR_01, 400)[0]
        - dead_units(XOR_01)[0],
    }


@claim(
    "larger-rate-does-not-cure-saturation",
    text=Text.BLOG,
    says="A larger learning rate does not cure saturated units; it harms the healthy ones.",
    when="it is very much larger, 100 instead of 0.5",
    reason="A rate ten or forty times as large does help: most of the networks where W1 is ten "
    "times too large, and up to half of them, instead of one in seven, where it is thirty times.",
    right={
        "share above 90 %, W1 as drawn, rate 100": (0.0, 0.25),
        "share above 90 %, W1 × 10, rate 100": (0.0, 0.15),
        "share above 90 %, W1 × 30, rate 100": (0.0, 0.2),
    },
    wrong={
        "share above 90 %, W1 as drawn, rate 0.5": (0.95, 1.0),
        "share above 90 %, W1 × 10, rate 0.5": (0.65, 0.85),
        "share above 90 %, W1 × 10, rate 5": (0.88, 1.0),
        "share above 90 %, W1 × 30, rate 0.5": (0.05, 0.25),
        "share above 90 %, W1 × 30, rate 2": (0.2, 0.4),
        "share above 90 %, W1 × 30, rate 5": (0.27, 0.5),
        "share above 90 %, W1 × 30, rate 20": (0.35, 0.6),
    },
    shown={"saturated-rates": 1000},
    break_it="Divide W1 by ten: then even the rate of 0.5 is enough.",
)
def _larger_rate() -> Numbers:
    spec = NetworkSpec(layers=(2, 4, 1))

    def share(factor: float, rate: float) -> float:
        theta = starts(spec, XavierFanIn(), 100)
        ParameterLayout(spec.layers).weights(theta, 1)[...] *= factor
        ended = descend(spec, data_of(MOONS), theta, rate, 1000)
        return float((ended.accuracy > 0.9).mean())

    rates = {"as drawn": (0.5, 100), "× 10": (0.5, 5, 100), "× 30": (0.5, 2, 5, 20, 100)}
    factors = {"as drawn": 1.0, "× 10": 10.0, "× 30": 30.0}
    return {
        f"share above 90 %, W1 {size}, rate {rate:g}": share(factor, rate)
        for size, factor in factors.items()
        for rate in rates[size]
    }


@claim(
    "error-sent-back-is-proportional-to-weights",
    text=Text.QUESTION,
    says="The error that is sent back to a layer is proportional to the weights it goes through.",
    reason="dA1 = W2ᵀ dZ2 is linear in W2 while dZ2 is the same.",
    right={
        "dZ1 for 2 W2 relative to W2": (2.0, 2.0),
        "dZ1 for W2 = 0": ZERO,
    },
    shown={"zero-tanh-and": 0, "output-weights-tenfold": 0},
    break_it="On paper: let dZ2 change with W2, as it does when the targets stay.",
)
def _proportional() -> Numbers:
    spec = NetworkSpec(layers=(2, 4, 1), output="linear", loss="mean-squared-error")
    layout, data = ParameterLayout(spec.layers), data_of(MOONS)
    one = starts(spec, XavierFanIn(), 1)
    theta = np.concatenate([one, one, one], axis=1)
    layout.weights(theta, 2)[...] *= np.array([1.0, 2.0, 0.0])
    done = NetworkStack(spec, data.X, np.zeros((1, data.examples, 3)), 3)
    done.load(theta)
    done.forward()
    # Targets that keep dZ2 = 2 (a − y) the same in all three networks.
    again = NetworkStack(spec, data.X, done.A[2] - (data.Y[..., None] + 0.5), 3)
    again.load(theta)
    again.forward()
    again.backward()
    dZ1 = again.dZ[1]
    return {
        "dZ1 for 2 W2 relative to W2": float(np.median(dZ1[..., 1] / dZ1[..., 0])),
        "dZ1 for W2 = 0": float(np.abs(dZ1[..., 2]).max()),
    }


@claim(
    "frozen-first-layer",
    text=Text.LESSON,
    says="With W1 a hundred times too large the hidden layer is saturated and stays as it is.",
    reason="Every corner of XOR lies far out for every unit, so W1 moves by less than rounding "
    "shows.",
    right={
        "saturated share at the start": (1.0, 1.0),
        "change of W1 in 200 steps": (0.0, 1e-6),
        "loss in the end": near(0.693147, 1e-5),
    },
    shown={"saturated-hidden-xor": 200, "large-relu-xor": 200},
    break_it="Divide W1 by a hundred.",
)
def _frozen() -> Numbers:
    run = recording("saturated-hidden-xor")
    return {
        "saturated share at the start": float(
            comparison("saturated-hidden-xor").diagnostics[0].saturated[0]
        ),
        "change of W1 in 200 steps": float(np.abs(run[200].W[1] - run[0].W[1]).max()),
        "loss in the end": float(run.losses[-1]),
    }
