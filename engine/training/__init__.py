"""Training: gradient descent, recordings, diagnostics and events."""

from engine.training.comparison import Comparison
from engine.training.descent import Descent, first_parameters
from engine.training.diagnostics import count_distinct, gap_of, parameters_of_units, unit_gap
from engine.training.events import (
    PLATEAU_CHANGE,
    PLATEAU_FRAMES,
    PLATEAU_LOSS,
    VISIBLE_GAP,
    Event,
    EventKind,
    events_text,
    first_true,
    ordered,
)
from engine.training.plane import InputPlane, plane_of
from engine.training.recording import Finish, Frame, Recording, frozen
from engine.training.scene import Scene
from engine.training.training import IsCancelled, in_chunks

__all__ = [
    "PLATEAU_CHANGE",
    "PLATEAU_FRAMES",
    "PLATEAU_LOSS",
    "VISIBLE_GAP",
    "Comparison",
    "Descent",
    "Event",
    "EventKind",
    "Finish",
    "Frame",
    "InputPlane",
    "IsCancelled",
    "Recording",
    "Scene",
    "count_distinct",
    "events_text",
    "first_parameters",
    "first_true",
    "frozen",
    "gap_of",
    "in_chunks",
    "ordered",
    "parameters_of_units",
    "plane_of",
    "unit_gap",
]
