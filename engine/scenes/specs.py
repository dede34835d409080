"""What a file says of a scene: every kind is one frozen class, whose fields are its parameters.

Add a kind by adding a class with a `tag` here and what computes its frames in `opening.py`: the
file format, the form and the contract tests read its fields.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from msgspec import Meta

from engine.datasets import Data
from engine.errors import UsageError
from engine.spec import Positive, Real, Spec

PARTS = ("data", "network", "training", "runs")
"""The parts of an experiment that a scene may use besides its own parameters."""

MOST_SAMPLES = 500
"""What an epoch of exact arithmetic is fast for."""


class SceneSpec(Spec, frozen=True, tag_field="kind", kw_only=True):
    """The parameters of one kind of scene."""

    uses: ClassVar[tuple[str, ...]] = ()
    """Which of `PARTS` the scene depends on; the others must be left out."""
    run_fields: ClassVar[tuple[str, ...]] = ("name", "init")
    """What a run may say, where the scene uses runs."""
    about: ClassVar[Mapping[str, str]] = {}
    """What each parameter means, in a sentence."""

    @property
    def kind(self) -> str:
        """The registered name, as the experiment file writes it."""
        return str(self.__struct_config__.tag)

    def check(self, data: Data) -> None:
        """Raise `UsageError` where the scene can do nothing with the data, if it uses them."""


class PerceptronSpec(SceneSpec, frozen=True, tag="perceptron"):
    """Rosenblatt's rule, sample by sample, for several learning rates side by side."""

    uses = ("data",)
    about: ClassVar[Mapping[str, str]] = {
        "rates": "The learning rates η, one to four of them",
        "start": "The other start: the bias, then a weight for each input",
        "tie": "What is predicted for z = 0, which lies on the line: 1 or −1",
        "epochs": "The most rounds through all samples; a round without an error ends it before",
    }

    rates: Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=4)] = (0.1, 0.5, 1.0)
    start: Annotated[tuple[Real, ...], Meta(min_length=3, max_length=3)] = (-0.5, 0.5, -0.25)
    tie: Literal[1, -1] = 1
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 20

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.rates)) < len(self.rates):
            raise UsageError("rates: give each learning rate once")
        if not any(self.start):
            raise UsageError("start: all zero, as the first start is; give another one")

    def check(self, data: Data) -> None:
        if data.X.shape[0] != 2:
            raise UsageError("data: a perceptron scene needs two inputs")
        if not np.isin(data.Y, (0.0, 1.0)).all():
            raise UsageError("data.points: a perceptron needs targets of 0 or 1")
        if data.examples > MOST_SAMPLES:
            raise UsageError(
                f"data.samples: a perceptron scene shows at most {MOST_SAMPLES} samples, one by one"
            )


SCENES: dict[str, type[SceneSpec]] = {
    str(kind.__struct_config__.tag): kind for kind in SceneSpec.__subclasses__()
}
"""Every kind of scene but training, by its name in the experiment file."""

if TYPE_CHECKING:
    AnyScene = SceneSpec
else:
    AnyScene = reduce(or_, SCENES.values())
