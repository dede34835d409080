"""The runs that claims are measured on: built-in experiments, ensembles, and starts by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.claims.claim import shared
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
from engine.studies.ensemble.spec import EnsembleSpec
from engine.training.comparison import Comparison, compare
from engine.training.recording import Recording
from engine.types import Array


@shared
def comparison(name: str) -> Comparison:
    """Return a built-in experiment, trained and diagnosed."""
    return compare(built_in(name))


def recording(name: str, run: int = 0) -> Recording:
    """Return a run of a built-in experiment."""
    return comparison(name).recordings[run]


def trained(experiment: Experiment) -> Comparison:
    """Return an experiment, trained and diagnosed; kept, as experiments are values."""
    return _trained(experiment)


@shared
def _trained(experiment: Experiment) -> Comparison:
    return compare(experiment)


@shared
def data_of(name: str) -> Data:
    """Return the examples of a built-in experiment."""
    return built_in(name).load_data()


@shared
def typical(
    scheme: LayerInitializer, unit: str, layers: int = 50, width: int = 100
) -> DepthProfile:
    """Return the sizes through a deep network, each the geometric mean over ten seeds.

    So a ratio of two of them is the geometric mean of that ratio.
    """
    drawn = [depth_profile(scheme, unit, layers, width, seed=seed) for seed in range(10)]
    sizes = np.log([(profile.Z, profile.A, profile.dZ) for profile in drawn])
    return DepthProfile(*np.exp(sizes.mean(axis=0)))


def first_below(losses: Array, bound: float) -> int:
    """Return the first index at which losses (n,) lie below a bound, or `NEVER`."""
    below = losses < bound
    return int(below.argmax()) if below.any() else NOT_REACHED


@shared
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
    """Return what becomes of networks of so many seeds on the data of a built-in experiment.

    Where nothing is drawn, one network stands for all.
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
    """Return what becomes of 400 networks 2-2-1 of tanh on XOR, at rate 2."""
    network = NetworkSpec(layers=(2, 2, 1))
    return ensemble(inputs, network, init, 400, 2.0, steps, edits=edits)


def solved_on_xor(
    init: Initializer, inputs: str = "zero-tanh-xor", edits: tuple[Edit, ...] = ()
) -> float:
    """Return the share of those networks that are solved."""
    return share_solved(on_xor(init, inputs=inputs, edits=edits))


def share_solved(results: TrainingResults) -> float:
    """Return the share of networks that are solved."""
    return float((results.solved != NOT_REACHED).mean())


def median_step(results: TrainingResults) -> float:
    """Return the median step at which networks are solved, over all; `NEVER` if most are not."""
    median = quantiles(np.where(results.solved == NOT_REACHED, np.inf, results.solved))[1]
    return float(median) if np.isfinite(median) else float(NOT_REACHED)


def starts(spec: NetworkSpec, scheme: Initializer, count: int, first_seed: int = 0) -> Array:
    """Return the first parameters (size, count) that a scheme draws from successive seeds."""
    layout = ParameterLayout(spec.layers)
    return np.stack(
        [
            layout.flatten(
                scheme.parameters(spec.layers, np.random.Generator(np.random.PCG64(first_seed + i)))
            )
            for i in range(count)
        ],
        axis=1,
    )


@final
@dataclass(frozen=True)
class Stack:
    """Many networks after some steps together.

    Attributes
    ----------
    done : NetworkStack
        The finished pass of the last parameters.
    losses : array (n,)
        The last losses.
    accuracy : array (n,)
        The last share of examples on the right side.
    """

    done: NetworkStack
    losses: Array
    accuracy: Array


def descend(spec: NetworkSpec, data: Data, theta: Array, rate: float | Array, steps: int) -> Stack:
    """Train a stack of networks from parameters theta (size, n), made by hand, to the last step.

    A rate that is an array and broadcasts against (size, n) gives each parameter its own.
    """
    n = theta.shape[1]
    at = NetworkStack(spec, data.X, data.Y, n)
    at.load(theta)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            at.forward()
            at.backward()
            at.theta -= rate * at.gradient
        at.forward()
        at.backward()
        losses = at.losses(at.Z[-1])[:n]
    right = (at.A[-1] > 0.5) == (data.Y[..., None] > 0.5)
    return Stack(at, losses, right.all(axis=0).mean(axis=0)[:n])


def one_pass(spec: NetworkSpec, data: Data, theta: Array) -> NetworkStack:
    """Return the finished pass of parameters theta (size, n)."""
    done = NetworkStack(spec, data.X, data.Y, theta.shape[1])
    done.load(theta)
    with np.errstate(all="ignore"):
        done.forward()
        done.backward()
    return done


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
