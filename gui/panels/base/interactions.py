"""What the user does with the mouse on the stage, as a closed union of frozen values."""

from abc import ABC
from dataclasses import dataclass
from typing import final

from engine.editing.parameters import Parameter
from engine.editing.resizing import Resizing
from engine.experiment import Experiment, Question


class Interaction(ABC):  # noqa: B024 (its members have nothing in common)
    """The base of every member of `AnyInteraction`; a signal carries values of this type."""


@final
@dataclass(frozen=True)
class FrameRequested(Interaction):
    """The frame at this index is to be shown."""

    index: int


@final
@dataclass(frozen=True)
class ParameterClicked(Interaction):
    """The editor of a weight or bias is to be opened."""

    parameter: Parameter


@final
@dataclass(frozen=True)
class ParameterDragged(Interaction):
    """A weight or bias is being dragged, so far by `rise` units of the layout upwards."""

    parameter: Parameter
    rise: float


@final
@dataclass(frozen=True)
class ParameterDropped(Interaction):
    """A weight or bias was dragged by `rise` units of the layout upwards and released."""

    parameter: Parameter
    rise: float


@final
@dataclass(frozen=True)
class QuantityClicked(Interaction):
    """A number is to be explained."""

    question: Question


@final
@dataclass(frozen=True)
class ValueEdited(Interaction):
    """A field of the experiment, such as ("scene", "z"), is to have another value."""

    path: tuple[str | int, ...]
    value: object
    undo_text: str
    """The name of the edit, such as "Move the marked z"."""


@final
@dataclass(frozen=True)
class ExperimentOpened(Interaction):
    """Another experiment is to replace the open one, as an edit that can be undone."""

    experiment: Experiment
    undo_text: str
    """The name of the edit, such as "Open Xavier, seed 17"."""


@final
@dataclass(frozen=True)
class NetworkResized(Interaction):
    """A layer or a unit is to be added or removed."""

    resizing: Resizing

    @property
    def text(self) -> str:
        """The tool tip of the handle."""
        return self.resizing.text


@final
@dataclass(frozen=True)
class ActivationMenuRequested(Interaction):
    """The menu of a hidden layer of a run is to be opened; layers count from 1."""

    run: int
    layer: int

    @property
    def text(self) -> str:
        """The tool tip of the handle."""
        return f"Choose the activation of layer {self.layer}"


@final
@dataclass(frozen=True)
class PointAdded(Interaction):
    """A point with two inputs and a class, 0 or 1, is to be added to the data."""

    x: tuple[float, float]
    label: int


@final
@dataclass(frozen=True)
class PointMoved(Interaction):
    """An example, counted from 0, is to get other inputs."""

    example: int
    x: tuple[float, float]


@final
@dataclass(frozen=True)
class PointDeleted(Interaction):
    """An example, counted from 0, is to be deleted."""

    example: int


AnyInteraction = (
    FrameRequested
    | ParameterClicked
    | ParameterDragged
    | ParameterDropped
    | QuantityClicked
    | ValueEdited
    | ExperimentOpened
    | NetworkResized
    | ActivationMenuRequested
    | PointAdded
    | PointMoved
    | PointDeleted
)
"""Every interaction."""
