"""The saturation scene: the scale of the first weights as the axis, for several activations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation, activation
from engine.experiment import Experiment, NetworkSpec
from engine.network import Layout, Pass
from engine.scenes.scene import Cell, Study
from engine.scenes.specs import SaturationSpec

Array = NDArray[np.float64]

STEPS_A_CHUNK = 5


@final
@dataclass(frozen=True, eq=False)
class Course:
    """What comes of every scale with one activation; each array's last axis is the scale.

    Attributes
    ----------
    name : str
    unit : Activation
        Without its steepness.
    z : array (hidden · examples, frames)
        βz of every hidden unit and example before training: where it lies on the curve.
    saturated : array (frames,)
        The share of hidden activations that are saturated, or inactive; between 0 and 1.
    gradient : array (frames,)
        The mean size of an entry of dW1 before training.
    first_loss, loss : array (frames,)
        The mean loss before training and after the steps.
    difference : array (frames,)
        The greatest difference between β(W, b) and the parameters of the network of steepness 1
        that started from (βW, βb) and learned at the rate ηβ²; NaN without a steepness.
    """

    name: str
    unit: Activation
    z: Array
    saturated: Array
    gradient: Array
    first_loss: Array
    loss: Array
    difference: Array


@final
class SaturationStudy(Study):
    """A 2-n-1 network from the same first weights at every scale, all scales as one stack.

    Attributes
    ----------
    scales : array (frames,)
        What the weights, drawn from N(0, 1), are multiplied by.
    courses : list of Course
        One for each activation, once it is computed.
    """

    kind = "saturation"

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        assert isinstance(experiment.scene, SaturationSpec)
        self.data = experiment.load_data()
        self.scales = 10.0 ** np.linspace(self.spec.low, self.spec.high, self.spec.frames)
        self.per_run_panels = len(self.spec.units)
        self.courses: list[Course] = []

    @property
    def spec(self) -> SaturationSpec:
        """The scene's parameters, as they now are: the marked z may change."""
        assert isinstance(self.experiment.scene, SaturationSpec)
        return self.experiment.scene

    def unit(self, lane: int) -> Activation:
        """Return an activation that is compared, without its steepness."""
        return activation(self.spec.units[lane])

    @property
    def planned_index(self) -> int:
        return self.spec.frames - 1

    @property
    def lanes(self) -> int:
        return len(self.spec.units)

    @property
    def summary(self) -> str:
        beta = "" if self.spec.beta == 1.0 else f"  ·  β = {self.spec.beta:g}"
        return (
            f"{self.experiment.data.set_name}  ·  2-{self.spec.hidden}-1  ·  "
            f"{self.spec.steps} steps, η = {self.spec.learning_rate:g}{beta}"
        )

    def caption(self, index: int) -> str:
        return f"weights × {self.scales[index]:.3g}"

    def compute(self) -> Iterator[None]:
        for name in self.spec.units:
            yield from self._course(name)
        self._last_index = self.spec.frames - 1
        yield

    def _course(self, name: str) -> Iterator[None]:
        spec = self.spec
        layers = (self.data.X.shape[0], spec.hidden, 1)
        steep = NetworkSpec(layers=layers, hidden=name, beta=spec.beta)
        unit = activation(name)
        rng = np.random.Generator(np.random.PCG64(spec.seed))
        layout = Layout(layers)
        base = np.zeros(layout.size)
        for layer in (1, 2):
            weights = layout.weights(base, layer)
            weights[...] = rng.standard_normal(weights.shape)
        first = base[:, None] * self.scales
        done = Pass(steep, self.data.X, self.data.Y, spec.frames)
        done.load(first)
        partner = None
        if unit.scalable:
            partner = Pass(
                NetworkSpec(layers=layers, hidden=name), self.data.X, self.data.Y, spec.frames
            )
            partner.load(first * spec.beta)
        with np.errstate(all="ignore"):
            done.forward()
            done.backward()
            z = done.Z[1] * (spec.beta if unit.scalable else 1.0)
            saturated = unit.saturated(done.A[1]).mean(axis=(0, 1))
            gradient = np.abs(layout.weights(done.gradient, 1)).mean(axis=(0, 1))
            first_loss = done.losses(done.Z[-1])
        for step in range(spec.steps):
            with np.errstate(all="ignore"):
                _step(done, spec.learning_rate)
                if partner is not None:
                    _step(partner, spec.learning_rate * spec.beta**2)
            if step % STEPS_A_CHUNK == 0:
                yield
        with np.errstate(all="ignore"):
            done.forward()
            loss = done.losses(done.Z[-1])
            difference = np.full(spec.frames, np.nan)
            if partner is not None:
                apart = np.abs(spec.beta * done.theta - partner.theta)
                difference = apart[:, : spec.frames].max(axis=0)
        self.courses.append(
            Course(
                name,
                unit,
                np.ascontiguousarray(z.reshape(-1, z.shape[-1])[:, : spec.frames]),
                saturated[: spec.frames],
                gradient[: spec.frames],
                first_loss[: spec.frames],
                loss[: spec.frames],
                difference,
            )
        )

    def table(self, index: int) -> list[dict[str, Cell]]:
        return [
            {
                "frame": index,
                "scale": float(self.scales[index]),
                "unit": course.name,
                "saturated": float(course.saturated[index]),
                "gradient": float(course.gradient[index]),
                "first_loss": float(course.first_loss[index]),
                "loss": float(course.loss[index]),
                "beta_difference": float(course.difference[index]),
            }
            for course in self.courses
        ]

    def findings(self) -> list[str]:
        lines = []
        for course in self.courses:
            best = int(np.nanargmin(course.loss))
            lines.append(
                f"{course.name}: the loss after {self.spec.steps} steps is least, "
                f"{course.loss[best]:.4g}, at weights × {self.scales[best]:.3g}"
            )
            if course.unit.scalable:
                apart = float(np.nanmax(course.difference))
                lines.append(
                    f"{course.name}: β = {self.spec.beta:g} does what (βW, βb) with ηβ² does, "
                    + ("to the last bit" if apart == 0.0 else f"but for rounding, {apart:.2g}")
                )
        return lines


def _step(done: Pass, rate: float) -> None:
    done.forward()
    done.backward()
    done.theta -= rate * done.gradient
