"""The experiment: a frozen value that says everything a recording depends on."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from engine.activations import activation
from engine.datasets import Data, dataset
from engine.errors import UsageError
from engine.initializers import AnyInitializer, Initializer, Normal, Zeros
from engine.losses import loss
from engine.scenes.specs import MAX_RUNS, MAX_SCHEMES, PARTS, AnyScene
from engine.spec import NotNegative, Positive, Real, Seed, Spec

T = TypeVar("T")

MAX_PARAMETERS = 2_500_000
MAX_EXAMPLES = 100_000

Width = Annotated[int, Meta(ge=1, le=1024)]
Steps = Annotated[int, Meta(ge=0, le=10_000_000)]
PanelName = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]


class DataSpec(Spec, frozen=True):
    """Which examples: a registered set by `name`, or `points` given one by one.

    A point is x1 … xn, then one y for each output unit. Without either, the set is xor.
    """

    name: str | None = None
    samples: Annotated[int, Meta(ge=2, le=MAX_EXAMPLES)] = 200
    noise: NotNegative = 0.1
    seed: Seed = 0
    points: Annotated[tuple[tuple[Real, ...], ...], Meta(max_length=MAX_EXAMPLES)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.name is not None and self.points is not None:
            raise UsageError("points: excludes name; give one of them")
        if self.points is not None and not self.points:
            raise UsageError("points: give at least one point")
        if self.points is None:
            if self.name is None:  # said outright, so that equal data are equal specs
                msgspec.structs.force_setattr(self, "name", "xor")
            dataset(self.set_name)

    @property
    def set_name(self) -> str:
        """The registered set, or "points"."""
        return self.name or ("xor" if self.points is None else "points")

    @property
    def is_drawn(self) -> bool:
        """Whether another seed gives other examples."""
        return self.points is None and dataset(self.set_name).drawn

    @property
    def count(self) -> int:
        """How many examples there are."""
        if self.points is not None:
            return len(self.points)
        known = dataset(self.set_name)
        return self.samples if known.drawn else known.make(0, 0.0, 0).examples

    def load(self, inputs: int, outputs: int) -> Data:
        """Return the examples for a network of so many inputs and outputs; raise `UsageError`."""
        if self.points is None:
            data = dataset(self.set_name).make(self.samples, self.noise, self.seed)
            if (inputs, outputs) != (data.X.shape[0], data.Y.shape[0]):
                raise UsageError(
                    f'network.layers: begins with {inputs} and ends with {outputs}, but the set "'
                    f'{self.set_name}" has {data.X.shape[0]} inputs and {data.Y.shape[0]} output'
                )
            return data
        for number, point in enumerate(self.points, start=1):
            if len(point) != inputs + outputs:
                raise UsageError(
                    f"data.points: point {number} has {len(point)} numbers; the network needs "
                    f"{inputs + outputs}: {inputs} inputs, then {outputs} targets"
                )
        table = np.array(self.points, dtype=np.float64).T
        return Data(table[:inputs].copy(), table[inputs:].copy())


class NetworkSpec(Spec, frozen=True):
    """Layer sizes n0 … nL, activations and loss.

    `beta` is the steepness of sigmoid and tanh units, g(beta z), the output unit's included.
    """

    layers: Annotated[tuple[Width, ...], Meta(min_length=2, max_length=64)] = (2, 2, 1)
    hidden: str | tuple[str, ...] = "tanh"
    output: str = "sigmoid"
    loss: str = "cross-entropy"
    beta: Positive = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.hidden, str) and len(self.hidden) != len(self.layers) - 2:
            raise UsageError(f"hidden: give one name, or {len(self.layers) - 2}, one a layer")
        for name in self.hidden_names:
            activation(name)
        allowed = loss(self.loss).outputs
        if self.output not in allowed:
            raise UsageError(
                f'output: {self.loss} needs {" or ".join(allowed)}, not "{self.output}"'
            )
        if self.parameter_count > MAX_PARAMETERS:
            raise UsageError(f"layers: more than {MAX_PARAMETERS:,} parameters; use smaller ones")

    @property
    def hidden_names(self) -> tuple[str, ...]:
        """The activation of every hidden layer."""
        if isinstance(self.hidden, str):
            return (self.hidden,) * (len(self.layers) - 2)
        return self.hidden

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are."""
        return sum(
            n_out * (n_in + 1) for n_in, n_out in zip(self.layers, self.layers[1:], strict=False)
        )


class TrainingSpec(Spec, frozen=True):
    """Gradient descent: the learning rate η and the number of steps.

    Each step looks at all examples, or with a `batch_size` at so many of them: every epoch goes
    through all, in an order drawn anew from `shuffle_seed`, the last batch being what is left.
    """

    learning_rate: Positive = 0.5
    steps: Steps = 400
    batch_size: Annotated[int, Meta(ge=1, le=MAX_EXAMPLES)] | None = None
    shuffle_seed: Seed = 0


class Edit(Spec, frozen=True):
    """One parameter set by hand: it takes effect in the parameters of frame `step`.

    `parameter` is W1, b1, W2, …; `index` is (row, column) of a weight, or (row,) or (row, 0) of
    a bias.
    """

    step: Steps
    parameter: Annotated[str, Meta(pattern="^[Wb][1-9][0-9]?$")]
    index: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1, max_length=2)]
    value: Real


def _with_those_of(spec: T, other: object, names: Sequence[str]) -> T:
    """Return a spec with some fields of another."""
    changes = {name: getattr(other, name) for name in names}
    result: T = msgspec.structs.replace(spec, **changes)  # type: ignore[type-var]
    return result


def _zeros() -> Initializer:
    return Zeros()


class Run(Spec, frozen=True):
    """One start, with the settings in which the run departs from the experiment's."""

    name: str = ""
    init: AnyInitializer = msgspec.field(default_factory=_zeros)
    learning_rate: Positive | None = None
    hidden: str | tuple[str, ...] | None = None
    loss: str | None = None
    edits: tuple[Edit, ...] = ()


def _default_runs() -> tuple[Run, ...]:
    return (Run(name="zero"), Run(name="random", init=Normal(scale=1.0, seed=3)))


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


class Experiment(Spec, frozen=True):
    """Data, network, training and one to four runs; same experiment, same bits.

    An experiment of a `scene` is no training: it uses those of the other parts that the scene
    says, and has the others as by default. The title, the notes and the `panels` say how it is
    shown; no number depends on them.
    """

    title: str = "Untitled experiment"
    notes: str = ""
    panels: Annotated[tuple[PanelName, ...], Meta(max_length=32)] = ()
    data: DataSpec = DataSpec()
    network: NetworkSpec = NetworkSpec()
    training: TrainingSpec = TrainingSpec()
    runs: Annotated[tuple[Run, ...], Meta(min_length=1, max_length=MAX_SCHEMES)] = msgspec.field(
        default_factory=_default_runs, name="run"
    )
    scene: AnyScene | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.runs) > self.most_runs:
            raise UsageError(f"run: {len(self.runs)} runs; at most {self.most_runs} are compared")
        self._check_scene()
        data = self.load_data()
        for number, run in enumerate(self.runs):
            try:
                self._check_run(run)
            except UsageError as error:
                raise UsageError(f"run[{number}].{error}") from None
        if self.scene is not None:
            self.scene.check(self, data)

    def computes_like(self, other: "Experiment") -> bool:
        """Tell whether every number is the same, however the two are shown."""
        shown = ("title", "notes", "panels")
        mine: Experiment = _with_those_of(self, other, shown)
        if mine.scene is not None and type(mine.scene) is type(other.scene):
            scene = _with_those_of(mine.scene, other.scene, mine.scene.shown_only)
            mine = msgspec.structs.replace(mine, scene=scene)
        return mine == other

    def uses(self, part: str) -> bool:
        """Tell whether the numbers depend on the data, the network, the training or the runs."""
        return self.scene is None or part in self.scene.uses

    @property
    def most_runs(self) -> int:
        """How many runs there may be here."""
        return MAX_RUNS if self.scene is None else self.scene.most_runs

    @property
    def run_fields(self) -> tuple[str, ...]:
        """What a run may say here."""
        return Run.__struct_fields__ if self.scene is None else self.scene.run_fields

    def _check_scene(self) -> None:
        """Refuse what would mean nothing."""
        if self.scene is None:
            return
        for field in msgspec.structs.fields(Experiment):
            if field.name not in PARTS or self.uses(field.name):
                continue
            if getattr(self, field.name) != _default(field):
                raise UsageError(
                    f"{field.encode_name}: means nothing to the scene {self.scene.kind}; leave "
                    "it out"
                )
        for number, run in enumerate(self.runs if self.uses("runs") else ()):
            for field in msgspec.structs.fields(Run):
                if field.name in self.run_fields:
                    continue
                if getattr(run, field.name) != _default(field):
                    raise UsageError(
                        f"run[{number}].{field.name}: means nothing to the scene "
                        f"{self.scene.kind}; leave it out"
                    )

    def _check_run(self, run: Run) -> None:
        layers = self.network_for(run).layers
        try:
            # Drawing checks whatever the scheme depends on; given numbers must fit the layers.
            first = run.init.parameters(layers, np.random.Generator(np.random.PCG64(0)))
        except UsageError as error:
            raise UsageError(f"init.{error}") from None
        for number, edit in enumerate(run.edits):
            shape = first[edit.parameter].shape if edit.parameter in first else ()
            if not shape:
                raise UsageError(
                    f"edits[{number}].parameter: there is no {edit.parameter} in a network of "
                    f"{len(layers) - 1} layers of weights"
                )
            if edit.parameter[0] == "W" and len(edit.index) != 2:
                raise UsageError(f"edits[{number}].index: a weight needs two, [row, column]")
            if any(i >= n for i, n in zip(edit.index, shape, strict=False)):
                raise UsageError(
                    f"edits[{number}].index: {list(edit.index)} lies outside the shape "
                    f"{list(shape)} of {edit.parameter}"
                )

    def load_data(self) -> Data:
        """Return the examples, X (n0, m) and Y (nL, m)."""
        return self.data.load(self.network.layers[0], self.network.layers[-1])

    def network_for(self, run: Run) -> NetworkSpec:
        """Return the network with what the run overrides; raise `UsageError` if they clash."""
        changes = {"hidden": run.hidden, "loss": run.loss}
        changes = {name: value for name, value in changes.items() if value is not None}
        if not changes:
            return self.network
        spec: NetworkSpec = msgspec.structs.replace(self.network, **changes)
        return spec

    def learning_rate_for(self, run: Run) -> float:
        """Return the run's own learning rate, or the experiment's."""
        if run.learning_rate is None:
            return self.training.learning_rate
        return run.learning_rate
