"""The perceptron study: several learning rates in lockstep, from zero and from another start."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from engine import Positive, Real, counted, require
from engine.experiment import Experiment, SceneSpec
from engine.io.tables import TableValue
from engine.nn import is_separable
from engine.studies.base.study import Study, register_study
from engine.studies.perceptron.perceptron import Number, PerceptronRun, fraction
from engine.training import Event, EventKind, frozen, ordered

MOST_SAMPLES = 500
"""The most samples for which an epoch of exact arithmetic is fast."""


class PerceptronSpec(SceneSpec, frozen=True, tag="perceptron"):
    """Rosenblatt's rule, sample by sample, for several learning rates."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "rates": "The learning rates η, one to four of them",
        "start": "The other start: the bias, then a weight for each input",
        "tie": "The prediction for z = 0, on the line: 1 or −1",
        "epochs": "The largest number of epochs; an epoch without an error ends the training",
    }

    rates: Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=4)] = (0.1, 0.5, 1.0)
    start: Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)] = (-0.5, 0.5, -0.25)
    tie: Literal[1, -1] = 1
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(set(self.rates)) == len(self.rates), "rates: give each learning rate once")
        require(any(self.start), "start: all zero, as the first start is; give another one")

    def check(self, experiment: Experiment) -> None:
        data = experiment.load_data()
        require(data.X.shape[0] == 2, "data: a perceptron scene needs two inputs")
        require(
            np.isin(data.Y, (0.0, 1.0)).all(), "data.points: a perceptron needs targets of 0 or 1"
        )
        require(
            data.examples <= MOST_SAMPLES,
            f"data.samples: a perceptron scene shows at most {MOST_SAMPLES} samples, one by one",
        )


STARTS = ("zero", "the other start")
"""The two starts: all weights zero, and those of the spec."""


@final
@dataclass(frozen=True)
class PerceptronFrame:
    """The perceptrons after some number of samples; one that has converged does not change.

    Attributes
    ----------
    index : int
        The number of samples so far.
    epoch : int
        The current epoch, from 0.
    sample : int
        The last sample; −1 before the first.
    weights : array (2, rates, 3)
        By start and rate: bias, w1, w2. Exact numbers, rounded once.
    in_units : tuple
        The same in units of the rate, w/η, exactly.
    predictions : array of int (2, rates, samples)
        ±1 for the samples of this epoch so far, 0 for the others.
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
    """The first sample at which float64 and exact arithmetic predict different labels.

    Attributes
    ----------
    step : int
        The number of samples up to it; −1 if there is none.
    exact, rounded : float
        The two values of z.
    """

    step: int
    exact: float = 0.0
    rounded: float = 0.0


@register_study(PerceptronSpec)
@final
class PerceptronStudy(Study):
    """Perceptrons with several learning rates on the same samples, exact and in float64.

    In exact arithmetic the weights are in units of the rate, w/η, with the same signs as w.

    Attributes
    ----------
    X : array (2, samples)
    samples : int
        The number of samples in an epoch.
    targets : list of int
        ±1 for each.
    exact : tuple of list of PerceptronRun
        By start, then by rate; the weights are in units of the rate.
    rounded : tuple of list of PerceptronRun
        The same in float64, by the rule as it is written.
    """

    spec: PerceptronSpec
    per_run_panels = 2

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        data = experiment.load_data()
        self.X = data.X
        self.targets = [1 if y == 1.0 else -1 for y in data.Y[0].tolist()]
        self.samples = data.examples
        self.planned_index = self.spec.epochs * self.samples
        self.track_count = len(self.spec.rates)
        self._points = [tuple(point) for point in data.X.T.tolist()]
        self._exact_points = [tuple(fraction(x) for x in point) for point in self._points]
        rates, start = self.spec.rates, self.spec.start
        zero = (0.0,) * len(start)
        self.exact = tuple(
            [
                PerceptronRun(fraction(rate), tuple(fraction(w) / fraction(rate) for w in first))
                for rate in rates
            ]
            for first in (zero, start)
        )
        self.rounded = tuple(
            [PerceptronRun(float(rate), tuple(map(float, first))) for rate in rates]
            for first in (zero, start)
        )

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
        tie = self.spec.tie
        self.last_index = 0
        yield
        traces = list(chain(*self.exact))
        for _ in range(self.spec.epochs):
            for exact, rounded in zip(traces, chain(*self.rounded), strict=True):
                if not exact.converged:
                    exact.run_epoch(self._exact_points, self.targets, Fraction(1), tie)
                if not rounded.converged:
                    rounded.run_epoch(self._points, self.targets, rounded.rate, tie)
                yield
            self.last_index = max(len(trace.predictions) for trace in traces)
            self.events = ordered(self._events())
            if all(trace.converged for trace in traces):
                break
        self.events = ordered([*self._events(), *self._endless()])

    def _events(self) -> Iterator[Event]:
        for start, name in enumerate(STARTS):
            for track, trace in enumerate(self.exact[start]):
                if trace.converged:
                    text = f"from {name}: epoch {trace.epochs} has no error"
                    yield Event(len(trace.predictions), track, EventKind.SOLVED, text)
                rounding = self.rounding(start, track)
                if rounding.step >= 0:
                    text = f"from {name}: float64 and exact arithmetic predict different labels"
                    yield Event(rounding.step, track, EventKind.ROUNDED, text)
            differ = self.first_difference(start)
            if differ >= 0:
                text = f"from {name}: the learning rates predict different labels"
                yield Event(differ, 0, EventKind.DIFFERENT, text)

    def _endless(self) -> Iterator[Event]:
        for name, traces in zip(STARTS, self.exact, strict=True):
            for track, trace in enumerate(traces):
                if not trace.converged:
                    text = f"from {name}: {self.reason_not_converged(trace)}"
                    yield Event(self.last_index, track, EventKind.ENDLESS, text)

    @cached_property
    def is_separable(self) -> bool:
        """Whether a line separates the classes, so that every rate converges."""
        # A perceptron that converged has found a line; otherwise there may still be one.
        ended = any(trace.converged for trace in chain(*self.exact))
        return ended or is_separable(self.X, self.targets)

    def reason_not_converged(self, trace: PerceptronRun[Fraction]) -> str:
        """Return the reason why a perceptron of a complete study has not converged."""
        errors, epochs = counted(trace.errors[-1], "error"), counted(trace.epochs, "epoch")
        ends = "linearly separable: it ends later"
        endless = "not linearly separable: it never ends"
        return f"still {errors} after {epochs}; {ends if self.is_separable else endless}"

    def first_difference(self, start: int) -> int:
        """Return the first sample at which the rates predict different labels, from 1; or −1."""
        traces = [trace.predictions for trace in self.exact[start]]
        for step, labels in enumerate(zip(*traces, strict=False), start=1):
            if len(set(labels)) > 1:
                return step
        # A perceptron that has converged would repeat its labels; one that has not may not.
        shortest = min(map(len, traces))
        return shortest + 1 if max(map(len, traces)) > shortest else -1

    def rounding(self, start: int, rate: int) -> Rounding:
        """Return the first difference between the predictions of float64 and exact arithmetic."""
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
        """Return the perceptrons after `index` samples, 0 … last_index."""
        epoch, sample = divmod(index - 1, self.samples) if index else (0, -1)
        predictions = np.zeros((2, self.track_count, self.samples), np.int8)
        weights = np.zeros((2, self.track_count, 3))
        units = []
        for start, traces in enumerate(self.exact):
            units.append(
                tuple(trace.weights[min(index, len(trace.predictions))] for trace in traces)
            )
            for track, trace in enumerate(traces):
                shown = min(index, len(trace.predictions))
                first = (shown - 1) // self.samples * self.samples if shown else 0
                labels = trace.predictions[first:shown]
                predictions[start, track, : len(labels)] = labels
                weights[start, track] = [float(w * trace.rate) for w in units[start][track]]
        return PerceptronFrame(
            index, epoch, sample, frozen(weights), tuple(units), frozen(predictions)
        )

    def table(self, index: int) -> list[dict[str, TableValue]]:
        frame = self.frame(index)
        return [
            {
                "frame": index,
                "epoch": frame.epoch,
                "sample": frame.sample,
                "from": name,
                "eta": rate,
                "w0": w0,
                "w1": w1,
                "w2": w2,
                "prediction": trace.predictions[min(index, len(trace.predictions)) - 1]
                if index
                else 0,
            }
            for name, traces, weights in zip(
                ("zero", "start"), self.exact, frame.weights.tolist(), strict=True
            )
            for rate, trace, (w0, w1, w2) in zip(self.spec.rates, traces, weights, strict=True)
        ]

    def findings(self) -> list[str]:
        lines = []
        for start, name in enumerate(STARTS):
            for track, rate in enumerate(self.spec.rates):
                trace = self.exact[start][track]
                end = (
                    f"no error in epoch {trace.epochs}"
                    if trace.converged
                    else self.reason_not_converged(trace)
                )
                last = ", ".join(_short(w * trace.rate) for w in trace.weights[-1])
                lines.append(f"from {name}, η = {rate:g}: {end}; w = ({last})")
            if self.track_count == 1:
                continue  # nothing to compare
            differ = self.first_difference(start)
            lines.append(
                f"from {name}: the rates predict the same labels throughout"
                if differ < 0
                else f"from {name}: the rates first predict different labels in frame {differ}"
            )
        for start, name in enumerate(STARTS):
            for track, rate in enumerate(self.spec.rates):
                rounding = self.rounding(start, track)
                if rounding.step >= 0:
                    lines.append(
                        f"from {name}, η = {rate:g}: float64 predicts another label in frame "
                        f"{rounding.step}, where z is {rounding.exact:g} and float64 has "
                        f"{rounding.rounded:g}"
                    )
        return lines


def _short(number: Fraction) -> str:
    """Return a fraction as text, or a decimal number if it is long."""
    exact = str(number)
    return exact if len(exact) < 10 else f"{float(number):.6g}"


def _z(weights: tuple[Number, ...], point: tuple[Number, ...]) -> Number:
    """Return w·x, summed in the same order as in training."""
    result = weights[0]
    for w, x in zip(weights[1:], point, strict=True):
        result = result + w * x
    return result
