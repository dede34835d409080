"""Claims on networks without a hidden layer, on saturated outputs, and on the steepness β."""

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
)
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.initializers import XavierFanIn, Zeros
from engine.nn.network import ParameterLayout

REGRESSION = NetworkSpec(layers=(2, 1))
SQUARED = NetworkSpec(layers=(2, 1), loss="mean-squared-error")
ENTROPY_RUN, SQUARED_RUN = "wrong-output-cross-entropy", "wrong-output-squared-error"


@claim(
    "logistic-regression-from-zero",
    text=Text.LESSON,
    says="Logistic regression may start at zero.",
    reason="Its loss is convex and there are no units to keep apart: every start ends at the "
    "same weights.",
    right={
        "greatest distance of five ends": (0.0, 1e-6),
        "accuracy from zero, two clouds": (1.0, 1.0),
    },
    shown={"logistic-starts": 400, "zero-logistic-regression": 100, "logistic-regression": 200},
    break_it="Set the noise to 0.1: a line parts the clouds, and the weights grow for ever.",
)
def _from_zero() -> Numbers:
    theta = np.array([[0, 5, -4.7, 3, -3], [0, 5, 2.4, -6, -3], [0, 1, 0, 2, -5]], dtype=float)
    ended = descend(REGRESSION, data_of("noisy-moons-zeros"), theta, 1.0, 4000).done.theta
    return {
        "greatest distance of five ends": float(np.ptp(ended, axis=1).max()),
        "accuracy from zero, two clouds": float(
            comparison("zero-logistic-regression").diagnostics[0].accuracy[-1]
        ),
    }


@claim(
    "derivative-is-tiny-for-large-z",
    text=Text.BLOG,
    says="Far from zero the derivative of the logistic function is next to nothing.",
    reason="It is e^−|z| there, to a good approximation.",
    right={
        "derivative at 0": (0.25, 0.25),
        "derivative at 5": near(0.006648, 1e-3),
        "derivative at 10": near(4.5396e-5, 1e-3),
    },
    shown={"saturation-scale": 60, SQUARED_RUN: 0},
    break_it="Drag z from 5 to 0: the derivative becomes a quarter.",
)
def _tiny() -> Numbers:
    return {f"derivative at {z}": slope(activation("sigmoid"), z) for z in (0, 5, 10)}


@claim(
    "extreme-weights-slow-logistic-regression",
    text=Text.BLOG,
    says="Extreme first weights make logistic regression learn extremely slowly.",
    when="the loss is the squared error",
    reason="With cross-entropy the slope of the sigmoid cancels, and the gradient is as large as "
    "the mistake.",
    right={
        "loss after 1000 steps, squared error": (0.99, 1.0),
        "accuracy after 1000 steps, squared error": ZERO,
    },
    wrong={"step at which the loss is below 0.35, cross-entropy": (19, 21)},
    shown={SQUARED_RUN: 1000, ENTROPY_RUN: 20, "saturated-output": 20, "logistic-starts": 60},
    break_it="Exchange the loss: after 20 steps it is below 0.35.",
)
def _extreme() -> Numbers:
    squared = comparison(SQUARED_RUN)
    return {
        "loss after 1000 steps, squared error": float(squared.recordings[0].losses[-1]),
        "accuracy after 1000 steps, squared error": float(squared.diagnostics[0].accuracy[-1]),
        "step at which the loss is below 0.35, cross-entropy": first_below(
            recording(ENTROPY_RUN).losses, 0.35
        ),
    }


@claim(
    "gradients-contain-the-activation-derivative",
    text=Text.BLOG,
    says="The gradient of a weight always contains the derivative of an activation.",
    when="the weight lies before a hidden unit, or the loss is the squared error",
    reason="With cross-entropy the derivative of the output unit cancels in dZ of the last layer.",
    right={
        "|dW1| of a wrong, saturated output, squared error": near(3.98476e-4),
        "|dW1| behind saturated hidden units": (0.0, 1e-8),
    },
    wrong={
        "|dW1| of a wrong, saturated output, cross-entropy": near(1.28161),
        "dZ2 less the residual, cross-entropy": ZERO,
    },
    shown={"saturated-output": 0, SQUARED_RUN: 0, ENTROPY_RUN: 0, "saturated-hidden-xor": 0},
    break_it="Exchange the loss of a saturated output.",
)
def _contain() -> Numbers:
    def gradient(name: str) -> float:
        return float(np.linalg.norm(recording(name)[0].dW[1]))

    entropy = recording(ENTROPY_RUN)
    residual = entropy[0].A[1] - entropy.data.Y
    return {
        "|dW1| of a wrong, saturated output, squared error": gradient(SQUARED_RUN),
        "|dW1| behind saturated hidden units": gradient("saturated-hidden-xor"),
        "|dW1| of a wrong, saturated output, cross-entropy": gradient(ENTROPY_RUN),
        "dZ2 less the residual, cross-entropy": float(np.abs(entropy[0].dZ[1] - residual).max()),
    }


@shared
def output_scaled(factor: float, steps: int) -> Stack:
    """Return 60 networks 2-8-1 of tanh on moons whose W2 is so many times as large."""
    spec = NetworkSpec(layers=(2, 8, 1))
    theta = starts(spec, XavierFanIn(), 60)
    ParameterLayout(spec.layers).weights(theta, 2)[...] *= factor
    return descend(spec, data_of("small-tanh-moons"), theta, 0.5, steps)


@claim(
    "large-output-weights-saturate",
    text=Text.LESSON,
    says="Large weights of the last layer saturate the output at 0 or 1 from the start.",
    reason="The logit is a sum of outgoing weights, and sigmoid is flat beyond ±5.",
    right={
        "outputs outside 0.01 … 0.99, W2 as drawn": (0.0, 0.02),
        "outputs outside 0.01 … 0.99, W2 × 10": (0.22, 0.4),
        "outputs outside 0.01 … 0.99, W2 × 100": (0.85, 1.0),
    },
    shown={"output-weights-tenfold": 0, ENTROPY_RUN: 0},
    break_it="Divide W2 by the number of hidden units.",
)
def _saturate() -> Numbers:
    def outside(factor: float) -> float:
        A = output_scaled(factor, 0).done.A[2]
        return float(((A < 0.01) | (A > 0.99)).mean())

    return {
        "outputs outside 0.01 … 0.99, W2 as drawn": outside(1.0),
        "outputs outside 0.01 … 0.99, W2 × 10": outside(10.0),
        "outputs outside 0.01 … 0.99, W2 × 100": outside(100.0),
    }


@claim(
    "saturated-output-stops-learning",
    text=Text.LESSON,
    says="A saturated output has no gradient, so the network does not learn.",
    when="the loss is the squared error",
    reason="With cross-entropy a wrong and saturated output has the largest gradient there is.",
    right={
        "|dW| at the start, squared error": near(3.98476e-4),
        "accuracy after 1000 steps, squared error": ZERO,
    },
    wrong={
        "|dW| at the start, cross-entropy": near(1.28161),
        "accuracy after 40 steps, cross-entropy": (1.0, 1.0),
    },
    shown={"saturated-output": 12, SQUARED_RUN: 40, ENTROPY_RUN: 40},
    break_it="Exchange the loss, and step both runs side by side.",
)
def _stops() -> Numbers:
    squared, entropy = comparison(SQUARED_RUN), comparison(ENTROPY_RUN)
    return {
        "|dW| at the start, squared error": float(np.linalg.norm(squared.recordings[0][0].dW[1])),
        "accuracy after 1000 steps, squared error": float(squared.diagnostics[0].accuracy[-1]),
        "|dW| at the start, cross-entropy": float(np.linalg.norm(entropy.recordings[0][0].dW[1])),
        "accuracy after 40 steps, cross-entropy": float(entropy.diagnostics[0].accuracy[40]),
    }


@claim(
    "keep-output-weights-small",
    text=Text.LESSON,
    says="With a sigmoid output it is especially important that the last weights are small.",
    when="large means a hundred times too large, or the loss is the squared error",
    reason="With cross-entropy, W2 ten times as large makes the errors sent back ten times as "
    "large, and the network learns faster.",
    right={
        "median loss after 50 steps, W2 × 100": (0.5, 0.9),
        "loss of one start after 1000 steps, squared error": (0.99, 1.0),
    },
    wrong={
        "median loss after 50 steps, W2 as drawn": (0.25, 0.32),
        "median loss after 50 steps, W2 × 10": (0.08, 0.2),
        "loss of one start after 200 steps, W2 as drawn": near(0.219146),
        "loss of the same after 200 steps, W2 × 10": near(0.061929),
    },
    shown={"output-weights-tenfold": 200, "output-weights-as-drawn": 200},
    break_it="Compare the two runs frame by frame: the larger one begins worse and ends better.",
)
def _keep_small() -> Numbers:
    def median(factor: float) -> float:
        return float(np.median(output_scaled(factor, 50).losses))

    return {
        "median loss after 50 steps, W2 × 100": median(100.0),
        "loss of one start after 1000 steps, squared error": float(
            recording(SQUARED_RUN).losses[-1]
        ),
        "median loss after 50 steps, W2 as drawn": median(1.0),
        "median loss after 50 steps, W2 × 10": median(10.0),
        "loss of one start after 200 steps, W2 as drawn": float(
            recording("output-weights-as-drawn").losses[-1]
        ),
        "loss of the same after 200 steps, W2 × 10": float(
            recording("output-weights-tenfold").losses[-1]
        ),
    }


def _with_steepness(beta: float, steps: int) -> float:
    """Return how far g(βz) is from β-fold weights trained at β² times the rate."""
    data, plain = data_of("small-tanh-moons"), NetworkSpec(layers=(2, 4, 1))
    steep = NetworkSpec(layers=(2, 4, 1), beta=beta)
    theta = starts(plain, XavierFanIn(), 2)
    ours = descend(steep, data, theta, 0.5, steps).done.theta * beta
    theirs = descend(plain, data, theta * beta, 0.5 * beta**2, steps).done.theta
    return float(np.abs(ours - theirs).max())


@claim(
    "steepness-is-the-learning-rate",
    text=Text.BLOG,
    says="The steepness β in g(βx) does the same as the learning rate.",
    when="z is 0",
    reason="Exactly, β is the same as β-fold first weights and biases with β²-fold learning rate: "
    "it is the scale of the start as well, and away from zero it flattens.",
    right={"gradient for β = 2 relative to β = 1, at z = 0": (2.0, 2.0)},
    wrong={
        "gradient for β = 2 relative to β = 1, at z = 2": (0.3, 0.4),
        "gradient for β = 2 relative to β = 1, at z = 5": (0.01, 0.02),
        "difference from (βW, βb, β²η), β = 2": ZERO,
        "difference from (βW, βb, β²η), β = 1/2": ZERO,
        "difference from (βW, βb, β²η), β = 3": (0.0, 1e-11),
    },
    shown={"saturation-scale": 60, "random-scale": 100},
    break_it="Multiply β and divide the weights by it: the first frame is the same.",
)
def _steepness() -> Numbers:
    def ratio(z: float) -> float:
        return slope(activation("sigmoid", 2.0), z) / slope(activation("sigmoid"), z)

    return {
        **{f"gradient for β = 2 relative to β = 1, at z = {z}": ratio(z) for z in (0, 2, 5)},
        "difference from (βW, βb, β²η), β = 2": _with_steepness(2.0, 200),
        "difference from (βW, βb, β²η), β = 1/2": _with_steepness(0.5, 200),
        "difference from (βW, βb, β²η), β = 3": _with_steepness(3.0, 200),
    }


@claim(
    "steepness-scales-the-first-step",
    text=Text.BLOG,
    says="In the first step from zero β multiplies the update as a learning rate would.",
    reason="At z = 0 the only trace of β is the factor β in the derivative by z.",
    right={
        "first update for β = 2 relative to β = 1": near(2.0, 1e-12),
        "first update for β = 3 relative to β = 1": near(3.0, 1e-12),
    },
    shown={"zero-logistic-regression": 1},
    break_it="Look at the second step.",
)
def _first_step() -> Numbers:
    data = data_of("zero-logistic-regression")

    def update(beta: float) -> float:
        spec = NetworkSpec(layers=(2, 1), beta=beta)
        return float(norms(one_pass(spec, data, starts(spec, Zeros(), 2)).gradient)[0])

    return {
        f"first update for β = {beta} relative to β = 1": update(beta) / update(1.0)
        for beta in (2, 3)
    }
