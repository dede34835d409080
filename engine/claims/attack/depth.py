"""The domain of first passes through deep networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.claims.attack.attack import Domain, Flags
from engine.experiment.experiment import Experiment, Run
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.initializers import LayerInitializer, Normal, UniformFanIn
from engine.studies.depth.study import DepthSpec, DepthStudy
from engine.types import Array

COUNT = 6
"""The number of passes in a batch."""
MOST_WEIGHTS = 300_000
"""The most weights of a network, so that a pass takes some milliseconds."""


@final
class Passes:
    """The first passes of n deep networks.

    Attributes
    ----------
    init : list of LayerInitializer
    depth, width : array (n,)
    unit : list of str
    activations, gradients : array (n,)
        The decimal logarithms of |A| at the last hidden layer over |A| at layer 1, and of |dZ| at
        layer 1 over |dZ| at the last one; infinite where the size is zero.
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        self.init, self.unit, sizes, ratios = [], [], [], []
        for each in experiments:
            assert isinstance(each.scene, DepthSpec)
            init = each.runs[0].init
            assert isinstance(init, LayerInitializer)
            study = DepthStudy(each)
            study.compute_all()
            profile = study.profile(0, 0)
            self.init.append(init)
            self.unit.append(each.scene.unit)
            sizes.append((each.scene.depth, each.scene.width))
            ratios.append((profile.activation_ratio, profile.gradient_ratio))
        self.depth, self.width = np.array(sizes).T
        self.activations, self.gradients = np.log10(np.array(ratios)).T

    def draws(self, *schemes: type[LayerInitializer]) -> Flags:
        """Return which networks are drawn from one of the schemes."""
        return np.array([isinstance(init, schemes) for init in self.init])

    def has_unit(self, *names: str) -> Flags:
        """Return which networks have one of the activations."""
        return np.array([unit in names for unit in self.unit])

    @property
    def scale(self) -> Array:
        """The standard deviation of the weights (n,), of N(0, scale²); NaN of other schemes."""
        return np.array([init.scale if isinstance(init, Normal) else np.nan for init in self.init])

    @property
    def is_wide(self) -> Flags:
        """Which networks (n,) are at least as wide as they are deep."""
        return np.asarray(self.width >= self.depth)

    @property
    def is_bounded(self) -> Flags:
        """Which networks (n,) have bounded activations."""
        return np.array([len(activation(unit).asymptotes) == 2 for unit in self.unit])

    @property
    def decades(self) -> Array:
        """The number of decades (n,) by which activations or gradients change at most."""
        return np.asarray(np.maximum(np.abs(self.activations), np.abs(self.gradients)))


@final
@dataclass(frozen=True, eq=False)
class DeepNetworks(Domain[Passes]):
    """Deep networks of equal layers, at their start.

    Attributes
    ----------
    words : str
    schemes : tuple of LayerInitializer
        The schemes that are drawn, with other seeds.
    units : tuple of str
        The activations.
    depths, widths : (int, int)
        The least and the greatest number of layers, and of units.
    """

    words: str
    schemes: tuple[LayerInitializer, ...]
    units: tuple[str, ...] = tuple(ACTIVATIONS)
    depths: tuple[int, int] = (2, 50)
    widths: tuple[int, int] = (2, 200)

    def draw(self, rng: np.random.Generator, cell: int | None = None) -> list[Experiment]:
        result = []
        for number in range(COUNT):
            seed, turn = int(rng.integers(10_000)), int(rng.integers(1000))
            width = round(float(np.exp(rng.uniform(*np.log(self.widths)))))
            if cell is not None:
                turn, width = COUNT * cell + number, (5, 20, 60)[number % 3]
            scheme = self.schemes[turn % len(self.schemes)].replace(seed=seed)
            unit = self.units[turn // len(self.schemes) % len(self.units)]
            least, most = self.depths
            depth = int(rng.integers(least, max(least, min(most, MOST_WEIGHTS // width**2)) + 1))
            scene = DepthSpec(depth=depth, width=width, unit=unit, examples=8, seed=seed)
            result.append(Experiment(runs=(Run(init=scheme),), scene=scene))
        return result

    def vary(self, experiment: Experiment, rng: np.random.Generator) -> list[Experiment]:
        scene, result = experiment.scene, []
        assert isinstance(scene, DepthSpec)
        for _ in range(COUNT):
            width = round(scene.width * float(np.exp(0.2 * rng.standard_normal())))
            width = int(np.clip(width, *self.widths))
            depth = int(np.clip(scene.depth + rng.integers(-2, 3), *self.depths))
            seed = int(rng.integers(10_000))
            run = experiment.runs[0]
            run = run.replace(init=run.init.replace(seed=seed))
            scenes = scene.replace(width=width, depth=depth, seed=seed)
            result.append(experiment.replace(scene=scenes, runs=(run,)))
        return result

    def compute(self, experiments: Sequence[Experiment]) -> Passes:
        return Passes(experiments)


FEW_LAYERS = DeepNetworks(
    "first passes of 2 to 20 layers of 10 to 200 units of every activation, from U(±1/√n)",
    (UniformFanIn(),),
    depths=(2, 20),
    widths=(10, 200),
)
