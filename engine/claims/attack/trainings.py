"""Domains of trainings, many of which are trained as one stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, final

import numpy as np
from msgspec.structs import fields
from numpy.typing import NDArray

from engine.claims.attack.attack import Domain, Flags
from engine.claims.attack.points import data_set
from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.activations import ACTIVATIONS
from engine.nn.datasets import Data
from engine.nn.initializers import Initializer
from engine.nn.losses import LOSSES
from engine.nn.network import NetworkStack, ParameterLayout
from engine.nn.output_heads import output_head, outputs_of
from engine.nn.separability import is_separable
from engine.training.descent import Descent
from engine.training.diagnostics import parameters_of_units
from engine.types import Array

Generator = np.random.Generator
Start = Callable[[Generator, NetworkSpec], Run]
"""Draws the first weights of a run for a network."""

COUNT = 48
"""The number of experiments in a stack."""
SETS = 12
"""The number of data sets in a stack."""
EXAMPLES = (4, 3, 6, 9, 16, 25)
WIDTHS = (1, 2, 2, 3, 4, 5, 8, 17)
DEPTHS = (0, 1, 1, 1, 2, 2, 3, 5)
STEPS = (20, 60, 200)
HEADS = tuple((output, loss) for loss in LOSSES for output in outputs_of(loss))


@final
@dataclass(frozen=True, eq=False)
class Trainings(Domain["Trained"]):
    """Trainings on every data set, with every activation and loss, of several depths and widths.

    Attributes
    ----------
    words : str
    starts : tuple of Start
        The kinds of first weights that are drawn. Experiments have one run each.
    hidden : tuple of str
        The hidden activations.
    heads : tuple of (str, str)
        The output activations with their losses.
    depths : tuple of int
        The numbers of hidden layers.
    betas : tuple of float
        The values of the steepness.
    steps : tuple of int
        The numbers of steps.
    rates : (float, float)
        The range of the learning rates.
    """

    words: str
    starts: tuple[Start, ...]
    hidden: tuple[str, ...] = tuple(ACTIVATIONS)
    heads: tuple[tuple[str, str], ...] = HEADS
    depths: tuple[int, ...] = DEPTHS
    betas: tuple[float, ...] = (1.0,)
    steps: tuple[int, ...] = STEPS
    rates: tuple[float, float] = (0.03, 10.0)
    both: bool = False
    """Whether an experiment has two runs: one of each kind of first weights."""

    def draw(self, rng: Generator, cell: int | None = None) -> list[Experiment]:
        in_out, steps = (2, 1), int(rng.choice(self.steps))
        if cell is None:
            hidden, head = rng.choice(self.hidden), self.heads[rng.integers(len(self.heads))]
            depth, examples = int(rng.choice(self.depths)), int(rng.choice(EXAMPLES))
            widths = tuple(int(width) for width in rng.choice(WIDTHS, depth))
            beta = float(rng.choice(self.betas))
            if rng.random() < 0.2:
                in_out = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        else:
            cells = list(product(self.hidden, self.heads, sorted({*self.depths})[:3], (4, 16)))
            hidden, head, depth, examples = cells[cell * 7 % len(cells)]
            widths, beta = (2,) * depth, self.betas[cell % len(self.betas)]
        names: str | tuple[str, ...] = str(hidden)
        if depth > 1 and rng.random() < 0.2:
            names = tuple(str(name) for name in rng.choice(self.hidden, depth))
        output, loss = head
        if output_head(output, loss).activation is None:  # outputs that are classes
            in_out = in_out[0], int(rng.integers(2, 4))
        layers = (in_out[0], *widths, in_out[1])
        network = NetworkSpec(layers=layers, hidden=names, output=output, loss=loss, beta=beta)
        sets = [
            data_set(rng, network, examples, None if cell is None else number)
            for number in range(SETS)
        ]
        result = []
        for number in range(COUNT):
            turn = number // SETS if cell is not None else int(rng.integers(len(self.starts)))
            starts = self.starts if self.both else (self.starts[turn % len(self.starts)],)
            rate = 1.0 if cell is not None else float(np.exp(rng.uniform(*np.log(self.rates))))
            training = TrainingSpec(learning_rate=rounded(rate), steps=steps)
            runs = tuple(start(rng, network) for start in starts)
            data = sets[number % SETS]
            result.append(Experiment(data=data, network=network, training=training, runs=runs))
        return result

    def vary(self, experiment: Experiment, rng: Generator) -> list[Experiment]:
        return [self._varied(experiment, rng) for _ in range(COUNT)]

    def _varied(self, experiment: Experiment, rng: Generator) -> Experiment:
        data, training = experiment.data, experiment.training
        rate = rounded(training.learning_rate * float(np.exp(0.2 * rng.standard_normal())))
        if data.is_drawn and rng.random() < 0.5:
            noise = rounded(data.noise * float(np.exp(0.3 * rng.standard_normal())))
            data = data.replace(noise=noise, seed=int(rng.integers(10_000)))
        runs = tuple(run.replace(init=_varied_start(run.init, rng)) for run in experiment.runs)
        rate = float(np.clip(rate, *self.rates))
        return experiment.replace(
            data=data, training=training.replace(learning_rate=rate), runs=runs
        )

    def compute(self, experiments: Sequence[Experiment]) -> "Trained":
        return Trained(experiments)


def rounded(value: float) -> float:
    """Return a number rounded to three significant digits, so that files are easy to read."""
    return float(f"{value:.3g}")


def _varied_start(init: Initializer, rng: Generator) -> Initializer:
    """Return a scheme with a parameter multiplied by a factor near 1, and sometimes a new seed."""
    changes: dict[str, object] = {}
    for item in fields(init):
        value = getattr(init, item.name)
        if isinstance(value, float) and rng.random() < 0.5:
            changes[item.name] = rounded(value * float(np.exp(0.2 * rng.standard_normal())))
    if init.random and rng.random() < 0.5:
        changes["seed"] = int(rng.integers(10_000))
    return init.replace(**changes) if changes else init


def recorded_frames(steps: int) -> list[int]:
    """Return the frames that are stored: the first ones, then ever fewer, and the last.

    >>> recorded_frames(20)
    [0, 1, 2, 3, 5, 8, 13, 20]
    """
    frames = [0, 1, 2, 3]
    while frames[-1] < steps:
        frames.append(-(-frames[-1] * 8 // 5))
    return [*(frame for frame in frames if frame < steps), steps]


@final
class Trained:
    """The results of experiments with the same layers, functions, steps and number of examples.

    Column i of an array belongs to experiment i. With r runs in an experiment, the columns of the
    second runs follow those of the first ones; `by_run` separates them.

    Attributes
    ----------
    experiments : tuple of Experiment
    spec : NetworkSpec
    layout : ParameterLayout
    X, Y : array (n0, m, n), (nL, m, n)
    frames : list of int
        The frames whose parameters are stored.
    theta : array (frames, size, n)
        Their parameters.
    losses : array (frames, n)
        Their losses.
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        first = experiments[0]
        self.experiments = tuple(experiments)
        self.spec, steps = first.network, first.training.steps
        self.layout = ParameterLayout(self.spec.layers)
        runs, data = [], []
        for number in range(len(first.runs)):
            for each in experiments:
                rate = each.training.learning_rate
                runs.append(each.runs[number].replace(learning_rate=rate))
                data.append(each.load_data())
        self.X, self.Y = (np.stack([getattr(d, name) for d in data], axis=2) for name in "XY")
        descent = Descent(first, runs, Data(self.X, self.Y))
        descent.begin()
        self.frames = recorded_frames(steps)
        theta, losses = [], []
        for frame in range(steps + 1):
            descent.evaluate()
            if frame in self.frames:
                theta.append(descent.stack.theta.copy())
                losses.append(descent.stack.losses(descent.stack.Z[-1]))
            if frame < steps:
                descent.step()
        self.theta, self.losses = np.stack(theta), np.stack(losses)
        self._passes: dict[int, NetworkStack] = {}

    def at(self, index: int) -> NetworkStack:
        """Return the pass of a stored frame, by its index in `frames`."""
        index %= len(self.frames)
        if index not in self._passes:
            self._passes[index] = self.one_pass(self.theta[index])
        return self._passes[index]

    def one_pass(
        self, theta: Array, X: Array | None = None, Y: Array | None = None,
        spec: NetworkSpec | None = None,
    ) -> NetworkStack:  # fmt: skip
        """Return the pass of parameters (size, n), on the examples of the experiments."""
        X, Y = self.X if X is None else X, self.Y if Y is None else Y
        stack = NetworkStack(spec or self.spec, X, Y, theta.shape[1])
        stack.load(theta)
        stack.forward()
        stack.backward()
        return stack

    @property
    def passes(self) -> list[NetworkStack]:
        """The passes of all stored frames."""
        return [self.at(index) for index in range(len(self.frames))]

    @property
    def hidden(self) -> range:
        """The numbers of the hidden layers."""
        return range(1, self.layout.depth)

    @cached_property
    def is_finite(self) -> Flags:
        """Which networks (n,) do not diverge."""
        return np.asarray(
            np.isfinite(self.theta).all(axis=(0, 1)) & np.isfinite(self.losses).all(0)
        )

    @cached_property
    def gaps(self) -> Array:
        """The greatest difference (hidden layers, frames, n) of the units of each hidden layer."""
        gaps = np.zeros((len(self.hidden), *self.losses.shape))
        for number, layer in enumerate(self.hidden):
            for index, theta in enumerate(self.theta):
                units = parameters_of_units(self.layout, theta, layer)
                gaps[number, index] = np.ptp(units, axis=0).max(axis=0)
        return gaps

    @cached_property
    def output_spread(self) -> Array:
        """The greatest difference (n,) between outputs for two examples, in any frame."""
        spreads = [np.ptp(each.A[-1], axis=1).max(axis=0) for each in self.passes]
        return np.asarray(np.max(spreads, axis=0))

    @cached_property
    def wrong(self) -> Array:
        """The least number (n,) of examples classified wrongly, in any stored frame."""
        right = [((each.A[-1] > 0.5) == (self.Y > 0.5)).all(axis=0) for each in self.passes]
        return np.asarray(np.min([(~each).sum(axis=0) for each in right], axis=0), dtype=float)

    @cached_property
    def classifies(self) -> Flags:
        """Which experiments (n,) have targets of 0 and 1."""
        return np.asarray(np.isin(self.Y, (0.0, 1.0)).all(axis=(0, 1)))

    @cached_property
    def is_separable(self) -> Flags:
        """Whether a line separates the classes of each output, (n,)."""
        return np.array([_is_separable(each) for each in self.experiments])

    def by_run(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values (…, columns) as (…, runs, experiments)."""
        return values.reshape(*values.shape[:-1], -1, len(self.experiments))

    def change(self, layer: int, index: int = -1) -> Array:
        """Return the greatest change (n,) of a parameter of a layer until a stored frame."""
        return np.asarray(
            np.abs(self.layout.rows(self.theta[index] - self.theta[0], layer)).max(axis=(0, 1))
        )


@lru_cache(maxsize=4096)
def _separable(data: object, inputs: int, outputs: int) -> bool:
    loaded = data.load(inputs, outputs)  # type: ignore[attr-defined]
    return all(is_separable(loaded.X, np.where(y > 0.5, 1, -1).tolist()) for y in loaded.Y)


def _is_separable(experiment: Experiment) -> bool:
    layers = experiment.network.layers
    return _separable(experiment.data, layers[0], layers[-1])
