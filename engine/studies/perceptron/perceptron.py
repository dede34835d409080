"""Rosenblatt's perceptron, sample by sample: exact in fractions, or with the rounding of floats.

The rule: predict +1 where z = w·x is positive and −1 where it is negative; at z = 0 the tie rule
decides. Then add η (y − ŷ) x to w. Every x begins with a constant 1, so w[0] is the bias.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar, final

from engine.errors import UsageError, require

Number = TypeVar("Number", Fraction, float)

MAX_EPOCHS = 10_000


@final
@dataclass(frozen=True)
class PerceptronRun(Generic[Number]):
    """The training of a perceptron.

    Attributes
    ----------
    rate : Number
        The learning rate η.
    weights : tuple of tuple
        The weights before the first sample and after each one.
    predictions : tuple of tuple of int
        For each epoch, the label ±1 that was predicted for every sample.
    errors : tuple of int
        The number of wrong predictions of each epoch.
    """

    rate: Number
    weights: tuple[tuple[Number, ...], ...]
    predictions: tuple[tuple[int, ...], ...]
    errors: tuple[int, ...]

    @property
    def converged(self) -> bool:
        """Whether the last epoch had no error, so that the weights no longer change."""
        return self.errors[-1] == 0

    @property
    def epochs(self) -> int:
        """The number of epochs, including the last one without errors."""
        return len(self.errors)


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
    nothing, one = rate * 0, rate / rate
    samples = [(one,) + tuple(point) for point in points]  # noqa: RUF005  # for mypy
    now = tuple(start) if start is not None else (nothing,) * len(samples[0])
    weights, predictions, errors = [now], [], []
    for _ in range(epochs):
        predicted = []
        for sample, target in zip(samples, targets, strict=True):
            z = sum((w * x for w, x in zip(now, sample, strict=True)), nothing)
            label = tie if z == 0 else (1 if z > 0 else -1)
            if label != target:
                now = tuple(
                    w + rate * (target - label) * x for w, x in zip(now, sample, strict=True)
                )
            weights.append(now)
            predicted.append(label)
        predictions.append(tuple(predicted))
        errors.append(sum(p != t for p, t in zip(predicted, targets, strict=True)))
        if errors[-1] == 0:
            break
    return PerceptronRun(rate, tuple(weights), tuple(predictions), tuple(errors))


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
    weights = tuple(tuple(exact_rate * w for w in at) for at in run.weights)
    return PerceptronRun(exact_rate, weights, run.predictions, run.errors)


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
