"""Claims on what breaks symmetry: which differences are needed, and what becomes of them."""

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near
from engine.claims.runs import (
    comparison,
    cosine,
    data_of,
    descend,
    ensemble,
    recording,
    solved_on_xor,
    starts,
)
from engine.experiment.experiment import DataSpec, Edit, NetworkSpec
from engine.nn.datasets import Data
from engine.nn.initializers import Constant, Normal, Perturbed, XavierFanIn
from engine.nn.network import ParameterLayout
from engine.training.diagnostics import parameters_of_units
from engine.types import Array

EQUAL_ROWS = tuple(
    Edit(step=0, parameter="W1", index=(row, column), value=0.5)
    for row in (0, 1)
    for column in (0, 1)
)
"""W1 = 0.5, set by hand."""
RANDOM_BIASES = Constant(value=0.5, bias=Normal(scale=0.5))
"""All weights equal, and biases from N(0, 0.5²)."""


@claim(
    "weights-have-to-be-unequal",
    text=Text.QUESTION,
    says="First weights have to be unequal, and then the units are different.",
    reason="Biases alone can tell units apart, and so can outgoing weights alone; and a unit and "
    "its double differ in every number and do the same.",
    wrong={
        "XOR solved with equal rows and random outgoing weights": (0.94, 1.0),
        "XOR solved with all weights random": (0.62, 0.8),
        "XOR solved with all weights 0.5 and random biases": (0.8, 1.0),
        "ratio of the doubled ReLU unit after 300 steps": (2.0, 2.0),
        "sum of mirrored tanh units after 300 steps": ZERO,
    },
    shown={
        "only-biases-differ": 100,
        "equal-rows": 100,
        "relu-scaled-twins": 300,
        "tanh-mirrored-twins": 300,
    },
    break_it="Add 0.1 to one weight of the doubled unit: the ratio is lost, and the loss falls.",
)
def _unequal() -> Numbers:
    twins, mirrored = recording("relu-scaled-twins")[300], recording("tanh-mirrored-twins")[300]
    return {
        "XOR solved with equal rows and random outgoing weights": solved_on_xor(
            XavierFanIn(), edits=EQUAL_ROWS
        ),
        "XOR solved with all weights random": solved_on_xor(XavierFanIn()),
        "XOR solved with all weights 0.5 and random biases": solved_on_xor(RANDOM_BIASES),
        "ratio of the doubled ReLU unit after 300 steps": float(
            twins.W[1][1, 0] / twins.W[1][0, 0]
        ),
        "sum of mirrored tanh units after 300 steps": float(
            np.abs(mirrored.W[1].sum(axis=0)).max()
        ),
    }


@claim(
    "random-numbers-break-symmetry",
    text=Text.FORUM,
    says="Random first weights break the symmetry.",
    reason="Two draws are equal with probability zero, so no two units ever are.",
    right={
        "least different units of 8 from N(0, 1/n), 100 seeds": (8, 8),
        "least different units of 8 from N(0, 0.01²), 100 seeds": (8, 8),
    },
    shown={"random-solves-xor": 0, "noisy-moons-small": 0},
    break_it="Scheme symmetric: random numbers, but the same ones for every unit.",
)
def _random_breaks() -> Numbers:
    def least(init: Normal | XavierFanIn) -> float:
        eight = NetworkSpec(layers=(2, 8, 1))
        return float(ensemble("small-tanh-moons", eight, init, 100, 1.0, 20).distinct.min())

    return {
        "least different units of 8 from N(0, 1/n), 100 seeds": least(XavierFanIn()),
        "least different units of 8 from N(0, 0.01²), 100 seeds": least(Normal(scale=0.01)),
    }


@claim(
    "symmetry-needs-every-layer-random",
    text=Text.LESSON,
    says="A network with hidden layers needs random weights to learn.",
    when="the slope at the start is zero, as that of ReLU at 0 is",
    reason="It is enough that anything tells the units apart: with tanh, different outgoing "
    "weights do it from W1 = 0.",
    right={"loss with ReLU, W1 = 0": near(0.693147, 1e-6)},
    wrong={
        "loss with tanh, W1 = 0": near(0.259971, 1e-4),
        "XOR solved with all weights equal and random biases": (0.8, 1.0),
    },
    shown={"zero-first-layer-relu": 100, "zero-first-layer-tanh": 200},
    break_it="Make all four outgoing weights equal: then tanh learns as one unit.",
)
def _every_layer() -> Numbers:
    return {
        "loss with ReLU, W1 = 0": float(recording("zero-first-layer-relu").losses[-1]),
        "loss with tanh, W1 = 0": float(recording("zero-first-layer-tanh").losses[-1]),
        "XOR solved with all weights equal and random biases": solved_on_xor(RANDOM_BIASES),
    }


@claim(
    "different-rows-evolve-differently",
    text=Text.LESSON,
    says="Units with different random rows get different gradients and evolve differently.",
    when="the rows are not tiny",
    reason="While weights are small the units are nearly linear and first turn the same way.",
    right={"mean |cos| of two rows from N(0, 1/n), moons at step 100": (0.5, 0.8)},
    wrong={"mean |cos| of two rows from N(0, 0.01²), moons at step 30": (0.97, 1.0)},
    shown={"moons": 20, "noisy-moons-small": 30},
    break_it="Scale 0.01 up to 1 and watch the units in weight space.",
)
def _evolve() -> Numbers:
    spec, data = NetworkSpec(layers=(2, 8, 1)), data_of("small-tanh-moons")

    def alignment(scheme: Normal | XavierFanIn, steps: int) -> float:
        theta = descend(spec, data, starts(spec, scheme, 40), 1.0, steps).done.theta
        W1 = ParameterLayout(spec.layers).weights(theta, 1)
        rows = W1 / np.sqrt(np.square(W1).sum(axis=1, keepdims=True))
        cosines = np.abs(np.einsum("jin,kin->jkn", rows, rows))
        pairs = cosines[np.triu_indices(8, 1)]
        return float(pairs.mean())

    return {
        "mean |cos| of two rows from N(0, 1/n), moons at step 100": alignment(XavierFanIn(), 100),
        "mean |cos| of two rows from N(0, 0.01²), moons at step 30": alignment(Normal(), 30),
    }


def _directions(scheme: Normal | XavierFanIn | Constant, steps: int) -> float:
    """Return the median participation ratio of 8 units' activations on moons."""
    spec, data = NetworkSpec(layers=(2, 8, 1)), data_of("small-tanh-moons")
    A = descend(spec, data, starts(spec, scheme, 40), 1.0, steps).done.A[1]
    centred = A - A.mean(axis=1, keepdims=True)
    covariance = np.moveaxis(np.einsum("jmn,kmn->jkn", centred, centred), -1, 0)
    values = np.linalg.eigvalsh(covariance)
    return float(np.median(values.sum(axis=1) ** 2 / np.square(values).sum(axis=1)))


@claim(
    "effective-units",
    text=Text.LESSON,
    says="Equal units count as one; with random weights every unit counts.",
    when="to count means to differ in some digit",
    reason="Measured by how many directions their activations span, eight random units count as "
    "one or two.",
    right={"different units of 8, ones": (1, 1), "different units of 8, random": (8, 8)},
    wrong={
        "directions of 8 units' activations, N(0, 0.01²)": (1.0, 1.1),
        "directions of 8 units' activations, N(0, 1/n)": (1.2, 2.5),
    },
    shown={
        "lesson-table": 600,
        "noisy-moons-ones": 100,
        "noisy-moons-xavier": 100,
        "noisy-moons-small": 30,
    },
    break_it="Train much longer on a task that needs more directions.",
)
def _effective() -> Numbers:
    def distinct(name: str) -> float:
        return float(comparison(name).diagnostics[0].distinct_units[-1, 0])

    return {
        "different units of 8, ones": distinct("noisy-moons-ones"),
        "different units of 8, random": distinct("noisy-moons-xavier"),
        "directions of 8 units' activations, N(0, 0.01²)": _directions(Normal(), 30),
        "directions of 8 units' activations, N(0, 1/n)": _directions(XavierFanIn(), 30),
    }


@claim(
    "tiny-difference-grows",
    text=Text.QUESTION,
    says="Zero or equal weights with a little noise added are enough: the difference grows.",
    when="the equal state repels, as it does on circles",
    reason="On circles the difference grows by a factor at every step; on XOR, units from 0.5 "
    "are drawn to one another, and 1e-4 never shows beside weights of 4.",
    right={
        "step at which 1e-12 shows, circles": (240, 242),
        "step at which exact equality shows, circles": (-1, -1),
    },
    wrong={
        "difference after 2000 steps from 1e-4, XOR": (1e-5, 0.05),
        "loss after 2000 steps from 1e-4, XOR": (0.47, 0.481),
    },
    shown={"nearly-equal-circles": 241, "equal-circles": 241},
    break_it="Start from exact equality: no number of steps is enough.",
)
def _tiny() -> Numbers:
    def visible(name: str) -> float:
        gap = comparison(name).diagnostics[0].gap
        return float((gap > 0.1).argmax()) if (gap > 0.1).any() else -1.0

    spec, layout = NetworkSpec(layers=(2, 2, 1)), ParameterLayout((2, 2, 1))
    theta = starts(spec, Perturbed(base=Constant(value=0.5), epsilon=1e-4), 1)
    ended = descend(spec, data_of("zero-tanh-xor"), theta, 1.0, 2000)
    units = parameters_of_units(layout, ended.done.theta, 1)
    return {
        "step at which 1e-12 shows, circles": visible("nearly-equal-circles"),
        "step at which exact equality shows, circles": visible("equal-circles"),
        "difference after 2000 steps from 1e-4, XOR": float(np.ptp(units, axis=0).max()),
        "loss after 2000 steps from 1e-4, XOR": float(ended.losses[0]),
    }


@claim(
    "bias-start-does-not-matter",
    text=Text.LESSON,
    says="Once the weights differ, it does not matter how the biases start.",
    reason="Large first biases push units to where they see one class, and XOR is solved less "
    "and less often.",
    wrong={
        "XOR solved, biases 0": (0.62, 0.8),
        "XOR solved, biases N(0, 1)": (0.34, 0.54),
        "XOR solved, biases N(0, 10²)": (0.05, 0.16),
    },
    shown={"random-solves-xor": 60},
    break_it="Draw the biases with scale 10 and train again.",
)
def _bias_start() -> Numbers:
    return {
        "XOR solved, biases 0": solved_on_xor(XavierFanIn()),
        "XOR solved, biases N(0, 1)": solved_on_xor(XavierFanIn(bias=Normal(scale=1.0))),
        "XOR solved, biases N(0, 10²)": solved_on_xor(XavierFanIn(bias=Normal(scale=10.0))),
    }


@claim(
    "zero-biases-are-fine",
    text=Text.LESSON,
    says="Biases may start at zero, because the weights already differ.",
    when="some outgoing weight is not zero",
    reason="On ±1 XOR, tanh without biases is odd, so all that could move W2 = 0 cancels.",
    right={"XOR solved from N(0, 1/n), biases 0": (0.62, 0.8)},
    wrong={"greatest change of a weight, W1 random and W2 = 0": (0.0, 1e-6)},
    shown={"random-solves-xor": 60},
    break_it="Set W2 to zero on ±1 XOR.",
)
def _zero_biases() -> Numbers:
    spec = NetworkSpec(layers=(2, 2, 1))
    theta = starts(spec, XavierFanIn(), 50)
    ParameterLayout(spec.layers).weights(theta, 2)[...] = 0.0
    ended = descend(spec, data_of("zero-tanh-xor"), theta, 1.0, 100).done.theta
    return {
        "XOR solved from N(0, 1/n), biases 0": solved_on_xor(XavierFanIn()),
        "greatest change of a weight, W1 random and W2 = 0": float(np.abs(ended - theta).max()),
    }


@claim(
    "rows-end-far-apart",
    text=Text.LESSON,
    says="From (0.01, −0.02) and (0.03, 0.01), 1000 steps lead to rows that point different ways.",
    when="the task pulls them apart, as circles do",
    reason="On XOR so small rows hardly move at all; on moons they come to lie on one line.",
    right={"|cos| of the rows, circles": (0.75, 0.9)},
    wrong={
        "greatest change of a row, XOR": (0.0, 5e-3),
        "|cos| of the rows, moons": (0.98, 1.0),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 200},
    break_it="Take another data set: the outcome depends on it.",
)
def _rows_apart() -> Numbers:
    spec, layout = NetworkSpec(layers=(2, 2, 1)), ParameterLayout((2, 2, 1))
    theta = np.zeros((layout.size, 1))
    layout.weights(theta, 1)[..., 0] = [[0.01, -0.02], [0.03, 0.01]]
    layout.weights(theta, 2)[..., 0] = [[0.02, -0.01]]

    def rows(data: Data, rate: float) -> Array:
        ended = descend(spec, data, theta, rate, 1000).done.theta
        return layout.weights(ended, 1)[..., 0]

    circles, moons = (
        rows(DataSpec(name="circles").load(2, 1), 1.0),
        rows(data_of("small-tanh-moons"), 0.1),
    )
    change = rows(data_of("zero-tanh-xor"), 0.1) - layout.weights(theta, 1)[..., 0]
    return {
        "|cos| of the rows, circles": abs(cosine(*circles)),
        "greatest change of a row, XOR": float(np.abs(change).max()),
        "|cos| of the rows, moons": abs(cosine(*moons)),
    }
