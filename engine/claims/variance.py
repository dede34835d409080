"""Claims on sums of n products: where ±1/√n, 1/n and 2/n come from, and what they need."""

import numpy as np

from engine.claims.claim import Numbers, Text, claim, near
from engine.claims.runs import typical
from engine.nn.activations import activation
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LayerInitializer,
    LecunNormal,
    Normal,
    Uniform,
    UniformFanIn,
    XavierFanIn,
)
from engine.studies.variance.sums import Inputs, unit_variances, weighted_sums
from engine.types import Array

THIRD = 1.0 / 3.0


def weight_variance(scheme: LayerInitializer, n_in: int, n_out: int, seed: int = 7) -> float:
    """Return the variance of the weights of one layer of a scheme."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return float(np.square(scheme.weights((n_in, n_out), 1, rng)).mean())


@claim(
    "uniform-variance-is-a-third-of-1-over-n",
    text=Text.BLOG,
    says="Weights drawn evenly between −1/√n and 1/√n have variance 1/(3n).",
    reason="The variance of U(−a, a) is a²/3.",
    right={f"3n times the variance, n = {n}": near(1.0, 0.01) for n in (10, 100, 1000)},
    shown={"variance-of-sums": 60},
    break_it="Draw from a normal distribution of deviation 1/√n: the variance is 1/n.",
)
def _uniform() -> Numbers:
    return {
        f"3n times the variance, n = {n}": 3
        * n
        * weight_variance(UniformFanIn(), n, 200_000 // n, seed=n)
        for n in (10, 100, 1000)
    }


@claim(
    "rules-have-their-variances",
    text=Text.LESSON,
    says="Xavier's rule is a variance of 1/n and He's of 2/n, n being the inputs of a unit.",
    when="Xavier's rule is meant as courses teach it",
    reason="Glorot's own paper has 2/(n_in + n_out); the two agree where a layer is as wide as "
    "the one before.",
    right={
        "n_in times the variance, xavier-fan-in": near(1.0, 0.02),
        "n_in times the variance, lecun-normal": near(1.0, 0.02),
        "n_in times the variance, he-normal": near(2.0, 0.02),
        "n_in times the variance, he-uniform": near(2.0, 0.02),
    },
    wrong={
        "n_in times the variance, glorot-normal, n_out = 3 n_in": near(0.5, 0.02),
        "n_in times the variance, glorot-uniform, n_out = 3 n_in": near(0.5, 0.02),
    },
    shown={"variance-of-sums": 60, "deep-relu": 0, "deep-tanh": 0},
    break_it="On paper: make the layer as wide as its inputs are many.",
)
def _rules() -> Numbers:
    return {
        **{
            f"n_in times the variance, {scheme.scheme}": 200 * weight_variance(scheme, 200, 600)
            for scheme in (XavierFanIn(), LecunNormal(), HeNormal(), HeUniform())
        },
        **{
            f"n_in times the variance, {scheme.scheme}, n_out = 3 n_in": 200
            * weight_variance(scheme, 200, 600)
            for scheme in (GlorotNormal(), GlorotUniform())
        },
    }


@claim(
    "standard-normal-times-scale",
    text=Text.LESSON,
    says="randn draws from N(0, 1), so randn · 0.01 has mean 0 and deviation 0.01.",
    reason="Scaling a random number scales its deviation.",
    right={
        "mean over the deviation, randn · 0.01": (-0.01, 0.01),
        "deviation, randn · 0.01": near(0.01, 0.01),
        "share within one deviation": near(0.6827, 0.01),
        "share within half the limit, uniform": near(0.5, 0.02),
    },
    shown={"random-scale": 0},
    break_it="On paper: use rand, which is even between 0 and 1, and the mean is one half.",
)
def _standard() -> Numbers:
    rng = np.random.Generator(np.random.PCG64(8))
    drawn = Normal(scale=0.01).weights((400, 500), 1, rng)
    even = Uniform(limit=0.4).weights((400, 200), 1, rng)
    return {
        "mean over the deviation, randn · 0.01": drawn.mean() / 0.01,
        "deviation, randn · 0.01": drawn.std(),
        "share within one deviation": (np.abs(drawn) < 0.01).mean(),
        "share within half the limit, uniform": (np.abs(even) < 0.2).mean(),
    }


@claim(
    "weighted-sum-has-variance-one-third",
    text=Text.BLOG,
    says="With ±1/√n the weighted sum has mean 0 and variance 1/3.",
    when="the inputs have mean 0 and variance 1",
    reason="E[x²] stands in the variance: inputs of mean 1 double it, and raw pixels make the "
    "deviation 85.",
    right={
        "variance, n = 1": near(THIRD, 0.04),
        "variance, n = 10": near(THIRD, 0.04),
        "variance, n = 1000": near(THIRD, 0.04),
        "mean, n = 10": (-0.02, 0.02),
    },
    wrong={
        "variance, inputs of mean 1": near(2 * THIRD, 0.04),
        "deviation, 784 pixels of 0 … 255": near(85.0, 0.03),
    },
    shown={"variance-of-sums": 60, "variance-raw-pixels": 96},
    break_it="Set the mean of the inputs to 1: the variance is twice as large.",
)
def _third() -> Numbers:
    sums = {
        n: weighted_sums(UniformFanIn(), n, samples)
        for n, samples in ((1, 20_000), (10, 20_000), (1000, 10_000))
    }
    return {
        **{f"variance, n = {n}": z.var() for n, z in sums.items()},
        "mean, n = 10": sums[10].mean(),
        "variance, inputs of mean 1": weighted_sums(
            UniformFanIn(), 50, 20_000, Inputs(mean=1.0)
        ).var(),
        # Even values between 0 and 255 have this mean and this deviation.
        "deviation, 784 pixels of 0 … 255": weighted_sums(
            UniformFanIn(), 784, 5000, Inputs(mean=127.5, deviation=73.6)
        ).std(),
    }


@claim(
    "every-unit-has-variance-one-third",
    text=Text.BLOG,
    says="The weighted sum of a unit has variance 1/3.",
    when="the unit has many inputs",
    reason="For one unit the weights are fixed, and the variance is the sum of their squares, "
    "which is 1/3 on average only.",
    right={
        "mean over units, n = 2": near(THIRD, 0.03),
        "spread over units, n = 1000": near(np.sqrt(4 / 45_000), 0.15),
    },
    wrong={
        "spread over units, n = 2": near(np.sqrt(4 / 90), 0.05),
        "a tenth of the units lie below, n = 2": (0.05, 0.08),
    },
    shown={"variance-of-sums": 1},
    break_it="Give the units a thousand inputs.",
)
def _every_unit() -> Numbers:
    few, many = unit_variances(UniformFanIn(), 2, 20_000), unit_variances(UniformFanIn(), 1000, 500)
    return {
        "mean over units, n = 2": few.mean(),
        "spread over units, n = 1000": many.std(),
        "spread over units, n = 2": few.std(),
        "a tenth of the units lie below, n = 2": float(np.quantile(few, 0.1)),
    }


@claim(
    "sum-of-n-thirds-of-1-over-n",
    text=Text.BLOG,
    says="The n products have variance 1/(3n) each, so their sum has mean 0 and variance 1/3.",
    reason="The weights are independent, so the products are uncorrelated even where the inputs "
    "are not.",
    right={
        "3n times the variance of a product": near(1.0, 0.05),
        "variance of the sum, inputs independent": near(THIRD, 0.06),
        "variance of the sum, inputs correlated 0.9": near(THIRD, 0.06),
    },
    shown={"variance-of-sums": 101},
    break_it="On paper: give all inputs of a unit the same weight.",
)
def _sum() -> Numbers:
    n = 50
    rng = np.random.Generator(np.random.PCG64(9))
    products = UniformFanIn().weights((n, 2000), 1, rng) * rng.standard_normal((2000, n))
    return {
        "3n times the variance of a product": 3 * n * products.var(),
        "variance of the sum, inputs independent": weighted_sums(UniformFanIn(), n, 20_000).var(),
        "variance of the sum, inputs correlated 0.9": weighted_sums(
            UniformFanIn(), n, 20_000, Inputs(correlation=0.9)
        ).var(),
    }


@claim(
    "n-is-the-number-of-hidden-units",
    text=Text.BLOG,
    says="n in 1/√n is the number of hidden units.",
    reason="It is the number of inputs of a unit; with any other the variance is off by the ratio.",
    wrong={
        "variance with n = inputs, 20 inputs, 320 units": near(THIRD, 0.06),
        "variance with n = units, 20 inputs, 320 units": near(THIRD / 16, 0.06),
    },
    shown={"variance-of-sums": 60},
    break_it="On paper: take a layer as wide as its inputs are many, and it makes no difference.",
)
def _which_n() -> Numbers:
    inputs, units = 20, 320
    limit = 1.0 / float(np.sqrt(units))
    return {
        "variance with n = inputs, 20 inputs, 320 units": weighted_sums(
            UniformFanIn(), inputs, 20_000
        ).var(),
        "variance with n = units, 20 inputs, 320 units": weighted_sums(
            Uniform(limit=limit), inputs, 20_000
        ).var(),
    }


@claim(
    "variances-add",
    text=Text.BLOG,
    says="The variance of a sum of uncorrelated variables is the sum of their variances.",
    reason="The mixed terms are the covariances, which are zero.",
    right={
        "variance of X + Y over the sum, independent": near(1.0, 0.02),
        "variance of X + (X² − 1) over the sum": near(1.0, 0.03),
    },
    shown={"variance-of-sums": 60},
    break_it="On paper: add a variable to itself, and the variance is four times as large, not "
    "twice.",
)
def _add() -> Numbers:
    x, y = np.random.Generator(np.random.PCG64(10)).standard_normal((2, 200_000))
    bent = np.square(x) - 1.0
    return {
        "variance of X + Y over the sum, independent": (x + y).var() / (x.var() + y.var()),
        "variance of X + (X² − 1) over the sum": (x + bent).var() / (x.var() + bent.var()),
    }


@claim(
    "variances-multiply",
    text=Text.BLOG,
    says="The variance of a product of uncorrelated variables is the product of their variances.",
    when="they are independent and of mean zero",
    reason="Uncorrelated is not enough, and means that are not zero add terms.",
    right={"variance of XY over the product, independent, mean 0": near(1.0, 0.03)},
    wrong={
        "variance of XY over the product, Y = X² − 1": (4.0, 6.0),
        "variance of XY over the product, means 2 and 3": (13.0, 15.0),
    },
    shown={"variance-raw-pixels": 60},
    break_it="Set the mean of the inputs to 0: the product has the product of the variances.",
)
def _multiply() -> Numbers:
    x, y = np.random.Generator(np.random.PCG64(11)).standard_normal((2, 200_000))

    def ratio(a: Array, b: Array) -> float:
        return float((a * b).var() / (a.var() * b.var()))

    return {
        "variance of XY over the product, independent, mean 0": ratio(x, y),
        "variance of XY over the product, Y = X² − 1": ratio(x, np.square(x) - 1.0),
        "variance of XY over the product, means 2 and 3": ratio(x + 2.0, y + 3.0),
    }


@claim(
    "derivative-is-reasonable",
    text=Text.BLOG,
    says="With ±1/√n the derivatives have a reasonable size, so learning is efficient.",
    when="the network has few layers",
    reason="Each layer keeps a third of the variance, so fifty of them leave nothing.",
    right={
        "mean derivative, sigmoid": near(0.232, 0.01),
        "mean derivative, tanh": near(0.788, 0.02),
    },
    wrong={
        "|dZ1| over |dZ50|, linear": (1.5e-12, 2.7e-12),
        "|dZ1| over |dZ50|, tanh": (1.1e-12, 2e-12),
        "|dZ1| over |dZ50|, sigmoid": (1.5e-42, 3.5e-42),
        "|dZ1| over |dZ50|, ReLU": (4e-20, 1e-19),
    },
    shown={"depth-tanh": 0, "deep-tanh": 0},
    break_it="Go deeper layer by layer.",
)
def _reasonable() -> Numbers:
    z = weighted_sums(UniformFanIn(), 50, 20_000)

    def mean_slope(name: str) -> float:
        return float(activation(name).value_and_slope(z)[1].mean())

    def ratio(unit: str) -> float:
        return typical(UniformFanIn(), unit).gradient_ratio

    return {
        "mean derivative, sigmoid": mean_slope("sigmoid"),
        "mean derivative, tanh": mean_slope("tanh"),
        "|dZ1| over |dZ50|, linear": ratio("linear"),
        "|dZ1| over |dZ50|, tanh": ratio("tanh"),
        "|dZ1| over |dZ50|, sigmoid": ratio("sigmoid"),
        "|dZ1| over |dZ50|, ReLU": ratio("relu"),
    }


@claim(
    "small-start-keeps-z-responsive",
    text=Text.LESSON,
    says="Weights of 0.01 keep Z small, where sigmoid and tanh respond.",
    when="the inputs are of size one and not too many",
    reason="The deviation of z is 0.01 · √n times the size of the inputs.",
    right={"deviation of z, 100 inputs": near(0.1, 0.05)},
    wrong={
        "deviation of z, 10 000 inputs": near(1.0, 0.08),
        "deviation of z, 784 pixels of 0 … 255": (38.0, 45.0),
    },
    shown={"variance-raw-pixels": 96, "random-scale": 0},
    break_it="Feed raw pixels.",
)
def _responsive() -> Numbers:
    scheme = Normal(scale=0.01)
    return {
        "deviation of z, 100 inputs": weighted_sums(scheme, 100, 10_000).std(),
        "deviation of z, 10 000 inputs": weighted_sums(scheme, 10_000, 1000).std(),
        "deviation of z, 784 pixels of 0 … 255": weighted_sums(
            scheme, 784, 5000, Inputs(mean=127.5, deviation=73.6)
        ).std(),
    }
