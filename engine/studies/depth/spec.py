"""The parameters of the depth study."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from msgspec import Meta
from msgspec.structs import force_setattr

from engine import Positive, Seed, error_prefix
from engine.experiment import SceneSpec
from engine.nn import ACTIVATIONS, activation


class DepthSpec(SceneSpec, frozen=True, tag="depth"):
    """One pass, or a training, of a deep network of equal layers; one initializer a run."""

    uses = ("runs",)
    draws_layers = "draws layers of its own sizes"
    about: ClassVar[Mapping[str, str]] = {
        "depth": "The number of layers of weights",
        "width": "The number of inputs, of units in every layer, and of outputs",
        "unit": "The activation of every layer but the last, which is linear",
        "examples": "The number of examples: standard normal inputs and targets",
        "axis": 'The meaning of a frame: a "layer" of the first pass, or a "step" of training',
        "steps": "The number of steps, if a frame is a step",
        "learning_rate": "The learning rate η of these steps",
        "seed": "The seed of inputs and targets; each run has a seed for its weights",
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"unit": tuple(ACTIVATIONS)}

    depth: Annotated[int, Meta(ge=2, le=50)] = 20
    width: Annotated[int, Meta(ge=2, le=200)] = 50
    unit: str = "tanh"
    examples: Annotated[int, Meta(ge=2, le=200)] = 32
    axis: Literal["layer", "step"] = "layer"
    steps: Annotated[int, Meta(ge=1, le=1000)] = 50
    learning_rate: Positive = 0.003
    seed: Seed = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        force_setattr(self, "unit", ACTIVATIONS.canonical(self.unit))
        with error_prefix("unit: "):
            activation(self.unit)
