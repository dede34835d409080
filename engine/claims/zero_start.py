"""Claims on starting from zero: what moves and when depends on activation and class balance."""

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near
from engine.claims.runs import (
    comparison,
    data_of,
    descend,
    ensemble,
    recording,
    solved_on_xor,
    starts,
)
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import Constant, Ones, XavierFanIn, Zeros
from engine.nn.network import ParameterLayout
from engine.training.diagnostics import parameters_of_units
from engine.training.recording import Recording

LN2 = float(np.log(2.0))
XOR_FLOOR = (2.0 * np.log(1.5) + np.log(3.0)) / 4.0
"""The least loss on XOR of a network that has one unit in each layer."""


def moved(run: Recording, layer: int) -> float:
    """Return the greatest weight that a layer has in the last frame, having started at zero."""
    return float(np.abs(run[-1].W[layer]).max())


def unlike_outputs(name: str) -> float:
    """Return how different the activations of hidden units are over a recording, at most."""
    run = recording(name)
    frames = range(0, len(run), max(1, len(run) // 20))
    return float(max(np.ptp(run[frame].A[1], axis=0).max() for frame in frames))


@claim(
    "zero-units-alike",
    text=Text.FORUM,
    says="With zero weights all units of a layer give the same output.",
    reason="They see the same inputs with the same weights, whatever the activation.",
    right={
        "difference of outputs, tanh": ZERO,
        "difference of outputs, ReLU": ZERO,
        "difference of outputs, sigmoid": ZERO,
        "difference of outputs, sigmoid, 1000 steps": ZERO,
    },
    shown={"zero-tanh-and": 100, "zero-relu-and": 100, "zero-sigmoid-and": 150},
    break_it="Set one weight of W2 by hand: sigmoid units part in the next frame.",
)
def _alike() -> Numbers:
    return {
        "difference of outputs, tanh": unlike_outputs("zero-tanh-and"),
        "difference of outputs, ReLU": unlike_outputs("zero-relu-and"),
        "difference of outputs, sigmoid": unlike_outputs("zero-sigmoid-and"),
        "difference of outputs, sigmoid, 1000 steps": unlike_outputs("zero-sigmoid-half-and-third"),
    }


@claim(
    "zero-does-not-learn",
    text=Text.FORUM,
    says="With zero weights the network does not learn.",
    when="the units give zero at zero, or the classes balance",
    reason="Sigmoid units give one half, so on unbalanced classes W2 moves, then W1, and the "
    "network learns as one unit.",
    right={
        "change of the loss, tanh, XOR": ZERO,
        "change of the loss, sigmoid, XOR": ZERO,
        "accuracy, tanh, AND, 100 steps": (0.75, 0.75),
    },
    wrong={
        "loss, sigmoid, AND, 150 steps": near(0.0076849),
        "accuracy, sigmoid, AND, 150 steps": (1.0, 1.0),
    },
    shown={"zero-start-balanced": 100, "zero-start-unbalanced": 150},
    break_it="Exchange tanh for sigmoid and XOR for AND.",
)
def _does_not_learn() -> Numbers:
    def accuracy(name: str) -> float:
        return float(comparison(name).diagnostics[0].accuracy[-1])

    return {
        "change of the loss, tanh, XOR": float(np.ptp(recording("zero-tanh-xor").losses)),
        "change of the loss, sigmoid, XOR": float(np.ptp(recording("zero-sigmoid-xor").losses)),
        "accuracy, tanh, AND, 100 steps": accuracy("zero-tanh-and"),
        "loss, sigmoid, AND, 150 steps": float(recording("zero-sigmoid-and").losses[-1]),
        "accuracy, sigmoid, AND, 150 steps": accuracy("zero-sigmoid-and"),
    }


@claim(
    "zero-table-no-learning",
    text=Text.LESSON,
    says="From zero there is no learning at all: everything stays as it is.",
    when="the classes balance",
    reason="Otherwise the last bias learns the base rate, and sigmoid units go on from there.",
    right={"change of a parameter, tanh, XOR": ZERO, "change of a parameter, sigmoid, XOR": ZERO},
    wrong={
        "last bias, tanh, AND": near(-np.log(3.0), 1e-6),
        "loss at the base rate, tanh, AND": near(0.5623351446, 1e-6),
        "loss at the base rate, ReLU, AND": near(0.5623351446, 1e-6),
    },
    shown={"zero-start-balanced": 100, "zero-start-unbalanced": 2},
    break_it="Take one point more of one class than of the other.",
)
def _no_learning() -> Numbers:
    def change(name: str) -> float:
        run = recording(name)
        return float(np.ptp(run.parameters(0, len(run)), axis=0).max())

    tanh = recording("zero-tanh-and")
    return {
        "change of a parameter, tanh, XOR": change("zero-tanh-xor"),
        "change of a parameter, sigmoid, XOR": change("zero-sigmoid-xor"),
        "last bias, tanh, AND": float(tanh[-1].b[2].item()),
        "loss at the base rate, tanh, AND": float(tanh.losses[-1]),
        "loss at the base rate, ReLU, AND": float(recording("zero-relu-and").losses[-1]),
    }


@claim(
    "first-weights-stay-zero",
    text=Text.LESSON,
    says="W1 starts at zero and remains all zeros after the updates.",
    when="the units give zero at zero, or the classes balance",
    reason="W1 moves once W2 is not zero, and W2 once the hidden outputs are not.",
    right={
        "greatest weight of W1, tanh, AND": ZERO,
        "greatest weight of W1, ReLU, AND": ZERO,
        "greatest weight of W1, sigmoid, XOR": ZERO,
        "greatest weight of W1, linear, unbalanced": ZERO,
    },
    wrong={
        "greatest weight of W1, sigmoid, AND": near(3.3987),
        "greatest weight of W1, sigmoid, unbalanced": near(0.515375),
    },
    shown={"half-and-third": 1000, "zero-tanh-and": 100},
    break_it="Use sigmoid units on unbalanced classes: the same text's other picture comes out.",
)
def _stay_zero() -> Numbers:
    linear = NetworkSpec(layers=(2, 2, 1), hidden="linear")
    unbalanced = data_of("zero-sigmoid-half-and-third")
    ended = descend(linear, unbalanced, starts(linear, Zeros(), 1), 0.1, 1000).done.theta
    return {
        "greatest weight of W1, tanh, AND": moved(recording("zero-tanh-and"), 1),
        "greatest weight of W1, ReLU, AND": moved(recording("zero-relu-and"), 1),
        "greatest weight of W1, sigmoid, XOR": moved(recording("zero-sigmoid-xor"), 1),
        "greatest weight of W1, linear, unbalanced": float(
            np.abs(ParameterLayout(linear.layers).weights(ended, 1)).max()
        ),
        "greatest weight of W1, sigmoid, AND": moved(recording("zero-sigmoid-and"), 1),
        "greatest weight of W1, sigmoid, unbalanced": moved(
            recording("zero-sigmoid-half-and-third"), 1
        ),
    }


@claim(
    "rows-become-half-and-third",
    text=Text.LESSON,
    says="From zero, both rows of W1 become the same, (0.5, 0.3), after 1000 updates.",
    when="the units are sigmoid and the classes do not balance",
    reason="With tanh on the same points W1 stays zero, as another picture of the text has it.",
    right={
        "first weight of both rows, sigmoid": (0.45, 0.55),
        "second weight of both rows, sigmoid": (0.25, 0.35),
        "difference of the rows, sigmoid": ZERO,
    },
    wrong={"greatest weight of W1, tanh": ZERO},
    shown={"half-and-third": 1000, "zero-sigmoid-half-and-third": 1000},
    break_it="Exchange sigmoid for tanh.",
)
def _half_and_third() -> Numbers:
    W1 = recording("zero-sigmoid-half-and-third")[-1].W[1]
    tanh = NetworkSpec(layers=(2, 2, 1))
    unbalanced = data_of("zero-sigmoid-half-and-third")
    ended = descend(tanh, unbalanced, starts(tanh, Zeros(), 1), 0.1, 1000).done.theta
    return {
        "first weight of both rows, sigmoid": float(W1[0, 0]),
        "second weight of both rows, sigmoid": float(W1[0, 1]),
        "difference of the rows, sigmoid": float(np.abs(W1[0] - W1[1]).max()),
        "greatest weight of W1, tanh": float(
            np.abs(ParameterLayout(tanh.layers).weights(ended, 1)).max()
        ),
    }


@claim(
    "zero-units-are-zero",
    text=Text.QUESTION,
    says="With zero weights every hidden unit is zero, whatever the input.",
    when="the activation gives zero at zero",
    reason="The weighted sum is zero; sigmoid makes one half of it.",
    right={"output of a unit, tanh": ZERO, "output of a unit, ReLU": ZERO},
    wrong={"weighted sum, sigmoid": ZERO, "output of a unit, sigmoid": (0.5, 0.5)},
    shown={"zero-tanh-xor": 0, "zero-sigmoid-xor": 0},
    break_it="Give the hidden units a bias.",
)
def _units_zero() -> Numbers:
    def output(name: str) -> float:
        return float(np.abs(recording(name)[0].A[1]).max())

    return {
        "output of a unit, tanh": output("zero-tanh-xor"),
        "output of a unit, ReLU": output("zero-relu-and"),
        "weighted sum, sigmoid": float(np.abs(recording("zero-sigmoid-xor")[0].Z[1]).max()),
        "output of a unit, sigmoid": output("zero-sigmoid-xor"),
    }


@claim(
    "zero-first-pass",
    text=Text.LESSON,
    says="From zero, Z1 is zero, A1 is g(0), and both units have the same influence.",
    reason="There is nothing in the sums but zeros, and W2 is zero for both units.",
    right={
        "greatest Z1, tanh": ZERO,
        "greatest Z1, sigmoid": ZERO,
        "A1, sigmoid": (0.5, 0.5),
        "difference of outgoing weights": ZERO,
        "first loss": near(LN2, 1e-12),
    },
    shown={"zero-tanh-xor": 0, "zero-sigmoid-and": 0},
    break_it="Give one hidden unit a bias.",
)
def _first_pass() -> Numbers:
    tanh, sigmoid = recording("zero-tanh-xor")[0], recording("zero-sigmoid-and")[0]
    return {
        "greatest Z1, tanh": float(np.abs(tanh.Z[1]).max()),
        "greatest Z1, sigmoid": float(np.abs(sigmoid.Z[1]).max()),
        "A1, sigmoid": float(sigmoid.A[1].max()),
        "difference of outgoing weights": float(np.ptp(sigmoid.W[2])),
        "first loss": float(sigmoid.loss),
    }


@claim(
    "only-the-last-layer-learns",
    text=Text.BLOG,
    says="From zero the hidden layers get no update; only the last layer learns.",
    when="one looks at the first step of sigmoid units on unbalanced classes",
    reason="From the second step on W1 moves too; and with tanh not even W2 moves, only b2.",
    right={"|dW1| at step 0, sigmoid": ZERO, "|dW2| at step 0, sigmoid": (0.1, 0.2)},
    wrong={
        "|dW1| at step 1, sigmoid": near(0.0286747),
        "greatest |dW2|, tanh": ZERO,
        "|db2| at step 0, tanh": (0.25, 0.25),
    },
    shown={"zero-start-unbalanced": 2, "zero-sigmoid-and": 1, "zero-tanh-and": 1},
    break_it="Go one step further.",
)
def _last_layer() -> Numbers:
    sigmoid, tanh = recording("zero-sigmoid-and"), recording("zero-tanh-and")
    return {
        "|dW1| at step 0, sigmoid": float(np.abs(sigmoid[0].dW[1]).max()),
        "|dW2| at step 0, sigmoid": float(np.abs(sigmoid[0].dW[2]).max()),
        "|dW1| at step 1, sigmoid": float(np.abs(sigmoid[1].dW[1]).max()),
        "greatest |dW2|, tanh": max(float(np.abs(frame.dW[2]).max()) for frame in tanh),
        "|db2| at step 0, tanh": float(np.abs(tanh[0].db[2]).max()),
    }


@claim(
    "zero-ends-as-a-linear-model",
    text=Text.BLOG,
    says="A network that starts at zero ends up as a linear model of one layer, which does badly.",
    reason="It ends as a constant, or with sigmoid units as one unit that is not linear and may "
    "do well.",
    wrong={
        "spread of the answers, tanh, AND": ZERO,
        "bend of the logits, sigmoid, AND": near(5.70049),
        "accuracy, sigmoid, AND": (1.0, 1.0),
    },
    shown={"zero-tanh-and": 100, "zero-sigmoid-and": 150},
    break_it="Use linear hidden units: then it is one, yet it stays a constant.",
)
def _linear_model() -> Numbers:
    logits = recording("zero-sigmoid-and")[-1].Z[2][0]  # at (0,0), (0,1), (1,0), (1,1)
    return {
        "spread of the answers, tanh, AND": float(np.ptp(recording("zero-tanh-and")[-1].A[2])),
        "bend of the logits, sigmoid, AND": float(
            abs(logits[0] - logits[1] - logits[2] + logits[3])
        ),
        "accuracy, sigmoid, AND": float(comparison("zero-sigmoid-and").diagnostics[0].accuracy[-1]),
    }


@claim(
    "equal-weights-prevent-learning",
    text=Text.QUESTION,
    says="Zero or equal weights keep the network from learning.",
    when="the task needs more than one unit in a layer",
    reason="Equal weights learn what one unit can: three points of XOR, all of AND.",
    right={
        "loss from equal weights, XOR, 20 000 steps": (XOR_FLOOR, XOR_FLOOR + 1e-3),
        "loss from equal weights, moons": (0.27, 0.3),
        "loss from N(0, 1/n), moons": (0.0, 0.05),
    },
    wrong={
        "loss from equal weights, AND": (0.0, 0.01),
        "loss from equal weights, blobs": (0.0, 0.01),
    },
    shown={"constant-tanh-xor": 200, "zero-sigmoid-and": 150},
    break_it="Exchange XOR for AND or for two clouds.",
)
def _prevent() -> Numbers:
    def loss(width: int, name: str, init: Constant | XavierFanIn, steps: int) -> float:
        network = NetworkSpec(layers=(2, width, 1))
        return float(np.median(ensemble(name, network, init, 5, 1.0, steps).loss))

    half = Constant(value=0.5)
    return {
        "loss from equal weights, XOR, 20 000 steps": loss(2, "zero-tanh-xor", half, 20_000),
        "loss from equal weights, moons": loss(8, "small-tanh-moons", half, 1000),
        "loss from N(0, 1/n), moons": loss(8, "small-tanh-moons", XavierFanIn(), 1000),
        "loss from equal weights, AND": loss(2, "zero-tanh-and", half, 1000),
        "loss from equal weights, blobs": loss(8, "zero-logistic-regression", half, 1000),
    }


@claim(
    "equal-start-misses-the-minimum",
    text=Text.FORUM,
    says="From zeros or ones training may not converge, or misses the global minimum.",
    when="one unit is not enough for the task",
    reason="From ones XOR ends at the floor of one unit, 0.4774, and moons at 0.28.",
    right={
        "loss from ones, XOR": (XOR_FLOOR, XOR_FLOOR + 0.01),
        "loss from zeros, XOR": near(LN2, 1e-12),
        "best loss from N(0, 1/n), XOR": (0.0, 0.01),
    },
    wrong={"loss from ones, AND": (0.0, 0.01), "loss from zeros, AND, sigmoid": (0.0, 0.01)},
    shown={"ones-tanh-xor": 200, "zero-sigmoid-and": 150},
    break_it="Take a task that one line can do.",
)
def _misses() -> Numbers:
    spec = NetworkSpec(layers=(2, 2, 1))
    random = ensemble("zero-tanh-xor", spec, XavierFanIn(), 20, 2.0, 1000)
    ones = ensemble("zero-tanh-and", spec, Ones(), 1, 1.0, 1000)
    return {
        "loss from ones, XOR": float(recording("ones-tanh-xor").losses[-1]),
        "loss from zeros, XOR": float(recording("zero-tanh-xor").losses[-1]),
        "best loss from N(0, 1/n), XOR": float(random.loss.min()),
        "loss from ones, AND": float(ones.loss[0]),
        "loss from zeros, AND, sigmoid": float(recording("zero-sigmoid-and").losses[-1]),
    }


@claim(
    "units-that-stay-the-same-learn-nothing",
    text=Text.LESSON,
    says="While its units stay the same as one another, a network does not learn.",
    when="a single unit cannot do the task any better",
    reason="The same as one another is not the same as before: equal units learn AND together.",
    right={"loss of equal units, XOR, step 200": (XOR_FLOOR, 0.49)},
    wrong={
        "difference of the units, AND": ZERO,
        "change of a unit's weight, AND": (3.0, 4.0),
        "loss of equal units, AND": (0.0, 0.01),
    },
    shown={"constant-tanh-xor": 200, "zero-sigmoid-and": 150},
    break_it="Count what moves, not what differs.",
)
def _same_units() -> Numbers:
    run = recording("zero-sigmoid-and")
    units = parameters_of_units(run.layout, run.parameters(150, 151).T, 1)
    return {
        "loss of equal units, XOR, step 200": float(recording("constant-tanh-xor").losses[200]),
        "difference of the units, AND": float(np.ptp(units, axis=0).max()),
        "change of a unit's weight, AND": moved(run, 1),
        "loss of equal units, AND": float(run.losses[-1]),
    }


@claim(
    "never-start-all-equal",
    text=Text.LESSON,
    says="First weights must never all be zero, nor all be equal.",
    when="there is a hidden layer and the task needs several of its units",
    reason="Without a hidden layer there is nothing to keep apart; and differing biases will do.",
    right={"XOR solved from all 0.5": ZERO, "XOR solved from zeros": ZERO},
    wrong={
        "accuracy from zeros, no hidden layer": (1.0, 1.0),
        "accuracy from all 0.5 with two biases, XOR": (1.0, 1.0),
    },
    shown={"zero-logistic-regression": 100, "only-biases-differ": 100},
    break_it="Take the hidden layer away.",
)
def _never() -> Numbers:
    def accuracy(name: str) -> float:
        return float(comparison(name).diagnostics[0].accuracy[-1])

    return {
        "XOR solved from all 0.5": solved_on_xor(Constant(value=0.5)),
        "XOR solved from zeros": solved_on_xor(Zeros()),
        "accuracy from zeros, no hidden layer": accuracy("zero-logistic-regression"),
        "accuracy from all 0.5 with two biases, XOR": accuracy("only-biases-differ"),
    }
