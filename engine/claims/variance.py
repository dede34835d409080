"""Claims on sums of n products: the origin and the conditions of ±1/√n, 1/n and 2/n."""

from functools import partial

import numpy as np

from engine.claims.attack.attack import Attack
from engine.claims.attack.depth import FEW_LAYERS
from engine.claims.attack.sums import (
    FAN_IN,
    NORMAL,
    RULES,
    Sums,
    is_hundredth,
    variance_of_rules,
)
from engine.claims.claim import FALSE, IDENTITY, Text, between, cached, derived, near, register
from engine.claims.runs import typical
from engine.nn.activations import activation
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    KerasDense,
    LayerInitializer,
    LecunNormal,
    LecunUniform,
    Normal,
    Uniform,
    UniformFanIn,
    XavierFanIn,
)
from engine.studies.variance.sums import Inputs, unit_variances, weighted_sums
from engine.types import Array

claim = partial(register, __name__)

THIRD = 1.0 / 3.0
HUNDREDTH = Normal(scale=0.01)
PIXELS = Inputs(mean=127.5, deviation=73.6)
"""Inputs with the mean and the standard deviation of the uniform values 0 to 255."""


def scaled_variance(
    factor: int, scheme: LayerInitializer, n_in: int, n_out: int, seed: int = 7
) -> float:
    """Return the variance of the weights of one layer of a scheme, times a factor."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return factor * float(np.square(scheme.weights((n_in, n_out), 1, rng)).mean())


def sum_variance(n: int, samples: int) -> float:
    """Return the variance of sums of n inputs with weights from U(±1/√n)."""
    return float(weighted_sums(UniformFanIn(), n, samples).var())


def gradient_ratio(unit: str) -> float:
    """Return |dZ1| over |dZ50| for U(±1/√n)."""
    return typical(UniformFanIn(), unit).gradient_ratio


@cached
def normal_and_uniform() -> tuple[Array, Array]:
    """Return weights from N(0, 0.01²) and from U(±0.4), in this order from one generator."""
    rng = np.random.Generator(np.random.PCG64(8))
    normal = HUNDREDTH.weights((400, 500), 1, rng)
    return normal, Uniform(limit=0.4).weights((400, 200), 1, rng)


def product_variance(n: int) -> float:
    """Return the variance of a product of a weight from U(±1/√n) and an input."""
    rng = np.random.Generator(np.random.PCG64(9))
    products = UniformFanIn().weights((n, 2000), 1, rng) * rng.standard_normal((2000, n))
    return float(products.var())


def normal_pair(seed: int) -> Array:
    """Return 200,000 independent pairs from N(0, 1), of shape (2, 200000)."""
    return np.random.Generator(np.random.PCG64(seed)).standard_normal((2, 200_000))


def sum_ratio(x: Array, y: Array) -> float:
    """Return the variance of a sum relative to the sum of the variances."""
    return float((x + y).var() / (x.var() + y.var()))


def product_ratio(x: Array, y: Array) -> float:
    """Return the variance of a product relative to the product of the variances."""
    return float((x * y).var() / (x.var() * y.var()))


def mean_slope(name: str) -> float:
    """Return the mean derivative of an activation at weighted sums of 50 inputs."""
    z = weighted_sums(UniformFanIn(), 50, 20_000)
    return float(activation(name).value_and_slope(z)[1].mean())


claim(
    "uniform-variance-is-a-third-of-1-over-n",
    text=Text.BLOG,
    says="Weights drawn uniformly between −1/√n and 1/√n have variance 1/(3n).",
    reason="The variance of U(−a, a) is a²/3.",
    right={
        f"3n times the variance, n = {n}": (
            derived(1.0, 0.01),
            partial(scaled_variance, 3 * n, UniformFanIn(), n, 200_000 // n, seed=n),
        )
        for n in (10, 100, 1000)
    },
    shown={"variance-of-sums": 60},
    break_it="Draw from a normal distribution with standard deviation 1/√n: the variance is 1/n.",
    attack=Attack(FAN_IN, lambda s: s.variance_of_weights(3.0 * s.inputs)),
)

claim(
    "rules-have-their-variances",
    text=Text.LESSON,
    says="Xavier's rule is a variance of 1/n and He's of 2/n, where n is the number of inputs of "
    "a unit.",
    when="Xavier's rule is the one taught in courses",
    reason="Glorot's own paper has 2/(n_in + n_out); the two agree where a layer has as many "
    "units as the layer before.",
    right={
        f"n_in times the variance, {scheme.scheme}": (
            derived(factor, 0.02),
            partial(scaled_variance, 200, scheme, 200, 600),
        )
        for scheme, factor in (
            (XavierFanIn(), 1.0),
            (LecunNormal(), 1.0),
            (LecunUniform(), 1.0),
            (HeNormal(), 2.0),
            (HeUniform(), 2.0),
        )
    },
    wrong={
        f"n_in times the variance, {scheme.scheme}, n_out = 3 n_in": (
            derived(0.5, 0.02),
            partial(scaled_variance, 200, scheme, 200, 600),
        )
        for scheme in (GlorotNormal(), GlorotUniform(), KerasDense())
    },
    shown={"variance-of-sums": 60, "deep-relu": 0, "deep-tanh": 0},
    break_it="On paper: make the number of units equal to the number of inputs.",
    attack=Attack(RULES, variance_of_rules, lambda s: s.draws(XavierFanIn, HeNormal, HeUniform)),
)

claim(
    "standard-normal-times-scale",
    text=Text.LESSON,
    says="randn draws from N(0, 1), so randn · 0.01 has mean 0 and standard deviation 0.01.",
    reason="Multiplying a random number by a constant multiplies its standard deviation.",
    right={
        "mean over the standard deviation, randn · 0.01": (
            between(-0.01, 0.01),
            lambda: normal_and_uniform()[0].mean() / 0.01,
        ),
        "standard deviation, randn · 0.01": (
            derived(0.01, 0.01),
            lambda: normal_and_uniform()[0].std(),
        ),
        "share within one standard deviation": (
            derived(0.6827, 0.01),
            lambda: (np.abs(normal_and_uniform()[0]) < 0.01).mean(),
        ),
        "share within half the limit, uniform": (
            derived(0.5, 0.02),
            lambda: (np.abs(normal_and_uniform()[1]) < 0.2).mean(),
        ),
    },
    shown={"random-scale": 0},
    break_it="On paper: use rand, which is uniform between 0 and 1, and the mean is 0.5.",
    attack=Attack(NORMAL, Sums.variance_of_normal_weights),
)

claim(
    "weighted-sum-has-variance-one-third",
    text=Text.BLOG,
    says="With ±1/√n the weighted sum has mean 0 and variance 1/3.",
    when="the inputs have mean 0 and variance 1",
    reason="The variance of the sum is proportional to E[x²]: inputs with mean 1 double it, and "
    "raw pixels give a standard deviation of 85.",
    right={
        **{
            f"variance, n = {n}": (
                derived(THIRD, 0.04),
                partial(sum_variance, n, samples),
            )
            for n, samples in ((1, 20_000), (10, 20_000), (1000, 10_000))
        },
        "mean, n = 10": (
            between(-0.02, 0.02),
            lambda: weighted_sums(UniformFanIn(), 10, 20_000).mean(),
        ),
    },
    wrong={
        "variance, inputs with mean 1": (
            derived(2 * THIRD, 0.04),
            lambda: weighted_sums(UniformFanIn(), 50, 20_000, Inputs(mean=1.0)).var(),
        ),
        "standard deviation, 784 pixels of 0 … 255": (
            derived(85.0, 0.03),
            lambda: weighted_sums(UniformFanIn(), 784, 5000, PIXELS).std(),
        ),
    },
    shown={"variance-of-sums": 60, "variance-raw-pixels": 96},
    break_it="Set the mean of the inputs to 1: the variance is twice as large.",
    attack=Attack(FAN_IN, lambda s: s.variance_of_sums(THIRD), Sums.is_standard),
)

claim(
    "every-unit-has-variance-one-third",
    text=Text.BLOG,
    says="The weighted sum of a unit has variance 1/3.",
    when="it has at least 500 independent, standardised inputs",
    reason="For one unit the weights are fixed, and the variance is the sum of their squares, "
    "which is 1/3 only on average; with 500 inputs the error is below 30 %.",
    right={
        "mean over units, n = 2": (
            derived(THIRD, 0.03),
            lambda: unit_variances(UniformFanIn(), 2, 20_000).mean(),
        ),
        "standard deviation over units, n = 1000": (
            derived(np.sqrt(4 / 45_000), 0.15),
            lambda: unit_variances(UniformFanIn(), 1000, 500).std(),
        ),
    },
    wrong={
        "standard deviation over units, n = 2": (
            derived(np.sqrt(4 / 90), 0.05),
            lambda: unit_variances(UniformFanIn(), 2, 20_000).std(),
        ),
        "10 % quantile over units, n = 2": (
            (0.05, 0.08),
            lambda: np.quantile(unit_variances(UniformFanIn(), 2, 20_000), 0.1),
        ),
    },
    shown={"variance-of-sums": 1},
    break_it="Give the units a thousand inputs.",
    attack=Attack(FAN_IN, lambda s: s.variance_of_units(THIRD), lambda s: s.inputs >= 500),
)

claim(
    "sum-of-n-thirds-of-1-over-n",
    text=Text.BLOG,
    says="The n products have variance 1/(3n) each, so their sum has mean 0 and variance 1/3.",
    when="the inputs have mean 0 and variance 1",
    reason="The weights are independent, so the products are uncorrelated even if the inputs are "
    "correlated.",
    right={
        "3n times the variance of a product": (
            derived(1.0, 0.05),
            lambda: 150 * product_variance(50),
        ),
        "variance of the sum, inputs independent": (
            derived(THIRD, 0.06),
            lambda: weighted_sums(UniformFanIn(), 50, 20_000).var(),
        ),
        "variance of the sum, inputs correlated 0.9": (
            derived(THIRD, 0.06),
            lambda: weighted_sums(UniformFanIn(), 50, 20_000, Inputs(correlation=0.9)).var(),
        ),
    },
    wrong={
        "variance of the sum, inputs with mean 1": (
            derived(2 * THIRD, 0.06),
            lambda: weighted_sums(UniformFanIn(), 50, 20_000, Inputs(mean=1.0)).var(),
        )
    },
    shown={"variance-of-sums": 101},
    break_it="On paper: give all inputs of a unit the same weight.",
    attack=Attack(FAN_IN, lambda s: s.variance_of_sums(THIRD), Sums.is_standard),
)

claim(
    "n-is-the-number-of-hidden-units",
    text=Text.BLOG,
    says="n in 1/√n is the number of hidden units.",
    reason="n is the number of inputs of a unit; with another number the variance is wrong by the "
    "ratio of the two.",
    wrong={
        "variance with n = inputs, 20 inputs, 320 units": (
            derived(THIRD, 0.06),
            lambda: weighted_sums(UniformFanIn(), 20, 20_000).var(),
        ),
        "variance with n = units, 20 inputs, 320 units": (
            derived(THIRD / 16, 0.06),
            lambda: weighted_sums(Uniform(limit=1.0 / float(np.sqrt(320))), 20, 20_000).var(),
        ),
    },
    shown={"variance-of-sums": 60},
    break_it="On paper: use a layer with as many units as inputs, and there is no difference.",
    attack=FALSE,
)

claim(
    "variances-add",
    text=Text.BLOG,
    says="The variance of a sum of uncorrelated variables is the sum of their variances.",
    reason="The mixed terms are the covariances, which are zero.",
    right={
        "variance of X + Y over the sum, independent": (
            derived(1.0, 0.02),
            lambda: sum_ratio(*normal_pair(10)),
        ),
        "variance of X + (X² − 1) over the sum": (
            derived(1.0, 0.03),
            lambda: sum_ratio(normal_pair(10)[0], np.square(normal_pair(10)[0]) - 1.0),
        ),
    },
    shown={"variance-of-sums": 60},
    break_it="On paper: add a variable to itself, and the variance is four times as large, not "
    "twice.",
    attack=IDENTITY,
)

claim(
    "variances-multiply",
    text=Text.BLOG,
    says="The variance of a product of uncorrelated variables is the product of their variances.",
    when="they are independent and have mean zero",
    reason="That they are uncorrelated is not enough, and nonzero means add terms.",
    right={
        "variance of XY over the product, independent, mean 0": (
            derived(1.0, 0.03),
            lambda: product_ratio(*normal_pair(11)),
        )
    },
    wrong={
        "variance of XY over the product, Y = X² − 1": (
            (4.0, 6.0),
            lambda: product_ratio(normal_pair(11)[0], np.square(normal_pair(11)[0]) - 1.0),
        ),
        "variance of XY over the product, means 2 and 3": (
            (13.0, 15.0),
            lambda: product_ratio(normal_pair(11)[0] + 2.0, normal_pair(11)[1] + 3.0),
        ),
    },
    shown={"variance-raw-pixels": 60},
    break_it="Set the mean of the inputs to 0: then the variances multiply.",
    attack=IDENTITY,
)

claim(
    "derivative-is-reasonable",
    text=Text.BLOG,
    says="With ±1/√n the derivatives have a reasonable size, so learning is efficient.",
    when="the network has at most three layers",
    reason="Each layer multiplies the mean square of the errors sent back by a third, and sigmoid "
    "units multiply the errors by at most a quarter, so after fifty layers almost nothing is left.",
    right={
        "mean derivative, sigmoid": (near(0.232, 0.01), lambda: mean_slope("sigmoid")),
        "mean derivative, tanh": (near(0.788, 0.02), lambda: mean_slope("tanh")),
    },
    wrong={
        f"|dZ1| over |dZ50|, {name}": (
            interval,
            partial(gradient_ratio, unit),
        )
        for name, unit, interval in (
            ("linear", "linear", (1.5e-12, 2.7e-12)),
            ("tanh", "tanh", (1.1e-12, 2e-12)),
            ("sigmoid", "sigmoid", (1.5e-42, 3.5e-42)),
            ("ReLU", "relu", (4e-20, 1e-19)),
        )
    },
    shown={"depth-tanh": 0, "deep-tanh": 0},
    break_it="Add layers one by one.",
    attack=Attack(FEW_LAYERS, lambda p: 2.0 + p.gradients, lambda p: p.depth <= 3),
)

claim(
    "small-start-keeps-z-responsive",
    text=Text.LESSON,
    says="Weights of 0.01 keep Z small, where the derivatives of sigmoid and tanh are large.",
    when="the inputs have a size of at most one, and a unit has at most a thousand of them",
    reason="The standard deviation of z is 0.01 · √n times the size of the inputs.",
    right={
        "standard deviation of z, 100 inputs": (
            derived(0.1, 0.05),
            lambda: weighted_sums(HUNDREDTH, 100, 10_000).std(),
        )
    },
    wrong={
        "standard deviation of z, 10 000 inputs": (
            derived(1.0, 0.08),
            lambda: weighted_sums(HUNDREDTH, 10_000, 1000).std(),
        ),
        "standard deviation of z, 784 pixels of 0 … 255": (
            (38.0, 45.0),
            lambda: weighted_sums(HUNDREDTH, 784, 5000, PIXELS).std(),
        ),
    },
    shown={"variance-raw-pixels": 96, "random-scale": 0},
    break_it="Use raw pixels as inputs.",
    attack=Attack(NORMAL, lambda s: 0.5 - s.z.std(axis=1), is_hundredth),
)
