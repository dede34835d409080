"""The logistic study: regression without a hidden layer, from several starts, with either loss."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, final

import numpy as np
from msgspec import Meta

from engine import Array, Real, counted, require
from engine.experiment import Experiment, NetworkSpec, SceneSpec
from engine.io.tables import TableValue
from engine.nn import NetworkStack, ParameterLayout, is_separable
from engine.studies.base.study import Study, register_study
from engine.studies.logistic.optima import least_squares, newton, on_a_line
from engine.training import Event, EventKind, in_chunks, ordered


class LogisticSpec(SceneSpec, frozen=True, tag="logistic"):
    """Logistic regression from several starts, with either loss."""

    uses = ("data", "training")
    about: ClassVar[Mapping[str, str]] = {
        "starts": "The starts of training, two to five: the bias, then a weight for each input",
    }

    starts: Annotated[
        tuple[Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)], ...],
        Meta(min_length=2, max_length=5),
    ] = (
        (0.0, 0.0, 0.0),
        (0.0, 2.0, -2.0),
        (1.0, -2.0, 1.0),
        (-1.0, 3.0, 3.0),
        (0.0, -10.0, -10.0),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(set(self.starts)) == len(self.starts), "starts: give each start once")

    def check(self, experiment: Experiment) -> None:
        data = experiment.load_data()
        require(data.X.shape[0] == 2, "data: a logistic scene needs two inputs")
        require(
            np.isin(data.Y, (0.0, 1.0)).all(),
            "data.points: logistic regression needs targets of 0 or 1",
        )
        require(
            experiment.training.batch_size is None,
            "training.batch_size: this scene looks at all examples in every step; leave it out",
        )


LOSSES = ("cross-entropy", "mean-squared-error")
LOSS_NAMES = ("cross-entropy", "squared error")
LAYERS = (2, 1)
NEAR = 0.01
"""A start has arrived if no weight differs by more than this share from the optimum."""


@final
@dataclass(frozen=True, eq=False)
class LogisticFrame:
    """The regressions after some number of steps; arrays are indexed by loss, then by start.

    Attributes
    ----------
    index : int
    parameters : array (2, starts, 3)
        Bias, w1, w2.
    losses : array (2, starts)
    right : array (2, starts)
        The share of examples on their side of one half.
    """

    index: int
    parameters: Array
    losses: Array
    right: Array


@register_study(LogisticSpec)
@final
class LogisticStudy(Study):
    """All starts as one stack of 2-1 networks, trained once with either loss.

    Attributes
    ----------
    starts : int
    optima : tuple of Optimum or None
        Of each loss: of cross-entropy by Newton's method, of the squared error downhill from
        there.
    parameters : array (2, frames, starts, 3)
    losses, right : array (2, frames, starts)
        Frames after `last_index` are not computed yet.
    arrived : array (2, starts) of int
        The first frame near the optimum of its loss; −1 while there is none.
    """

    spec: LogisticSpec
    track_count = len(LOSSES)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.data = experiment.load_data()
        self.starts = len(self.spec.starts)
        X, Y = self.data.X, self.data.Y
        optimum = newton(X, Y)
        self.optima = optimum, optimum and least_squares(X, Y, optimum.parameters)
        shape = (2, experiment.training.steps + 1, self.starts)
        self.parameters = np.full((*shape, 3), np.nan)
        self.losses, self.right = np.full((2, *shape), np.nan)
        self.arrived = np.full((2, self.starts), -1)

    @property
    def summary(self) -> str:
        data = self.experiment.data
        rate = self.experiment.training.learning_rate
        return (
            f"{data.set_name}  ·  {counted(self.data.examples, 'example')}  ·  2-1  ·  η = {rate:g}"
        )

    def compute_frames(self) -> Generator[None, None, None]:
        layout = ParameterLayout(LAYERS)
        first = np.empty((layout.size, self.starts))
        for start, (bias, *weights) in enumerate(self.spec.starts):
            layout.weights(first[:, start], 1)[0] = weights
            layout.biases(first[:, start], 1)[0] = bias
        passes = []
        for loss in LOSSES:
            done = NetworkStack(
                NetworkSpec(layers=LAYERS, loss=loss), self.data.X, self.data.Y, self.starts
            )
            done.load(first)
            passes.append(done)
        rate = self.experiment.training.learning_rate

        def train(frame: int) -> None:
            for number, done in enumerate(passes):
                done.evaluate()
                self._record(number, frame, done, layout)
                done.theta -= rate * done.gradient
            self.last_index = frame

        for _ in in_chunks(train, self.planned_index + 1):
            self.events = ordered(self._events())
            yield

    def _record(self, number: int, frame: int, done: NetworkStack, layout: ParameterLayout) -> None:
        starts = slice(self.starts)
        self.parameters[number, frame, :, 0] = layout.biases(done.theta, 1)[0, 0, starts]
        self.parameters[number, frame, :, 1:] = layout.weights(done.theta, 1)[0, :, starts].T
        self.losses[number, frame] = done.losses(done.Z[-1])[starts]
        right = (done.A[-1][0, :, starts] > 0.5) == (self.data.Y[0, :, None] > 0.5)
        self.right[number, frame] = right.mean(axis=0)
        optimum = self.optima[number]
        if optimum is not None:
            distance = np.abs(self.parameters[number, frame] - optimum.parameters).max(axis=1)
            reach = NEAR * float(np.abs(optimum.parameters).max())
            self.arrived[number][(distance <= reach) & (self.arrived[number] < 0)] = frame

    def _events(self) -> Iterator[Event]:
        for loss in range(self.track_count):
            for start, frame in enumerate(self.arrived[loss].tolist()):
                if frame >= 0:
                    text = f"start {start + 1} has come within 1 % of the optimum"
                    yield Event(frame, loss, EventKind.SOLVED, text)

    def frame(self, index: int) -> LogisticFrame:
        """Return the regressions after `index` steps, 0 … last_index."""
        return LogisticFrame(
            index, self.parameters[:, index], self.losses[:, index], self.right[:, index]
        )

    def distances(self, number: int) -> Array:
        """Return the distance of (b, w1, w2) from a loss's optimum, (frames so far, starts)."""
        so_far = self.parameters[number, : self.last_index + 1]
        optimum = self.optima[number]
        if optimum is None:
            return np.full(so_far.shape[:2], np.nan)
        return np.asarray(np.sqrt(np.square(so_far - optimum.parameters).sum(axis=-1)))

    def table(self, index: int) -> list[dict[str, TableValue]]:
        frame = self.frame(index)
        return [
            {
                "frame": index,
                "loss_function": name,
                "start": start,
                "b": b,
                "w1": w1,
                "w2": w2,
                "loss": float(frame.losses[number, start]),
                "right": float(frame.right[number, start]),
            }
            for number, name in enumerate(LOSSES)
            for start, (b, w1, w2) in enumerate(frame.parameters[number].tolist())
        ]

    def reason_without_optimum(self, number: int) -> str:
        """Return the reason why a loss has no optimum; empty if it has one."""
        if self.optima[number] is not None:
            return ""
        if self.optima[0] is not None:
            return "no minimum near cross-entropy's"
        labels = [1 if y > 0.5 else -1 for y in self.data.Y[0].tolist()]
        if len(set(labels)) == 1:
            return "one class only: weights grow without limit"
        if on_a_line(self.data.X) and not is_separable(self.data.X, labels):
            return "inputs on a line: many optima"
        return "linearly separable: w grows without limit"

    def findings(self) -> list[str]:
        lines = []
        for number, (name, optimum) in enumerate(zip(LOSS_NAMES, self.optima, strict=True)):
            if optimum is None:
                lines.append(f"{name}: {self.reason_without_optimum(number)}")
                continue
            b, w1, w2 = optimum.parameters.tolist()
            lines.append(
                f"optimum of {name}: b = {b:.6g}, w = ({w1:.6g}, {w2:.6g}), loss {optimum.loss:.6g}"
            )
        last = self.last_index
        for number, name in enumerate(LOSS_NAMES):
            for start in range(self.starts):
                arrived = int(self.arrived[number, start])
                when = f"within 1 % of the optimum from step {arrived}"
                if arrived < 0:
                    when = (
                        "not within 1 % of the optimum"
                        if self.optima[number]
                        else "no optimum to reach"
                    )
                lines.append(
                    f"{name}, start {start + 1}: loss {self.losses[number, last, start]:.4g}, "
                    f"{100 * self.right[number, last, start]:.0f} % right; {when}"
                )
        return lines
