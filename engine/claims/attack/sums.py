"""The domain of sums of n products of a weight and an input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.claims.attack.attack import Domain, Flags
from engine.experiment.experiment import Experiment, Run
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LayerInitializer,
    Normal,
    UniformFanIn,
    XavierFanIn,
)
from engine.studies.variance.study import VarianceSpec
from engine.studies.variance.sums import Inputs, Products, products, unit_variances
from engine.types import Array

COUNT = 12
"""The number of experiments in a batch."""
SUMS = 500
MOST_INPUTS = 1000
UNITS = 50
"""The number of units whose own variance is computed."""
ERRORS = 6.0
"""A measured moment within this many standard errors agrees with the derived one."""


@final
class Sums:
    """The sums of n experiments, at the largest number of inputs.

    Attributes
    ----------
    init : list of LayerInitializer
    inputs : array (n,)
        The numbers of inputs.
    mean, deviation : array (n,)
        Of the inputs.
    measured : list of Products
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        self.init: list[LayerInitializer] = []
        self.measured: list[Products] = []
        moments = []
        for each in experiments:
            scene, init = each.scene, each.runs[0].init
            assert isinstance(scene, VarianceSpec)
            assert isinstance(init, LayerInitializer)
            # As the study draws them.
            rng = np.random.Generator(np.random.PCG64([scene.seed, scene.largest]))
            X = Inputs(scene.mean, scene.deviation).draw(scene.largest, scene.sums, rng)
            self.init.append(init)
            self.measured.append(products(init, X))
            moments.append((scene.largest, scene.mean, scene.deviation))
        self.inputs, self.mean, self.deviation = np.array(moments).T

    def draws(self, *schemes: type[LayerInitializer]) -> Flags:
        """Return which sums have weights of one of the schemes."""
        return np.array([isinstance(init, schemes) for init in self.init])

    def is_standard(self) -> Flags:
        """Which sums have inputs of mean 0 and variance 1."""
        return np.asarray((self.mean == 0.0) & (self.deviation == 1.0))

    @property
    def z(self) -> Array:
        """The sums, (n, SUMS)."""
        return np.stack([each.z for each in self.measured])

    def variance_of_weights(self, factor: Array) -> Array:
        """Return how far the variance of the weights, times a factor (n,), is from not being 1.

        In standard errors below `ERRORS`. Independent weights have at most the kurtosis 3.
        """
        found = np.array([each.weight_variance for each in self.measured])
        error = np.sqrt(2.0 / (SUMS * self.inputs))
        return np.asarray(ERRORS - np.abs(found * factor - 1.0) / error)

    def variance_of_normal_weights(self) -> Array:
        """Return the same for weights that have the variance scale²."""
        scales = np.array([init.scale for init in self.init if isinstance(init, Normal)])
        return self.variance_of_weights(scales**-2.0)

    def variance_of_sums(self, expected: Array | float) -> Array:
        """Return the same for the variance of z, whose error is estimated from its kurtosis."""
        z = self.z - self.z.mean(axis=1, keepdims=True)
        fourth, variance = (z**4).mean(axis=1), (z**2).mean(axis=1)
        error = np.sqrt((fourth / variance**2 - 1.0) / SUMS)
        return np.asarray(ERRORS - np.abs(variance / expected - 1.0) / error)

    def mean_of_sums(self) -> Array:
        """Return the same for a mean of z of zero."""
        return np.asarray(ERRORS - np.abs(self.z.mean(axis=1)) / (self.z.std(axis=1) / SUMS**0.5))

    def variance_of_units(self, expected: float) -> Array:
        """Return 0.3 minus the largest relative error (n,) of the variances of single units."""
        worst = [
            np.abs(unit_variances(init, int(n), UNITS, init.seed) / expected - 1.0).max()
            for init, n in zip(self.init, self.inputs, strict=True)
        ]
        return 0.3 - np.array(worst)


@final
@dataclass(frozen=True, eq=False)
class WeightedSums(Domain[Sums]):
    """Sums of products of weights and inputs.

    Attributes
    ----------
    words : str
    schemes : tuple of LayerInitializer
        The schemes that are drawn, with other seeds.
    """

    words: str
    schemes: tuple[LayerInitializer, ...]

    def draw(self, rng: np.random.Generator, cell: int | None = None) -> list[Experiment]:
        result = []
        for number in range(COUNT):
            n = round(float(np.exp(rng.uniform(0.0, np.log(MOST_INPUTS)))))
            turn = int(rng.integers(1000)) if cell is None else number + COUNT * cell
            seed = int(rng.integers(10_000))
            scheme = self.schemes[turn % len(self.schemes)].replace(seed=seed)
            spec = VarianceSpec(largest=n, sums=SUMS, seed=seed)
            if turn % 3 == 0:
                mean, deviation = rng.choice((-1.0, 0.0, 0.5, 2.0)), rng.choice((0.2, 1.0, 3.0))
                spec = spec.replace(mean=float(mean), deviation=float(deviation))
            result.append(Experiment(runs=(Run(init=scheme),), scene=spec))
        return result

    def vary(self, experiment: Experiment, rng: np.random.Generator) -> list[Experiment]:
        scene, result = experiment.scene, []
        assert isinstance(scene, VarianceSpec)
        for _ in range(COUNT):
            n = int(
                np.clip(round(scene.largest * np.exp(0.3 * rng.standard_normal())), 1, MOST_INPUTS)
            )
            seed = int(rng.integers(10_000))
            run = experiment.runs[0]
            run = run.replace(init=run.init.replace(seed=seed))
            changed = scene.replace(largest=n, seed=seed)
            result.append(experiment.replace(scene=changed, runs=(run,)))
        return result

    def compute(self, experiments: Sequence[Experiment]) -> Sums:
        return Sums(experiments)


PRODUCTS = f"sums of 1 to {MOST_INPUTS} products, with inputs of any mean and size and weights from"
FAN_IN = WeightedSums(f"{PRODUCTS} U(±1/√n)", (UniformFanIn(),))
NORMAL = WeightedSums(
    f"{PRODUCTS} N(0, 0.01²), N(0, 1) and N(0, 3²)",
    (Normal(), Normal(scale=1.0), Normal(scale=3.0)),
)
RULES = WeightedSums(
    f"{PRODUCTS} the rules of Xavier, He and Glorot",
    (XavierFanIn(), HeNormal(), HeUniform(), GlorotNormal(), GlorotUniform()),
)


def variance_of_rules(sums: Sums) -> Array:
    """Return how far the variances of weights are from not being 1/n, or 2/n for He's rule."""
    return sums.variance_of_weights(sums.inputs / np.where(sums.draws(HeNormal, HeUniform), 2, 1))


def is_hundredth(sums: Sums) -> Flags:
    """Return which sums have weights of N(0, 0.01²) and inputs of a size of at most one."""
    hundredth = np.array([init.replace(seed=0) == Normal() for init in sums.init])
    return np.asarray(
        hundredth & (np.hypot(sums.mean, sums.deviation) <= 1.0) & (sums.inputs <= 1000)
    )
