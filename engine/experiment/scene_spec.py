"""What the parameters of every kind of scene have in common."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from engine.experiment.specs import ExperimentLike
from engine.nn.datasets import Data
from engine.spec import Spec

PARTS = ("data", "network", "training", "runs")
"""The parts of an experiment that a scene may use besides its own parameters."""

MAX_RUNS = 4
"""How many runs are shown in full beside one another."""
MAX_SCHEMES = 6
"""How many are compared by what becomes of thousands of networks."""


class SceneSpec(Spec, frozen=True, tag_field="kind", kw_only=True):
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

    def check(self, experiment: ExperimentLike, data: Data) -> None:
        """Raise `UsageError` where the scene can do nothing with what it uses."""
