"""Claims on networks without a hidden layer, on saturated outputs, and on the steepness β."""

from functools import partial
from math import exp

import numpy as np

from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import (
    IDENTITY,
    STATISTICAL,
    ZERO,
    Text,
    between,
    cached,
    derived,
    exactly,
    near,
    register,
)
from engine.claims.runs import (
    Stack,
    accuracy,
    data_of,
    descend,
    first_below,
    frame,
    largest,
    loss,
    network,
    norms,
    one_pass,
    recording,
    slope,
    spread,
    starts,
)
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.initializers import XavierFanIn
from engine.nn.network import ParameterLayout

claim = partial(register, __name__)

CLOUDS = "zero-logistic-regression"
ENTROPY, SQUARED = "wrong-output-cross-entropy", "wrong-output-squared-error"
AS_DRAWN, TENFOLD = "output-weights-as-drawn", "output-weights-tenfold"


def distance_of_ends() -> float:
    """Return the largest difference between the weights to which five starts lead."""
    theta = np.array([[0, 5, -4.7, 3, -3], [0, 5, 2.4, -6, -3], [0, 1, 0, 2, -5]], dtype=float)
    ended = descend(NetworkSpec(layers=(2, 1)), data_of("noisy-moons-zeros"), theta, 1.0, 4000)
    return spread(ended.last.theta, axis=1)


def initial_gradient(name: str) -> float:
    """Return the norm of dW1 at the start."""
    return float(np.linalg.norm(frame(name).dW[1]))


@cached
def output_scaled(
    factor: float, steps: int, loss: str = "cross-entropy", first: float = 1.0
) -> Stack:
    """Train 60 networks 2-8-1 of tanh on moons from N(0, 1/n).

    W2 is multiplied by a factor, and W1 by the factor `first`.
    """
    spec = network(8, loss=loss)
    theta = starts(spec, XavierFanIn(), 60)
    ParameterLayout((2, 8, 1)).weights(theta, 1)[...] *= first
    ParameterLayout((2, 8, 1)).weights(theta, 2)[...] *= factor
    return descend(spec, data_of("small-tanh-moons"), theta, 0.5, steps)


def saturated_outputs(factor: float, first: float = 1.0) -> float:
    """Return the share of initial outputs outside 0.01 … 0.99."""
    A = output_scaled(factor, 0, first=first).last.A[2]
    return float(((A < 0.01) | (A > 0.99)).mean())


def median_loss(factor: float, loss: str = "cross-entropy") -> float:
    """Return the median loss after 50 steps."""
    return float(np.median(output_scaled(factor, 50, loss).losses))


def steepness_error(beta: float) -> float:
    """Return how much g(βz) differs, after 200 steps, from β-fold weights with β²-fold rate."""
    data, plain, steep = data_of("small-tanh-moons"), network(4), network(4, beta=beta)
    theta = starts(plain, XavierFanIn(), 2)
    with_beta = descend(steep, data, theta, 0.5, 200).last.theta * beta
    without = descend(plain, data, theta * beta, 0.5 * beta**2, 200).last.theta
    return largest(with_beta - without)


def slope_ratio(z: float) -> float:
    """Return the derivative of sigmoid at z for β = 2 relative to β = 1."""
    return slope(activation("sigmoid", 2.0), z) / slope(activation("sigmoid"), z)


def first_update_ratio(beta: float, **options: str) -> float:
    """Return the norm of the first gradient of logistic regression, relative to β = 1."""
    specs = (NetworkSpec(layers=(2, 1), beta=each, **options) for each in (beta, 1.0))
    theta = np.zeros((3, 2))
    first, other = (norms(one_pass(spec, data_of(CLOUDS), theta).gradient)[0] for spec in specs)
    return float(first / other)


claim(
    "logistic-regression-from-zero",
    text=Text.LESSON,
    says="Logistic regression may start at zero.",
    reason="Its loss is convex, and there are no hidden units that could be equal. Where no line "
    "separates the classes, every start ends at the same weights; where one does, the weights "
    "grow without limit, from zero too.",
    right={
        "largest distance of five final weights": ((0.0, 1e-6), distance_of_ends),
        "accuracy from zero, two clouds": (near(1.0, 0.0), lambda: accuracy(CLOUDS)),
    },
    shown={"logistic-starts": 400, CLOUDS: 100, "logistic-regression": 200},
    break_it="Set the noise to 0.1: a line separates the clouds, and the weights grow without "
    "limit.",
    attack=Attack(nets.LOGISTIC, nets.loss_of_zero_start, nets.loss_of_zero_falls),
)

claim(
    "derivative-is-tiny-for-large-z",
    text=Text.BLOG,
    says="Far from zero the derivative of the logistic function is almost zero.",
    reason="It is approximately e^−|z| there.",
    right={
        "derivative at 0": (exactly(0.25), lambda: slope(activation("sigmoid"), 0)),
        "derivative at 5": (
            derived(exp(-5.0) / (1.0 + exp(-5.0)) ** 2, 1e-9),
            lambda: slope(activation("sigmoid"), 5),
        ),
        "derivative at 10": (
            derived(exp(-10.0) / (1.0 + exp(-10.0)) ** 2, 1e-9),
            lambda: slope(activation("sigmoid"), 10),
        ),
    },
    shown={"saturation-scale": 60, SQUARED: 0},
    break_it="Drag z from 5 to 0: the derivative becomes 0.25.",
    attack=IDENTITY,
)

claim(
    "extreme-weights-slow-logistic-regression",
    text=Text.BLOG,
    says="Extreme initial weights make logistic regression learn extremely slowly.",
    when="the loss is the squared error, and the output is saturated for every example",
    reason="With cross-entropy the derivative of the sigmoid cancels, and the gradient is "
    "proportional to the error.",
    right={
        "loss after 1000 steps, squared error": ((0.99, 1.0), lambda: loss(SQUARED)),
        "accuracy after 1000 steps, squared error": (near(0.0), lambda: accuracy(SQUARED)),
    },
    wrong={
        "step at which the loss is below 0.35, cross-entropy": (
            (19, 21),
            lambda: first_below(recording(ENTROPY).losses, 0.35),
        )
    },
    shown={SQUARED: 1000, ENTROPY: 20, "saturated-output": 20, "logistic-starts": 60},
    break_it="Choose the other loss: after 20 steps it is below 0.35.",
    attack=Attack(nets.LARGE, nets.change_of_loss, nets.output_is_flat),
)

claim(
    "gradients-contain-the-activation-derivative",
    text=Text.BLOG,
    says="The gradient of a weight always contains the derivative of an activation.",
    when="the weight belongs to a hidden unit, or the loss is the squared error",
    reason="With cross-entropy the derivative of the output unit cancels in dZ of the last layer.",
    right={
        "|dW1| of a wrong, saturated output, squared error": (
            near(3.98476e-4),
            lambda: initial_gradient(SQUARED),
        ),
        "|dW1| of saturated hidden units": (
            (0.0, 1e-8),
            lambda: initial_gradient("saturated-hidden-xor"),
        ),
    },
    wrong={
        "|dW1| of a wrong, saturated output, cross-entropy": (
            near(1.28161),
            lambda: initial_gradient(ENTROPY),
        ),
        "dZ1 minus the residual, cross-entropy": (
            ZERO,
            lambda: largest(
                frame(ENTROPY).dZ[1] - (frame(ENTROPY).A[1] - recording(ENTROPY).data.Y)
            ),
        ),
    },
    shown={"saturated-output": 0, SQUARED: 0, ENTROPY: 0, "saturated-hidden-xor": 0},
    break_it="Choose the other loss for a saturated output.",
    attack=Attack(nets.RELU, nets.gradient_of_flat_units, nets.has_flat_unit),
)

claim(
    "large-output-weights-saturate",
    text=Text.LESSON,
    says="Large weights of the last layer saturate the output at 0 or 1 from the start.",
    when="the outputs of the hidden units are not small",
    reason="The logit is a sum of outgoing weights times outputs, and sigmoid is flat beyond ±5. "
    "Hidden outputs that are a hundred times smaller compensate for weights that are a hundred "
    "times larger.",
    right={
        "outputs outside 0.01 … 0.99, W2 as drawn": ((0.0, 0.02), lambda: saturated_outputs(1.0)),
        "outputs outside 0.01 … 0.99, W2 × 10": ((0.22, 0.4), lambda: saturated_outputs(10.0)),
        "outputs outside 0.01 … 0.99, W2 × 100": ((0.85, 1.0), lambda: saturated_outputs(100.0)),
    },
    wrong={
        "outputs outside 0.01 … 0.99, W1 / 100 and W2 × 100": (
            (0.0, 0.02),
            lambda: saturated_outputs(100.0, 0.01),
        )
    },
    shown={TENFOLD: 0, ENTROPY: 0},
    break_it="Divide W2 by the number of hidden units.",
    attack=STATISTICAL,
)

claim(
    "saturated-output-stops-learning",
    text=Text.LESSON,
    says="A saturated output has no gradient, so the network does not learn.",
    when="the loss is the squared error, and the output is saturated for every example",
    reason="With cross-entropy dZ is largest where the output is wrong and saturated.",
    right={
        "|dW| at the start, squared error": (near(3.98476e-4), lambda: initial_gradient(SQUARED)),
        "accuracy after 1000 steps, squared error": (near(0.0), lambda: accuracy(SQUARED)),
    },
    wrong={
        "|dW| at the start, cross-entropy": (near(1.28161), lambda: initial_gradient(ENTROPY)),
        "accuracy after 40 steps, cross-entropy": (near(1.0, 0.0), lambda: accuracy(ENTROPY, 40)),
    },
    shown={"saturated-output": 12, SQUARED: 40, ENTROPY: 40},
    break_it="Choose the other loss, and step both runs side by side.",
    attack=Attack(nets.LARGE, nets.change_of_loss, nets.output_is_flat),
)

claim(
    "keep-output-weights-small",
    text=Text.LESSON,
    says="With a sigmoid output it is especially important that the last weights are small.",
    when="the alternative is weights a hundred times too large, or the loss is the squared error "
    "and the saturated outputs are wrong",
    reason="W2 ten times as large makes the errors sent back ten times as large, for the same "
    "output errors, and the network learns faster, with cross-entropy and with the squared error.",
    right={
        "median loss after 50 steps, W2 × 100": ((0.5, 0.9), lambda: median_loss(100.0)),
        "median loss after 50 steps, squared error, W2 × 100": (
            (0.11, 0.16),
            lambda: median_loss(100.0, "mean-squared-error"),
        ),
        "loss of one start after 1000 steps, squared error": ((0.99, 1.0), lambda: loss(SQUARED)),
    },
    wrong={
        "median loss after 50 steps, W2 as drawn": ((0.25, 0.32), lambda: median_loss(1.0)),
        "median loss after 50 steps, W2 × 10": ((0.08, 0.2), lambda: median_loss(10.0)),
        "median loss after 50 steps, squared error, W2 as drawn": (
            (0.08, 0.1),
            lambda: median_loss(1.0, "mean-squared-error"),
        ),
        "median loss after 50 steps, squared error, W2 × 10": (
            (0.06, 0.08),
            lambda: median_loss(10.0, "mean-squared-error"),
        ),
        "loss of one start after 200 steps, W2 as drawn": (near(0.219146), lambda: loss(AS_DRAWN)),
        "loss of the same after 200 steps, W2 × 10": (near(0.061929), lambda: loss(TENFOLD)),
    },
    shown={TENFOLD: 200, AS_DRAWN: 200, "wrong-output-squared-error": 1000},
    break_it="Compare the two runs frame by frame: from the first step on the one with larger W2 "
    "has the larger loss for a while, and at the end the smaller loss.",
    attack=STATISTICAL,
)

claim(
    "steepness-is-the-learning-rate",
    text=Text.BLOG,
    says="The steepness β in g(βx) has the same effect as the learning rate.",
    when="z is 0, as in the first step from zero",
    reason="Exactly, β is equivalent to initial weights and biases times β with the learning rate "
    "times β²: it changes the scale of the start as well, and away from zero the activation "
    "flattens.",
    right={
        "gradient for β = 2 relative to β = 1, at z = 0": (exactly(2.0), lambda: slope_ratio(0))
    },
    wrong={
        "gradient for β = 2 relative to β = 1, at z = 2": ((0.3, 0.4), lambda: slope_ratio(2)),
        "gradient for β = 2 relative to β = 1, at z = 5": ((0.01, 0.02), lambda: slope_ratio(5)),
        "difference from (βW, βb, β²η), β = 2": (ZERO, lambda: steepness_error(2.0)),
        "difference from (βW, βb, β²η), β = 1/2": (ZERO, lambda: steepness_error(0.5)),
        "difference from (βW, βb, β²η), β = 3": (between(0.0, 1e-11), lambda: steepness_error(3.0)),
    },
    shown={"saturation-scale": 60, "random-scale": 100},
    break_it="Multiply β by a factor and divide the weights by it: the first frame is the same.",
    attack=Attack(nets.STEEP, nets.ratio_of_steep_gradients, nets.has_sigmoid_output),
)

claim(
    "steepness-scales-the-first-step",
    text=Text.BLOG,
    says="In the first step from zero β multiplies the update as a learning rate would.",
    when="the output is a sigmoid, which β applies to",
    reason="At z = 0, β appears only as a factor in the derivative with respect to z. A linear "
    "output has no steepness.",
    right={
        f"first update for β = {beta} relative to β = 1": (
            derived(beta, 1e-12),
            partial(first_update_ratio, beta),
        )
        for beta in (2, 3)
    },
    wrong={
        "first update for β = 2 relative to β = 1, linear output": (
            exactly(1.0),
            lambda: first_update_ratio(2.0, output="linear", loss="mean-squared-error"),
        )
    },
    shown={CLOUDS: 1},
    break_it="Look at the second step.",
    attack=Attack(nets.STEEP, nets.ratio_of_steep_gradients, nets.has_sigmoid_output),
)
