"""The parameters of an ensemble: every run is trained from many seeds."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from msgspec import Meta

from engine import Positive, require
from engine.experiment import MAX_SCHEMES, PARTS, Experiment, SceneSpec

MOST_NETWORKS = 10_000_000


class SeedsSpec(SceneSpec, frozen=True, kw_only=True):
    """The base of the specs of studies that train every run from many seeds."""

    uses = PARTS
    run_fields = ("name", "init", "learning_rate", "hidden", "loss", "edits", "changes")
    most_runs = MAX_SCHEMES
    trains_in_batches = True
    about: ClassVar[Mapping[str, str]] = {
        "seeds": "The number of networks of each run: seed 0, 1, 2, …",
        "draw": 'The parts drawn from each seed: the "weights", or "weights-and-data"',
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
        """The values of the field that is swept; empty without a sweep."""
        return ()

    @property
    def swept(self) -> str:
        """The field that is swept; empty without a sweep."""
        return ""

    @property
    def draws_data(self) -> bool:
        """Whether every seed has its own data."""
        return self.draw == "weights-and-data"

    def check(self, experiment: Experiment) -> None:
        networks = self.seeds * len(experiment.runs) * max(1, len(self.values))
        require(
            networks <= MOST_NETWORKS,
            f"seeds: {networks:,} networks in all are too many; at most {MOST_NETWORKS:,}",
        )
        require(
            not self.draws_data or experiment.data.depends_on_seed,
            f'draw: the data "{experiment.data.set_name}" is the same for every seed; draw '
            '"weights", or choose data that are drawn',
        )
        require(
            self.solved == "loss" or np.isin(experiment.load_data().Y, (0.0, 1.0)).all(),
            'solved: "accuracy" needs targets of 0 or 1; use "loss"',
        )
