"""Claims on symmetry: when equal units stay equal, and what they can express."""

from functools import partial

import numpy as np

from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import FALSE, ZERO, Text, between, cached, exactly, near, register
from engine.claims.runs import (
    comparison,
    data_of,
    descend,
    diagnostics,
    frame,
    largest,
    network,
    one_pass,
    spread,
    starts,
)
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.datasets import Data
from engine.nn.initializers import Constant, Symmetric
from engine.nn.network import ParameterLayout
from engine.training.comparison import compare
from engine.training.diagnostics import count_distinct, parameters_of_units
from engine.types import Array

claim = partial(register, __name__)

EQUAL = "constant-tanh-xor"
UNEQUAL_OUTPUTS = "equal-rows-unequal-outputs"
DEEP = Experiment(
    data=DataSpec(name="moons", samples=30),
    network=NetworkSpec(layers=(2, 5, 5, 1)),
    training=TrainingSpec(learning_rate=1.0, steps=100),
    runs=(Run(init=Symmetric(scale=0.7, seed=2)),),
)
CASES = ("all constant", "W1 random", "W2 random", "W3 random")


def row_difference(name: str, index: int) -> float:
    """Return the largest difference between rows of dW1, or of dZ1, at a frame."""
    return max(spread(frame(name, index).dW[1]), spread(frame(name, index).dZ[1]))


def gap_in_pair(run: int) -> float:
    """Return the largest difference of two units of a run of `equal-rows`, at frame 80."""
    return float(comparison("equal-rows").diagnostics[run].gap[80])


def most_distinct(name: str) -> float:
    """Return the largest number of different hidden units in a built-in experiment."""
    return float(diagnostics(name).distinct_units.max())


@cached
def constant_layers() -> Array:
    """Return the final parameters (size, 4) of a network 3-4-4-2 in each of `CASES`."""
    spec = NetworkSpec(layers=(3, 4, 4, 2))
    rng = np.random.Generator(np.random.PCG64(5))
    data = Data(rng.standard_normal((3, 20)), np.round(rng.random((2, 20))))
    theta = starts(spec, Constant(value=0.5), 4)
    for layer in (1, 2, 3):
        weights = ParameterLayout(spec.layers).weights(theta, layer)
        weights[..., layer] = rng.standard_normal(weights.shape[:2])
    return descend(spec, data, theta, 0.5, 50).last.theta


def distinct_units(layer: int, case: str) -> float:
    """Return the number of different units in a layer of `constant_layers`."""
    units = parameters_of_units(ParameterLayout((3, 4, 4, 2)), constant_layers(), layer)
    return float(count_distinct(units)[CASES.index(case)])


def distinct_outputs() -> float:
    """Return the number of different output units of `constant_layers`, all constant."""
    outputs = ParameterLayout((3, 4, 4, 2)).rows(constant_layers(), 3)[..., 0]
    return len(np.unique(outputs, axis=0))


def equal_units(units: int, row: tuple[float, float, float], outgoing: float, count: int) -> Array:
    """Return the parameters (size, count) of a network with equal units.

    Each unit has the incoming weights and the bias in row, and its share of an outgoing weight.
    """
    layout = ParameterLayout((2, units, 1))
    theta = np.zeros((layout.size, count))
    layout.rows(theta, 1)[...] = np.array(row)[None, :, None]
    layout.weights(theta, 2)[...] = outgoing
    return theta


@cached
def difference_from_one_unit(units: int) -> Array:
    """Return how much the losses of n equal units and of one unit differ after 300 steps.

    First with the learning rate of the equal units, then with n times the rate for the outgoing
    weight and 1/n of it for the incoming ones. The one unit has n times the outgoing weight.
    """
    data, row = data_of("small-tanh-moons"), (0.4, -0.3, 0.1)
    many = descend(network(units), data, equal_units(units, row, 0.5 / units, 2), 0.5, 300)
    layout = ParameterLayout((2, 1, 1))
    rates = np.full((layout.size, 2), 0.5)
    layout.rows(rates, 1)[..., 1] = 0.5 / units
    layout.weights(rates, 2)[..., 1] = 0.5 * units
    one = descend(network(1), data, equal_units(1, row, 0.5, 2), rates, 300)
    return np.abs(one.losses - many.losses)


def output_difference(units: int) -> float:
    """Return how much the outputs of n equal units and of one such unit differ."""
    data, row = data_of("small-tanh-moons"), (0.9, -0.4, 0.2)
    many = one_pass(network(units), data, equal_units(units, row, 0.7, 1))
    one = one_pass(network(1), data, equal_units(1, row, 0.7 * units, 1))
    return largest(many.A[2] - one.A[2])


claim(
    "equal-rows-get-equal-gradients",
    text=Text.LESSON,
    says="Units with the same weights get the same rows of dZ1 and of dW1.",
    when="their biases and their outgoing weights are equal, too",
    reason="The outgoing weight of a unit is a factor of its dZ1, and its bias is a part of z, "
    "so equal rows are not enough.",
    right={
        "difference of rows, all equal": (
            ZERO,
            lambda: max(row_difference(EQUAL, i) for i in range(0, 201, 20)),
        )
    },
    wrong={
        "difference of rows, outgoing weights 0.6 and −0.4": (
            near(0.411382),
            lambda: row_difference(UNEQUAL_OUTPUTS, 0),
        )
    },
    shown={"equal-rows": 0, EQUAL: 0, UNEQUAL_OUTPUTS: 0},
    break_it="Change one outgoing weight: the rows of dW1 differ in the same frame.",
    attack=Attack(nets.NEARLY_EQUAL, nets.difference_of_rows, nets.first_layer_is_equal),
)

claim(
    "identical-units-stay-identical",
    text=Text.LESSON,
    says="By induction, units that are identical once are identical after every update.",
    when="“identical” includes the biases and the outgoing weights",
    reason="The induction hypothesis needs the outgoing weights; with them the units stay exactly "
    "equal.",
    right={
        "largest difference, 2 units, 200 steps": (ZERO, lambda: diagnostics(EQUAL).gap.max()),
        "difference at frame 80, outgoing weights 1 and 1": (ZERO, lambda: gap_in_pair(0)),
        "largest difference, 2 layers of 5": (
            ZERO,
            lambda: compare(DEEP).diagnostics[0].gap.max(),
        ),
    },
    wrong={
        "difference at frame 80, outgoing weights 1 and 0.5": (
            near(3.856494),
            lambda: gap_in_pair(1),
        )
    },
    shown={"equal-rows": 80, "induction": 20, EQUAL: 200, "three-equal-units-circles": 1600},
    break_it="Give one unit another bias or another outgoing weight.",
    attack=Attack(nets.NEARLY_EQUAL, nets.difference_of_equal_units, nets.some_equal_layer),
)

claim(
    "same-derivatives-for-ever",
    text=Text.QUESTION,
    says="All units of a layer have equal values after any number of steps, because their "
    "derivatives are equal.",
    when="at the start the units have equal incoming weights, equal biases and equal outgoing "
    "weights",
    reason="If the units differ in one of the three, their derivatives usually differ, and so do "
    "their values after the next step.",
    right={
        "largest number of different units, ones": (
            exactly(1),
            lambda: most_distinct("ones-tanh-xor"),
        ),
        "largest number of different units, zeros": (
            exactly(1),
            lambda: most_distinct("zero-sigmoid-and"),
        ),
    },
    wrong={
        "different units, outgoing weights differ": (
            exactly(2),
            lambda: most_distinct(UNEQUAL_OUTPUTS),
        ),
        "different units, biases differ": (exactly(2), lambda: most_distinct("only-biases-differ")),
    },
    shown={
        "ones-tanh-xor": 200,
        "zero-sigmoid-and": 150,
        "only-biases-differ": 1,
        "equal-rows-unequal-outputs": 80,
    },
    break_it="Set one bias of the hidden layer to 0.1.",
    attack=Attack(nets.NEARLY_EQUAL, nets.difference_of_equal_units, nets.some_equal_layer),
)

claim(
    "equal-inputs-prove-symmetry",
    text=Text.FORUM,
    says="Units have the same inputs and the same weights, so their outputs are equal: this "
    "proves that they stay equal.",
    reason="This is only the forward half of a proof: units with equal outputs become different "
    "if their errors differ.",
    wrong={
        "difference of outputs at frame 0": (
            ZERO,
            lambda: spread(frame(UNEQUAL_OUTPUTS, 0).A[1]),
        ),
        "difference of outputs after 80 steps": (
            (1.5, 2.0),
            lambda: spread(frame(UNEQUAL_OUTPUTS, 80).A[1]),
        ),
    },
    shown={"equal-rows": 1, "induction": 1, UNEQUAL_OUTPUTS: 1},
    break_it="Make the outgoing weights equal: now the outputs stay equal.",
    attack=FALSE,
)

claim(
    "one-unit-per-layer",
    text=Text.QUESTION,
    says="With equal weights the whole network is like a network with one unit in each layer.",
    when="in each layer all weights are equal and all biases are equal, and there is one output",
    reason="Random weights make the units at both of their ends different, and outputs with "
    "different targets become different in any case.",
    right={
        f"different units, {name} layer, all constant": (
            exactly(1),
            partial(distinct_units, layer, "all constant"),
        )
        for layer, name in ((1, "first"), (2, "second"))
    },
    wrong={
        "different outputs, all constant": (exactly(2), distinct_outputs),
        **{
            f"different units, {name} layer, {case}": (
                exactly(count),
                partial(distinct_units, layer, case),
            )
            for case, counts in zip(CASES[1:], ((4, 1), (4, 4), (1, 4)), strict=True)
            for (layer, name), count in zip(((1, "first"), (2, "second")), counts, strict=True)
        },
    },
    shown={"wide-equal": 100},
    break_it="Draw the weights of one layer at random, and look at the layers around it.",
    attack=Attack(nets.EQUAL, nets.difference_of_equal_units, nets.all_layers_equal),
)

claim(
    "twins-only-scale",
    text=Text.QUESTION,
    says="Units that are all alike contribute nothing but scale.",
    reason="n equal units train like one unit whose outgoing weight learns n times as fast and "
    "whose incoming weights learn n times as slowly. They change the course of training, not what "
    "the network can express.",
    wrong={
        "difference in loss, 8 equal units and one": (
            near(0.0066977, 0.01),
            lambda: difference_from_one_unit(8)[0],
        ),
        "difference in loss, 8 equal units and one at rates 8 and 1/8": (
            between(0.0, 1e-12),
            lambda: difference_from_one_unit(8)[1],
        ),
        "difference in loss, 64 equal units and one at rates 64 and 1/64": (
            between(0.0, 1e-12),
            lambda: difference_from_one_unit(64)[1],
        ),
    },
    shown={"wide-equal": 100},
    break_it="Train one unit at the same rate: its weights soon differ.",
    attack=FALSE,
)

claim(
    "twins-are-worth-one",
    text=Text.LESSON,
    says="A layer of n identical units is no better than one unit.",
    reason="Their sum is one unit with n times the outgoing weight, so they can express only the "
    "same functions. How fast they learn is another question.",
    right={
        f"largest difference in output, {units} equal units and one": (
            between(0.0, 1e-12),
            partial(output_difference, units),
        )
        for units in (8, 64)
    },
    shown={"constant": 300, "noisy-moons-ones": 100},
    break_it="Change the bias of one of the units.",
    attack=Attack(nets.EQUAL, nets.difference_from_one_unit, nets.all_layers_equal),
)

claim(
    "all-weights-change-alike",
    text=Text.QUESTION,
    says="If all weights are equal, all errors are equal, and every weight changes by the same "
    "amount.",
    reason="Units get equal rows, but an entry of dW1 depends on its input, and dW2 on the output "
    "of a unit, so the entries differ. On XOR, whose inputs are interchangeable, only dW2 differs.",
    wrong={
        "change of a weight in W2 over one in W1, XOR": (
            near(3.62686),
            lambda: frame(EQUAL).dW[2][0, 0] / frame(EQUAL).dW[1][0, 0],
        ),
        "first entry of a row of dW1, moons": (
            near(-0.0640539),
            lambda: frame("lesson-table").dW[1][0, 0],
        ),
        "second entry of a row of dW1, moons": (
            near(0.0971839),
            lambda: frame("lesson-table").dW[1][0, 1],
        ),
        "entry of dW2, moons": (near(0.0233934), lambda: frame("lesson-table").dW[2][0, 0]),
        "difference of rows of dW1, moons": (ZERO, lambda: spread(frame("lesson-table").dW[1])),
    },
    shown={EQUAL: 0, "lesson-table": 0},
    break_it="Compare the numbers of dW1 with those of dW2.",
    attack=FALSE,
)
