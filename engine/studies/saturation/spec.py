"""The parameters of the saturation study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Meta
from msgspec.structs import force_setattr

from engine import Positive, Seed, Steepness, error_prefix, require
from engine.experiment import Experiment, SceneSpec
from engine.nn import activation, canonical_hidden


class SaturationSpec(SceneSpec, frozen=True, tag="saturation"):
    """The scale of the first weights as the axis: the saturation and the gradient at each scale."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "units": "The activations of the hidden layer that are compared, one to three",
        "hidden": "The number of hidden units",
        "low": "The smallest scale is 10 to this power",
        "high": "The largest scale is 10 to this power",
        "frames": "The number of scales",
        "steps": "The number of steps trained at every scale",
        "learning_rate": "The learning rate η of these steps",
        "beta": "The steepness β of g(βz), whose law is tested",
        "z": "The point that is marked on the curves; drag it there",
        "seed": "The seed of the weights",
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
        force_setattr(self, "units", canonical_hidden(self.units))
        require(self.high > self.low, "high: must be above low")
        for number, name in enumerate(self.units):
            with error_prefix(f"units[{number}]: "):
                activation(name)
        require(len(set(self.units)) == len(self.units), "units: give each activation once")

    def check(self, experiment: Experiment) -> None:
        require(
            np.isin(experiment.load_data().Y, (0.0, 1.0)).all(),
            "data.points: a saturation scene needs targets of 0 or 1",
        )
