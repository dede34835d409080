"""The perceptron scene: every learning rate in lockstep, from zero and from another start."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Generic, final

import numpy as np
from numpy.typing import NDArray

from engine.experiment.experiment import Experiment
from engine.io.tables import TableValue
from engine.nn.separability import is_separable
from engine.studies.base.registry import register_study
from engine.studies.base.study import Study
from engine.studies.perceptron.perceptron import Number, fraction, learn
from engine.studies.perceptron.spec import PerceptronSpec
from engine.text import counted
from engine.training.events import Event, EventKind, ordered

STARTS = ("zero", "the other start")
"""From where the weights come: all zero, and as the scene says."""


@final
class Course(Generic[Number]):
    """One perceptron learning, in the arithmetic of its numbers; it grows epoch by epoch.

    Attributes
    ----------
    rate : Number
    weights : list of tuple
        Before the first sample, then after each: the bias first.
    predictions : list of int
        The label ±1 predicted for each sample shown.
    errors : list of int
        How many of them were wrong, epoch by epoch.
    """

    def __init__(self, rate: Number, start: tuple[Number, ...]) -> None:
        self.rate: Number = rate
        self.weights: list[tuple[Number, ...]] = [start]
        self.predictions: list[int] = []
        self.errors: list[int] = []

    @property
    def converged(self) -> bool:
        """Whether it made no error in the last epoch, so that it has ended."""
        return bool(self.errors) and self.errors[-1] == 0

    def show(
        self, points: list[tuple[Number, ...]], targets: list[int], rate: Number, tie: int
    ) -> None:
        """Show every sample once."""
        run = learn(points, targets, rate, self.weights[-1], 1, tie)
        self.weights += run.weights[1:]
        self.predictions += run.predictions[0]
        self.errors.append(run.errors[0])


@final
@dataclass(frozen=True)
class PerceptronFrame:
    """What there is after so many samples; a perceptron that has converged stays as it is.

    Attributes
    ----------
    index : int
        How many samples have been shown.
    epoch : int
        The epoch they belong to, from 0.
    sample : int
        The sample shown last; −1 before the first.
    weights : array (2, rates, 3)
        By start and rate: bias, w1, w2. Exact numbers, rounded once.
    in_units : tuple
        The same in units of the rate, w/η, exactly.
    predictions : array of int (2, rates, samples)
        ±1 for the samples shown in this epoch, 0 for those to come.
    """

    index: int
    epoch: int
    sample: int
    weights: NDArray[np.float64]
    in_units: tuple[tuple[tuple[Fraction, ...], ...], ...]
    predictions: NDArray[np.int8]


@final
@dataclass(frozen=True)
class Rounding:
    """Where float64 first predicts another label than exact arithmetic.

    Attributes
    ----------
    step : int
        How many samples had been shown; −1 if it never does.
    exact, rounded : float
        The two z there.
    """

    step: int
    exact: float = 0.0
    rounded: float = 0.0


@register_study(PerceptronSpec)
@final
class PerceptronStudy(Study):
    """Perceptrons of several rates on the same samples, exact and in float64.

    Exactly, a perceptron learns in units of its rate, w/η, whose signs are those of w.

    Attributes
    ----------
    X : array (2, samples)
    targets : list of int
        ±1 for each.
    exact : tuple of list of Course
        By start, then by rate; the weights are in units of the rate.
    rounded : tuple of list of Course
        The same in float64, by the rule as it is written.
    """

    spec: PerceptronSpec
    per_run_panels = 2

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        data = experiment.load_data()
        self.X = data.X
        self.targets = [1 if y == 1.0 else -1 for y in data.Y[0].tolist()]
        self._points = [tuple(point) for point in data.X.T.tolist()]
        self._exact_points = [tuple(fraction(x) for x in point) for point in self._points]
        rates, start = self.spec.rates, self.spec.start
        zero = (0.0,) * len(start)
        self.exact = tuple(
            [
                Course(fraction(rate), tuple(fraction(w) / fraction(rate) for w in first))
                for rate in rates
            ]
            for first in (zero, start)
        )
        self.rounded = tuple(
            [Course(float(rate), tuple(map(float, first))) for rate in rates]
            for first in (zero, start)
        )

    @property
    def samples(self) -> int:
        """How many samples an epoch has."""
        return len(self.targets)

    @property
    def planned_index(self) -> int:
        return self.spec.epochs * self.samples

    @property
    def track_count(self) -> int:
        return len(self.spec.rates)

    @property
    def summary(self) -> str:
        tie = "+1" if self.spec.tie == 1 else "−1"
        data = f"{self.experiment.data.set_name}  ·  {counted(self.samples, 'sample')}, one by one"
        return f"{data}  ·  w ← w + η (y − ŷ) x  ·  φ(0) = {tie}"

    def caption(self, index: int) -> str:
        if not index:
            return "before sample 1"
        epoch, sample = divmod(index - 1, self.samples)
        return f"epoch {epoch + 1}, sample {sample + 1}"

    def compute_frames(self) -> Generator[None, None, None]:
        self._last_index = 0
        yield
        for _ in range(self.spec.epochs):
            for start in range(2):
                for exact, rounded in zip(self.exact[start], self.rounded[start], strict=True):
                    if not exact.converged:
                        exact.show(self._exact_points, self.targets, Fraction(1), self.spec.tie)
                    if not rounded.converged:
                        rounded.show(self._points, self.targets, rounded.rate, self.spec.tie)
                    yield
            self._last_index = max(
                len(course.predictions) for courses in self.exact for course in courses
            )
            self.events = ordered(self._events())
            if all(course.converged for courses in self.exact for course in courses):
                break
        self.events = ordered([*self._events(), *self._endless()])

    def _events(self) -> Iterator[Event]:
        for start, name in enumerate(STARTS):
            for lane, course in enumerate(self.exact[start]):
                if course.converged:
                    text = f"from {name}: epoch {len(course.errors)} is without an error"
                    yield Event(len(course.predictions), lane, EventKind.SOLVED, text)
                rounding = self.rounding(start, lane)
                if rounding.step >= 0:
                    text = f"from {name}: float64 predicts another label than exact arithmetic"
                    yield Event(rounding.step, lane, EventKind.ROUNDED, text)
            differ = self.first_difference(start)
            if differ >= 0:
                text = f"from {name}: the learning rates predict different labels"
                yield Event(differ, 0, EventKind.DIFFERENT, text)

    def _endless(self) -> Iterator[Event]:
        for start, name in enumerate(STARTS):
            for lane, course in enumerate(self.exact[start]):
                if not course.converged:
                    text = f"from {name}: {self.excuse(course)}"
                    yield Event(self._last_index, lane, EventKind.ENDLESS, text)

    @cached_property
    def is_separable(self) -> bool:
        """Whether a line parts the classes, so that every rate ends at last."""
        # One that has ended has found a line; otherwise there may still be one.
        ended = any(course.converged for courses in self.exact for course in courses)
        return ended or is_separable(self.X, self.targets)

    def excuse(self, course: "Course[Fraction]") -> str:
        """Return why a course ended without having converged; for when all is computed."""
        errors = counted(course.errors[-1], "error")
        why = "no line parts the classes: it never ends"
        if self.is_separable:
            why = "a line parts the classes: it ends later"
        return f"still {errors} after {counted(len(course.errors), 'epoch')}; {why}"

    def first_difference(self, start: int) -> int:
        """Return after how many samples the rates first predict different labels; −1: never."""
        courses = [course.predictions for course in self.exact[start]]
        for step, labels in enumerate(zip(*courses, strict=False), start=1):
            if len(set(labels)) > 1:
                return step
        # One that has converged would predict the same labels once more, another goes on.
        shortest = min(map(len, courses))
        return shortest + 1 if max(map(len, courses)) > shortest else -1

    def rounding(self, start: int, rate: int) -> Rounding:
        """Return where float64 first departs from exact arithmetic in what it predicts."""
        exact, rounded = self.exact[start][rate], self.rounded[start][rate]
        pairs = zip(exact.predictions, rounded.predictions, strict=False)
        for step, (right, other) in enumerate(pairs):
            if right != other:
                sample = step % self.samples
                z = _z(exact.weights[step], self._exact_points[sample]) * exact.rate
                z_float = _z(rounded.weights[step], self._points[sample])
                return Rounding(step + 1, float(z), z_float)
        return Rounding(-1)

    def frame(self, index: int) -> PerceptronFrame:
        """Return what there is after so many samples, 0 … last_index."""
        epoch, sample = divmod(index - 1, self.samples) if index else (0, -1)
        predictions = np.zeros((2, self.track_count, self.samples), np.int8)
        weights = np.zeros((2, self.track_count, 3))
        units = []
        for start, courses in enumerate(self.exact):
            row = []
            for lane, course in enumerate(courses):
                shown = min(index, len(course.predictions))
                first = (shown - 1) // self.samples * self.samples if shown else 0
                labels = course.predictions[first:shown]
                predictions[start, lane, : len(labels)] = labels
                row.append(course.weights[shown])
                weights[start, lane] = [float(w * course.rate) for w in course.weights[shown]]
            units.append(tuple(row))
        for array in (predictions, weights):
            array.setflags(write=False)
        return PerceptronFrame(index, epoch, sample, weights, tuple(units), predictions)

    def table(self, index: int) -> list[dict[str, TableValue]]:
        frame, rows = self.frame(index), []
        for start, name in enumerate(("zero", "start")):
            for lane, rate in enumerate(self.spec.rates):
                course = self.exact[start][lane]
                shown = min(index, len(course.predictions))
                w0, w1, w2 = frame.weights[start, lane].tolist()
                rows.append(
                    {
                        "frame": index,
                        "epoch": frame.epoch,
                        "sample": frame.sample,
                        "from": name,
                        "eta": rate,
                        "w0": w0,
                        "w1": w1,
                        "w2": w2,
                        "prediction": course.predictions[shown - 1] if shown else 0,
                    }
                )
        return rows

    def findings(self) -> list[str]:
        lines = []
        for start, name in enumerate(STARTS):
            for lane, rate in enumerate(self.spec.rates):
                course = self.exact[start][lane]
                end = (
                    f"no error in epoch {len(course.errors)}"
                    if course.converged
                    else self.excuse(course)
                )
                last = ", ".join(_short(w * course.rate) for w in course.weights[-1])
                lines.append(f"from {name}, η = {rate:g}: {end}; w = ({last})")
            if self.track_count == 1:
                continue  # nothing to compare
            differ = self.first_difference(start)
            lines.append(
                f"from {name}: the rates predict the same labels throughout"
                if differ < 0
                else f"from {name}: the rates predict different labels from sample {differ} on"
            )
        for start, name in enumerate(STARTS):
            for lane, rate in enumerate(self.spec.rates):
                rounding = self.rounding(start, lane)
                if rounding.step >= 0:
                    lines.append(
                        f"from {name}, η = {rate:g}: float64 predicts another label at sample "
                        f"{rounding.step}, where z is {rounding.exact:g} and float64 has "
                        f"{rounding.rounded:g}"
                    )
        return lines


def _short(number: Fraction) -> str:
    """Write a fraction, or a decimal number where its digits would be many."""
    exact = str(number)
    return exact if len(exact) < 10 else f"{float(number):.6g}"


def _z(weights: tuple[Number, ...], point: tuple[Number, ...]) -> Number:
    """Return w·x, summed as the rule sums it."""
    result = weights[0]
    for w, x in zip(weights[1:], point, strict=True):
        result = result + w * x
    return result
