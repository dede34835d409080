"""Edits of single parameters: a weight or bias of one run set at one frame."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine import UsageError
from engine.editing.branches import branches
from engine.editing.resizing import has_given_numbers
from engine.editing.runs import SEEDS
from engine.experiment import Edit, Experiment
from engine.nn import Initializer, initialize_parameters
from engine.training import Frame, Recording

NUDGE_SIZES = tuple(10.0**-exponent for exponent in range(1, 17))
"""The sizes of nudges, from one seen immediately to one lost by rounding."""


class Parameter(NamedTuple):
    """A weight or a bias of a run: its array, such as W1 or b2, and its row and column there."""

    run: int
    array: str
    row: int
    column: int = 0

    @property
    def layer(self) -> int:
        return int(self.array[1:])

    @property
    def name(self) -> str:
        """The name as a NumPy index, such as W1[0,1] or b1[0,0]."""
        return f"{self.array}[{self.row},{self.column}]"

    @property
    def indices(self) -> tuple[int, ...]:
        """The index of an `Edit`: (row, column), or (row,) of a bias."""
        return (self.row, self.column) if self.array[0] == "W" else (self.row,)

    def value_in(self, frame: Frame) -> float:
        """Return the value in a frame of the run."""
        arrays = frame.W if self.array[0] == "W" else frame.b
        return float(arrays[self.layer][self.row, self.column])


def with_edit(experiment: Experiment, parameter: Parameter, step: int, value: float) -> Experiment:
    """Return the experiment with a parameter set by hand at a frame.

    An earlier edit of the same parameter at the same frame is replaced.

    Raises
    ------
    UsageError
        If the value is not finite or larger than an experiment may contain.
    """
    try:
        edit = Edit(step=step, parameter=parameter.array, index=parameter.indices, value=value)
    except UsageError:
        raise UsageError(f"{parameter.name}: expected a number from −10¹² to 10¹²") from None
    run = experiment.runs[parameter.run]
    others = [old for old in run.edits if (old.step, old.entry) != (step, edit.entry)]
    edits = tuple(sorted([*others, edit], key=lambda each: each.step))
    return experiment.with_run(parameter.run, run.replace(edits=edits))


def what_if(recording: Recording, parameter: Parameter, index: int, value: float) -> Frame:
    """Return frame `index` with one parameter changed, without training."""
    theta = recording.parameters(index, index + 1)[0].copy()
    theta[recording.layout.position(parameter.array, parameter.indices)] = value
    return recording.what_if(index, theta)


def differ_in_edits_only(one: Experiment, other: Experiment) -> bool:
    """Tell whether two trainings differ at most in their edits, with the same branches."""
    fields = [name for name in Experiment.__struct_fields__ if name != "runs"]
    if one.scene is not None or any(getattr(one, n) != getattr(other, n) for n in fields):
        return False
    unedited = [[run.replace(edits=()) for run in experiment.runs] for experiment in (one, other)]
    return unedited[0] == unedited[1] and branches(one) == branches(other)


def nudged(value: float, epsilon: float | None, up: bool) -> float:
    """Return a value increased or decreased by `epsilon`, or by one unit in the last place.

    >>> nudged(1.0, 0.1, True), nudged(1.0, None, False)
    (1.1, 0.9999999999999999)
    """
    if epsilon is None:
        return float(np.nextafter(value, np.inf if up else -np.inf))
    return value + epsilon if up else value - epsilon


def other_unit_value(parameter: Parameter, frame: Frame) -> tuple[int, float] | None:
    """Return the next unit of the layer, counted from 1, and its corresponding parameter.

    The unit of a weight into the output layer is the hidden unit that it comes from. None if the
    layer has one unit.
    """
    is_outgoing = parameter.array[0] == "W" and parameter.layer == len(frame.W) - 1
    units = frame.W[parameter.layer].shape[1 if is_outgoing else 0]
    if units < 2 or (is_outgoing and parameter.layer == 1):
        return None
    axis = "column" if is_outgoing else "row"
    other = (getattr(parameter, axis) + 1) % units
    return other + 1, parameter._replace(**{axis: other}).value_in(frame)


def redrawn_value(experiment: Experiment, parameter: Parameter) -> float:
    """Return the value of a parameter drawn by the run's scheme with a new seed."""
    init = experiment.runs[parameter.run].init
    return _drawn(init, secrets.randbelow(SEEDS), experiment.network.layers, parameter)


def is_drawn(experiment: Experiment, parameter: Parameter) -> bool:
    """Tell whether the value that the run's scheme draws for a parameter depends on the seed."""
    init, sizes = experiment.runs[parameter.run].init, experiment.network.layers
    if not init.draws:
        return False
    if not has_given_numbers(init):
        # Two units represent all of a layer: millions of weights take seconds to draw.
        sizes = tuple(min(size, 2) for size in sizes)
        row, column = min(parameter.row, 1), min(parameter.column, 1)
        parameter = parameter._replace(row=row, column=column)
    first = _drawn(init, 0, sizes, parameter)
    # Two seeds may give the same value, such as the sign of a weight that is ±1.
    return any(_drawn(init, n, sizes, parameter) != first for n in range(1, 8))


def _drawn(init: Initializer, seed: int, sizes: Sequence[int], parameter: Parameter) -> float:
    arrays = initialize_parameters(sizes, init.replace(seed=seed))
    return float(arrays[parameter.array][parameter.row, parameter.column])
