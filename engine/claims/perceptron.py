"""Claims on the learning rate of the perceptron, and on how far they apply to other models."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import product, zip_longest
from typing import NamedTuple

import numpy as np

from engine.claims.attack.attack import Attack
from engine.claims.attack.perceptrons import PERCEPTRONS, Perceptrons
from engine.claims.claim import EXISTS, FALSE, ZERO, Text, between, cached, exactly, near, register
from engine.claims.perceptron_data import (
    NOISY,
    REGRESSION,
    SIGMOID,
    UNBALANCED,
    Points,
    Targets,
    W1_after,
    angle,
    clouds,
    rational,
    whole_numbers,
)
from engine.studies.perceptron.perceptron import PerceptronRun, learn, learn_exactly

claim = partial(register, __name__)

RATES = (Fraction(1, 1000), Fraction(1, 10), Fraction(1, 2), Fraction(3))
EPOCHS = 12
AND: tuple[Points, Targets] = (list(product((0.0, 1.0), repeat=2)), [-1, -1, -1, 1])


def multiples(run: PerceptronRun[Fraction]) -> list[tuple[Fraction, ...]]:
    """Return the weights after every sample, divided by the learning rate."""
    return [tuple(w / run.rate for w in at) for at in run.weights]


class Disagreements(NamedTuple):
    """How many of a number of runs have other predictions, or other weights."""

    predictions: int
    weights: int
    runs: int


def changed_by_rounding(sets: Iterator[tuple[Points, Targets]], rate: float) -> float:
    """Return the share of data sets on which floating-point numbers predict differently."""
    changes = [
        learn(*data, rate, epochs=EPOCHS).predictions
        != learn_exactly(*data, 1, epochs=EPOCHS).predictions
        for data in sets
    ]
    return float(np.mean(changes))


def first_update(target: int, tie: int) -> float:
    """Return the change of the bias by the first sample, from zero."""
    run = learn_exactly([(0.5,)], [target], 1, epochs=1, tie=tie)
    return float(abs(run.weights[1][0]))


@cached
def second_updates() -> list[set[tuple[Fraction, ...]]]:
    """Return, for each of 50 data sets, the second updates over η for all rates."""
    result = []
    for points, targets in whole_numbers(50, seed=1):
        runs = [learn(rational(points), targets, rate, epochs=1) for rate in RATES]
        steps = [(run.rate, zip(run.weights[1], run.weights[2], strict=True)) for run in runs]
        result.append({tuple((b - a) / rate for a, b in step) for rate, step in steps})
    return result


@cached
def weights_by_rate() -> list[int]:
    """Return, for every update in 30 data sets, the number of different weights over η."""
    result = []
    for points, targets in whole_numbers(30, seed=2):
        runs = [multiples(learn(rational(points), targets, rate, epochs=EPOCHS)) for rate in RATES]
        # The runs are equally long if the claim holds.
        result += [len(set(weights)) for weights in zip_longest(*runs)]
    return result


def label_from_other_start(rate: float) -> int:
    """Return the second label from the start (0, −0.9)."""
    run = learn_exactly([(1.0,), (1.0,)], [1, 1], rate, start=[0.0, -0.9], epochs=1)
    return run.predictions[1]


def mean_epochs(rate: float) -> float:
    """Return the mean number of epochs from N(0, 1) on 30 pairs of clouds."""
    rng = np.random.Generator(np.random.PCG64(3))
    epochs = [
        learn(*data, rate, [float(w) for w in rng.standard_normal(3)], epochs=3000).epochs
        for data in clouds(30, seed=4)
    ]
    return float(np.mean(epochs))


def epochs_difference() -> int:
    """Return the sum over 30 pairs of clouds of the difference in epochs from zero."""
    return sum(
        abs(learn_exactly(*data, 0.001).epochs - learn_exactly(*data, 1.0).epochs)
        for data in clouds(30, seed=4)
    )


@cached
def disagreements(count: int, seed: int, largest: int, tie: int = 1) -> Disagreements:
    """Compare runs of (w0, η): their weights with (w0/η, 1), their predictions with (w0, 1).

    The numbers are fractions, and those of w0 are multiples of 1/2 up to largest / 2.
    """
    rng = np.random.Generator(np.random.PCG64(5))
    predictions = weights = runs = 0
    for points, targets in whole_numbers(count, seed):
        starts = rng.integers(-largest, largest + 1, 3)
        exact, start = rational(points), [Fraction(int(w), 2) for w in starts]
        unit = learn(exact, targets, Fraction(1), start, epochs=EPOCHS, tie=tie)
        for rate in RATES:
            run = learn(exact, targets, rate, start, epochs=EPOCHS, tie=tie)
            scaled = [w / rate for w in start]
            same = learn(exact, targets, Fraction(1), scaled, epochs=EPOCHS, tie=tie)
            weights += run.predictions != same.predictions or multiples(run) != list(same.weights)
            predictions += run.predictions != unit.predictions
            runs += 1
    return Disagreements(predictions, weights, runs)


from_zero = partial(disagreements, 100, 0, 0)
other_starts = partial(disagreements, 50, 6, 5)


claim(
    "rate-only-scales-from-zero",
    text=Text.QUESTION,
    says="From zero weights the learning rate changes the length of the perceptron's weight "
    "vector, never its direction.",
    reason="Every update is η times a number without η, so w(η) = η · w(1) after every sample.",
    right={
        "runs": (exactly(400), lambda: from_zero(tie=1).runs),
        "runs in which w(η) is not η · w(1)": (ZERO, lambda: from_zero(tie=1).weights),
    },
    shown={"perceptron-and": 8, "perceptron-clouds": 48},
    break_it="Start from weights that are not zero.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_weights),
)

claim(
    "rate-does-not-change-labels-from-zero",
    text=Text.QUESTION,
    says="From zero the learning rate has no influence on the predicted labels: only the sign of "
    "z matters.",
    reason="η > 0 multiplies z and does not change its sign, for either prediction at z = 0.",
    right={
        "runs that predict differently, g(0) = +1": (
            ZERO,
            lambda: from_zero(tie=1).predictions,
        ),
        "runs that predict differently, g(0) = −1": (
            ZERO,
            lambda: from_zero(tie=-1).predictions,
        ),
    },
    shown={"perceptron-and": 8},
    break_it="Compute with floating-point numbers and η = 0.1.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_labels),
)

claim(
    "rate-law-in-floats",
    text=Text.QUESTION,
    says="What the learning rate does not change on paper, it does not change in a program.",
    when="η is a power of two, or no point is ever exactly on the line of nonzero weights",
    reason="0.1 is rounded, so a sum that is zero on paper becomes ±5.6e-17 and gets a sign.",
    right={
        "runs changed by rounding, whole numbers, η = 0.5": (
            ZERO,
            lambda: changed_by_rounding(whole_numbers(100), 0.5),
        ),
        "runs changed by rounding, whole numbers, η = 2": (
            ZERO,
            lambda: changed_by_rounding(whole_numbers(100), 2.0),
        ),
        "runs changed by rounding, normal clouds, η = 0.1": (
            ZERO,
            lambda: changed_by_rounding(clouds(60), 0.1),
        ),
    },
    wrong={
        "runs changed by rounding, whole numbers, η = 0.1": (
            (0.6, 0.85),
            lambda: changed_by_rounding(whole_numbers(100), 0.1),
        )
    },
    shown={"perceptron-rounding": 15, "perceptron-clouds": 48},
    break_it="Set η to 0.1 where the inputs are small integers.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_labels_in_floats, Perceptrons.is_safe_in_floats),
)

claim(
    "and-ends-at-the-same-weights",
    text=Text.QUESTION,
    says="On AND with η = 0.1 the perceptron ends at a tenth of the weights for η = 1.",
    when="the arithmetic is exact",
    reason="With floating-point numbers a zero gets a sign, and learning ends earlier and at other "
    "weights.",
    right={
        "bias over η, exact, η = 0.1": (
            near(-6.0, 0.0),
            lambda: learn_exactly(*AND, 0.1).weights[-1][0] / learn_exactly(*AND, 0.1).rate,
        ),
        "bias, exact, η = 1": (near(-6.0, 0.0), lambda: learn_exactly(*AND, 1).weights[-1][0]),
    },
    wrong={
        "bias over η, floating point, η = 0.1": (
            near(-4.0, 1e-9),
            lambda: learn(*AND, 0.1).weights[-1][0] / 0.1,
        ),
        "number of epochs saved in floating point": (
            near(2.0, 0.0),
            lambda: learn_exactly(*AND, 0.1).epochs - learn(*AND, 0.1).epochs,
        ),
    },
    shown={"perceptron-rounding": 24},
    break_it="Use η = 0.125: with floating-point numbers the weights are the exact ones.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_weights, Perceptrons.is_and),
)

claim(
    "prediction-at-zero-is-plus-one",
    text=Text.QUESTION,
    says="The unit predicts +1 for z ≥ 0, so from zero a first sample of class +1 changes nothing.",
    reason="This is a convention; with the other one, a first sample of class −1 changes nothing.",
    right={
        "first update, class +1, g(0) = +1": (ZERO, lambda: first_update(1, 1)),
        "first update, class −1, g(0) = +1": (exactly(2.0), lambda: first_update(-1, 1)),
        "first update, class +1, g(0) = −1": (exactly(2.0), lambda: first_update(1, -1)),
    },
    shown={"perceptron-and": 1},
    break_it="Let the unit predict −1 at z = 0.",
    attack=Attack(PERCEPTRONS, Perceptrons.first_update, Perceptrons.is_label_of_zero),
)

claim(
    "rate-lies-between-zero-and-one",
    text=Text.QUESTION,
    says="The learning rate has to be between 0 and 1.",
    reason="From zero every positive rate predicts the same, even a million.",
    wrong={
        "epochs on AND, η = 1/2": (near(6.0, 0.0), lambda: learn_exactly(*AND, 0.5).epochs),
        "epochs on AND, η = 1 000 000": (near(6.0, 0.0), lambda: learn_exactly(*AND, 1e6).epochs),
    },
    shown={"perceptron-clouds": 48},
    break_it="Start from weights that are not zero: then a tiny rate needs many epochs.",
    attack=FALSE,
)

claim(
    "second-update-without-rate",
    text=Text.QUESTION,
    says="In the second update η can be removed from the sign function, because it is positive.",
    reason="sign(η z) = sign(z), so both updates are η times the same numbers.",
    right={
        "second updates over η that differ": (
            ZERO,
            lambda: sum(len(updates) > 1 for updates in second_updates()),
        ),
        "second updates that are not zero": (
            near(29.0, 0.0),
            lambda: sum(any(map(any, updates)) for updates in second_updates()),
        ),
    },
    shown={"perceptron-and": 2},
    break_it="On paper: a negative rate would change every sign.",
    attack=Attack(PERCEPTRONS, lambda each: each.same_weights(2)),
)

claim(
    "every-update-is-rate-times-the-same",
    text=Text.QUESTION,
    says="By induction every update is η times a quantity without η.",
    reason="If this is true of all updates before, η can be removed from the sign function as in "
    "the second update.",
    right={
        "updates compared": (near(2518.0, 0.0), lambda: len(weights_by_rate())),
        "updates over η that differ": (ZERO, lambda: sum(n > 1 for n in weights_by_rate())),
    },
    shown={"perceptron-and": 8},
    break_it="Begin the induction with weights that are not zero.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_weights),
)

claim(
    "rate-matters-from-other-starts",
    text=Text.QUESTION,
    says="From weights that are not zero the learning rate may change a predicted label.",
    reason="The initial weights do not scale with η, so η decides how much an update outweighs "
    "them.",
    right={
        "label for η = 0.1": (exactly(-1), lambda: label_from_other_start(0.1)),
        "label for η = 0.5": (exactly(1), lambda: label_from_other_start(0.5)),
    },
    shown={"perceptron-and": 6},
    break_it="Divide the initial weights by a million: all rates predict the same again.",
    attack=EXISTS,
)

claim(
    "epochs-depend-on-rate",
    text=Text.QUESTION,
    says="The learning rate matters for the length of training only if the start is not zero.",
    reason="With a small rate many updates are needed to outweigh the initial weights; zeros need "
    "not be outweighed.",
    right={
        "mean epochs from N(0, 1), η = 0.001": ((70, 150), lambda: mean_epochs(0.001)),
        "mean epochs from N(0, 1), η = 1": ((1.5, 4), lambda: mean_epochs(1.0)),
        "difference of epochs between rates, from zero": (ZERO, epochs_difference),
    },
    shown={"perceptron-clouds": 120},
    break_it="Make the initial weights as small as the rate.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_epochs),
)

claim(
    "only-start-over-rate-counts",
    text=Text.QUESTION,
    says="The direction depends on inputs and targets, not on the weights so far: the part that "
    "depends on η does not depend on them.",
    when="the initial weights divided by η stay the same, as zeros do",
    reason="(w0, η) does exactly the same as (w0/η, 1): only this ratio matters.",
    right={"runs of (w0, η) that differ from (w0/η, 1)": (ZERO, lambda: other_starts().weights)},
    wrong={
        "runs of (w0, η) that differ from (w0, 1)": (
            near(190.0, 0.0),
            lambda: other_starts().predictions,
        )
    },
    shown={"perceptron-and": 6},
    break_it="Change η and not the initial weights.",
    attack=Attack(PERCEPTRONS, Perceptrons.same_for_ratio),
)

claim(
    "same-gradient-so-rate-only-scales",
    text=Text.QUESTION,
    says="From zero all hidden units follow the same gradient, and for this reason the learning "
    "rate only scales the weights.",
    reason="This is true of the perceptron, and of the first step of gradient descent. A smooth "
    "unit depends on the size of z, so from the second step on η changes the direction.",
    wrong={
        "angle after 1 step, logistic regression": (
            between(0.0, 1e-6),
            lambda: angle(REGRESSION, NOISY, 1),
        ),
        "angle after 20 steps, logistic regression": (
            near(4.96649),
            lambda: angle(REGRESSION, NOISY, 20),
        ),
        "angle after 100 steps, sigmoid units": (
            near(0.578776),
            lambda: angle(SIGMOID, UNBALANCED, 100),
        ),
        "first weight for five times the rate, 100 steps, sigmoid units": (
            near(6.93248),
            lambda: np.divide(
                *(W1_after(SIGMOID, UNBALANCED, rate, 100)[0, 0] for rate in (0.5, 0.1))
            ),
        ),
    },
    shown={UNBALANCED: 100, "zero-logistic-regression": 20},
    break_it="Set the learning rate to 0.5: W1 is not five times as large, at frame 2 or 100.",
    attack=FALSE,
)
