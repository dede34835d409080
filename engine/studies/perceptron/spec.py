"""The parameters of the perceptron study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from msgspec import Meta

from engine import Positive, Real, require
from engine.experiment import Experiment, SceneSpec

MOST_SAMPLES = 500
"""The most samples for which an epoch of exact arithmetic is fast."""


class PerceptronSpec(SceneSpec, frozen=True, tag="perceptron"):
    """Rosenblatt's rule, sample by sample, for several learning rates."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "rates": "The learning rates η, one to four of them",
        "start": "The other start: the bias, then a weight for each input",
        "tie": "The prediction for z = 0, on the line: 1 or −1",
        "epochs": "The most epochs; an epoch without an error ends the training",
    }

    rates: Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=4)] = (0.1, 0.5, 1.0)
    start: Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)] = (-0.5, 0.5, -0.25)
    tie: Literal[1, -1] = 1
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(set(self.rates)) == len(self.rates), "rates: give each learning rate once")
        require(any(self.start), "start: all zero, as the first start is; give another one")

    def check(self, experiment: Experiment) -> None:
        data = experiment.load_data()
        require(data.X.shape[0] == 2, "data: a perceptron scene needs two inputs")
        require(
            np.isin(data.Y, (0.0, 1.0)).all(), "data.points: a perceptron needs targets of 0 or 1"
        )
        require(
            data.examples <= MOST_SAMPLES,
            f"data.samples: a perceptron scene shows at most {MOST_SAMPLES} samples, one by one",
        )
