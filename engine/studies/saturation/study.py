"""The saturation study: the scale of the first weights as the axis, for several activations."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from math import frexp
from typing import Annotated, ClassVar, final

import numpy as np
from msgspec import Meta
from msgspec.structs import force_setattr

from engine import Array, Positive, Seed, Steepness, counted, error_prefix, require, superscript
from engine.experiment import Experiment, NetworkSpec, SceneSpec
from engine.io.tables import TableValue
from engine.nn import Activation, NetworkStack, ParameterLayout, activation, canonical_hidden
from engine.studies.base.study import Study, register_study
from engine.training import in_chunks


class SaturationSpec(SceneSpec, frozen=True, tag="saturation"):
    """The scale of the first weights as the axis: the saturation and the gradient at each scale."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "units": "The activations of the hidden layer that are compared, one to three",
        "hidden": "The number of hidden units",
        "low": "The smallest scale is 10 to this power",
        "high": "The largest scale is 10 to this power",
        "frames": "The number of scales",
        "steps": "The number of steps trained at every scale",
        "learning_rate": "The learning rate η of these steps",
        "beta": "The steepness β of g(βz), whose law is tested",
        "z": "The point that is marked on the curves; drag it there",
        "seed": "The seed of the weights",
    }
    shown_only = ("z",)

    units: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)] = (
        "sigmoid",
        "tanh",
        "relu",
    )
    hidden: Annotated[int, Meta(ge=1, le=100)] = 8
    low: Annotated[float, Meta(ge=-8.0, le=8.0)] = -3.0
    high: Annotated[float, Meta(ge=-8.0, le=8.0)] = 3.0
    frames: Annotated[int, Meta(ge=2, le=1000)] = 121
    steps: Annotated[int, Meta(ge=1, le=5000)] = 100
    learning_rate: Positive = 0.5
    beta: Steepness = 2.0
    z: Annotated[float, Meta(ge=-50.0, le=50.0)] = 1.0
    seed: Seed = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        force_setattr(self, "units", canonical_hidden(self.units))
        require(self.high > self.low, "high: must be above low")
        for number, name in enumerate(self.units):
            with error_prefix(f"units[{number}]: "):
                activation(name)
        require(len(set(self.units)) == len(self.units), "units: give each activation once")

    def check(self, experiment: Experiment) -> None:
        require(
            np.isin(experiment.load_data().Y, (0.0, 1.0)).all(),
            "data.points: a saturation scene needs targets of 0 or 1",
        )


@final
@dataclass(frozen=True, eq=False)
class UnitResponse:
    """The results of one activation; the last axis of each array is the scale.

    Attributes
    ----------
    name : str
    unit : Activation
        Without its steepness.
    z : array (hidden · examples, frames)
        βz of every hidden unit and example before training: the position on the curve.
    saturated : array (frames,)
        The share of hidden activations that are saturated, or inactive; between 0 and 1.
    gradient : array (frames,)
        The mean size of an entry of dW1 before training.
    first_loss, loss : array (frames,)
        The mean loss before training and after the steps.
    difference, other_difference : array (frames,)
        The greatest difference between β(W, b) and the parameters of the network of steepness 1
        that started from (βW, βb) and trained with the rate ηβ², for the β of the spec and for
        `other_beta`; NaN for activations without a steepness.
    """

    name: str
    unit: Activation
    z: Array
    saturated: Array
    gradient: Array
    first_loss: Array
    loss: Array
    difference: Array
    other_difference: Array


@register_study(SaturationSpec)
@final
class SaturationStudy(Study):
    """A 2-n-1 network with the same first weights at every scale, trained as one stack.

    Attributes
    ----------
    scales : array (frames,)
        The factors of the weights, which are drawn from N(0, 1).
    responses : list of UnitResponse
        One for each activation computed so far.
    """

    spec: SaturationSpec

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.track_count, self.planned_index = len(self.spec.units), self.spec.frames - 1
        self.data = experiment.load_data()
        self.scales = 10.0 ** np.linspace(self.spec.low, self.spec.high, self.spec.frames)
        self.responses: list[UnitResponse] = []

    def unit(self, number: int) -> Activation:
        """Return an activation of the spec, without its steepness."""
        return activation(self.spec.units[number])

    @property
    def other_beta(self) -> float:
        """A second steepness: 3 if β is a power of two, for which the law is exact, else 2."""
        return 3.0 if frexp(self.spec.beta)[0] == 0.5 else 2.0

    @property
    def summary(self) -> str:
        beta = "" if self.spec.beta == 1.0 else f"  ·  β = {self.spec.beta:g}"
        return (
            f"{self.experiment.data.set_name}  ·  2-{self.spec.hidden}-1  ·  "
            f"{counted(self.spec.steps, 'step')}, η = {self.spec.learning_rate:g}{beta}"
        )

    def caption(self, index: int) -> str:
        return f"weights × {_scale_text(float(self.scales[index]))}"

    def compute_frames(self) -> Generator[None, None, None]:
        for name in self.spec.units:
            yield from self._compute_unit(name)
        self.last_index = self.planned_index
        yield

    def _compute_unit(self, name: str) -> Iterator[None]:
        spec = self.spec
        layers = (self.data.X.shape[0], spec.hidden, 1)
        unit = activation(name)
        rng = np.random.Generator(np.random.PCG64(spec.seed))
        layout = ParameterLayout(layers)
        base = np.zeros(layout.size)
        for layer in (1, 2):
            weights = layout.weights(base, layer)
            weights[...] = rng.standard_normal(weights.shape)
        first = base[:, None] * self.scales

        def start(beta: float, scale: float = 1.0) -> NetworkStack:
            network = NetworkSpec(layers=layers, hidden=name, beta=beta)
            started = NetworkStack(network, self.data.X, self.data.Y, spec.frames)
            started.load(first * scale)
            return started

        done = start(spec.beta)
        betas = (spec.beta, self.other_beta) if unit.scalable else ()
        steep = [done if beta == spec.beta else start(beta) for beta in betas]
        partners = [start(1.0, beta) for beta in betas]
        with np.errstate(all="ignore"):
            done.evaluate()
            z = done.Z[1] * (spec.beta if unit.scalable else 1.0)
            saturated = unit.saturated(done.A[1]).mean(axis=(0, 1))
            gradient = np.abs(layout.weights(done.gradient, 1)).mean(axis=(0, 1))
            first_loss = done.losses(done.Z[-1])

        def train(step: int) -> None:
            for one in steep or [done]:
                _step(one, spec.learning_rate)
            for other, beta in zip(partners, betas, strict=True):
                _step(other, spec.learning_rate * beta**2)

        yield from in_chunks(train, spec.steps)
        differences = [np.full(spec.frames, np.nan)] * 2
        with np.errstate(all="ignore"):
            done.forward()
            loss = done.losses(done.Z[-1])
            for at, (one, other, beta) in enumerate(zip(steep, partners, betas, strict=True)):
                difference = np.abs(beta * one.theta - other.theta)
                differences[at] = difference[:, : spec.frames].max(axis=0)
        self.responses.append(
            UnitResponse(
                name,
                unit,
                np.ascontiguousarray(z.reshape(-1, z.shape[-1])[:, : spec.frames]),
                saturated[: spec.frames],
                gradient[: spec.frames],
                first_loss[: spec.frames],
                loss[: spec.frames],
                *differences,
            )
        )

    def table(self, index: int) -> list[dict[str, TableValue]]:
        return [
            {
                "frame": index,
                "scale": float(self.scales[index]),
                "unit": response.name,
                "saturated": float(response.saturated[index]),
                "gradient": float(response.gradient[index]),
                "first_loss": float(response.first_loss[index]),
                "loss": float(response.loss[index]),
                "beta_difference": float(response.difference[index]),
            }
            for response in self.responses
        ]

    def findings(self) -> list[str]:
        lines = []
        for response in self.responses:
            best = int(np.nanargmin(response.loss))
            lines.append(
                f"{response.name}: the loss after {counted(self.spec.steps, 'step')} is least, "
                f"{response.loss[best]:.4g}, at weights × {_scale_text(float(self.scales[best]))}"
            )
            if not response.unit.scalable:
                continue
            for beta, difference in (
                (self.spec.beta, float(np.nanmax(response.difference))),
                (self.other_beta, float(np.nanmax(response.other_difference))),
            ):
                exactness = f"but for rounding errors, which grow to {difference:.2g}"
                lines.append(
                    f"{response.name}: β = {beta:g} trains like (βW, βb) with the rate ηβ², "
                    + ("to the last bit" if difference == 0.0 else exactness)
                )
        return lines


def _scale_text(scale: float) -> str:
    """Return a scale with three digits as text; very large and small ones as powers of ten.

    >>> _scale_text(1000.0), _scale_text(0.03981), _scale_text(4e7)
    ('1000', '0.0398', '4·10⁷')
    """
    rounded = float(f"{scale:.3g}")
    if 1e-4 <= rounded < 1e5:
        return f"{rounded:.10g}"
    mantissa, exponent = f"{scale:.2e}".split("e")
    return f"{float(mantissa):g}·10{superscript(int(exponent))}"


def _step(done: NetworkStack, rate: float) -> None:
    done.evaluate()
    done.theta -= rate * done.gradient
