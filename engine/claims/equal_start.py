"""Claims on starting from equal weights: what one unit for each layer can learn."""

from functools import partial

import numpy as np

from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import ZERO, Text, between, derived, exactly, near, register
from engine.claims.runs import (
    accuracy,
    ensemble,
    loss,
    network,
    recording,
    solved_on_xor,
    spread,
)
from engine.claims.zero_start import BASE_RATE, LN2, final_W1
from engine.nn.initializers import Constant, Initializer, Ones, XavierFanIn, Zeros
from engine.training.diagnostics import parameters_of_units

claim = partial(register, __name__)

XOR_FLOOR = (2.0 * np.log(1.5) + np.log(3.0)) / 4.0
"""The least loss on XOR of a network with one unit in each layer."""
HALF = Constant(value=0.5)
ZERO_START = "all parameters start at zero, and the hidden units are tanh, ReLU or linear"
"""Where a start from zero leaves the weights at zero, in words."""
CANNOT_CLASSIFY = Attack(
    nets.EQUAL, nets.wrong_examples, nets.equal_cannot_classify, nets.stays_at_zero
)
"""From equal units, a search for a network that classifies all examples; and from zero, for one
that cannot, though the condition is not satisfied."""


def median_loss(name: str, width: int, init: Initializer, steps: int) -> float:
    """Return the median final loss of five networks 2-width-1 of tanh."""
    return float(np.median(ensemble(name, network(width), init, 5, 1.0, steps).loss))


def unit_difference(name: str) -> float:
    """Return the largest difference between the parameters of hidden units at frame 150."""
    run = recording(name)
    return spread(parameters_of_units(run.layout, run.parameters(150, 151).T, 1))


claim(
    "equal-weights-prevent-learning",
    text=Text.QUESTION,
    says="Zero or equal weights prevent the network from learning.",
    when="the biases are equal, too, the activations are monotonic, and no straight line separates "
    f"the two classes; or {ZERO_START}",
    reason="Equal units act as one unit in each layer, so a single output only rises or only "
    "falls along one direction: enough for three points of XOR and for all of AND. From zero, tanh "
    "and ReLU units do not even learn AND, and no hidden units learn balanced classes with a "
    "sigmoid output.",
    right={
        "accuracy from zeros, AND, tanh, 100 steps": (
            exactly(0.75),
            lambda: accuracy("zero-tanh-and"),
        ),
        "loss from equal weights, XOR, 20 000 steps": (
            between(XOR_FLOOR, XOR_FLOOR + 1e-3),
            lambda: median_loss("zero-tanh-xor", 2, HALF, 20_000),
        ),
        "loss from equal weights, moons": (
            (0.27, 0.3),
            lambda: median_loss("small-tanh-moons", 8, HALF, 1000),
        ),
        "loss from N(0, 1/n), moons": (
            (0.0, 0.05),
            lambda: median_loss("small-tanh-moons", 8, XavierFanIn(), 1000),
        ),
    },
    wrong={
        "loss from equal weights, AND": (
            (0.0, 0.01),
            lambda: median_loss("zero-tanh-and", 2, HALF, 1000),
        ),
        "loss from equal weights, blobs": (
            (0.0, 0.01),
            lambda: median_loss("zero-logistic-regression", 8, HALF, 1000),
        ),
    },
    shown={"constant-tanh-xor": 200, "zero-sigmoid-and": 150, "zero-tanh-and": 100},
    break_it="Replace XOR by AND or by two clouds.",
    attack=CANNOT_CLASSIFY,
)

claim(
    "equal-start-misses-the-minimum",
    text=Text.FORUM,
    says="From zeros or ones training may not converge, or may miss the global minimum.",
    when="the activations are monotonic, and no straight line separates the two classes; or "
    f"{ZERO_START}",
    reason="From ones, XOR ends at the least loss of one unit, 0.4774; from zeros with tanh, AND "
    "at that of the base rate.",
    right={
        "loss from ones, XOR": (
            between(XOR_FLOOR, XOR_FLOOR + 0.01),
            lambda: loss("ones-tanh-xor"),
        ),
        "loss from zeros, AND, tanh": (
            derived(BASE_RATE, 1e-6),
            lambda: loss("zero-tanh-and"),
        ),
        "loss from zeros, XOR": (derived(LN2, 1e-12), lambda: loss("zero-tanh-xor")),
        "least loss from N(0, 1/n), XOR": (
            (0.0, 0.01),
            lambda: ensemble("zero-tanh-xor", network(2), XavierFanIn(), 20, 2.0, 1000).loss.min(),
        ),
    },
    wrong={
        "loss from ones, AND": (
            (0.0, 0.01),
            lambda: ensemble("zero-tanh-and", network(2), Ones(), 1, 1.0, 1000).loss[0],
        ),
        "loss from zeros, AND, sigmoid": ((0.0, 0.01), lambda: loss("zero-sigmoid-and")),
    },
    shown={
        "ones-tanh-xor": 200,
        "zero-sigmoid-and": 150,
        "zero-tanh-and": 100,
        "zero-tanh-xor": 100,
    },
    break_it="Choose data that one line separates.",
    attack=CANNOT_CLASSIFY,
)

claim(
    "units-that-stay-the-same-learn-nothing",
    text=Text.LESSON,
    says="As long as its units are equal to one another, a network does not learn.",
    when="“learn” means to classify all examples, and either the activations are monotonic and no "
    f"straight line separates the two classes, or {ZERO_START}",
    reason="The loss falls to the least loss of one unit, which classifies all points of AND, and "
    "three of four of XOR.",
    right={
        "loss of equal units, XOR, step 200": (
            between(XOR_FLOOR, 0.49),
            lambda: loss("constant-tanh-xor", 200),
        )
    },
    wrong={
        "difference of the units, AND": (ZERO, lambda: unit_difference("zero-sigmoid-and")),
        "change of a unit's weight, AND": ((3.0, 4.0), lambda: final_W1("zero-sigmoid-and")),
        "loss of equal units, AND": ((0.0, 0.01), lambda: loss("zero-sigmoid-and")),
    },
    shown={"constant-tanh-xor": 200, "zero-sigmoid-and": 150},
    break_it="Count the parameters that change, not those that differ.",
    attack=CANNOT_CLASSIFY,
)

claim(
    "never-start-all-equal",
    text=Text.LESSON,
    says="Initial weights must never all be zero, nor all be equal.",
    when="the biases are equal, too, the activations are monotonic, and no straight line separates "
    f"the two classes; or {ZERO_START}",
    reason="Without a hidden layer there is no symmetry to break, and with one, different biases "
    "are enough. Equal units can separate what a straight line separates.",
    right={
        "XOR solved from all 0.5": (ZERO, lambda: solved_on_xor(HALF)),
        "XOR solved from zeros": (ZERO, lambda: solved_on_xor(Zeros())),
    },
    wrong={
        "accuracy from zeros, no hidden layer": (
            near(1.0, 0.0),
            lambda: accuracy("zero-logistic-regression"),
        ),
        "accuracy from all 0.5 with two biases, XOR": (
            near(1.0, 0.0),
            lambda: accuracy("only-biases-differ"),
        ),
    },
    shown={"zero-logistic-regression": 100, "only-biases-differ": 100},
    break_it="Remove the hidden layer.",
    attack=CANNOT_CLASSIFY,
)
