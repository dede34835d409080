"""The experiment: a frozen value that says everything a recording depends on."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from engine.errors import UsageError
from engine.experiment.quantity import parse_quantity
from engine.experiment.specs import (
    MAX_ACTIVATIONS,
    Change,
    DataSpec,
    Edit,
    Run,
    TrainingSpec,
    check_place,
)
from engine.nn.datasets import Data
from engine.nn.initializers import Normal
from engine.nn.network_spec import NetworkSpec
from engine.spec import Spec

__all__ = ["Change", "DataSpec", "Edit", "Experiment", "NetworkSpec", "Run", "TrainingSpec"]

SHOWN_ONLY = ("title", "notes", "panels", "example", "explained")
"""The fields on which no number depends."""

TRAINING = "training"
"""The kind of an experiment without a scene."""

PARTS = ("data", "network", "training", "runs")
"""The parts of an experiment that a scene may use besides its own parameters."""

MAX_RUNS = 4
"""How many runs are shown in full beside one another."""
MAX_SCHEMES = 6
"""How many are compared by what becomes of thousands of networks."""

PanelName = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]


def _default_runs() -> tuple[Run, ...]:
    return (Run(name="zero"), Run(name="random", init=Normal(scale=1.0, seed=3)))


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


class _AnyScene:
    """The type of the field `scene`, of which `SceneSpec` is a subclass.

    A union of structs must list its members, but the kinds of scenes are registered later. Of any
    other class, msgspec accepts all instances.
    """

    __slots__ = ()


class SceneSpec(Spec, _AnyScene, frozen=True, tag_field="kind", kw_only=True):
    """The parameters of one kind of scene."""

    uses: ClassVar[tuple[str, ...]] = ()
    """Which of `PARTS` the scene depends on; the others must be left out."""
    run_fields: ClassVar[tuple[str, ...]] = ("name", "init")
    """What a run may say, where the scene uses runs."""
    about: ClassVar[Mapping[str, str]] = {}
    """What each parameter means, in a sentence."""
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}
    """The values of a parameter that is one of a few names."""
    shown_only: ClassVar[tuple[str, ...]] = ()
    """The parameters on which no number of a frame depends."""

    @property
    def kind(self) -> str:
        """The registered name, as the experiment file writes it."""
        return str(self.__struct_config__.tag)

    trains_in_batches: ClassVar[bool] = False
    """Whether `training.batch_size` means anything to it."""
    most_runs: ClassVar[int] = MAX_RUNS
    """How many runs there may be, where the scene uses runs."""

    def check(self, experiment: "Experiment") -> None:
        """Raise `UsageError` where the scene can do nothing with what it uses."""


if TYPE_CHECKING:
    AnyScene = SceneSpec
else:
    AnyScene = _AnyScene


class Experiment(Spec, frozen=True):
    """Data, network, training and one to four runs; same experiment, same bits.

    An experiment of a `scene` is no training: it uses those of the other parts that the scene
    says, and has the others as by default. The title, the notes, the `panels`, the `example`,
    counted from 0, whose numbers the network shows, and the number that is `explained`, such as
    dW1[0,1], say how it is shown; no number depends on them.
    """

    title: str = "Untitled experiment"
    notes: str = ""
    panels: Annotated[tuple[PanelName, ...], Meta(max_length=32)] = ()
    example: Annotated[int, Meta(ge=0)] = 0
    explained: str | None = None
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
        activations = data.examples * sum(self.network.layers[1:])
        if self.uses("network") and activations > MAX_ACTIVATIONS:
            raise UsageError(
                f"network.layers: {data.examples:,} examples for all units are {activations:,} "
                f"activations; at most {MAX_ACTIVATIONS:,} can be held: use fewer or smaller layers"
            )
        if self.example >= data.examples:
            raise UsageError(
                f"example: there are {data.examples:,}, of which the last is "
                f"{data.examples - 1:,}, counted from 0"
            )
        if self.explained is not None:
            try:
                parse_quantity(self.explained)
            except UsageError as error:
                raise UsageError(f"explained: {error}") from None
        for number, run in enumerate(self.runs):
            try:
                self._check_run(run)
            except UsageError as error:
                raise UsageError(f"run[{number}].{error}") from None
        if self.scene is not None:
            self.scene.check(self)

    def computes_like(self, other: "Experiment") -> bool:
        """Tell whether every number is the same, however the two are shown."""
        scene = self.scene
        if scene is not None and type(scene) is type(other.scene):
            scene = scene.replace(**{name: getattr(other.scene, name) for name in scene.shown_only})
        parts = (name for name in self.__struct_fields__ if name not in (*SHOWN_ONLY, "scene"))
        return scene == other.scene and all(
            getattr(self, name) == getattr(other, name) for name in parts
        )

    @property
    def kind(self) -> str:
        """The kind of the scene, or "training" where there is none."""
        return TRAINING if self.scene is None else self.scene.kind

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
            if field.name not in ("example", *PARTS) or self.uses(field.name):
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
            run.init.check(layers)
        except UsageError as error:
            raise UsageError(f"init.{error}") from None
        for number, edit in enumerate(run.edits):
            try:
                check_place(layers, edit.parameter, edit.index)
            except UsageError as error:
                raise UsageError(f"edits[{number}].{error}") from None
        for number, change in enumerate(run.changes):
            try:
                self.network_for(run, change.step)
            except UsageError as error:
                raise UsageError(f"changes[{number}].{error}") from None

    def with_run(self, number: int, run: Run) -> "Experiment":
        """Return the experiment with another run in the place of one."""
        return self.replace(runs=(*self.runs[:number], run, *self.runs[number + 1 :]))

    def load_data(self) -> Data:
        """Return the examples, X (n0, m) and Y (nL, m)."""
        return self.data.load(self.network.layers[0], self.network.layers[-1])

    def network_for(self, run: Run, step: int = 0) -> NetworkSpec:
        """Return the network of a frame, with what the run overrides and has changed by then.

        Raises
        ------
        UsageError
            If they clash.
        """
        said = [change.hidden for change in run.changes if change.step <= step]
        hidden = next((each for each in reversed(said) if each is not None), run.hidden)
        changes = {"hidden": hidden, "loss": run.loss}
        changes = {name: value for name, value in changes.items() if value is not None}
        if not changes:
            return self.network
        return self.network.replace(**changes)

    def learning_rate_for(self, run: Run, step: int = 0) -> float:
        """Return the rate of the step from a frame: as last changed, the run's, or all runs'."""
        said = [change.learning_rate for change in run.changes if change.step <= step]
        rate = next((each for each in reversed(said) if each is not None), run.learning_rate)
        return self.training.learning_rate if rate is None else rate
