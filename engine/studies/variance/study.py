"""The variance study: the size of a sum of n products, as n grows."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from math import nan, sqrt
from typing import Annotated, ClassVar, cast, final

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from engine import Positive, Real, Seed
from engine.experiment import Experiment, SceneSpec
from engine.io.tables import TableValue
from engine.nn import Distribution, IndependentInitializer, LayerInitializer
from engine.studies.base.study import Study, register_study
from engine.studies.variance.sums import Inputs, Products, kurtosis_of_product, products


class VarianceSpec(SceneSpec, frozen=True, tag="variance"):
    """Sums of n products of a weight and an input, for n = 1, 2, …; one initializer a run."""

    uses = ("runs",)
    draws_layers = "draws the weights of single units"
    about: ClassVar[Mapping[str, str]] = {
        "largest": "The largest number of inputs n",
        "sums": "The number of sums drawn for each n",
        "mean": "The mean of the inputs; 0 if they are standardised",
        "deviation": "The standard deviation of the inputs; 1 if they are standardised",
        "seed": "The seed of the inputs; each run has a seed for its weights",
    }

    largest: Annotated[int, Meta(ge=1, le=2000)] = 1000
    sums: Annotated[int, Meta(ge=100, le=20_000)] = 2000
    mean: Real = 0.0
    deviation: Positive = 1.0
    seed: Seed = 0


BINS = 61
REACH = 4.0
"""The reach of the histograms, in largest expected standard deviations to each side."""
STEP = 1.05
"""The ratio of consecutive n above 20."""


def numbers_of_inputs(largest: int) -> list[int]:
    """Return every n up to 20, then n in growing steps up to the largest.

    >>> numbers_of_inputs(25)
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]
    """
    numbers = list(range(1, min(largest, 20) + 1))
    while numbers[-1] < largest:
        numbers.append(min(largest, max(numbers[-1] + 1, round(numbers[-1] * STEP))))
    return numbers


@final
@dataclass(frozen=True)
class Expected:
    """The derived moments of a weight, a product and a sum of n products.

    Attributes
    ----------
    weight : Distribution
    square : float
        E[x²].
    product : float
        Var(w x) = E[w²] E[x²] − (E[w] E[x])².
    mean : float
        E[z] = n E[w] E[x].
    variance : float
        Var(z) = n Var(w x).
    kurtosis : float
        E[(z − E[z])⁴] / Var(z)²: 3 + (κ − 3) / n with the kurtosis κ of one product; 1 for a
        constant. NaN where the weights are not independent, so that it does not follow from the
        distribution of one.
    """

    weight: Distribution
    square: float
    product: float
    mean: float
    variance: float
    kurtosis: float

    def relative_error(self, sums: int) -> float:
        """Return the standard error of the variance of a number of independent sums, as its share.

        It is √((kurtosis − 1) / sums) (Cramér 1946, 27.4), up to terms of order 1 / sums. NaN where
        the kurtosis is.
        """
        return sqrt((self.kurtosis - 1.0) / sums)


@final
@dataclass(frozen=True)
class VarianceFrame:
    """The results for one n, run by run.

    Attributes
    ----------
    n : int
    expected : tuple of Expected
    measured : tuple of Products
    counts : array (runs, BINS)
        The number of sums in each bin; the outer bins count the sums beyond.
    """

    n: int
    expected: tuple[Expected, ...]
    measured: tuple[Products, ...]
    counts: NDArray[np.int64]


@register_study(VarianceSpec)
@final
class VarianceStudy(Study):
    """Sums z = Σ wᵢ xᵢ over n inputs, each with new weights and inputs.

    Attributes
    ----------
    n : list of int
        The number of inputs of every frame.
    edges : array (BINS + 1,)
        Of the histograms of all frames and runs.
    frames : list of VarianceFrame
        The frames computed so far.
    """

    spec: VarianceSpec

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.n = numbers_of_inputs(self.spec.largest)
        self.planned_index = len(self.n) - 1
        self.track_count = len(experiment.runs)
        self.inputs = Inputs(self.spec.mean, self.spec.deviation)
        # Checked by `VarianceSpec.check`.
        self._schemes = [cast(LayerInitializer, run.init) for run in experiment.runs]
        reach = [
            abs(each.mean) + REACH * sqrt(each.variance)
            for n in (self.n[0], self.n[-1])
            for each in (self.expected(run, n) for run in range(self.track_count))
        ]
        self.edges = np.linspace(-1.0, 1.0, BINS + 1) * (max(reach) or 1.0)
        self.frames: list[VarianceFrame] = []

    @property
    def summary(self) -> str:
        if (self.spec.mean, self.spec.deviation) == (0.0, 1.0):
            inputs = "standardised inputs"
        else:
            inputs = f"inputs of mean {self.spec.mean:g}, deviation {self.spec.deviation:g}"
        return f"z = w₁x₁ + … + wₙxₙ  ·  {inputs}  ·  {self.spec.sums:,} sums for each n"

    def caption(self, index: int) -> str:
        return f"n = {self.n[index]:,}"

    def expected(self, run: int, n: int) -> Expected:
        """Return the derived moments for n inputs."""
        weight = self._schemes[run].estimated_distribution(n, n)
        mean, square = self.spec.mean, self.spec.mean**2 + self.spec.deviation**2
        product = (weight.variance + weight.mean**2) * square - (weight.mean * mean) ** 2
        kurtosis = nan if product else 1.0
        if product and isinstance(self._schemes[run], IndependentInitializer):
            kurtosis = 3.0 + (kurtosis_of_product(weight, self.inputs) - 3.0) / n
        return Expected(weight, square, product, n * weight.mean * mean, n * product, kurtosis)

    def compute_frames(self) -> Generator[None, None, None]:
        for index, n in enumerate(self.n):
            rng = np.random.Generator(np.random.PCG64([self.spec.seed, n]))
            inputs = self.inputs.draw(n, self.spec.sums, rng)
            yield
            measured, counts = [], []
            for scheme in self._schemes:
                found = products(scheme, inputs)
                measured.append(found)
                inside = np.clip(found.z, self.edges[0], self.edges[-1])
                counts.append(np.histogram(inside, self.edges)[0])
                yield
            expected = tuple(self.expected(run, n) for run in range(self.track_count))
            self.frames.append(VarianceFrame(n, expected, tuple(measured), np.array(counts)))
            self.last_index = index
            yield

    def table(self, index: int) -> list[dict[str, TableValue]]:
        frame = self.frames[index]
        return [
            {
                "frame": index,
                "n": frame.n,
                "run": run,
                "name": self.experiment.runs[run].name,
                "mean": measured.mean,
                "variance": measured.variance,
                "expected_mean": expected.mean,
                "expected_variance": expected.variance,
                "weight_variance": measured.weight_variance,
                "product_variance": measured.product_variance,
            }
            for run, (measured, expected) in enumerate(
                zip(frame.measured, frame.expected, strict=True)
            )
        ]

    def findings(self) -> list[str]:
        first, last = self.frames[0], self.frames[-1]
        return [
            f"{run.name or run.init.scheme}: Var(z) is {first.measured[i].variance:.4g} for n = "
            f"{first.n} and {last.measured[i].variance:.4g} for n = {last.n:,}; expected are "
            f"{first.expected[i].variance:.4g} and {last.expected[i].variance:.4g}"
            for i, run in enumerate(self.experiment.runs)
        ]
