"""The experiment: a frozen value that contains everything a recording depends on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from engine import Spec, UsageError, error_prefix, require
from engine.experiment.quantity import parse_quantity
from engine.experiment.specs import (
    MAX_ACTIVATIONS,
    Change,
    DataSpec,
    Edit,
    Run,
    TrainingSpec,
    check_position,
)
from engine.nn import Data, LayerInitializer, NetworkSpec, Normal

__all__ = ["Change", "DataSpec", "Edit", "Experiment", "NetworkSpec", "Run", "TrainingSpec"]

SHOWN_ONLY = ("title", "notes", "panels", "example", "explained")
"""The fields on which no number depends."""

TRAINING = "training"
"""The kind of an experiment without a scene."""

PARTS = ("data", "network", "training", "runs")
"""The parts of an experiment that a scene may use besides its own parameters."""

MAX_RUNS = 4
"""The most runs that are shown in full side by side."""
MAX_SCHEMES = 6
"""The most runs of an ensemble."""

PanelName = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]


class _AnyScene:
    """The type of the field `scene`: the base of `SceneSpec` that is no struct.

    A union of structs must list its members, but kinds of scenes are registered later. Of a class
    that is no struct, msgspec accepts every instance.
    """

    __slots__ = ()


class SceneSpec(Spec, _AnyScene, frozen=True, tag_field="kind", kw_only=True):
    """The parameters of one kind of scene; the `tag` of the class is the kind.

    Attributes
    ----------
    uses : tuple of str
        The `PARTS` that the scene depends on; the others must be left out.
    run_fields : tuple of str
        The fields of a run that the scene uses, where it uses runs.
    most_runs : int
        The most runs, where the scene uses runs.
    trains_in_batches : bool
        Whether the scene uses `training.batch_size`.
    about : mapping of str to str
        The description of each parameter, in a sentence.
    choices : mapping of str to sequence of str
        The values of each parameter that is one of a few names.
    draws_layers : str
        Why the scene needs initializers that draw single layers; empty if it needs none.
    shown_only : tuple of str
        The parameters on which no number of a frame depends.
    run_references : tuple of str
        The parameters that are the number of a run. They follow it where runs are removed.
    """

    uses: ClassVar[tuple[str, ...]] = ()
    run_fields: ClassVar[tuple[str, ...]] = ("name", "init")
    most_runs: ClassVar[int] = MAX_RUNS
    trains_in_batches: ClassVar[bool] = False
    about: ClassVar[Mapping[str, str]] = {}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}
    draws_layers: ClassVar[str] = ""
    shown_only: ClassVar[tuple[str, ...]] = ()
    run_references: ClassVar[tuple[str, ...]] = ()

    @property
    def kind(self) -> str:
        """The registered name, as experiment files write it."""
        return str(self.__struct_config__.tag)

    def check(self, experiment: "Experiment") -> None:
        """Raise `UsageError` if the scene cannot use the other parts of its experiment."""
        for number, run in enumerate(experiment.runs if self.draws_layers else ()):
            require(
                isinstance(run.init, LayerInitializer),
                f"run[{number}].init: this scene {self.draws_layers}, which {run.init.scheme} does "
                "not have; choose a scheme such as normal or he-normal",
            )


if TYPE_CHECKING:
    AnyScene = SceneSpec
else:
    AnyScene = _AnyScene


class Experiment(Spec, frozen=True):
    """Data, network, training and one to four runs; same experiment, same bits.

    An experiment with a `scene` is a study instead of a training: it uses the other parts that
    the scene names, and the remaining ones have their defaults.

    No number depends on the title, the notes, the `panels`, the `example` whose numbers the
    network diagram shows, counted from 0, and the number that is `explained`, such as dW1[0,1].
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
        default=(Run(name="zero"), Run(name="random", init=Normal(scale=1.0, seed=3))), name="run"
    )
    scene: AnyScene | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require(
            len(self.runs) <= self.most_runs,
            f"run: {len(self.runs)} runs; at most {self.most_runs} are compared",
        )
        self._check_unused_fields()
        data = self.load_data()
        examples = data.examples
        activations = examples * sum(self.network.layers[1:])
        require(
            not self.uses("network") or activations <= MAX_ACTIVATIONS,
            f"network.layers: {examples:,} examples for all units are {activations:,} "
            f"activations; at most {MAX_ACTIVATIONS:,} can be held: use fewer or smaller layers",
        )
        require(
            self.example < examples,
            f"example: there are {examples:,}, of which the last is {examples - 1:,}, counted "
            "from 0",
        )
        if self.explained is not None:
            with error_prefix("explained: "):
                parse_quantity(self.explained)
        for number, run in enumerate(self.runs):
            with error_prefix(f"run[{number}]."):
                self._check_run(run)
        if self.uses("network") and self.uses("data"):
            with error_prefix("data.points: "):
                for network in {run.loss: self.network_for(run) for run in self.runs}.values():
                    network.head.check_targets(data.Y)
        if self.scene is not None:
            self.scene.check(self)

    @property
    def kind(self) -> str:
        """The kind of the scene, or "training" without a scene."""
        return TRAINING if self.scene is None else self.scene.kind

    @property
    def most_runs(self) -> int:
        """The most runs that the experiment can have."""
        return MAX_RUNS if self.scene is None else self.scene.most_runs

    @property
    def run_fields(self) -> tuple[str, ...]:
        """The fields of a run that the experiment uses."""
        return Run.__struct_fields__ if self.scene is None else self.scene.run_fields

    def uses(self, part: str) -> bool:
        """Tell whether the numbers depend on a part: data, network, training or runs."""
        return self.scene is None or part in self.scene.uses

    def computes_like(self, other: "Experiment") -> bool:
        """Tell whether every number is the same as in another experiment."""
        scene = self.scene
        if scene is not None and type(scene) is type(other.scene):
            scene = scene.replace(**{name: getattr(other.scene, name) for name in scene.shown_only})
        parts = (name for name in self.__struct_fields__ if name not in (*SHOWN_ONLY, "scene"))
        return scene == other.scene and all(
            getattr(self, name) == getattr(other, name) for name in parts
        )

    def load_data(self) -> Data:
        """Return the examples, X (n0, m) and Y (nL, m), read-only and cached."""
        return self.data.load(self.network.layers[0], self.network.layers[-1])

    def with_run(self, number: int, run: Run) -> "Experiment":
        """Return the experiment with a run replaced."""
        return self.replace(runs=(*self.runs[:number], run, *self.runs[number + 1 :]))

    def network_for(self, run: Run, step: int = 0) -> NetworkSpec:
        """Return the network of a run at a frame, with the run's own settings and changes.

        Raises
        ------
        UsageError
            If the settings contradict each other.
        """
        settings = {"hidden": run.setting("hidden", step), "loss": run.loss}
        changes = {name: value for name, value in settings.items() if value is not None}
        return self.network.replace(**changes) if changes else self.network

    def learning_rate_for(self, run: Run, step: int = 0) -> float:
        """Return the learning rate of the step from a frame to the next."""
        rate: float | None = run.setting("learning_rate", step)
        return self.training.learning_rate if rate is None else rate

    def _check_unused_fields(self) -> None:
        """Raise `UsageError` if a field that the scene does not use is given."""
        if self.scene is None:
            return
        parts = [name for name in ("example", *PARTS) if not self.uses(name)]
        self._check_defaults(self, parts, "")
        unused = set(Run.__struct_fields__) - set(self.run_fields)
        for number, run in enumerate(self.runs if self.uses("runs") else ()):
            self._check_defaults(run, unused, f"run[{number}].")

    def _check_defaults(self, spec: Spec, names: Iterable[str], path: str) -> None:
        for field in msgspec.structs.fields(spec):
            if field.name in names and getattr(spec, field.name) != field.default:
                raise UsageError(
                    f"{path}{field.encode_name}: means nothing to the scene {self.kind}; leave it "
                    "out"
                )

    def _check_run(self, run: Run) -> None:
        layers = self.network_for(run).layers
        with error_prefix("init."):
            run.init.check(layers)
        for number, edit in enumerate(run.edits):
            with error_prefix(f"edits[{number}]."):
                check_position(layers, edit.parameter, edit.index)
        for number, change in enumerate(run.changes):
            with error_prefix(f"changes[{number}]."):
                self.network_for(run, change.step)
