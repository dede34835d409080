"""Rosenblatt's perceptron, sample by sample: exact in fractions, or with the rounding of floats.

The rule: predict +1 where z = w·x is positive and −1 where it is negative; at z = 0 the tie rule
decides. Then add η (y − ŷ) x to w. Every x begins with a constant 1, so w[0] is the bias.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Generic, TypeVar, final

from engine import UsageError, require

Number = TypeVar("Number", Fraction, float)

MAX_EPOCHS = 10_000


@final
class PerceptronRun(Generic[Number]):
    """The training of a perceptron, in the arithmetic of its numbers; it grows epoch by epoch.

    Attributes
    ----------
    rate : Number
        The learning rate η.
    weights : list of tuple
        The weights before the first sample and after each one; the bias first.
    predictions : list of int
        The label ±1 predicted for each sample shown.
    errors : list of int
        The number of wrong predictions of each epoch.
    """

    def __init__(self, rate: Number, start: Sequence[Number]) -> None:
        self.rate: Number = rate
        self.weights: list[tuple[Number, ...]] = [tuple(start)]
        self.predictions: list[int] = []
        self.errors: list[int] = []

    @property
    def converged(self) -> bool:
        """Whether the last epoch had no error, so that the weights no longer change."""
        return self.errors[-1:] == [0]

    @property
    def epochs(self) -> int:
        """The number of epochs, including the last one without errors."""
        return len(self.errors)

    def run_epoch(
        self, points: Sequence[Sequence[Number]], targets: Sequence[int], rate: Number, tie: int
    ) -> None:
        """Train on every sample once; see `learn`."""
        nothing, one = rate * 0, rate / rate
        now, errors = self.weights[-1], 0
        for point, target in zip(points, targets, strict=True):
            sample = (one,) + tuple(point)  # noqa: RUF005  # for mypy
            z = sum((w * x for w, x in zip(now, sample, strict=True)), nothing)
            label = tie if z == 0 else (1 if z > 0 else -1)
            if label != target:
                errors += 1
                now = tuple(
                    w + rate * (target - label) * x for w, x in zip(now, sample, strict=True)
                )
            self.weights.append(now)
            self.predictions.append(label)
        self.errors.append(errors)


def learn(
    points: Sequence[Sequence[Number]],
    targets: Sequence[int],
    rate: Number,
    start: Sequence[Number] | None = None,
    epochs: int = 100,
    tie: int = 1,
) -> PerceptronRun[Number]:
    """Train a perceptron by Rosenblatt's rule, in the arithmetic of its numbers.

    Parameters
    ----------
    points : sequence of points
        In the order of training; without the constant 1. Fractions for exact arithmetic, floats
        for rounding.
    targets : sequence of int
        −1 or +1 for each point.
    rate : Number
        η > 0.
    start : sequence of Number, optional
        The first weights, the bias first; zero unless given.
    epochs : int
        The most epochs; an epoch without an error ends the training.
    tie : int
        The label that is predicted for z = 0, −1 or +1.

    Raises
    ------
    UsageError
        If the arguments do not fit together.
    """
    _check(points, targets, rate, start, epochs, tie)
    run = PerceptronRun(rate, (rate * 0,) * (len(points[0]) + 1) if start is None else start)
    while run.epochs < epochs and not run.converged:
        run.run_epoch(points, targets, rate, tie)
    return run


def learn_exactly(
    points: Sequence[Sequence[float | Fraction]],
    targets: Sequence[int],
    rate: float | Fraction,
    start: Sequence[float | Fraction] | None = None,
    epochs: int = 100,
    tie: int = 1,
) -> PerceptronRun[Fraction]:
    """Train a perceptron without rounding; see `learn`.

    The weights are computed in units of the rate, w/η, with the same signs as w: from zero these
    are whole multiples of the inputs. A float means the decimal number it is written as: 0.1 is
    one tenth.
    """
    exact_points = [[fraction(x) for x in point] for point in points]
    exact_rate = fraction(rate)
    require(exact_rate > 0, "rate: expected a number greater than 0")
    exact_start = None if start is None else [fraction(w) / exact_rate for w in start]
    run = learn(exact_points, targets, Fraction(1), exact_start, epochs, tie)
    run.rate = exact_rate
    run.weights = [tuple(exact_rate * w for w in weights) for weights in run.weights]
    return run


def fraction(number: float | Fraction) -> Fraction:
    """Return the decimal number that a float is written as.

    >>> fraction(0.1)
    Fraction(1, 10)
    """
    if isinstance(number, Fraction):
        return number
    try:
        return Fraction(repr(float(number)))
    except (ValueError, OverflowError):
        raise UsageError(f"{number}: expected a finite number") from None


def _check(
    points: Sequence[Sequence[Number]],
    targets: Sequence[int],
    rate: Number,
    start: Sequence[Number] | None,
    epochs: int,
    tie: int,
) -> None:
    require(points, "points: give at least one point")
    inputs, count = len(points[0]), len(points)
    require(
        all(len(point) == inputs for point in points),
        "points: give the same number of inputs for every point",
    )
    require(
        len(targets) == count,
        f"targets: expected {count}, one for each point, got {len(targets)}",
    )
    require({*targets} <= {-1, 1}, "targets: expected −1 or 1 for each point")
    require(0 < rate < float("inf"), "rate: expected a number greater than 0")
    require(
        start is None or len(start) == inputs + 1,
        f"start: expected {inputs + 1} weights, the bias first, got {len(start or ())}",
    )
    require(1 <= epochs <= MAX_EPOCHS, f"epochs: expected 1 to {MAX_EPOCHS:,}")
    require(tie in (-1, 1), "tie: expected −1 or 1")
