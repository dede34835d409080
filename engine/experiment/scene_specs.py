"""What a file says of a scene: every kind is one frozen class, whose fields are its parameters.

Add a kind by adding a class with a `tag` here and what computes its frames in `opening.py`: the
file format, the form and the contract tests read its fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from msgspec import Meta

from engine.errors import UsageError
from engine.experiment.scene_spec import MAX_RUNS, MAX_SCHEMES, PARTS, SceneSpec
from engine.experiment.specs import ExperimentLike, Index, ParameterName, Run, Steps, check_place
from engine.experiment.sweep import check_values, field_named, values_of
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.datasets import Data
from engine.nn.initializers import LayerInitializer
from engine.spec import Positive, Real, Seed, Steepness

MOST_NETWORKS = 10_000_000
MOST_VALUES = 200

MOST_NUDGED_STEPS = 100_000
MOST_NUDGED_NUMBERS = 1_000_000
"""Parameters and activations of a network that is trained a dozen times and more as one stack."""
MOST_SAMPLES = 500
"""What an epoch of exact arithmetic is fast for."""


class PerceptronSpec(SceneSpec, frozen=True, tag="perceptron"):
    """Rosenblatt's rule, sample by sample, for several learning rates side by side."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "rates": "The learning rates η, one to four of them",
        "start": "The other start: the bias, then a weight for each input",
        "tie": "What is predicted for z = 0, which lies on the line: 1 or −1",
        "epochs": "The most rounds through all samples; a round without an error ends it before",
    }

    rates: Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=4)] = (0.1, 0.5, 1.0)
    start: Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)] = (-0.5, 0.5, -0.25)
    tie: Literal[1, -1] = 1
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.rates)) < len(self.rates):
            raise UsageError("rates: give each learning rate once")
        if not any(self.start):
            raise UsageError("start: all zero, as the first start is; give another one")

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        if data.X.shape[0] != 2:
            raise UsageError("data: a perceptron scene needs two inputs")
        if not np.isin(data.Y, (0.0, 1.0)).all():
            raise UsageError("data.points: a perceptron needs targets of 0 or 1")
        if data.examples > MOST_SAMPLES:
            raise UsageError(
                f"data.samples: a perceptron scene shows at most {MOST_SAMPLES} samples, one by one"
            )


class VarianceSpec(SceneSpec, frozen=True, tag="variance"):
    """Sums of n products of a weight and an input, for n = 1, 2, …; one scheme of weights a run."""

    uses = ("runs",)
    about: ClassVar[Mapping[str, str]] = {
        "largest": "The most inputs n that a unit has",
        "sums": "How many sums are drawn for each n",
        "mean": "The mean of the inputs; 0 where they are standardised",
        "deviation": "The standard deviation of the inputs; 1 where they are standardised",
        "seed": "Of the inputs; that of the weights stands with each run",
    }

    largest: Annotated[int, Meta(ge=1, le=2000)] = 1000
    sums: Annotated[int, Meta(ge=100, le=20_000)] = 2000
    mean: Real = 0.0
    deviation: Positive = 1.0
    seed: Seed = 0

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        _need_layers(experiment, "draws the weights of single units")


class DepthSpec(SceneSpec, frozen=True, tag="depth"):
    """One pass, or a training, of a deep network of equal layers; one scheme of weights a run."""

    uses = ("runs",)
    about: ClassVar[Mapping[str, str]] = {
        "depth": "How many layers of weights",
        "width": "How many inputs, units in every layer, and outputs",
        "unit": "The activation of every layer but the last, which is linear",
        "examples": "How many standard normal inputs, and targets",
        "axis": 'What a frame is: a "layer" of the first pass, or a "step" of training',
        "steps": "How many steps are trained, where a frame is one",
        "learning_rate": "The learning rate η of these steps",
        "seed": "Of inputs and targets; that of the weights stands with each run",
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
        try:
            activation(self.unit)
        except UsageError as error:
            raise UsageError(f"unit: {error}") from None

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        _need_layers(experiment, "draws layers of its own sizes")


class SaturationSpec(SceneSpec, frozen=True, tag="saturation"):
    """The scale of the first weights as the axis: where z lies, and what is left to learn with."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "units": "The activations of the hidden layer that are compared, one to three",
        "hidden": "How many hidden units",
        "low": "The smallest scale is 10 to this power",
        "high": "The largest scale is 10 to this power",
        "frames": "How many scales there are between them",
        "steps": "How many steps are trained from every scale",
        "learning_rate": "The learning rate η of these steps",
        "beta": "The steepness β of g(βz), whose law is tested",
        "z": "The point that is marked on the curves; drag it there",
        "seed": "Of the weights",
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
        if self.high <= self.low:
            raise UsageError("high: must be above low")
        for number, name in enumerate(self.units):
            try:
                activation(name)
            except UsageError as error:
                raise UsageError(f"units[{number}]: {error}") from None
        if len(set(self.units)) < len(self.units):
            raise UsageError("units: give each activation once")

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        if not np.isin(data.Y, (0.0, 1.0)).all():
            raise UsageError("data.points: a saturation scene needs targets of 0 or 1")


class LogisticSpec(SceneSpec, frozen=True, tag="logistic"):
    """Logistic regression from several starts, with either loss."""

    uses = ("data", "training")
    about: ClassVar[Mapping[str, str]] = {
        "starts": "Where training begins, two to five times: the bias, then a weight each input",
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
        if len(set(self.starts)) < len(self.starts):
            raise UsageError("starts: give each start once")

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        if data.X.shape[0] != 2:
            raise UsageError("data: a logistic scene needs two inputs")
        if not np.isin(data.Y, (0.0, 1.0)).all():
            raise UsageError("data.points: logistic regression needs targets of 0 or 1")
        if experiment.training.batch_size is not None:
            raise UsageError(
                "training.batch_size: this scene looks at all examples in every step; leave it out"
            )


class SeedsSpec(SceneSpec, frozen=True, kw_only=True):
    """The base of scenes that train every run from many seeds."""

    uses = PARTS
    run_fields = ("name", "init", "learning_rate", "hidden", "loss", "edits", "changes")
    most_runs = MAX_SCHEMES
    trains_in_batches = True
    about: ClassVar[Mapping[str, str]] = {
        "seeds": "How many networks of each run: seed 0, 1, 2, …",
        "draw": 'What a seed draws: the "weights", or "weights-and-data"',
        "solved": 'When a network counts as solved: by its "loss", or by its "accuracy", once all '
        "examples are right",
        "below": "The loss below which a network counts as solved",
    }

    seeds: Annotated[int, Meta(ge=1, le=MOST_NETWORKS)] = 1000
    draw: Literal["weights", "weights-and-data"] = "weights"
    solved: Literal["loss", "accuracy"] = "loss"
    below: Positive = 0.1

    @property
    def values(self) -> tuple[float, ...]:
        """The values over which a field is swept; none where there is no sweep."""
        return ()

    @property
    def swept(self) -> str:
        """The field that is swept; empty where there is no sweep."""
        return ""

    @property
    def draws_data(self) -> bool:
        """Whether every seed has data of its own."""
        return self.draw == "weights-and-data"

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        networks = self.seeds * len(experiment.runs) * max(1, len(self.values))
        if networks > MOST_NETWORKS:
            raise UsageError(
                f"seeds: {networks:,} networks in all are too many; at most {MOST_NETWORKS:,}"
            )
        if self.draws_data and not experiment.data.depends_on_seed:
            raise UsageError(
                f'draw: the data "{experiment.data.set_name}" is the same for every seed; draw '
                '"weights", or choose data that are drawn'
            )
        if self.solved == "accuracy" and not np.isin(data.Y, (0.0, 1.0)).all():
            raise UsageError('solved: "accuracy" needs targets of 0 or 1; use "loss"')


class EnsembleSpec(SeedsSpec, frozen=True, tag="ensemble"):
    """Every run from many seeds: how many networks are solved, by which step, and how surely."""


class SweepSpec(SeedsSpec, frozen=True, tag="sweep"):
    """Every run from many seeds, for each of several values of one field."""

    about: ClassVar[Mapping[str, str]] = {
        **SeedsSpec.about,
        "field": "What varies, such as init.scale, training.learning_rate or network.width",
        "start": "The first value",
        "stop": "The last value",
        "count": "How many values there are",
        "logarithmic": "Whether values grow by equal factors, as on a logarithmic axis",
    }

    seeds: Annotated[int, Meta(ge=1, le=MOST_NETWORKS)] = 200
    field: Annotated[str, Meta(min_length=1, max_length=60)] = "training.learning_rate"
    start: Real = 0.01
    stop: Real = 100.0
    count: Annotated[int, Meta(ge=1, le=MOST_VALUES)] = 25
    logarithmic: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.logarithmic and min(self.start, self.stop) <= 0.0:
            raise UsageError("start: a logarithmic range lies above 0")
        if self.count > 1 and self.stop <= self.start:
            raise UsageError("stop: must be above start")

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(values_of(self.start, self.stop, self.count, self.logarithmic))

    @property
    def swept(self) -> str:
        return self.field

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        super().check(experiment, data)
        check_values(experiment, field_named(experiment, self.field), self.values)


class BreakingSpec(SceneSpec, frozen=True, tag="breaking"):
    """One weight of a symmetric run nudged by ever smaller ε: when its units visibly differ."""

    uses = PARTS
    run_fields = Run.__struct_fields__
    trains_in_batches = True
    about: ClassVar[Mapping[str, str]] = {
        "run": "Which run is nudged",
        "step": "At which frame",
        "parameter": "Which array the nudged number stands in: W1, b1, W2, …",
        "index": "Where it stands there: row and column, from 0; of a bias its row",
        "visible": "The gap above which units are seen to differ",
    }

    run: Annotated[int, Meta(ge=0, lt=MAX_RUNS)] = 0
    step: Steps = 0
    parameter: ParameterName = "W1"
    index: Index = (0, 0)
    visible: Positive = 0.1

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        layers = experiment.network.layers
        if self.run >= len(experiment.runs):
            raise UsageError(f"scene.run: there is no run {self.run}; the first one is 0")
        if self.step >= experiment.training.steps:
            raise UsageError(
                f"scene.step: nothing is trained from frame {self.step:,} on; give one before "
                f"{experiment.training.steps:,}"
            )
        if max(layers[1:-1], default=1) < 2:
            raise UsageError("network.layers: this scene needs a hidden layer of two units or more")
        if experiment.training.steps > MOST_NUDGED_STEPS:
            raise UsageError(f"training.steps: at most {MOST_NUDGED_STEPS:,} in this scene")
        if experiment.network.parameter_count + data.examples * sum(layers) > MOST_NUDGED_NUMBERS:
            raise UsageError(
                "network.layers: too large to be trained with every nudge at once; use fewer "
                "units or examples"
            )
        try:
            check_place(layers, self.parameter, self.index)
        except UsageError as error:
            raise UsageError(f"scene.{error}") from None


def _need_layers(experiment: ExperimentLike, why: str) -> None:
    """Refuse schemes whose numbers are for one network."""
    for number, run in enumerate(experiment.runs):
        if not isinstance(run.init, LayerInitializer):
            raise UsageError(
                f"run[{number}].init: this scene {why}, which {run.init.scheme} does not have; "
                "choose a scheme such as normal or he-normal"
            )


def _kinds(base: type[SceneSpec]) -> Iterator[type[SceneSpec]]:
    """Yield the classes without subclasses: those that a file can name."""
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from _kinds(kind)
        else:
            yield kind


SCENES: dict[str, type[SceneSpec]] = {
    str(kind.__struct_config__.tag): kind for kind in _kinds(SceneSpec)
}
"""Every kind of scene but training, by its name in the experiment file."""

if TYPE_CHECKING:
    AnyScene = SceneSpec
else:
    AnyScene = reduce(or_, SCENES.values())
