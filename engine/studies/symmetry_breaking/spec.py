"""The parameters of the symmetry-breaking study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from engine import Positive, error_prefix, require
from engine.experiment import (
    MAX_RUNS,
    PARTS,
    Experiment,
    Index,
    ParameterName,
    Run,
    SceneSpec,
    Steps,
    check_position,
)

MOST_NUDGED_STEPS = 100_000
MOST_NUDGED_NUMBERS = 1_000_000
"""The most parameters and activations of a network that is trained with every ε in one stack."""


class BreakingSpec(SceneSpec, frozen=True, tag="breaking"):
    """One weight of a symmetric run nudged by ever smaller ε, until its units visibly differ."""

    uses = PARTS
    run_fields = Run.__struct_fields__
    trains_in_batches = True
    run_references = ("run",)
    about: ClassVar[Mapping[str, str]] = {
        "run": "The run that is nudged",
        "step": "The frame of the nudge",
        "parameter": "The array of the nudged parameter: W1, b1, W2, …",
        "index": "Its row and column there, from 0; of a bias its row",
        "visible": "The gap above which units differ visibly",
    }

    run: Annotated[int, Meta(ge=0, lt=MAX_RUNS)] = 0
    step: Steps = 0
    parameter: ParameterName = "W1"
    index: Index = (0, 0)
    visible: Positive = 0.1

    def check(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        require(
            self.run < len(experiment.runs),
            f"scene.run: there is no run {self.run}; the first one is 0",
        )
        require(
            self.step < experiment.training.steps,
            f"scene.step: nothing is trained from frame {self.step:,} on; give one before "
            f"{experiment.training.steps:,}",
        )
        require(
            max(layers[1:-1], default=1) >= 2,
            "network.layers: this scene needs a hidden layer of two units or more",
        )
        require(
            experiment.training.steps <= MOST_NUDGED_STEPS,
            f"training.steps: at most {MOST_NUDGED_STEPS:,} in this scene",
        )
        require(
            experiment.network.parameter_count + experiment.load_data().examples * sum(layers)
            <= MOST_NUDGED_NUMBERS,
            "network.layers: too large to be trained with all nudges together; use fewer "
            "units or examples",
        )
        with error_prefix("scene."):
            check_position(layers, self.parameter, self.index)


NUDGES = "How small a nudge breaks the symmetry?"
"""The undo text of `with_nudges`."""


def with_nudges(experiment: Experiment, run: int, step: int) -> Experiment:
    """Return the study that nudges the first weight of a run at a frame by ever smaller ε.

    Raises
    ------
    UsageError
        If the network has no hidden layer of two units, or is too large.
    """
    step = min(step, max(0, experiment.training.steps - 1))
    return experiment.replace(scene=BreakingSpec(run=run, step=step), panels=())
