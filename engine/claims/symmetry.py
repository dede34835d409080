"""Claims on symmetry: when units that start alike stay alike, and what they are worth."""

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near, shared
from engine.claims.runs import (
    comparison,
    data_of,
    descend,
    one_pass,
    recording,
    starts,
    trained,
)
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.datasets import Data
from engine.nn.initializers import Constant, Symmetric
from engine.nn.network import ParameterLayout
from engine.training.diagnostics import count_distinct, parameters_of_units

EQUAL = "constant-tanh-xor"
UNEQUAL_OUTPUTS = "equal-rows-unequal-outputs"


def greatest_gap(name: str) -> float:
    """Return how different units of a built-in experiment ever become."""
    return float(comparison(name).diagnostics[0].gap.max())


def row_spread(name: str, frame: int) -> float:
    """Return how different the rows of dW1 and of dZ1 are at a frame."""
    at = recording(name)[frame]
    return float(max(np.ptp(at.dW[1], axis=0).max(), np.ptp(at.dZ[1], axis=0).max()))


@claim(
    "equal-rows-get-equal-gradients",
    text=Text.LESSON,
    says="Units with the same weights get the same rows of dZ1 and of dW1.",
    when="their outgoing weights are equal, too",
    reason="dZ1 of a unit has its outgoing weight as a factor, so equal rows are not enough.",
    right={"difference of rows, all equal": ZERO},
    wrong={"difference of rows, outgoing weights 0.6 and −0.4": near(0.411382)},
    shown={"equal-rows": 0, EQUAL: 0, UNEQUAL_OUTPUTS: 0},
    break_it="Change one outgoing weight: the rows of dW1 differ in the same frame.",
)
def _equal_rows() -> Numbers:
    return {
        "difference of rows, all equal": max(row_spread(EQUAL, i) for i in range(0, 201, 20)),
        "difference of rows, outgoing weights 0.6 and −0.4": row_spread(UNEQUAL_OUTPUTS, 0),
    }


@claim(
    "identical-units-stay-identical",
    text=Text.LESSON,
    says="By induction, units that are identical once are identical after every update.",
    when="identical means bias and outgoing weights, too",
    reason="The induction needs the outgoing weights in its hypothesis; with them it is exact.",
    right={"greatest difference, 2 units": ZERO, "greatest difference, 2 layers of 5": ZERO},
    wrong={"difference after 80 steps, only rows equal": near(8.2077)},
    shown={
        "equal-rows": 80,
        "induction": 20,
        EQUAL: 200,
        "three-equal-units-circles": 1600,
        UNEQUAL_OUTPUTS: 80,
    },
    break_it="Give one unit another bias or another outgoing weight.",
)
def _induction() -> Numbers:
    deep = Experiment(
        data=DataSpec(name="moons", samples=30),
        network=NetworkSpec(layers=(2, 5, 5, 1)),
        training=TrainingSpec(learning_rate=1.0, steps=100),
        runs=(Run(init=Symmetric(scale=0.7, seed=2)),),
    )
    return {
        "greatest difference, 2 units": greatest_gap(EQUAL),
        "greatest difference, 2 layers of 5": float(trained(deep).diagnostics[0].gap.max()),
        "difference after 80 steps, only rows equal": float(
            comparison(UNEQUAL_OUTPUTS).diagnostics[0].gap[-1]
        ),
    }


@claim(
    "same-derivatives-for-ever",
    text=Text.QUESTION,
    says="All units of a layer have equal values after any number of steps, their derivatives "
    "being equal.",
    when="the outgoing weights are equal and so are the biases",
    reason="A difference in any of the three shows in the derivatives of the next step.",
    right={"most different units, ones": (1, 1), "most different units, zeros": (1, 1)},
    wrong={
        "different units, outgoing weights differ": (2, 2),
        "different units, biases differ": (2, 2),
    },
    shown={
        "ones-tanh-xor": 200,
        "zero-sigmoid-and": 150,
        "only-biases-differ": 1,
    },
    break_it="Set one bias of the hidden layer to 0.1.",
)
def _same_derivatives() -> Numbers:
    def distinct(name: str) -> float:
        return float(comparison(name).diagnostics[0].distinct_units.max())

    return {
        "most different units, ones": distinct("ones-tanh-xor"),
        "most different units, zeros": distinct("zero-sigmoid-and"),
        "different units, outgoing weights differ": distinct(UNEQUAL_OUTPUTS),
        "different units, biases differ": distinct("only-biases-differ"),
    }


@claim(
    "equal-inputs-prove-symmetry",
    text=Text.FORUM,
    says="Units get the same inputs with the same weights, so their outputs are equal: that is "
    "the proof that they stay alike.",
    reason="It is the forward half of a proof; units with equal outputs part if errors differ.",
    wrong={
        "difference of outputs at frame 0": ZERO,
        "difference of outputs after 80 steps": (1.5, 2.0),
    },
    shown={"equal-rows": 1, "induction": 1, UNEQUAL_OUTPUTS: 1},
    break_it="Make the outgoing weights equal: now the outputs stay equal.",
)
def _forward_half() -> Numbers:
    run = recording(UNEQUAL_OUTPUTS)
    return {
        "difference of outputs at frame 0": float(np.ptp(run[0].A[1], axis=0).max()),
        "difference of outputs after 80 steps": float(np.ptp(run[80].A[1], axis=0).max()),
    }


@claim(
    "one-unit-per-layer",
    text=Text.QUESTION,
    says="With equal weights the whole network is like one with a single unit in each layer.",
    when="the weights of every layer are constant",
    reason="Constant weights in one layer alone leave the units of the other layers different; and "
    "outputs with targets of their own part in any case.",
    right={
        "different units, first layer, all constant": (1, 1),
        "different units, second layer, all constant": (1, 1),
    },
    wrong={
        "different outputs, all constant": (2, 2),
        "different units, first layer, W1 random": (4, 4),
        "different units, second layer, W1 random": (1, 1),
        "different units, first layer, W2 random": (4, 4),
        "different units, second layer, W2 random": (4, 4),
        "different units, first layer, W3 random": (1, 1),
        "different units, second layer, W3 random": (4, 4),
    },
    shown={"wide-equal": 100},
    break_it="Draw the weights of one layer at random, and look at the layers around it.",
)
def _one_per_layer() -> Numbers:
    spec = NetworkSpec(layers=(3, 4, 4, 2))
    layout = ParameterLayout(spec.layers)
    rng = np.random.Generator(np.random.PCG64(5))
    X, Y = rng.standard_normal((3, 20)), np.round(rng.random((2, 20)))
    data = Data(X, Y)
    theta = starts(spec, Constant(value=0.5), 4)
    for layer in (1, 2, 3):
        weights = layout.weights(theta, layer)
        weights[..., layer] = rng.standard_normal(weights.shape[:2])
    last = descend(spec, data, theta, 0.5, 50).done.theta
    outputs = layout.rows(last, 3)[..., 0]
    result = {"different outputs, all constant": float(len(np.unique(outputs, axis=0)))}
    for layer, where in ((1, "first layer"), (2, "second layer")):
        counts = count_distinct(parameters_of_units(layout, last, layer))
        for case, count in zip(
            ("all constant", *(f"W{i} random" for i in (1, 2, 3))), counts, strict=True
        ):
            result[f"different units, {where}, {case}"] = float(count)
    return result


@shared
def against_one_unit(units: int, steps: int = 300) -> tuple[float, float]:
    """Return how far n twins are from one unit: at the same rate, and at rates n and 1/n.

    The one unit has n times the outgoing weight. Compared are the losses after some steps.
    """
    data = data_of("small-tanh-moons")
    spec, one = NetworkSpec(layers=(2, units, 1)), NetworkSpec(layers=(2, 1, 1))
    twins = np.tile(np.array([0.4, -0.3, 0.1]), (units, 1))
    layout, single = ParameterLayout(spec.layers), ParameterLayout(one.layers)
    theta = np.zeros((layout.size, 2))
    layout.rows(theta, 1)[...] = twins[..., None]
    layout.weights(theta, 2)[...] = 0.5 / units
    alone = np.zeros((single.size, 2))
    single.rows(alone, 1)[...] = twins[:1, :, None]
    single.weights(alone, 2)[...] = 0.5
    rates = np.full((single.size, 2), 0.5)
    single.rows(rates, 1)[..., 1] = 0.5 / units
    single.weights(rates, 2)[..., 1] = 0.5 * units
    many = descend(spec, data, theta, 0.5, steps).losses
    plain, scaled = np.abs(descend(one, data, alone, rates, steps).losses - many)
    return float(plain), float(scaled)


@claim(
    "twins-only-scale",
    text=Text.QUESTION,
    says="Units that are all alike contribute nothing but scale.",
    reason="n twins train as one unit whose outgoing weight learns n times as fast and whose "
    "incoming ones n times as slowly: they change the course, not what can be expressed.",
    wrong={
        "difference in loss, 8 twins and one unit": near(0.0066977, 0.01),
        "difference in loss, 8 twins and one unit at rates 8 and 1/8": (0.0, 1e-12),
        "difference in loss, 64 twins and one unit at rates 64 and 1/64": (0.0, 1e-12),
    },
    shown={"wide-equal": 100},
    break_it="Train one unit at the plain rate: it is soon elsewhere.",
)
def _twins_scale() -> Numbers:
    plain, scaled = against_one_unit(8)
    return {
        "difference in loss, 8 twins and one unit": plain,
        "difference in loss, 8 twins and one unit at rates 8 and 1/8": scaled,
        "difference in loss, 64 twins and one unit at rates 64 and 1/64": against_one_unit(64)[1],
    }


@claim(
    "twins-are-worth-one",
    text=Text.LESSON,
    says="A layer of n identical units is no better than one unit.",
    reason="Their sum is one unit with n times the outgoing weight, so they express the same.",
    right={
        "greatest difference in output, 8 twins and one": (0.0, 1e-12),
        "greatest difference in output, 64 twins and one": (0.0, 1e-12),
    },
    shown={"constant": 300, "noisy-moons-ones": 100},
    break_it="Change one bias among the twins.",
)
def _worth_one() -> Numbers:
    data, result = data_of("small-tanh-moons"), {}
    for units in (8, 64):
        outputs = []
        for width, weight in ((units, 0.7), (1, 0.7 * units)):
            layout = ParameterLayout((2, width, 1))
            theta = np.zeros((layout.size, 1))
            layout.rows(theta, 1)[...] = np.array([0.9, -0.4, 0.2])[None, :, None]
            layout.weights(theta, 2)[...] = weight
            outputs.append(one_pass(NetworkSpec(layers=(2, width, 1)), data, theta).A[2])
        name = f"greatest difference in output, {units} twins and one"
        result[name] = float(np.abs(outputs[0] - outputs[1]).max())
    return result


@claim(
    "all-weights-change-alike",
    text=Text.QUESTION,
    says="If all weights are equal, all errors are, and every weight changes by the same amount.",
    reason="Units get equal rows; but an entry of dW1 carries its own input, and dW2 the output of "
    "a unit, so they differ. On XOR, whose inputs can be exchanged, only dW2 differs.",
    wrong={
        "a weight's change in W2 over one in W1, XOR": near(3.62686),
        "first entry of a row of dW1, moons": near(-0.0640539),
        "second entry of a row of dW1, moons": near(0.0971839),
        "entry of dW2, moons": near(0.0233934),
        "difference of rows of dW1, moons": ZERO,
    },
    shown={EQUAL: 0, "lesson-table": 0},
    break_it="Compare the numbers of dW1 with those of dW2.",
)
def _change_alike() -> Numbers:
    xor, moons = recording(EQUAL)[0], recording("lesson-table")[0]
    return {
        "a weight's change in W2 over one in W1, XOR": float(xor.dW[2][0, 0] / xor.dW[1][0, 0]),
        "first entry of a row of dW1, moons": float(moons.dW[1][0, 0]),
        "second entry of a row of dW1, moons": float(moons.dW[1][0, 1]),
        "entry of dW2, moons": float(moons.dW[2][0, 0]),
        "difference of rows of dW1, moons": float(np.ptp(moons.dW[1], axis=0).max()),
    }
