"""The depth study: activations and gradients in every layer of a deep network."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from msgspec import Meta
from msgspec.structs import force_setattr
from numpy.typing import NDArray

from engine import Array, Positive, Seed, counted, error_prefix
from engine.experiment import Experiment, SceneSpec
from engine.io.tables import TableValue
from engine.nn import ACTIVATIONS, NetworkStack, activation
from engine.studies.base.study import Study, register_study
from engine.studies.depth.signal_propagation import deep_network, root_mean_square
from engine.training import Event, EventKind, first_parameters, ordered


class DepthSpec(SceneSpec, frozen=True, tag="depth"):
    """One pass, or a training, of a deep network of equal layers; one initializer a run."""

    uses = ("runs",)
    draws_layers = "draws layers of its own sizes"
    about: ClassVar[Mapping[str, str]] = {
        "depth": "The number of layers of weights",
        "width": "The number of inputs, of units in every layer, and of outputs",
        "unit": "The activation of every layer but the last, which is linear",
        "examples": "The number of examples: standard normal inputs and targets",
        "axis": 'The meaning of a frame: a "layer" of the first pass, or a "step" of training',
        "steps": "The number of steps, if a frame is a step",
        "learning_rate": "The learning rate η of these steps",
        "seed": "The seed of inputs and targets; each run has a seed for its weights",
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"unit": tuple(ACTIVATIONS)}

    depth: Annotated[int, Meta(ge=2, le=50)] = 20
    width: Annotated[int, Meta(ge=2, le=200)] = 50
    unit: str = "tanh"
    examples: Annotated[int, Meta(ge=2, le=200)] = 32
    axis: Literal["layer", "step"] = "layer"
    steps: Annotated[int, Meta(ge=1, le=1000)] = 50
    learning_rate: Positive = 0.003
    seed: Seed = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        force_setattr(self, "unit", ACTIVATIONS.canonical(self.unit))
        with error_prefix("unit: "):
            activation(self.unit)


BINS = 41
LARGEST_FLOAT32 = float(np.finfo(np.float32).max)
FARTHEST_DECADES = (-30.0, 12.0)
"""The limits of the axes of sizes, so that a run that explodes does not flatten the others."""
SHOWN_UNITS = 9
"""The number of units of a layer that are stored for the picture of the network."""


@final
@dataclass(frozen=True)
class Profile:
    """A pass, layer by layer from layer 1; values too large for floats are NaN.

    Attributes
    ----------
    activation, gradient : array (L,)
        The root mean square of A and of dZ.
    activations, gradients : array (L, BINS) of int
        The counts in each bin: of the values of bounded activations between their asymptotes,
        else of the sizes in decades.
    zeros, gradient_zeros : array (L,)
        The share of activations, and of dZ, that are exactly zero.
    units : array (L + 1, SHOWN_UNITS)
        The first units' activations for the first example, the input first.
    loss : float
    """

    activation: Array
    gradient: Array
    activations: NDArray[np.int64]
    gradients: NDArray[np.int64]
    zeros: Array
    gradient_zeros: Array
    units: Array
    loss: float

    @property
    def gradient_ratio(self) -> float:
        """The size of dZ at layer 1 divided by that at the last layer."""
        return _ratio(self.gradient[0], self.gradient[-1])

    @property
    def activation_ratio(self) -> float:
        """The size of A at the last hidden layer divided by that at layer 1."""
        return _ratio(self.activation[-2], self.activation[0])


@register_study(DepthSpec)
@final
class DepthStudy(Study):
    """A deep network with several initializers: one pass by layer, or a training by step.

    Attributes
    ----------
    by_layer : bool
        Whether a frame is a layer of one pass, and not a step of training.
    profiles : list of list of Profile
        By run and step; one step where a frame is a layer.
    edges : array (BINS + 1,)
        Of the bins of activations, in values or in decades.
    decades : array (BINS + 1,)
        Of the bins of gradients, in decades. Both cover the values of the first pass, within
        `FARTHEST_DECADES`; the outer bins count the values beyond.
    """

    spec: DepthSpec

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.network, self.unit = deep_network(self.spec.unit, self.spec.depth, self.spec.width)
        self.is_bounded = len(self.unit.asymptotes) == 2
        self.decades = np.linspace(-1.0, 1.0, BINS + 1)
        self.edges = self.decades
        self.profiles: list[list[Profile]] = [[] for _ in experiment.runs]
        self.track_count = len(experiment.runs)
        self.by_layer = self.spec.axis == "layer"
        self.planned_index = self.spec.depth - 1 if self.by_layer else self.spec.steps

    @property
    def summary(self) -> str:
        rate = "" if self.by_layer else f"  ·  η = {self.spec.learning_rate:g}"
        return f"{self.spec.depth} layers of {self.spec.width} {self.spec.unit} units{rate}"

    def caption(self, index: int) -> str:
        if self.by_layer:
            return f"layer {index + 1} of {self.spec.depth}"
        return f"step {index:,} / {self.spec.steps:,}"

    def profile(self, run: int, index: int) -> Profile:
        """Return the pass of a run at a frame; of a diverged run the last one."""
        profiles = self.profiles[run]
        return profiles[0 if self.by_layer else min(index, len(profiles) - 1)]

    def layer(self, index: int) -> int | None:
        """Return the layer that a frame shows, from 0; None if it shows all layers."""
        return index if self.by_layer else None

    def compute_frames(self) -> Generator[None, None, None]:
        rng = np.random.Generator(np.random.PCG64(self.spec.seed))
        X, Y = rng.standard_normal((2, self.spec.width, self.spec.examples))
        passes = []
        for run in self.experiment.runs:
            done = NetworkStack(self.network, X, Y, 1)
            done.load(first_parameters(self.network.layers, run)[:, None])
            passes.append(done)
            yield
        for step in range(1 if self.by_layer else self.spec.steps + 1):
            for number, done in enumerate(passes):
                if len(self.profiles[number]) == step:  # not diverged
                    with np.errstate(all="ignore"):
                        done.evaluate()
                yield
            if step == 0:
                self._fit_edges(passes)
            for number, done in enumerate(passes):
                if len(self.profiles[number]) == step:
                    with np.errstate(all="ignore"):
                        self._advance(number, step, done)
                yield
            self.events = ordered(self.events)
            self.last_index = self.planned_index if self.by_layer else step
            yield

    def _advance(self, run: int, step: int, done: NetworkStack) -> None:
        """Store the profile of a pass, and take a step of training."""
        profile = self._profile(done)
        is_broken = not (np.isfinite(profile.activation).all() and isfinite(profile.loss))
        if step == 0:
            self._find_overflow(run, profile)
        elif is_broken:
            text = f"diverged at step {step}: numbers too large for floats"
            self.events += (Event(step - 1, run, EventKind.DIVERGED, text),)
            return
        self.profiles[run].append(profile)
        if not is_broken:
            done.theta -= self.spec.learning_rate * done.gradient

    def _fit_edges(self, passes: list[NetworkStack]) -> None:
        """Make the bins cover the typical sizes in every layer of all runs."""
        arrays = [array for done in passes for array in (*done.A[1:], *done.dZ[1:])]
        sizes = np.array([root_mean_square(array) for array in arrays])
        known = np.log10(sizes[np.isfinite(sizes) & (sizes > 0.0)])
        if known.size:
            known = np.clip(known, *FARTHEST_DECADES)
            low, high = floor(float(known.min())) - 2, ceil(float(known.max())) + 1
            self.decades = np.linspace(low, high, BINS + 1)
        ends = self.unit.asymptotes
        self.edges = np.linspace(ends[0], ends[1], BINS + 1) if self.is_bounded else self.decades

    def _find_overflow(self, run: int, profile: Profile) -> None:
        for limit, bits in ((LARGEST_FLOAT32, 32), (np.inf, 64)):
            too_large = ~(profile.activation < limit)
            if too_large.any():
                layer = int(too_large.argmax())
                text = f"from layer {layer + 1} on, a is too large for floats of {bits} bits"
                self._add_overflow(run, layer, text)
        too_large = ~(profile.gradient < np.inf)
        if too_large.any():
            layer = int(np.flatnonzero(too_large)[-1])  # gradients flow from the last layer
            text = f"from layer {layer + 1} back, dZ is too large for floats of 64 bits"
            self._add_overflow(run, layer, text)

    def _add_overflow(self, run: int, layer: int, text: str) -> None:
        self.events += (Event(layer if self.by_layer else 0, run, EventKind.DIVERGED, text),)

    def _profile(self, done: NetworkStack) -> Profile:
        inputs, *A = (array[..., 0] for array in done.A)
        dZ = [array[..., 0] for array in done.dZ[1:]]
        values = A if self.is_bounded else [np.log10(np.abs(array)) for array in A]
        shown = min(SHOWN_UNITS, self.spec.width)
        return Profile(
            np.array([root_mean_square(array) for array in A]),
            np.array([root_mean_square(array) for array in dZ]),
            np.array([_counts(array, self.edges) for array in values]),
            np.array([_counts(np.log10(np.abs(array)), self.decades) for array in dZ]),
            np.array([float(np.mean(array == 0.0)) for array in A]),
            np.array([float(np.mean(array == 0.0)) for array in dZ]),
            np.array([array[:shown, 0] for array in (inputs, *A)]),
            float(done.losses(done.Z[-1])[0]),
        )

    def table(self, index: int) -> list[dict[str, TableValue]]:
        rows: list[dict[str, TableValue]] = []
        for run, spec in enumerate(self.experiment.runs):
            profile = self.profile(run, index)
            layers = [index] if self.by_layer else range(self.spec.depth)
            rows += [
                {
                    "frame": index,
                    "run": run,
                    "name": spec.name,
                    "layer": layer + 1,
                    "activation_rms": float(profile.activation[layer]),
                    "gradient_rms": float(profile.gradient[layer]),
                    "zeros": float(profile.zeros[layer]),
                    "loss": profile.loss,
                }
                for layer in layers
            ]
        return rows

    def findings(self) -> list[str]:
        lines = []
        for run, spec in enumerate(self.experiment.runs):
            first = self.profiles[run][0]
            name = spec.name or spec.init.scheme
            lines.append(
                f"{name}: size of a, layer {self.spec.depth - 1} ÷ layer 1: "
                f"{_times(first.activation_ratio, first.activation[0])}; "
                f"size of dZ, layer 1 ÷ layer {self.spec.depth}: "
                f"{_times(first.gradient_ratio, first.gradient[-1])}"
            )
            if not self.by_layer:
                last = self.profiles[run][-1]
                lines.append(
                    f"{name}: loss {first.loss:.4g} at first, {last.loss:.4g} after "
                    f"{counted(len(self.profiles[run]) - 1, 'step')}"
                )
        return [*lines, *(f"{self.experiment.runs[e.run].name}: {e.text}" for e in self.events)]


def _counts(values: Array, edges: Array) -> NDArray[np.int64]:
    """Count the finite values and −∞; the outer bins count the values beyond."""
    return np.histogram(np.clip(values[~np.isnan(values)], edges[0], edges[-1]), edges)[0]


def _ratio(one: float, other: float) -> float:
    return float(one / other) if other else float("nan")


def _times(ratio: float, start: float) -> str:
    if start == 0.0:
        return "undefined, as it begins with 0"
    return f"{ratio:.3g}" if isfinite(ratio) else "too large for floats"
