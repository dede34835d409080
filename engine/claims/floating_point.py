"""Claims that are true for real numbers and need care in floating-point arithmetic."""

from collections.abc import Callable
from functools import partial
from math import exp, inf, log

import numpy as np

from engine.claims.attack import laws
from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import IDENTITY, ZERO, Text, between, derived, exactly, register
from engine.claims.runs import (
    data_of,
    descend,
    diagnostics,
    largest,
    network,
    slope,
    spread,
    starts,
)
from engine.nn.activations import activation
from engine.nn.datasets import Data
from engine.nn.initializers import Symmetric, Zeros
from engine.nn.network import NetworkStack, keeps_identical_units_identical
from engine.nn.output_heads import output_head
from engine.types import Array

claim = partial(register, __name__)

THREE_EQUAL = "three-equal-units-circles"


def value(name: str, z: float) -> float:
    """Return the value of an activation at z."""
    return float(activation(name)(np.array([z]))[0])


def balanced(m: int) -> Data:
    """Return m examples, half of each class, in an order without a pattern."""
    rng = np.random.Generator(np.random.PCG64(m))
    labels = rng.permutation(np.arange(m) % 2).astype(np.float64)
    return Data(rng.standard_normal((2, m)), labels[None])


def from_zero(m: int, steps: int) -> NetworkStack:
    """Return sigmoid units after some steps from zero on m balanced examples."""
    spec = network(2, hidden="sigmoid")
    return descend(spec, balanced(m), starts(spec, Zeros(), 2), 1.0, steps).last


def step_of_divergence(product: Callable[[Array, Array], Array], steps: int = 1600) -> float:
    """Return the first step at which three equal units differ by more than 0.1, or −1.

    The network 2-3-1 of tanh, written in NumPy, starts with weights of 0.5 and is trained on
    circles with learning rate 1.

    Parameters
    ----------
    product : callable
        Multiplies two matrices.
    """
    data = data_of(THREE_EQUAL)
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


def equal_rows_difference(width: int) -> float:
    """Return the difference of the rows of equal units after 100 steps."""
    theta = starts(network(width), Symmetric(scale=0.7), 3, first_seed=width)
    ended = descend(network(width), balanced(23 + width % 2), theta, 0.5, 100)
    return spread(ended.last.layout.rows(ended.last.theta, 1))


def difference_of_orders() -> float:
    """Return the difference of the sum of 1000 terms from the sum in the reverse order."""
    terms = np.random.Generator(np.random.PCG64(0)).standard_normal(1000)
    return abs(float(np.add.accumulate(terms)[-1] - np.add.accumulate(terms[::-1])[-1]))


def quotient(z: float) -> np.float64:
    """Return (e^z − e^−z) / (e^z + e^−z) in floating-point arithmetic."""
    with np.errstate(all="ignore"):
        up, down = np.exp(np.float64(z)), np.exp(np.float64(-z))
        result: np.float64 = (up - down) / (up + down)
    return result


def quotient_error() -> float:
    """Return the largest difference of the quotient, computed by `math.exp`, from tanh."""
    z = np.linspace(-20.0, 20.0, 401)
    quotients = [(exp(v) - exp(-v)) / (exp(v) + exp(-v)) for v in z.tolist()]
    return largest(activation("tanh")(z) - quotients)


def loss_of_zero(z: float) -> float:
    """Return the cross-entropy at logit z for the target 0."""
    head = output_head("sigmoid", "cross-entropy")
    return float(head.mean_loss(np.array([[z]]), np.array([[0.0]])))


def loss_by_formula(p: float) -> float:
    """Return −ln(1 − p), infinite for p = 1."""
    return -log(1.0 - p) if p < 1.0 else inf


claim(
    "balanced-classes-cancel",
    text=Text.LESSON,
    says="From zero with sigmoid units the errors of two classes of equal size cancel, and no "
    "parameter changes.",
    reason="They cancel exactly if the sum over the examples is computed before the division by "
    "m. In the other order, rounding errors alone would make the network learn.",
    right={
        "largest gradient, 2 to 64 examples": (
            ZERO,
            lambda: max(largest(from_zero(m, 0).gradient) for m in range(2, 65, 2)),
        ),
        "largest change of a parameter in 200 steps, 2 to 64 examples": (
            ZERO,
            lambda: max(largest(from_zero(m, 200).theta) for m in range(6, 65, 10)),
        ),
    },
    shown={"zero-start-balanced": 100, "zero-sigmoid-xor": 100},
    break_it="Add one example.",
    attack=Attack(nets.ZERO, nets.unchanged, nets.hidden_and_balanced),
)

claim(
    "symmetry-survives-rounding",
    text=Text.LESSON,
    says="Identical units stay identical: the induction is also true in a program.",
    when="the sums of all units are computed in the same order",
    reason="The same numbers, added in another order, give a sum that differs in the last digit, "
    "and where equal units repel one another, this difference grows. With NumPy's @ it depends on "
    "the computer whether they become different; −1 means that they did not.",
    right={
        "difference of 3 equal units after 1600 steps": (
            ZERO,
            lambda: diagnostics(THREE_EQUAL).gap.max(),
        ),
        "difference of 3, 5, 7 and 17 equal units after 100 steps": (
            ZERO,
            lambda: max(map(equal_rows_difference, (3, 5, 7, 17))),
        ),
        "equal units stay equal on this computer": (
            exactly(1.0),
            keeps_identical_units_identical,
        ),
        "step at which 3 equal units differ, summed by einsum, of 1600": (
            exactly(-1),
            lambda: step_of_divergence(lambda a, b: np.einsum("ij,jk->ik", a, b)),
        ),
    },
    wrong={
        "difference of one sum in two orders": ((1e-16, 1e-12), difference_of_orders),
        "step at which 3 equal units differ, multiplied by @, of 1600": (
            (-1, 1600),
            lambda: step_of_divergence(np.matmul),
        ),
    },
    shown={THREE_EQUAL: 1600},
    break_it="On paper: use a fast matrix product, which may add in any order.",
    attack=Attack(nets.EQUAL, nets.difference_of_equal_units, nets.some_equal_layer),
)

claim(
    "tanh-as-a-quotient",
    text=Text.LESSON,
    says="tanh z is (e^z − e^−z) / (e^z + e^−z).",
    when="it is a formula on paper; a program that computes it needs |z| of at most 709",
    reason="The formula holds for every z. But for larger |z|, e^|z| is too large for a "
    "floating-point number, and the program divides infinity by infinity.",
    right={"largest difference from tanh, |z| ≤ 20": (between(0.0, 1e-14), quotient_error)},
    wrong={
        "the quotient is a number at z = 711": (ZERO, lambda: np.isfinite(quotient(711.0))),
        "tanh at z = 711": (exactly(1.0), lambda: value("tanh", 711.0)),
    },
    break_it="Multiply the weights until some z is larger than 709.",
    attack=IDENTITY,
)

claim(
    "slopes-only-approach-zero",
    text=Text.LESSON,
    says="The derivatives σ(1 − σ) and 1 − tanh² approach zero for large |z|.",
    when="it is about real numbers; in floating point they are 0 from z = 37 or 19 on",
    reason="From z = 37 on sigmoid is rounded to its limit, and tanh from 19 on. If so for every "
    "example, a unit of the first hidden layer never changes again; units above it may, as their "
    "inputs change.",
    right={
        "derivative of sigmoid at 0": (exactly(0.25), lambda: slope(activation("sigmoid"), 0.0)),
        "derivative of tanh at 0": (exactly(1.0), lambda: slope(activation("tanh"), 0.0)),
        "derivative of sigmoid at 36": (
            (1e-17, 1e-15),
            lambda: slope(activation("sigmoid"), 36.0),
        ),
        "derivative of tanh at 18": ((1e-17, 1e-14), lambda: slope(activation("tanh"), 18.0)),
    },
    wrong={
        "derivative of sigmoid at 38": (ZERO, lambda: slope(activation("sigmoid"), 38.0)),
        "derivative of tanh at 20": (ZERO, lambda: slope(activation("tanh"), 20.0)),
    },
    shown={"saturated-hidden-xor": 0},
    break_it="On paper: for negative z the derivative of sigmoid is rounded to zero much later.",
    attack=IDENTITY,
)

claim(
    "cross-entropy-tells-how-wrong",
    text=Text.FORUM,
    says="The loss −ln p measures how wrong a prediction is, however wrong it is.",
    when="the loss is computed from z, not from p",
    reason="From z = 37 on p is rounded to 1, and ln(1 − p) is infinite; limiting p to 1 − 1e-15 "
    "makes all larger errors equal.",
    right={
        "loss of a wrong prediction, z = 10 000": (exactly(10_000.0), lambda: loss_of_zero(1e4)),
        "loss of a wrong prediction, z = 1": (
            derived(log(1.0 + exp(1.0)), 1e-12),
            lambda: loss_of_zero(1.0),
        ),
    },
    wrong={
        "the formula with p is finite at z = 40": (
            ZERO,
            lambda: loss_by_formula(value("sigmoid", 40.0)) < inf,
        ),
        "loss with p limited to 1 − 1e-15, z = 40": (
            derived(34.54, 1e-2),
            lambda: loss_by_formula(min(value("sigmoid", 40.0), 1.0 - 1e-15)),
        ),
    },
    shown={"wrong-output-cross-entropy": 0, "large-relu-xor": 0},
    break_it="On paper: compute the loss from p, and start from large weights.",
    attack=Attack(nets.LARGE, laws.loss_of_wrong, laws.has_logit),
)
