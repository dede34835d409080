"""The parameters of the logistic study."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Meta

from engine import Real, require
from engine.experiment import Experiment, SceneSpec


class LogisticSpec(SceneSpec, frozen=True, tag="logistic"):
    """Logistic regression from several starts, with either loss."""

    uses = ("data", "training")
    about: ClassVar[Mapping[str, str]] = {
        "starts": "The starts of training, two to five: the bias, then a weight for each input",
    }

    starts: Annotated[
        tuple[Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)], ...],
        Meta(min_length=2, max_length=5),
    ] = (
        (0.0, 0.0, 0.0),
        (0.0, 2.0, -2.0),
        (1.0, -2.0, 1.0),
        (-1.0, 3.0, 3.0),
        (0.0, -10.0, -10.0),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(set(self.starts)) == len(self.starts), "starts: give each start once")

    def check(self, experiment: Experiment) -> None:
        data = experiment.load_data()
        require(data.X.shape[0] == 2, "data: a logistic scene needs two inputs")
        require(
            np.isin(data.Y, (0.0, 1.0)).all(),
            "data.points: logistic regression needs targets of 0 or 1",
        )
        require(
            experiment.training.batch_size is None,
            "training.batch_size: this scene looks at all examples in every step; leave it out",
        )
