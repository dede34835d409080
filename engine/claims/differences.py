"""Claims on breaking symmetry: which differences are needed, and how they develop."""

from functools import partial

import numpy as np

from engine.claims.attack import laws
from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import FALSE, ZERO, Text, between, cached, exactly, near, register
from engine.claims.runs import (
    cosine,
    data_of,
    descend,
    descended,
    diagnostics,
    ensemble,
    first_below,
    frame,
    largest,
    loss,
    network,
    solved_on_xor,
    spread,
    starts,
)
from engine.ensemble.results import NOT_REACHED
from engine.experiment.experiment import DataSpec, Edit
from engine.nn.datasets import Data
from engine.nn.initializers import Constant, Initializer, Normal, Perturbed, XavierFanIn
from engine.nn.network import ParameterLayout
from engine.training.diagnostics import parameters_of_units

claim = partial(register, __name__)

XOR, MOONS = "zero-tanh-xor", "small-tanh-moons"
NEVER = exactly(NOT_REACHED)
EQUAL_ROWS = tuple(
    Edit(step=0, parameter="W1", index=(row, column), value=0.5)
    for row in (0, 1)
    for column in (0, 1)
)
"""Edits that set W1 to 0.5."""
RANDOM_BIASES = Constant(value=0.5, bias=Normal(scale=0.5))
"""All weights equal, and biases from N(0, 0.5²)."""
NEARLY_HALF = Perturbed(base=Constant(value=0.5), epsilon=1e-4)


def least_distinct(init: Initializer) -> float:
    """Return the least number of different units of 8, over 100 seeds on moons."""
    return float(ensemble(MOONS, network(8), init, 100, 1.0, 20).distinct.min())


def alignment(scheme: Initializer, steps: int) -> float:
    """Return the mean |cos| between two rows of W1 in 40 networks 2-8-1 on moons."""
    W1 = descended(network(8), MOONS, scheme, 40, 1.0, steps).weights(1)
    rows = W1 / np.sqrt(np.square(W1).sum(axis=1, keepdims=True))
    cosines = np.abs(np.einsum("jin,kin->jkn", rows, rows))
    return float(cosines[np.triu_indices(8, 1)].mean())


def directions(scheme: Initializer, steps: int) -> float:
    """Return the median participation ratio of the activations of 8 units on moons."""
    A = descended(network(8), MOONS, scheme, 40, 1.0, steps).last.A[1]
    centred = A - A.mean(axis=1, keepdims=True)
    covariance = np.moveaxis(np.einsum("jmn,kmn->jkn", centred, centred), -1, 0)
    values = np.linalg.eigvalsh(covariance)
    return float(np.median(values.sum(axis=1) ** 2 / np.square(values).sum(axis=1)))


def visible_from(name: str) -> float:
    """Return the first step at which units differ by more than 0.1, or `NOT_REACHED`."""
    return first_below(-diagnostics(name).gap, -0.1)


def nearly_equal_difference() -> float:
    """Return the difference of two units 2000 steps after a difference of 1e-4, on XOR."""
    last = descended(network(2), XOR, NEARLY_HALF, 1, 1.0, 2000).last
    return spread(parameters_of_units(last.layout, last.theta, 1))


def change_without_outgoing_weights() -> float:
    """Return the largest change of a parameter in 100 steps on XOR from W1 random, W2 = 0."""
    theta = starts(network(2), XavierFanIn(), 50)
    ParameterLayout((2, 2, 1)).weights(theta, 2)[...] = 0.0
    return largest(descend(network(2), data_of(XOR), theta, 1.0, 100).last.theta - theta)


def patterned_accuracy() -> float:
    """Return the accuracy on moons from weights sin(k)/2 of the parameters k = 1, 2, …"""
    layout = ParameterLayout((2, 8, 1))
    theta = np.repeat(np.sin(np.arange(1.0, layout.size + 1.0))[:, None] / 2.0, 2, axis=1)
    layout.biases(theta, 1)[...] = 0.0
    return float(descend(network(8), data_of(MOONS), theta, 1.0, 1000).accuracy[0])


@cached
def loss_without_outgoing_weights(name: str) -> float:
    """Return the median loss of 50 networks 2-2-1 after 400 steps from W1 random, W2 = 0."""
    theta = starts(network(2), XavierFanIn(), 50)
    ParameterLayout((2, 2, 1)).weights(theta, 2)[...] = 0.0
    return float(np.median(descend(network(2), data_of(name), theta, 1.0, 400).losses))


def rows_after_1000(data: Data, rate: float) -> np.ndarray:
    """Return the start of W1, (0.01, −0.02) and (0.03, 0.01), and W1 after 1000 steps."""
    layout = ParameterLayout((2, 2, 1))
    theta = np.zeros((layout.size, 1))
    start = layout.weights(theta, 1)
    start[..., 0] = [[0.01, -0.02], [0.03, 0.01]]
    layout.weights(theta, 2)[..., 0] = [[0.02, -0.01]]
    return np.stack([start, descend(network(2), data, theta, rate, 1000).weights(1)])[..., 0]


claim(
    "weights-have-to-be-unequal",
    text=Text.QUESTION,
    says="Initial weights have to be unequal, and then the units are different.",
    reason="Different biases alone make units different, and so do different outgoing weights; "
    "and a ReLU unit and its double differ in every weight but keep the same direction.",
    wrong={
        "XOR solved with equal rows and random outgoing weights": (
            (0.94, 1.0),
            lambda: solved_on_xor(XavierFanIn(), edits=EQUAL_ROWS),
        ),
        "XOR solved with all weights random": ((0.62, 0.8), lambda: solved_on_xor(XavierFanIn())),
        "XOR solved with all weights 0.5 and random biases": (
            (0.8, 1.0),
            lambda: solved_on_xor(RANDOM_BIASES),
        ),
        "ratio of the doubled ReLU unit after 300 steps": (
            exactly(2.0),
            lambda: np.divide(*frame("relu-scaled-twins", 300).W[1][::-1, 0]),
        ),
        "sum of mirrored tanh units after 300 steps": (
            ZERO,
            lambda: largest(frame("tanh-mirrored-twins", 300).W[1].sum(axis=0)),
        ),
    },
    shown={
        "only-biases-differ": 100,
        "equal-rows": 100,
        "relu-scaled-twins": 300,
        "tanh-mirrored-twins": 300,
    },
    break_it="Add 0.1 to one weight of the doubled unit: the ratio changes, and the loss falls.",
    attack=FALSE,
)

claim(
    "random-numbers-break-symmetry",
    text=Text.FORUM,
    says="Random initial weights break the symmetry.",
    reason="Two random numbers are equal with probability zero, so if every weight is drawn "
    "independently, no two units are equal.",
    right={
        "least number of different units of 8 from N(0, 1/n), 100 seeds": (
            exactly(8),
            lambda: least_distinct(XavierFanIn()),
        ),
        "least number of different units of 8 from N(0, 0.01²), 100 seeds": (
            exactly(8),
            lambda: least_distinct(Normal(scale=0.01)),
        ),
    },
    shown={"random-solves-xor": 0, "noisy-moons-small": 0},
    break_it="Use the scheme symmetric: random numbers, but the same ones for every unit.",
    attack=Attack(nets.RANDOM, laws.equal_pairs_at_start),
)

claim(
    "symmetry-needs-every-layer-random",
    text=Text.LESSON,
    says="A network with hidden layers needs random weights to learn.",
    reason="Different weights are enough, random or not: weights that repeat a fixed pattern "
    "learn moons, and equal weights with random biases learn XOR. Nor are random weights of the "
    "last layer enough for ReLU, if W1 = 0.",
    wrong={
        "loss with ReLU, W1 = 0": (
            near(0.693147, 1e-6),
            lambda: loss("zero-first-layer-relu"),
        ),
        "accuracy on moons from fixed, different weights": (near(1.0, 0.0), patterned_accuracy),
        "loss with tanh, W1 = 0": (near(0.259971, 1e-4), lambda: loss("zero-first-layer-tanh")),
        "XOR solved with all weights equal and random biases": (
            (0.8, 1.0),
            lambda: solved_on_xor(RANDOM_BIASES),
        ),
    },
    shown={"zero-first-layer-relu": 100, "zero-first-layer-tanh": 200},
    break_it="Make all four outgoing weights equal: then the tanh network learns like one unit.",
    attack=FALSE,
)

claim(
    "different-rows-evolve-differently",
    text=Text.LESSON,
    says="Units with different random rows get different gradients and evolve differently.",
    when="the units get a gradient at all, and “differently” does not mean “in different "
    "directions”",
    reason="Units with tiny weights are nearly linear, and their rows become almost parallel, "
    "while rows from N(0, 1/n) keep different directions.",
    right={
        "mean |cos| of two rows from N(0, 1/n), moons at step 30": (
            (0.5, 0.8),
            lambda: alignment(XavierFanIn(), 30),
        ),
        "least number of different units of 8 from N(0, 0.01²), step 20": (
            exactly(8),
            lambda: least_distinct(Normal(scale=0.01)),
        ),
    },
    wrong={
        "mean |cos| of two rows from N(0, 0.01²), moons at step 30": (
            (0.97, 1.0),
            lambda: alignment(Normal(), 30),
        )
    },
    shown={"moons": 20, "noisy-moons-small": 30},
    break_it="Increase the scale from 0.01 to 1, and watch the units in weight space.",
    attack=Attack(nets.RANDOM, laws.equal_gradients, laws.is_awake),
)

claim(
    "effective-units",
    text=Text.LESSON,
    says="Equal units count as one; with random weights every unit counts.",
    when="units that differ in some digit count as different, and training does not diverge",
    reason="Counted by the directions that their activations span, eight random units are one or "
    "two: small units are nearly linear, and the moons have two inputs.",
    right={
        "different units of 8, ones": (
            exactly(1),
            lambda: diagnostics("noisy-moons-ones").distinct_units[-1, 0],
        ),
        "different units of 8, random": (
            exactly(8),
            lambda: diagnostics("noisy-moons-xavier").distinct_units[-1, 0],
        ),
    },
    wrong={
        "directions of 8 units' activations, N(0, 0.01²)": (
            (1.0, 1.1),
            lambda: directions(Normal(), 30),
        ),
        "directions of 8 units' activations, N(0, 1/n)": (
            (1.2, 2.5),
            lambda: directions(XavierFanIn(), 30),
        ),
    },
    shown={
        "lesson-table": 600,
        "noisy-moons-ones": 100,
        "noisy-moons-xavier": 100,
        "noisy-moons-small": 30,
    },
    break_it="Train much longer on a task that needs more directions.",
    attack=Attack(nets.RANDOM, laws.equal_pairs, laws.is_calm),
)

claim(
    "tiny-difference-grows",
    text=Text.QUESTION,
    says="Zero or equal weights with a little noise added are enough: the difference grows.",
    when="the equal state is unstable, as it is on circles",
    reason="On circles the difference grows by about the same factor in every step. On XOR, units "
    "that start at 0.5 attract one another, and a difference of 1e-4 does not become visible.",
    right={
        "step at which 1e-12 becomes visible, circles": (
            (240, 242),
            lambda: visible_from("nearly-equal-circles"),
        ),
        "step at which equal units differ visibly, circles": (
            NEVER,
            lambda: visible_from("equal-circles"),
        ),
    },
    wrong={
        "difference after 2000 steps from 1e-4, XOR": ((1e-5, 0.05), nearly_equal_difference),
        "loss after 2000 steps from 1e-4, XOR": (
            (0.47, 0.481),
            lambda: descended(network(2), XOR, NEARLY_HALF, 1, 1.0, 2000).losses[0],
        ),
    },
    shown={"nearly-equal-circles": 241, "equal-circles": 241},
    break_it="Start from exact equality: no number of steps is enough.",
    attack="Only growth shows that the equal state is unstable; a search would repeat that.",
)

claim(
    "bias-start-does-not-matter",
    text=Text.LESSON,
    says="Once the weights differ, the initial biases do not matter.",
    reason="With large initial biases a unit does not separate the classes, and the larger they "
    "are, the less often XOR is solved.",
    wrong={
        "XOR solved, biases 0": ((0.62, 0.8), lambda: solved_on_xor(XavierFanIn())),
        "XOR solved, biases N(0, 1)": (
            (0.34, 0.54),
            lambda: solved_on_xor(XavierFanIn(bias=Normal(scale=1.0))),
        ),
        "XOR solved, biases N(0, 10²)": (
            (0.05, 0.16),
            lambda: solved_on_xor(XavierFanIn(bias=Normal(scale=10.0))),
        ),
    },
    shown={"random-solves-xor": 60},
    break_it="Draw the biases with scale 10 and train again.",
    attack=FALSE,
)

claim(
    "zero-biases-are-fine",
    text=Text.LESSON,
    says="Biases may start at zero, because the weights already differ.",
    when="the gradients of the weights are not all zero at the start",
    reason="They are zero if all units of a layer are dead or all outputs saturated, or if they "
    "cancel: on data that are symmetric about the origin, as ±1 XOR, those of x and −x do for "
    "tanh units with W2 = 0. From W2 = 0, tanh learns AND, moons, and XOR of 0 and 1.",
    right={
        "XOR solved from N(0, 1/n), biases 0": ((0.62, 0.8), lambda: solved_on_xor(XavierFanIn())),
        "median loss, AND, W1 random and W2 = 0": (
            (0.0, 0.01),
            lambda: loss_without_outgoing_weights("zero-tanh-and"),
        ),
        "median loss, XOR of 0 and 1, W1 random and W2 = 0": (
            (0.0, 0.05),
            lambda: loss_without_outgoing_weights("dead-relu-xor"),
        ),
    },
    wrong={
        "largest change in 100 steps, XOR of ±1, W1 random and W2 = 0": (
            between(0.0, 1e-6),
            change_without_outgoing_weights,
        )
    },
    shown={"random-solves-xor": 60},
    break_it="Set W2 to zero on ±1 XOR.",
    attack=Attack(nets.UNBIASED, laws.changes_weights, laws.has_gradient, laws.learns_without_last),
)

claim(
    "rows-end-far-apart",
    text=Text.LESSON,
    says="From (0.01, −0.02) and (0.03, 0.01), 1000 steps lead to rows in different directions.",
    when="the task drives the rows apart, as circles do",
    reason="On XOR such small rows hardly change; on moons they end on one line.",
    right={
        "|cos| of the rows, circles": (
            (0.75, 0.9),
            lambda: abs(cosine(*rows_after_1000(DataSpec(name="circles").load(2, 1), 1.0)[1])),
        )
    },
    wrong={
        "largest change of a row, XOR": (
            (0.0, 5e-3),
            lambda: spread(rows_after_1000(data_of(XOR), 0.1)),
        ),
        "|cos| of the rows, moons": (
            (0.98, 1.0),
            lambda: abs(cosine(*rows_after_1000(data_of(MOONS), 0.1)[1])),
        ),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 200},
    break_it="Choose another data set: the result depends on it.",
    attack="It states the result of one start.",
)
