"""Claims that are right on paper and need care in floating-point numbers."""

from collections.abc import Callable
from math import exp, inf, log

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near
from engine.claims.runs import comparison, data_of, descend, one_pass, slope, starts
from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import activation
from engine.nn.datasets import Data
from engine.nn.initializers import Symmetric, Zeros
from engine.nn.network import ParameterLayout, keeps_identical_units_identical
from engine.nn.output_heads import output_head
from engine.types import Array


def value(name: str, z: float) -> float:
    """Return an activation at z."""
    return float(activation(name)(np.array([z]))[0])


def balanced(m: int) -> Data:
    """Return m examples, half of each class, in an order without a pattern."""
    rng = np.random.Generator(np.random.PCG64(m))
    labels = rng.permutation(np.arange(m) % 2).astype(np.float64)
    return Data(rng.standard_normal((2, m)), labels[None])


@claim(
    "balanced-classes-cancel",
    text=Text.LESSON,
    says="From zero with sigmoid units the errors of two equally large classes cancel, and "
    "nothing moves.",
    reason="They cancel to the last bit if the sum over the examples is taken before the "
    "division by m; the other way round, rounding alone would set the network going.",
    right={
        "greatest gradient, 2 to 64 examples": ZERO,
        "greatest change of a parameter in 200 steps, 2 to 64 examples": ZERO,
    },
    shown={"zero-start-balanced": 100, "zero-sigmoid-xor": 100},
    break_it="Add one example.",
)
def _cancel() -> Numbers:
    spec = NetworkSpec(layers=(2, 2, 1), hidden="sigmoid")
    gradient = change = 0.0
    for m in range(2, 65, 2):
        theta = starts(spec, Zeros(), 2)
        gradient = max(gradient, float(np.abs(one_pass(spec, balanced(m), theta).gradient).max()))
        if m % 10 == 6:
            ended = descend(spec, balanced(m), theta, 1.0, 200).done.theta
            change = max(change, float(np.abs(ended).max()))
    return {
        "greatest gradient, 2 to 64 examples": gradient,
        "greatest change of a parameter in 200 steps, 2 to 64 examples": change,
    }


def parting(product: Callable[[Array, Array], Array], steps: int = 1600) -> float:
    """Return the step at which three equal units differ by 0.1; −1 if they do not.

    Written out in NumPy, a network 2-3-1 of tanh on circles, from weights of 0.5 at the rate 1.

    Parameters
    ----------
    product : callable
        Multiplies two matrices.
    """
    data = data_of("three-equal-units-circles")
    X, Y, m = data.X, data.Y, data.examples
    W1, b1, W2, b2 = np.full((3, 2), 0.5), np.zeros((3, 1)), np.full((1, 3), 0.5), np.zeros((1, 1))
    for step in range(steps + 1):
        if np.ptp(W1, axis=0).max() > 0.1:
            return step
        A1 = np.tanh(product(W1, X) + b1)
        dZ2 = 1.0 / (1.0 + np.exp(-product(W2, A1) - b2)) - Y
        dZ1 = product(W2.T, dZ2) * (1.0 - A1 * A1)
        W1, b1 = W1 - product(dZ1, X.T) / m, b1 - dZ1.sum(axis=1, keepdims=True) / m
        W2, b2 = W2 - product(dZ2, A1.T) / m, b2 - dZ2.sum(axis=1, keepdims=True) / m
    return -1.0


@claim(
    "symmetry-survives-rounding",
    text=Text.LESSON,
    says="Identical units stay identical: what the induction proves holds in a program.",
    when="the sums of all units run in the same order",
    reason="The same numbers added in another order differ in the last digit, and where equal "
    "units repel, that difference grows. With @ it depends on the computer whether it ever begins: "
    "−1 means that it did not.",
    right={
        "difference of 3 equal units after 1600 steps": ZERO,
        "difference of 3, 5, 7 and 17 equal units after 100 steps": ZERO,
        "equal units stay equal on this computer": (1.0, 1.0),
        "step at which 3 equal units part, summed by einsum, of 1600": (-1, -1),
    },
    wrong={
        "difference of one sum in two orders": (1e-16, 1e-12),
        "step at which 3 equal units part, multiplied by @, of 1600": (-1, 1600),
    },
    shown={"three-equal-units-circles": 1600},
    break_it="On paper: multiply with a fast matrix product, which adds in any order it likes.",
)
def _survives() -> Numbers:
    difference = 0.0
    for width in (3, 5, 7, 17):
        spec = NetworkSpec(layers=(2, width, 1))
        theta = starts(spec, Symmetric(scale=0.7), 3, first_seed=width)
        ended = descend(spec, balanced(23 + width % 2), theta, 0.5, 100).done.theta
        rows = ParameterLayout(spec.layers).rows(ended, 1)
        difference = max(difference, float(np.ptp(rows, axis=0).max()))
    terms = np.random.Generator(np.random.PCG64(0)).standard_normal(1000)
    forward, backward = np.add.accumulate(terms)[-1], np.add.accumulate(terms[::-1])[-1]
    return {
        "difference of 3 equal units after 1600 steps": float(
            comparison("three-equal-units-circles").diagnostics[0].gap.max()
        ),
        "difference of 3, 5, 7 and 17 equal units after 100 steps": difference,
        "equal units stay equal on this computer": float(keeps_identical_units_identical()),
        "step at which 3 equal units part, summed by einsum, of 1600": parting(
            lambda a, b: np.einsum("ij,jk->ik", a, b)
        ),
        "difference of one sum in two orders": abs(forward - backward),
        "step at which 3 equal units part, multiplied by @, of 1600": parting(np.matmul),
    }


@claim(
    "tanh-as-a-quotient",
    text=Text.LESSON,
    says="tanh z is (e^z − e^−z) / (e^z + e^−z).",
    when="|z| is at most 709",
    reason="Beyond, e^z is too large for a float and the quotient is infinity by infinity.",
    right={"greatest difference from tanh, |z| ≤ 20": (0.0, 1e-14)},
    wrong={"the quotient is a number at z = 711": ZERO, "tanh at z = 711": (1.0, 1.0)},
    break_it="Multiply the weights until a z is beyond 709.",
)
def _quotient() -> Numbers:
    z = np.linspace(-20.0, 20.0, 401)
    tanh = activation("tanh")(z)
    quotient = [(exp(v) - exp(-v)) / (exp(v) + exp(-v)) for v in z.tolist()]
    with np.errstate(all="ignore"):
        up, down = np.exp(np.float64(711.0)), np.exp(np.float64(-711.0))
        literal = (up - down) / (up + down)
    return {
        "greatest difference from tanh, |z| ≤ 20": float(np.abs(tanh - quotient).max()),
        "the quotient is a number at z = 711": float(np.isfinite(literal)),
        "tanh at z = 711": value("tanh", 711.0),
    }


@claim(
    "slopes-only-approach-zero",
    text=Text.LESSON,
    says="The derivatives σ(1 − σ) and 1 − tanh² approach zero for large |z|.",
    when="z is below 37, or 19 for tanh",
    reason="Beyond, the activation is rounded to its limit, and the derivative is exactly zero: "
    "such a unit never moves again.",
    right={
        "derivative of sigmoid at 0": (0.25, 0.25),
        "derivative of tanh at 0": (1.0, 1.0),
        "derivative of sigmoid at 36": (1e-17, 1e-15),
        "derivative of tanh at 18": (1e-17, 1e-14),
    },
    wrong={"derivative of sigmoid at 38": ZERO, "derivative of tanh at 20": ZERO},
    shown={"saturated-hidden-xor": 0},
    break_it="On paper: for negative z the derivative of sigmoid is not rounded to zero so soon.",
)
def _approach() -> Numbers:
    sigmoid, tanh = activation("sigmoid"), activation("tanh")
    return {
        "derivative of sigmoid at 0": slope(sigmoid, 0.0),
        "derivative of tanh at 0": slope(tanh, 0.0),
        "derivative of sigmoid at 36": slope(sigmoid, 36.0),
        "derivative of tanh at 18": slope(tanh, 18.0),
        "derivative of sigmoid at 38": slope(sigmoid, 38.0),
        "derivative of tanh at 20": slope(tanh, 20.0),
    }


@claim(
    "cross-entropy-tells-how-wrong",
    text=Text.FORUM,
    says="The loss −ln p tells how wrong a prediction is, however wrong it is.",
    when="it is computed from z, not from p",
    reason="From z = 37 on p is rounded to 1 and ln(1 − p) is infinite; cutting p off at 1e-15 "
    "makes all larger mistakes equal.",
    right={
        "loss of a wrong answer, z = 10 000": (10_000.0, 10_000.0),
        "loss of a wrong answer, z = 1": near(log(1.0 + exp(1.0)), 1e-12),
    },
    wrong={
        "the formula with p is finite at z = 40": ZERO,
        "loss with p cut off at 1e-15, z = 40": near(34.54, 1e-2),
    },
    shown={"wrong-output-cross-entropy": 0, "large-relu-xor": 0},
    break_it="On paper: write the loss with p, and start from large weights.",
)
def _how_wrong() -> Numbers:
    def at(z: float) -> float:
        head = output_head("sigmoid", "cross-entropy")
        return float(head.mean_loss(np.array([[z]]), np.array([[0.0]])))

    p = value("sigmoid", 40.0)
    literal = -log(1.0 - p) if p < 1.0 else inf
    return {
        "loss of a wrong answer, z = 10 000": at(1e4),
        "loss of a wrong answer, z = 1": at(1.0),
        "the formula with p is finite at z = 40": float(literal < inf),
        "loss with p cut off at 1e-15, z = 40": -log(1.0 - min(p, 1.0 - 1e-15)),
    }
