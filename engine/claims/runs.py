"""The measurements that several claims share: trained experiments, ensembles and stacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from engine.claims.claim import cached
from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.ensemble.shards import Shard, SweepCell, needed, train_shard
from engine.ensemble.statistics import quantiles
from engine.experiment.experiment import Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.nn.activations import Activation
from engine.nn.datasets import Data
from engine.nn.initializers import Initializer, LayerInitializer
from engine.nn.network import NetworkStack, ParameterLayout
from engine.studies.depth.signal_propagation import DepthProfile, depth_profile
from engine.studies.ensemble.study import EnsembleSpec
from engine.training.comparison import Comparison, compare
from engine.training.diagnostics import Diagnostics
from engine.training.recording import Frame, Recording
from engine.types import Array


@cached
def comparison(name: str) -> Comparison:
    """Return a built-in experiment, trained and diagnosed."""
    return compare(built_in(name))


def recording(name: str) -> Recording:
    """Return the recording of the first run of a built-in experiment."""
    return comparison(name).recordings[0]


def frame(name: str, index: int = 0) -> Frame:
    """Return a frame of the first run of a built-in experiment."""
    return recording(name)[index]


def loss(name: str, index: int = -1) -> float:
    """Return a loss of the first run of a built-in experiment; the last one by default."""
    return float(recording(name).losses[index])


def diagnostics(name: str) -> Diagnostics:
    """Return the diagnostics of the first run of a built-in experiment."""
    return comparison(name).diagnostics[0]


def accuracy(name: str, index: int = -1) -> float:
    """Return an accuracy of the first run of a built-in experiment; the last one by default."""
    return float(diagnostics(name).accuracy[index])


@cached
def data_of(name: str) -> Data:
    """Return the examples of a built-in experiment."""
    return built_in(name).load_data()


@cached
def typical(
    scheme: LayerInitializer, unit: str, layers: int = 50, width: int = 100
) -> DepthProfile:
    """Return the geometric means, over ten seeds, of the sizes through a deep network.

    A ratio of two of them is the geometric mean of that ratio.
    """
    profiles = [depth_profile(scheme, unit, layers, width, seed=seed) for seed in range(10)]
    sizes = np.log([(profile.Z, profile.A, profile.dZ) for profile in profiles])
    return DepthProfile(*np.exp(sizes.mean(axis=0)))


def first_below(losses: Array, bound: float) -> int:
    """Return the first index at which losses (n,) are below a bound, or `NOT_REACHED`."""
    below = losses < bound
    return int(below.argmax()) if below.any() else NOT_REACHED


@cached
def ensemble(
    name: str,
    network: NetworkSpec,
    init: Initializer,
    count: int,
    rate: float,
    steps: int,
    below: float = 0.1,
    edits: tuple[Edit, ...] = (),
) -> TrainingResults:
    """Train networks from a number of seeds on the data of a built-in experiment.

    Only one network is trained where nothing is drawn.
    """
    experiment = Experiment(
        data=built_in(name).data,
        network=network,
        training=TrainingSpec(learning_rate=rate, steps=steps),
        runs=(Run(init=init, edits=edits),),
        scene=EnsembleSpec(seeds=count, below=below),
    )
    return train_shard(experiment, Shard(SweepCell(0), 0, needed(experiment, SweepCell(0))))


def on_xor(
    init: Initializer,
    steps: int = 4000,
    inputs: str = "zero-tanh-xor",
    edits: tuple[Edit, ...] = (),
) -> TrainingResults:
    """Train 400 networks 2-2-1 of tanh on XOR with learning rate 2."""
    return ensemble(inputs, network(2), init, 400, 2.0, steps, edits=edits)


def solved_on_xor(
    init: Initializer, inputs: str = "zero-tanh-xor", edits: tuple[Edit, ...] = ()
) -> float:
    """Return the share of 400 networks 2-2-1 that solve XOR."""
    return share_solved(on_xor(init, inputs=inputs, edits=edits))


def share_solved(results: TrainingResults) -> float:
    """Return the share of networks that reached the solved loss."""
    return float((results.solved != NOT_REACHED).mean())


def median_step(results: TrainingResults) -> float:
    """Return the median over all networks of the step at which they are solved.

    `NOT_REACHED` if most networks are never solved.
    """
    median = quantiles(np.where(results.solved == NOT_REACHED, np.inf, results.solved))[1]
    return float(median) if np.isfinite(median) else float(NOT_REACHED)


def starts(spec: NetworkSpec, scheme: Initializer, count: int, first_seed: int = 0) -> Array:
    """Return the initial parameters (size, count) that a scheme draws from successive seeds."""
    layout, seeds = ParameterLayout(spec.layers), range(first_seed, first_seed + count)
    rngs = (np.random.Generator(np.random.PCG64(seed)) for seed in seeds)
    drawn = [layout.flatten(scheme.parameters(spec.layers, rng)) for rng in rngs]
    return np.stack(drawn, axis=1)


@final
@dataclass(frozen=True)
class Stack:
    """Many networks trained together.

    Attributes
    ----------
    last : NetworkStack
        The forward and backward pass of the final parameters.
    losses : array (n,)
        The final losses.
    accuracy : array (n,)
        The final share of examples that are classified correctly.
    """

    last: NetworkStack
    losses: Array
    accuracy: Array

    def weights(self, layer: int) -> Array:
        """Return the final weights (n_l, n_{l-1}, n) of a layer."""
        return self.last.layout.weights(self.last.theta, layer)

    @property
    def share_above_90(self) -> float:
        """The share of networks that classify more than 90 % of the examples correctly."""
        return float((self.accuracy > 0.9).mean())


def descend(spec: NetworkSpec, data: Data, theta: Array, rate: float | Array, steps: int) -> Stack:
    """Train a stack of networks from parameters theta (size, n).

    A rate that is an array and broadcasts against (size, n) gives each parameter its own.
    """
    n = theta.shape[1]
    stack = NetworkStack(spec, data.X, data.Y, n)
    stack.load(theta)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            stack.forward()
            stack.backward()
            stack.theta -= rate * stack.gradient
        stack.forward()
        stack.backward()
        losses = stack.losses(stack.Z[-1])[:n]
    right = (stack.A[-1] > 0.5) == (data.Y[..., None] > 0.5)
    return Stack(stack, losses, right.all(axis=0).mean(axis=0)[:n])


def one_pass(spec: NetworkSpec, data: Data, theta: Array) -> NetworkStack:
    """Return the forward and backward pass of parameters theta (size, n)."""
    return descend(spec, data, theta, 0.0, 0).last


@cached
def descended(
    spec: NetworkSpec, name: str, scheme: Initializer, count: int, rate: float, steps: int
) -> Stack:
    """Train a stack of networks, drawn from seeds 0, 1, …, on the data of an experiment."""
    return descend(spec, data_of(name), starts(spec, scheme, count), rate, steps)


def network(width: int, **options: Any) -> NetworkSpec:
    """Return the network 2-width-1; of tanh, with cross-entropy, unless options say otherwise."""
    return NetworkSpec(layers=(2, width, 1), **options)


def largest(values: Array) -> float:
    """Return the largest absolute value."""
    return float(np.abs(values).max())


def spread(values: Array, axis: int = 0) -> float:
    """Return the largest difference between values along an axis."""
    return float(np.ptp(values, axis=axis).max())


def norms(rows: Array) -> Array:
    """Return the 2-norms (n,) of stacked arrays (…, n)."""
    flat = rows.reshape(-1, rows.shape[-1])
    result: Array = np.hypot.reduce(flat, axis=0)
    return result


def cosine(a: Sequence[float] | Array, b: Sequence[float] | Array) -> float:
    """Return the cosine of the angle between two vectors."""
    a, b = np.asarray(a, dtype=np.float64).ravel(), np.asarray(b, dtype=np.float64).ravel()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


def degrees(a: Sequence[float] | Array, b: Sequence[float] | Array) -> float:
    """Return the angle between two vectors in degrees, exact also where it is small."""
    a, b = np.asarray(a, dtype=np.float64).ravel(), np.asarray(b, dtype=np.float64).ravel()
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return float(np.degrees(2.0 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))))


def slope(unit: Activation, z: float) -> float:
    """Return the derivative of an activation at z."""
    return float(unit.value_and_slope(np.array([float(z)]))[1][0])
