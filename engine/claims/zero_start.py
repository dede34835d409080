"""Claims on starting from zero: the activation and the class balance decide what changes."""

from functools import partial

import numpy as np

from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import FALSE, ZERO, Text, derived, exactly, near, register
from engine.claims.runs import (
    accuracy,
    descended,
    frame,
    largest,
    loss,
    network,
    recording,
    spread,
)
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import Zeros

claim = partial(register, __name__)

LN2 = float(np.log(2.0))
BASE_RATE = float(2.0 * LN2 - 0.75 * np.log(3.0))
"""The loss on AND where every output is the base rate, 1/4."""
HALF_AND_THIRD = "zero-sigmoid-half-and-third"


def final_W1(name: str) -> float:
    """Return the largest absolute value in W1 after training."""
    return largest(frame(name, -1).W[1])


def final_W1_from_zero(spec: NetworkSpec) -> float:
    """Return the same after 1000 steps from zero on unbalanced classes."""
    return largest(descended(spec, HALF_AND_THIRD, Zeros(), 1, 0.1, 1000).weights(1))


def output_difference(name: str) -> float:
    """Return the largest difference between the outputs of hidden units in about 20 frames."""
    run = recording(name)
    return max(spread(run[i].A[1]) for i in range(0, len(run), max(1, len(run) // 20)))


def parameter_change(name: str) -> float:
    """Return the largest range of a parameter over a recording."""
    run = recording(name)
    return spread(run.parameters(0, len(run)))


def logit_curvature(name: str) -> float:
    """Return the second difference of the final logits over (0,0), (0,1), (1,0), (1,1)."""
    return float(abs(np.dot(frame(name, -1).Z[2][0], (1.0, -1.0, -1.0, 1.0))))


claim(
    "zero-units-alike",
    text=Text.FORUM,
    says="With zero weights and biases all units of a layer have the same output.",
    reason="They have the same inputs, weights and biases, whatever the activation.",
    right={
        "difference of outputs, tanh": (ZERO, lambda: output_difference("zero-tanh-and")),
        "difference of outputs, ReLU": (ZERO, lambda: output_difference("zero-relu-and")),
        "difference of outputs, sigmoid": (ZERO, lambda: output_difference("zero-sigmoid-and")),
        "difference of outputs, sigmoid, 1000 steps": (
            ZERO,
            lambda: output_difference(HALF_AND_THIRD),
        ),
    },
    shown={
        "zero-tanh-and": 100,
        "zero-relu-and": 100,
        "zero-sigmoid-and": 150,
        "zero-sigmoid-half-and-third": 1000,
    },
    break_it="Change one weight of W2: sigmoid units differ from the next frame on.",
    attack=Attack(nets.ZERO, nets.units_alike),
)

claim(
    "zero-does-not-learn",
    text=Text.FORUM,
    says="With zero weights and biases the network does not learn.",
    when="a hidden layer outputs zero at zero, as tanh, ReLU and linear units do, or the hidden "
    "units are sigmoid and the mean target is the output at zero, as with balanced classes",
    reason="Sigmoid units output 0.5 at zero. With unbalanced classes this changes W2, then W1, "
    "and the network learns like a network with one hidden unit. Otherwise at most the biases of "
    "the last layer change, also with softmax. Softplus units output ln 2: on balanced classes the "
    "gradients cancel only up to rounding errors, by which the network then learns.",
    right={
        "change of the loss, tanh, XOR": (
            ZERO,
            lambda: np.ptp(recording("zero-tanh-xor").losses),
        ),
        "change of the loss, sigmoid, XOR": (
            ZERO,
            lambda: np.ptp(recording("zero-sigmoid-xor").losses),
        ),
        "accuracy, tanh, AND, 100 steps": (exactly(0.75), lambda: accuracy("zero-tanh-and")),
        "range of the outputs over all points, tanh, softmax of three classes": (
            ZERO,
            lambda: spread(frame("three-classes", -1).A[2], axis=1),
        ),
    },
    wrong={
        "loss, sigmoid, AND, 150 steps": (near(0.0076849), lambda: loss("zero-sigmoid-and")),
        "accuracy, sigmoid, AND, 150 steps": (near(1.0, 0.0), lambda: accuracy("zero-sigmoid-and")),
    },
    shown={
        "zero-start-balanced": 100,
        "zero-start-unbalanced": 150,
        "zero-tanh-xor": 100,
        "zero-sigmoid-xor": 100,
        "zero-tanh-and": 100,
        "zero-sigmoid-and": 150,
        "three-classes": 300,
    },
    break_it="Replace tanh by sigmoid and XOR by AND.",
    attack=Attack(nets.ZERO, nets.constant_output, nets.zero_does_not_learn),
)

claim(
    "zero-table-no-learning",
    text=Text.LESSON,
    says="From zero there is no learning: no parameter changes.",
    when="the hidden units are tanh, ReLU, linear or sigmoid, and the mean target is the output at "
    "zero, as with balanced classes and a sigmoid output",
    reason="Otherwise the output bias learns the base rate, and with sigmoid units the weights "
    "change, too.",
    right={
        "change of a parameter, tanh, XOR": (ZERO, lambda: parameter_change("zero-tanh-xor")),
        "change of a parameter, sigmoid, XOR": (ZERO, lambda: parameter_change("zero-sigmoid-xor")),
    },
    wrong={
        "output bias, tanh, AND": (
            derived(-np.log(3.0), 1e-6),
            lambda: frame("zero-tanh-and", -1).b[2].item(),
        ),
        "loss at the base rate, tanh, AND": (
            derived(BASE_RATE, 1e-6),
            lambda: loss("zero-tanh-and"),
        ),
        "loss at the base rate, ReLU, AND": (
            derived(BASE_RATE, 1e-6),
            lambda: loss("zero-relu-and"),
        ),
    },
    shown={
        "zero-start-balanced": 100,
        "zero-start-unbalanced": 2,
        "zero-tanh-xor": 100,
        "zero-sigmoid-xor": 100,
        "zero-tanh-and": 100,
        "zero-relu-and": 100,
    },
    break_it="Add one point to one of the classes.",
    attack=Attack(nets.ZERO, nets.unchanged, nets.hidden_and_balanced),
)

claim(
    "first-weights-stay-zero",
    text=Text.LESSON,
    says="If all parameters start at zero, W1 is still all zeros after the updates.",
    when="a hidden layer outputs zero at zero, as tanh, ReLU and linear units do, or the hidden "
    "units are sigmoid and the mean target is the output at zero, as with balanced classes",
    reason="W1 changes only after W2 has changed, and W2 only if the hidden outputs are not zero.",
    right={
        "largest weight of W1, tanh, AND": (ZERO, lambda: final_W1("zero-tanh-and")),
        "largest weight of W1, ReLU, AND": (ZERO, lambda: final_W1("zero-relu-and")),
        "largest weight of W1, sigmoid, XOR": (ZERO, lambda: final_W1("zero-sigmoid-xor")),
        "largest weight of W1, linear, unbalanced": (
            ZERO,
            lambda: final_W1_from_zero(network(2, hidden="linear")),
        ),
    },
    wrong={
        "largest weight of W1, sigmoid, AND": (near(3.3987), lambda: final_W1("zero-sigmoid-and")),
        "largest weight of W1, sigmoid, unbalanced": (
            near(0.515375),
            lambda: final_W1(HALF_AND_THIRD),
        ),
    },
    shown={
        "half-and-third": 1000,
        "zero-tanh-and": 100,
        "zero-relu-and": 100,
        "zero-sigmoid-xor": 100,
        "zero-sigmoid-and": 150,
        "zero-sigmoid-half-and-third": 1000,
    },
    break_it="Use sigmoid units on unbalanced classes: the result is another figure of this text.",
    attack=Attack(nets.ZERO, nets.zero_first_weights, nets.zero_does_not_learn),
)

claim(
    "rows-become-half-and-third",
    text=Text.LESSON,
    says="From zero, both rows of W1 become the same, (0.5, 0.3), after 1000 updates.",
    when="the units are sigmoid and the examples are those of this text",
    reason="Other unbalanced examples lead to other numbers, and with tanh on the same points W1 "
    "stays zero, as in another figure of this text.",
    right={
        "first weight of both rows, sigmoid": (
            (0.45, 0.55),
            lambda: frame(HALF_AND_THIRD, -1).W[1][0, 0],
        ),
        "second weight of both rows, sigmoid": (
            (0.25, 0.35),
            lambda: frame(HALF_AND_THIRD, -1).W[1][0, 1],
        ),
        "difference of the rows, sigmoid": (
            ZERO,
            lambda: spread(frame(HALF_AND_THIRD, -1).W[1]),
        ),
    },
    wrong={"largest weight of W1, tanh": (ZERO, lambda: final_W1_from_zero(network(2)))},
    shown={"half-and-third": 1000, HALF_AND_THIRD: 1000},
    break_it="Replace sigmoid by tanh.",
    attack="It states the numbers of one data set.",
)

claim(
    "zero-units-are-zero",
    text=Text.QUESTION,
    says="With zero weights and biases every hidden unit outputs zero, whatever the input.",
    when="the activation is zero at zero, as tanh, ReLU and linear are",
    reason="The weighted sum is zero, but sigmoid(0) is 0.5.",
    right={
        "output of a unit, tanh": (ZERO, lambda: largest(frame("zero-tanh-xor").A[1])),
        "output of a unit, ReLU": (ZERO, lambda: largest(frame("zero-relu-and").A[1])),
    },
    wrong={
        "weighted sum, sigmoid": (ZERO, lambda: largest(frame("zero-sigmoid-xor").Z[1])),
        "output of a unit, sigmoid": (
            exactly(0.5),
            lambda: largest(frame("zero-sigmoid-xor").A[1]),
        ),
    },
    shown={"zero-tanh-xor": 0, "zero-sigmoid-xor": 0, "zero-relu-and": 0},
    break_it="Give the hidden units a bias.",
    attack=Attack(
        nets.ZERO, nets.hidden_outputs, lambda t: nets.everywhere(t, nets.all_zero_at_zero(t))
    ),
)

claim(
    "zero-first-pass",
    text=Text.LESSON,
    says="From zero, Z1 is zero, A1 is g(0), and both units have the same influence.",
    reason="Every term of the sums is zero, and W2 is zero for both units.",
    right={
        "largest Z1, tanh": (ZERO, lambda: largest(frame("zero-tanh-xor").Z[1])),
        "largest Z1, sigmoid": (ZERO, lambda: largest(frame("zero-sigmoid-and").Z[1])),
        "A1, sigmoid": (exactly(0.5), lambda: frame("zero-sigmoid-and").A[1].max()),
        "difference of outgoing weights": (
            ZERO,
            lambda: spread(frame("zero-sigmoid-and").W[2], axis=1),
        ),
        "initial loss": (derived(LN2, 1e-12), lambda: loss("zero-sigmoid-and", 0)),
    },
    shown={"zero-tanh-xor": 0, "zero-sigmoid-and": 0},
    break_it="Give one hidden unit a bias.",
    attack=Attack(nets.ZERO, nets.weighted_sums_at_start),
)

claim(
    "only-the-last-layer-learns",
    text=Text.BLOG,
    says="From zero the hidden layers get no update; only the last layer learns.",
    when="only the first step is considered, the units are sigmoid, and the classes are unbalanced",
    reason="From the second step on the hidden layers change, too; and with tanh not even the last "
    "weights change, only the last biases.",
    right={
        "|dW1| at step 0, sigmoid": (ZERO, lambda: largest(frame("zero-sigmoid-and").dW[1])),
        "|dW2| at step 0, sigmoid": ((0.1, 0.2), lambda: largest(frame("zero-sigmoid-and").dW[2])),
    },
    wrong={
        "|dW1| at step 1, sigmoid": (
            near(0.0286747),
            lambda: largest(frame("zero-sigmoid-and", 1).dW[1]),
        ),
        "largest |dW2|, tanh": (
            ZERO,
            lambda: max(largest(each.dW[2]) for each in recording("zero-tanh-and")),
        ),
        "|db2| at step 0, tanh": (exactly(0.25), lambda: largest(frame("zero-tanh-and").db[2])),
    },
    shown={"zero-start-unbalanced": 2, "zero-sigmoid-and": 1, "zero-tanh-and": 1},
    break_it="Step one frame further.",
    attack=Attack(nets.ZERO, nets.only_last_layer_changes, nets.only_sigmoid_and_unbalanced),
)

claim(
    "zero-ends-as-a-linear-model",
    text=Text.BLOG,
    says="A network that starts at zero ends as a linear model of one layer, which performs badly.",
    reason="It ends as a constant or, with sigmoid units, as a network with one hidden unit in "
    "each layer. Its boundary is a straight line, but its output is not linear, and it may perform "
    "well.",
    wrong={
        "range of the predictions, tanh, AND": (
            ZERO,
            lambda: spread(frame("zero-tanh-and", -1).A[2], axis=1),
        ),
        "second difference of the logits, sigmoid, AND": (
            near(5.70049),
            lambda: logit_curvature("zero-sigmoid-and"),
        ),
        "accuracy, sigmoid, AND": (near(1.0, 0.0), lambda: accuracy("zero-sigmoid-and")),
    },
    shown={"zero-tanh-and": 100, "zero-sigmoid-and": 150},
    break_it="Use linear hidden units: the network is linear then, but remains a constant.",
    attack=FALSE,
)
