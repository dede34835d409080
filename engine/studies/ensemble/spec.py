"""The parameters of the ensemble and the sweep study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from engine import Real, require
from engine.ensemble import MOST_NETWORKS, SeedsSpec
from engine.experiment import Experiment, check_values, field_named, values_of

MOST_VALUES = 200


class EnsembleSpec(SeedsSpec, frozen=True, tag="ensemble"):
    """Every run from many seeds: the share of networks solved by each step, with its interval."""


class SweepSpec(SeedsSpec, frozen=True, tag="sweep"):
    """Every run from many seeds, for each of several values of one field."""

    about: ClassVar[Mapping[str, str]] = {
        **SeedsSpec.about,
        "field": "The field varied, such as init.scale, training.learning_rate or network.width",
        "start": "The first value",
        "stop": "The last value",
        "count": "The number of values",
        "logarithmic": "Whether the values grow by equal factors, as on a logarithmic axis",
    }

    seeds: Annotated[int, Meta(ge=1, le=MOST_NETWORKS)] = 200
    field: Annotated[str, Meta(min_length=1, max_length=60)] = "training.learning_rate"
    start: Real = 0.01
    stop: Real = 100.0
    count: Annotated[int, Meta(ge=1, le=MOST_VALUES)] = 25
    logarithmic: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        require(
            not self.logarithmic or min(self.start, self.stop) > 0.0,
            "start: must be above 0 in a logarithmic range",
        )
        require(self.count <= 1 or self.stop > self.start, "stop: must be above start")

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(values_of(self.start, self.stop, self.count, self.logarithmic))

    @property
    def swept(self) -> str:
        return self.field

    def check(self, experiment: Experiment) -> None:
        super().check(experiment)
        check_values(experiment, field_named(experiment, self.field), self.values)


MANY_SEEDS = "Train every run from many seeds"
"""The undo text of `with_many_seeds`."""


def with_many_seeds(experiment: Experiment) -> Experiment:
    """Return the experiment as an ensemble with the default number of seeds."""
    return experiment.replace(scene=EnsembleSpec(), panels=(), example=0)
