"""Edits by hand: one parameter of one run set at one frame, as a value of the experiment."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.editing.branches import branches
from engine.editing.resizing import gives_numbers
from engine.errors import UsageError
from engine.experiment.experiment import Edit, Experiment
from engine.nn.initializers import Initializer, initialize_parameters
from engine.training.recording import Frame, Recording

NUDGES = tuple(10.0**-exponent for exponent in range(1, 17))
"""By so much a parameter is nudged: from what is seen at once to what rounding swallows."""
SEEDS = 10_000


class Parameter(NamedTuple):
    """A weight or a bias of a run: its array, such as W1 or b2, and where it stands there."""

    run: int
    array: str
    row: int
    column: int = 0

    @property
    def layer(self) -> int:
        return int(self.array[1:])

    @property
    def name(self) -> str:
        """How it is written, W1[0,1] or b1[0,0], as NumPy finds it."""
        return f"{self.array}[{self.row},{self.column}]"

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in its array, as an `Edit` says it: (row, column), or (row,) of b."""
        return (self.row, self.column) if self.array[0] == "W" else (self.row,)

    def of(self, frame: Frame) -> float:
        """Return its value in a frame of its run."""
        arrays = frame.W if self.array[0] == "W" else frame.b
        return float(arrays[self.layer][self.row, self.column])


def with_edit(experiment: Experiment, parameter: Parameter, step: int, value: float) -> Experiment:
    """Return the experiment in which a parameter is set by hand at a frame.

    An edit of the same parameter at the same frame is replaced.

    Raises
    ------
    UsageError
        If the value is not finite, or is beyond what an experiment may hold.
    """
    try:
        edit = Edit(step=step, parameter=parameter.array, index=parameter.place, value=value)
    except UsageError:
        raise UsageError(f"{parameter.name}: expected a number from −10¹² to 10¹²") from None
    run = experiment.runs[parameter.run]
    others = [old for old in run.edits if not _is_same(old, edit)]
    edits = tuple(sorted([*others, edit], key=lambda each: each.step))
    return experiment.with_run(parameter.run, run.replace(edits=edits))


def what_if(recording: Recording, parameter: Parameter, index: int, value: float) -> Frame:
    """Return frame `index` as it would be with one parameter set by hand, without training."""
    theta = recording.parameters(index, index + 1)[0].copy()
    theta[recording.layout.position(parameter.array, parameter.place)] = value
    return recording.what_if(index, theta)


def differ_by_hand_only(one: Experiment, other: Experiment) -> bool:
    """Tell whether two trainings differ at most in what is set by hand, and fork alike."""
    fields = [name for name in Experiment.__struct_fields__ if name != "runs"]
    if one.scene is not None or any(getattr(one, n) != getattr(other, n) for n in fields):
        return False
    unedited = [[run.replace(edits=()) for run in experiment.runs] for experiment in (one, other)]
    return unedited[0] == unedited[1] and branches(one) == branches(other)


def nudged(value: float, epsilon: float | None, up: bool) -> float:
    """Return a value a little more or less; without `epsilon`, by one unit in the last place.

    >>> nudged(1.0, 0.1, True), nudged(1.0, None, False)
    (1.1, 0.9999999999999999)
    """
    if epsilon is None:
        return float(np.nextafter(value, np.inf if up else -np.inf))
    return value + epsilon if up else value - epsilon


def of_the_other_unit(parameter: Parameter, frame: Frame) -> tuple[int, float] | None:
    """Return the next unit of the layer, counted from 1, and its parameter in the same place.

    Of a weight that leaves a hidden layer, the unit is the one it leaves. None where a unit has
    no other beside it.
    """
    is_outgoing = parameter.array[0] == "W" and parameter.layer == len(frame.W) - 1
    units = frame.W[parameter.layer].shape[1 if is_outgoing else 0]
    if units < 2 or (is_outgoing and parameter.layer == 1):
        return None
    if is_outgoing:
        other = (parameter.column + 1) % units
        return other + 1, parameter._replace(column=other).of(frame)
    other = (parameter.row + 1) % units
    return other + 1, parameter._replace(row=other).of(frame)


def drawn_anew(experiment: Experiment, parameter: Parameter) -> float:
    """Return what another seed of the run's scheme draws for a parameter."""
    init = experiment.runs[parameter.run].init
    return _drawn(init, secrets.randbelow(SEEDS), experiment.network.layers, parameter)


def is_drawn(experiment: Experiment, parameter: Parameter) -> bool:
    """Tell whether another seed of the run's scheme draws another value for a parameter."""
    init, sizes = experiment.runs[parameter.run].init, experiment.network.layers
    if not init.draws:
        return False
    if not gives_numbers(init):
        # Two units stand for all of a layer: millions of weights take seconds to draw.
        sizes = tuple(min(size, 2) for size in sizes)
        row, column = min(parameter.row, 1), min(parameter.column, 1)
        parameter = parameter._replace(row=row, column=column)
    first = _drawn(init, 0, sizes, parameter)
    # Two seeds may agree, such as in the sign of a weight that is ±1.
    return any(_drawn(init, n, sizes, parameter) != first for n in range(1, 8))


def _drawn(init: Initializer, seed: int, sizes: Sequence[int], parameter: Parameter) -> float:
    arrays = initialize_parameters(sizes, init.replace(seed=seed))
    return float(arrays[parameter.array][parameter.row, parameter.column])


def _is_same(one: Edit, other: Edit) -> bool:
    places = [(*edit.index, 0)[:2] for edit in (one, other)]
    return (one.step, one.parameter) == (other.step, other.parameter) and places[0] == places[1]
