"""Claims on the learning rate of the perceptron, and on what becomes of them in other models."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product, zip_longest

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near, shared
from engine.claims.runs import data_of, degrees, descend, starts
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import Zeros
from engine.nn.network import ParameterLayout
from engine.studies.perceptron.perceptron import PerceptronRun, learn, learn_exactly
from engine.types import Array

Points = list[tuple[float, ...]]
Targets = list[int]

RATES = (Fraction(1, 1000), Fraction(1, 10), Fraction(1, 2), Fraction(3))
EPOCHS = 12
AND: tuple[Points, Targets] = (list(product((0.0, 1.0), repeat=2)), [-1, -1, -1, 1])


def whole_numbers(count: int, seed: int = 0) -> Iterator[tuple[Points, Targets]]:
    """Draw data sets of eight points with whole numbers between −3 and 3, labels at random."""
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(count):
        points = [tuple(map(float, row)) for row in rng.integers(-3, 4, (8, 2))]
        yield points, [int(label) for label in rng.choice((-1, 1), 8)]


def clouds(count: int, seed: int = 0) -> Iterator[tuple[Points, Targets]]:
    """Draw data sets of two normal clouds of ten points each."""
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(count):
        labels = rng.permutation(np.repeat((-1, 1), 10))
        rows = rng.standard_normal((20, 2)) * 0.7 + 1.5 * labels[:, None]
        yield [tuple(map(float, row)) for row in rows], [int(label) for label in labels]


def rational(points: Points) -> list[tuple[Fraction, ...]]:
    """Return the points as fractions."""
    return [tuple(map(Fraction, point)) for point in points]


def multiples(run: PerceptronRun[Fraction]) -> list[tuple[Fraction, ...]]:
    """Return the weights after every sample, in units of the rate."""
    return [tuple(w / run.rate for w in at) for at in run.weights]


@shared
def exact_disagreements(tie: int) -> tuple[int, int, int]:
    """Compare every rate with rate 1, from zero, by the rule as it is written, in fractions.

    Returns how many runs predict otherwise, how many have weights that are not η · w(1), and
    how many runs there were.
    """
    otherwise = elsewhere = runs = 0
    for points, targets in whole_numbers(100):
        exact = rational(points)
        unit = learn(exact, targets, Fraction(1), epochs=EPOCHS, tie=tie)
        for rate in RATES:
            run = learn(exact, targets, rate, epochs=EPOCHS, tie=tie)
            otherwise += run.predictions != unit.predictions
            elsewhere += multiples(run) != list(unit.weights)
            runs += 1
    return otherwise, elsewhere, runs


@claim(
    "rate-only-scales-from-zero",
    text=Text.QUESTION,
    says="From zero weights the learning rate changes the length of the perceptron's weight "
    "vector, never its direction.",
    reason="Every update is η times a number without η, so w(η) = η · w(1) after every sample.",
    right={"runs": (400, 400), "runs in which w(η) is not η · w(1)": ZERO},
    shown={"perceptron-and": 8, "perceptron-clouds": 48},
    break_it="Start from weights that are not zero.",
)
def _only_scales() -> Numbers:
    _, elsewhere, runs = exact_disagreements(1)
    return {"runs": runs, "runs in which w(η) is not η · w(1)": elsewhere}


@claim(
    "rate-does-not-change-labels-from-zero",
    text=Text.QUESTION,
    says="From zero the learning rate has no influence on the predicted labels: only the sign of "
    "z counts.",
    reason="η > 0 multiplies z and leaves its sign, for either way of predicting at z = 0.",
    right={
        "runs that predict otherwise, g(0) = +1": ZERO,
        "runs that predict otherwise, g(0) = −1": ZERO,
    },
    shown={"perceptron-and": 8},
    break_it="Compute in floats with η = 0.1.",
)
def _no_influence() -> Numbers:
    return {
        "runs that predict otherwise, g(0) = +1": exact_disagreements(1)[0],
        "runs that predict otherwise, g(0) = −1": exact_disagreements(-1)[0],
    }


def rounding_changes(sets: Iterator[tuple[Points, Targets]], rate: float) -> float:
    """Return the share of data sets on which floats of this rate predict otherwise."""
    changes = []
    for points, targets in sets:
        floats = learn(points, targets, rate, epochs=EPOCHS)
        changes.append(
            floats.predictions != learn_exactly(points, targets, 1, epochs=EPOCHS).predictions
        )
    return float(np.mean(changes))


@claim(
    "rate-law-in-floats",
    text=Text.QUESTION,
    says="What the learning rate does not change on paper, it does not change in a program.",
    when="η is a power of two, or no point lies exactly on the line",
    reason="0.1 is rounded, so a sum that is zero on paper becomes ±5.6e-17 and gets a sign.",
    right={
        "runs changed by rounding, whole numbers, η = 0.5": ZERO,
        "runs changed by rounding, whole numbers, η = 2": ZERO,
        "runs changed by rounding, normal clouds, η = 0.1": ZERO,
    },
    wrong={"runs changed by rounding, whole numbers, η = 0.1": (0.6, 0.85)},
    shown={"perceptron-rounding": 15, "perceptron-clouds": 48},
    break_it="Set η to 0.1 where inputs are small whole numbers.",
)
def _floats() -> Numbers:
    name = "runs changed by rounding, whole numbers, η = "
    return {
        f"{name}0.5": rounding_changes(whole_numbers(100), 0.5),
        f"{name}2": rounding_changes(whole_numbers(100), 2.0),
        "runs changed by rounding, normal clouds, η = 0.1": rounding_changes(clouds(60), 0.1),
        f"{name}0.1": rounding_changes(whole_numbers(100), 0.1),
    }


@claim(
    "and-ends-at-the-same-weights",
    text=Text.QUESTION,
    says="On AND with η = 0.1 the perceptron ends at a tenth of the weights for η = 1.",
    when="one computes exactly",
    reason="In floats a tie becomes a sign, and learning ends elsewhere and earlier.",
    right={"bias over η, exact, η = 0.1": (-6, -6), "bias, exact, η = 1": (-6, -6)},
    wrong={
        "bias over η, floats, η = 0.1": near(-4.0, 1e-9),
        "epochs fewer in floats": (2, 2),
    },
    shown={"perceptron-rounding": 24},
    break_it="Use η = 0.125: floats end at the exact weights.",
)
def _and() -> Numbers:
    points, targets = AND
    tenth, one = learn_exactly(points, targets, 0.1), learn_exactly(points, targets, 1)
    floats = learn(points, targets, 0.1)
    return {
        "bias over η, exact, η = 0.1": float(tenth.weights[-1][0] / tenth.rate),
        "bias, exact, η = 1": float(one.weights[-1][0]),
        "bias over η, floats, η = 0.1": floats.weights[-1][0] / 0.1,
        "epochs fewer in floats": tenth.epochs - floats.epochs,
    }


@claim(
    "prediction-at-zero-is-plus-one",
    text=Text.QUESTION,
    says="The unit answers +1 for z ≥ 0, so from zero a first sample of class +1 changes nothing.",
    reason="It is a convention; with the other one, it is a first sample of class −1.",
    right={
        "first update, class +1, g(0) = +1": ZERO,
        "first update, class −1, g(0) = +1": (2.0, 2.0),
        "first update, class +1, g(0) = −1": (2.0, 2.0),
    },
    shown={"perceptron-and": 1},
    break_it="Let the unit answer −1 at z = 0.",
)
def _first_update() -> Numbers:
    def first(target: int, tie: int) -> float:
        run = learn_exactly([(0.5,)], [target], 1, epochs=1, tie=tie)
        return float(abs(run.weights[1][0]))

    return {
        "first update, class +1, g(0) = +1": first(1, 1),
        "first update, class −1, g(0) = +1": first(-1, 1),
        "first update, class +1, g(0) = −1": first(1, -1),
    }


@claim(
    "rate-lies-between-zero-and-one",
    text=Text.QUESTION,
    says="The learning rate has to lie between 0 and 1.",
    reason="From zero any positive rate predicts the same, a million as well.",
    wrong={"epochs on AND, η = 1/2": (6, 6), "epochs on AND, η = 1 000 000": (6, 6)},
    shown={"perceptron-clouds": 48},
    break_it="Start from weights that are not zero: then a tiny rate takes long.",
)
def _between() -> Numbers:
    def epochs(rate: float) -> float:
        return learn_exactly(*AND, rate).epochs

    return {
        "epochs on AND, η = 1/2": epochs(0.5),
        "epochs on AND, η = 1 000 000": epochs(1e6),
    }


@claim(
    "second-update-without-rate",
    text=Text.QUESTION,
    says="In the second update η can be taken out of the sign function, because it is positive.",
    reason="sign(η z) = sign(z), so both updates are η times the same numbers.",
    right={
        "second updates over η that differ": ZERO,
        "second updates that are not zero": (29, 29),
    },
    shown={"perceptron-and": 2},
    break_it="On paper: a rate below zero would turn every sign.",
)
def _second() -> Numbers:
    differ = moving = 0
    for points, targets in whole_numbers(50, seed=1):
        updates = set()
        for rate in RATES:
            run = learn(rational(points), targets, rate, epochs=1)
            before, after = run.weights[1], run.weights[2]
            updates.add(tuple((b - a) / rate for a, b in zip(before, after, strict=True)))
        differ += len(updates) > 1
        moving += any(map(any, updates))
    return {
        "second updates over η that differ": differ,
        "second updates that are not zero": moving,
    }


@claim(
    "every-update-is-rate-times-the-same",
    text=Text.QUESTION,
    says="By induction every update is η times a quantity without η.",
    reason="If all updates before were so, η leaves the sign function as in the second one.",
    right={"updates compared": (2518, 2518), "updates over η that differ": ZERO},
    shown={"perceptron-and": 8},
    break_it="Begin the induction with weights that are not zero.",
)
def _every_update() -> Numbers:
    compared = differ = 0
    for points, targets in whole_numbers(30, seed=2):
        runs = [multiples(learn(rational(points), targets, rate, epochs=EPOCHS)) for rate in RATES]
        for steps in zip_longest(*runs):  # the lengths are the same if the claim is right
            compared += 1
            differ += len(set(steps)) > 1
    return {"updates compared": compared, "updates over η that differ": differ}


@claim(
    "rate-matters-from-other-starts",
    text=Text.QUESTION,
    says="From weights that are not zero the learning rate may change a predicted label.",
    reason="The start does not scale with η, so η decides how much an update outweighs it.",
    right={"label for η = 0.1": (-1, -1), "label for η = 0.5": (1, 1)},
    shown={"perceptron-and": 6},
    break_it="Divide the start by a million: all rates predict alike again.",
)
def _other_starts() -> Numbers:
    def label(rate: float) -> int:
        run = learn_exactly([(1.0,), (1.0,)], [1, 1], rate, start=[0.0, -0.9], epochs=1)
        return run.predictions[0][1]

    return {"label for η = 0.1": label(0.1), "label for η = 0.5": label(0.5)}


@claim(
    "epochs-depend-on-rate",
    text=Text.QUESTION,
    says="The learning rate matters for how long learning takes only if the start is not zero.",
    reason="A small rate needs many updates to outweigh the start; from zero there is nothing to "
    "outweigh.",
    right={
        "mean epochs from N(0, 1), η = 0.001": (70, 150),
        "mean epochs from N(0, 1), η = 1": (1.5, 4),
        "spread of epochs over rates, from zero": ZERO,
    },
    shown={"perceptron-clouds": 120},
    break_it="Make the start as small as the rate.",
)
def _epochs() -> Numbers:
    rng = np.random.Generator(np.random.PCG64(3))
    from_random: dict[float, list[int]] = {0.001: [], 1.0: []}
    spread = 0
    for points, targets in clouds(30, seed=4):
        start = [float(w) for w in rng.standard_normal(3)]
        for rate, epochs in from_random.items():
            epochs.append(learn(points, targets, rate, start, epochs=3000).epochs)
        zero = [learn_exactly(points, targets, rate).epochs for rate in from_random]
        spread += max(zero) - min(zero)
    return {
        "mean epochs from N(0, 1), η = 0.001": float(np.mean(from_random[0.001])),
        "mean epochs from N(0, 1), η = 1": float(np.mean(from_random[1.0])),
        "spread of epochs over rates, from zero": spread,
    }


@claim(
    "only-start-over-rate-counts",
    text=Text.QUESTION,
    says="The direction is a matter of inputs and targets, not of the weights so far: what η "
    "brings in does not depend on them.",
    when="the start divided by η stays the same, as zero does",
    reason="(w0, η) does exactly what (w0/η, 1) does: only this ratio counts.",
    right={"runs of (w0, η) that differ from (w0/η, 1)": ZERO},
    wrong={"runs of (w0, η) that differ from (w0, 1)": (190, 190)},
    shown={"perceptron-and": 6},
    break_it="Change η and leave the start.",
)
def _ratio() -> Numbers:
    rng = np.random.Generator(np.random.PCG64(5))
    ratio = plain = 0
    for points, targets in whole_numbers(50, seed=6):
        exact, start = rational(points), [Fraction(int(w), 2) for w in rng.integers(-5, 6, 3)]
        unit = learn(exact, targets, Fraction(1), start, epochs=EPOCHS)
        for rate in RATES:
            run = learn(exact, targets, rate, start, epochs=EPOCHS)
            scaled = [w / rate for w in start]
            same = learn(exact, targets, Fraction(1), scaled, epochs=EPOCHS)
            ratio += run.predictions != same.predictions or multiples(run) != list(same.weights)
            plain += run.predictions != unit.predictions
    return {
        "runs of (w0, η) that differ from (w0/η, 1)": ratio,
        "runs of (w0, η) that differ from (w0, 1)": plain,
    }


def at_two_rates(spec: NetworkSpec, name: str, steps: int) -> tuple[Array, Array]:
    """Return W1 after some steps from zero with η = 0.1, and with 0.5."""

    def W1(rate: float) -> Array:
        ended = descend(spec, data_of(name), starts(spec, Zeros(), 2), rate, steps).done.theta
        return ParameterLayout(spec.layers).weights(ended, 1)[..., 0]

    return W1(0.1), W1(0.5)


@claim(
    "same-gradient-so-rate-only-scales",
    text=Text.QUESTION,
    says="From zero all hidden units follow the same gradient, and for this reason the learning "
    "rate only scales the weights.",
    reason="Scale only is the perceptron's law, and that of the first step of gradient descent. A "
    "smooth unit sees how large z is, so from the second step on η bends the path.",
    wrong={
        "angle after 1 step, logistic regression": (0.0, 1e-6),
        "angle after 20 steps, logistic regression": near(4.96649),
        "angle after 100 steps, sigmoid units": near(0.578776),
        "first weight for five times the rate, 100 steps, sigmoid units": near(6.93248),
    },
    shown={"zero-sigmoid-half-and-third": 100, "zero-logistic-regression": 20},
    break_it="Set the learning rate to 0.5: W1 is not five times as large, at frame 2 or 100.",
)
def _same_gradient() -> Numbers:
    regression = NetworkSpec(layers=(2, 1))
    hidden = NetworkSpec(layers=(2, 2, 1), hidden="sigmoid")
    noisy = "noisy-moons-zeros"
    slow, fast = at_two_rates(hidden, "zero-sigmoid-half-and-third", 100)
    return {
        "angle after 1 step, logistic regression": degrees(*at_two_rates(regression, noisy, 1)),
        "angle after 20 steps, logistic regression": degrees(*at_two_rates(regression, noisy, 20)),
        "angle after 100 steps, sigmoid units": degrees(slow, fast),
        "first weight for five times the rate, 100 steps, sigmoid units": float(
            fast[0, 0] / slow[0, 0]
        ),
    }
