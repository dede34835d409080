"""The runs that claims are measured on: built-in experiments, and stacks of many starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.claims.claim import shared
from engine.comparison import Comparison, compare
from engine.datasets import Data
from engine.depth import DepthProfile, depth_profile
from engine.experiment import Experiment, NetworkSpec
from engine.initializers import Initializer, LayerInitializer
from engine.library import built_in
from engine.network import Layout, Pass
from engine.recording import Recording

Array = NDArray[np.float64]


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
    """Return the first index at which losses (n,) lie below a bound; −1 if they never do."""
    below = losses < bound
    return int(below.argmax()) if below.any() else -1


def starts(spec: NetworkSpec, scheme: Initializer, count: int, first_seed: int = 0) -> Array:
    """Return the first parameters (size, count) that a scheme draws from successive seeds."""
    layout = Layout(spec.layers)
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
    done : Pass
        The finished pass of the last parameters.
    losses : array (n,)
        The last losses.
    fell : array (n,) of int
        The first step at which the loss was below the bound asked for; −1 where it never was.
    accuracy : array (n,)
        The last share of examples on the right side.
    """

    done: Pass
    losses: Array
    fell: NDArray[np.intp]
    accuracy: Array

    @property
    def solved(self) -> float:
        """The share of networks whose loss fell below the bound."""
        return float((self.fell >= 0).mean())

    def median_fall(self) -> float:
        """Return the median step of the fall over all networks; −1 if most never fell."""
        never = np.iinfo(np.intp).max
        middle = np.sort(np.where(self.fell < 0, never, self.fell))[(len(self.fell) - 1) // 2]
        return -1.0 if middle == never else float(middle)


def descend(
    spec: NetworkSpec,
    data: Data,
    theta: Array,
    rate: float | Array,
    steps: int,
    bound: float = 0.0,
) -> Stack:
    """Train a stack of networks from parameters theta (size, n) by gradient descent.

    Parameters
    ----------
    rate : float or array
        The learning rate; an array that broadcasts against (size, n) gives each its own.
    bound : float
        Note when losses fall below it, and train on those that have not, if they are the fewer;
        0 to look at the end alone.
    """
    n = theta.shape[1]
    at = Pass(spec, data.X, data.Y, n)
    at.load(theta)
    fell = np.full(n, -1)
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            at.forward()
            if bound > 0.0:
                fell[(fell < 0) & at.losses_below(bound)[:n]] = step
                left = np.flatnonzero(fell < 0)
                if 2 * len(left) < n:
                    if len(left):
                        rates = np.broadcast_to(rate, theta.shape)[:, left]
                        rest = descend(spec, data, at.theta[:, left], rates, steps - step, bound)
                        at.theta[:, left] = rest.done.theta[:, : len(left)]
                        fell[left] = np.where(rest.fell < 0, -1, rest.fell + step)
                        at.forward()
                    break
            if step < steps:
                at.backward()
                at.theta -= rate * at.gradient
        at.backward()
        losses = at.losses(at.Z[-1])[:n]
    right = (at.A[-1] > 0.5) == (data.Y[..., None] > 0.5)
    accuracy = right.all(axis=0).mean(axis=0)[:n]
    return Stack(at, losses, fell, accuracy)


def one_pass(spec: NetworkSpec, data: Data, theta: Array) -> Pass:
    """Return the finished pass of parameters theta (size, n)."""
    done = Pass(spec, data.X, data.Y, theta.shape[1])
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
    a, result = np.empty(1), np.empty(1)
    unit.value(np.array([float(z)]), a)
    unit.slope(a, result)
    return float(result[0])
