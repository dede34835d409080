"""The parameters of the variance study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from engine import Positive, Real, Seed
from engine.experiment import SceneSpec


class VarianceSpec(SceneSpec, frozen=True, tag="variance"):
    """Sums of n products of a weight and an input, for n = 1, 2, …; one initializer a run."""

    uses = ("runs",)
    draws_layers = "draws the weights of single units"
    about: ClassVar[Mapping[str, str]] = {
        "largest": "The largest number of inputs n",
        "sums": "The number of sums drawn for each n",
        "mean": "The mean of the inputs; 0 if they are standardised",
        "deviation": "The standard deviation of the inputs; 1 if they are standardised",
        "seed": "The seed of the inputs; each run has a seed for its weights",
    }

    largest: Annotated[int, Meta(ge=1, le=2000)] = 1000
    sums: Annotated[int, Meta(ge=100, le=20_000)] = 2000
    mean: Real = 0.0
    deviation: Positive = 1.0
    seed: Seed = 0
