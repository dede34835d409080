"""The domain of perceptrons, in exact and in floating-point arithmetic."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Literal, final

import numpy as np

from engine.claims.attack.attack import Domain, Flags
from engine.claims.attack.points import CORNERS
from engine.experiment.experiment import DataSpec, Experiment
from engine.studies.perceptron.perceptron import PerceptronRun, fraction, learn
from engine.studies.perceptron.study import PerceptronSpec
from engine.types import Array

COUNT = 16
"""The number of experiments in a batch."""
RATES = (0.001, 0.1, 0.125, 0.3, 0.5, 0.7, 1.0, 2.0, 3.0, 7.0, 1000.0)
POWERS = (0.125, 0.5, 1.0, 2.0)
"""The rates that are powers of two."""
EPOCHS = 8


@final
class Perceptron:
    """The runs of one experiment with two learning rates.

    Attributes
    ----------
    rates : list of Fraction
    start : list of Fraction
        The other start, which is not zero.
    """

    def __init__(self, experiment: Experiment) -> None:
        assert isinstance(experiment.scene, PerceptronSpec)
        self.spec, self.data = experiment.scene, experiment.load_data()
        self._targets = [1 if y > 0.5 else -1 for y in self.data.Y[0]]
        self._points = self.data.X.T.tolist()
        self._exact_points = [tuple(map(fraction, point)) for point in self._points]
        self.rates = [fraction(rate) for rate in self.spec.rates]
        self.start = [fraction(w) for w in self.spec.start]
        self.exact, self.rounded = cache(self._exact), cache(self._rounded)

    def _exact(
        self, rate: Fraction, start: tuple[Fraction, ...] = (), tie: int = 0
    ) -> PerceptronRun[Fraction]:
        """Return a run with fractions, from zero unless a start is given."""
        points, tie = self._exact_points, tie or self.spec.tie
        return learn(points, self._targets, rate, start or None, EPOCHS, tie)

    def _rounded(self, rate: float) -> PerceptronRun[float]:
        """Return a run from zero with floating-point numbers."""
        return learn(self._points, self._targets, rate, None, EPOCHS, self.spec.tie)

    @property
    def label(self) -> int:
        """The label of the first sample."""
        return self._targets[0]

    def scaled(self, rate: Fraction) -> list[tuple[Fraction, ...]]:
        """Return the weights from zero after every sample, divided by the rate."""
        return [tuple(w / rate for w in weights) for weights in self.exact(rate).weights]

    @property
    def is_on_a_line(self) -> bool:
        """Whether z is exactly zero for a sample after the first update."""
        weights, has_changed = self.exact(self.rates[0]).weights[:-1], False
        for number, w in enumerate(weights):
            point = self._exact_points[number % len(self._points)]
            has_changed |= any(w)
            if has_changed and w[0] + sum(a * x for a, x in zip(w[1:], point, strict=True)) == 0:
                return True
        return False


@final
class Perceptrons:
    """The results of n experiments."""

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        self.each = [Perceptron(experiment) for experiment in experiments]

    def same_weights(self, updates: int | None = None) -> Array:
        """Return 0 where w/η from zero is the same for both rates, after some updates; else −1."""
        stop = None if updates is None else updates + 1
        return self.signs(
            [len({tuple(p.scaled(r)[:stop]) for r in p.rates}) == 1 for p in self.each]
        )

    def same_labels(self) -> Array:
        """Return 0 where both rates predict the same from zero, for either tie; else −1."""
        labels = [
            [[p.exact(rate, (), tie).predictions for rate in p.rates] for tie in (1, -1)]
            for p in self.each
        ]
        return self.signs([all(one == other for one, other in ties) for ties in labels])

    def same_epochs(self) -> Array:
        """Return minus the difference of the numbers of epochs from zero."""
        epochs = [[p.exact(rate).epochs for rate in p.rates] for p in self.each]
        return np.array([-float(abs(one - other)) for one, other in epochs])

    def same_labels_in_floats(self) -> Array:
        """Return 0 where the first rate and 1 predict the same in floats from zero; else −1."""
        return self.signs(
            [
                p.rounded(p.spec.rates[0]).predictions == p.rounded(1.0).predictions
                for p in self.each
            ]
        )

    def same_for_ratio(self) -> Array:
        """Return 0 where (w0, η) does the same as (w0/η, 1), else −1."""
        agree = []
        for p in self.each:
            rate, one = p.rates[0], Fraction(1)
            run = p.exact(rate, tuple(p.start))
            ratio = p.exact(one, tuple(w / rate for w in p.start))
            scaled = [tuple(w / rate for w in weights) for weights in run.weights]
            agree.append(run.predictions == ratio.predictions and scaled == ratio.weights)
        return self.signs(agree)

    def first_update(self) -> Array:
        """Return minus the first change of the bias from zero, over η."""
        return np.array([-abs(float(p.scaled(p.rates[0])[1][0])) for p in self.each])

    def is_label_of_zero(self) -> Flags:
        """Return where the first sample has the class that is predicted for z = 0."""
        return np.array([p.label == p.spec.tie for p in self.each])

    def is_and(self) -> Flags:
        """Return where the data are AND of 0 and 1."""
        return np.array(
            [
                p.data.X.T.tolist() == [*map(list, CORNERS)]
                and p.data.Y[0].tolist() == [0, 0, 0, 1]
                for p in self.each
            ]
        )

    def is_safe_in_floats(self) -> Flags:
        """Return where the first rate is a power of two, or no point is exactly on a line."""
        return np.array([p.spec.rates[0] in POWERS or not p.is_on_a_line for p in self.each])

    @staticmethod
    def signs(agree: Sequence[bool]) -> Array:
        return np.where(agree, 0.0, -1.0)


@final
class PerceptronDomain(Domain[Perceptrons]):
    """Perceptrons with two rates on a few points."""

    words = (
        "perceptrons with two rates from 0.001 to 1000: logical functions, small integers, "
        "decimals and normal points, from zero and from other starts"
    )

    def draw(self, rng: np.random.Generator, cell: int | None = None) -> list[Experiment]:
        return [
            self._drawn(rng, number if cell is None else number + cell) for number in range(COUNT)
        ]

    def _drawn(self, rng: np.random.Generator, number: int) -> Experiment:
        shape = int(rng.integers(3, 9)), 2
        normal = rng.normal(0.0, 1.2, shape)
        X, y = (
            (rng.integers(-3, 4, shape).astype(float), np.round(normal, 1), normal)[number % 3],
            None,
        )
        if number % 4 == 0:
            X, y = (
                np.array(CORNERS),
                np.array([(0, 0, 0, 1), (0, 1, 1, 1), (0, 1, 1, 0)][number // 4 % 3]),
            )
        labels = rng.integers(0, 2, len(X)) if y is None else y
        points = tuple((*map(float, x), float(y)) for x, y in zip(X, labels, strict=True))
        return Experiment(data=DataSpec(points=points), scene=self._scene(rng))

    def _scene(self, rng: np.random.Generator) -> PerceptronSpec:
        rates = tuple(float(rate) for rate in rng.choice(RATES, 2, replace=False))
        start = tuple(float(w) / 2 for w in rng.integers(-4, 5, 3))
        if not any(start):
            start = (0.5, 0.0, 0.0)
        tie: Literal[1, -1] = 1 if rng.random() < 0.5 else -1
        return PerceptronSpec(rates=rates, start=start, tie=tie, epochs=EPOCHS)

    def vary(self, experiment: Experiment, rng: np.random.Generator) -> list[Experiment]:
        return [experiment.replace(scene=self._scene(rng)) for _ in range(COUNT)]

    def compute(self, experiments: Sequence[Experiment]) -> Perceptrons:
        return Perceptrons(experiments)


PERCEPTRONS = PerceptronDomain()
