"""Edits of the network's size: units and layers are added and removed.

Edits of parameters stay with their weight or bias; those of removed parameters are dropped and
counted. Weights drawn by a scheme are all drawn again for the new sizes; given numbers lose those
of a removed unit.
"""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import NamedTuple, TypeVar, final

from engine import UsageError, counted, require
from engine.experiment import (
    Edit,
    Experiment,
    NetworkSpec,
    Quantity,
    Run,
    check_position,
    parse_quantity,
)
from engine.nn import Explicit, Initializer, Perturbed, output_head

USUAL_WIDTH = 2
"""The number of units of a new layer without an adjacent hidden layer."""

Names = tuple[str, ...]
T = TypeVar("T")


class Resized(NamedTuple):
    """An experiment with a resized network, and the number of edits that were dropped."""

    experiment: Experiment
    dropped: int


class ResizeKind(Enum):
    """The changes of a network's size."""

    ADD_UNIT = "Add a unit to layer {}"
    REMOVE_UNIT = "Remove a unit from layer {}"
    ADD_LAYER = "Add a hidden layer after layer {}"
    REMOVE_LAYER = "Remove layer {}"


@final
class Resizing(NamedTuple):
    """One change of a network's size. Layers are counted as in A[l]: layer 0 is the input.

    `unit`, counted from 0, is the unit to remove; None for the last.
    """

    kind: ResizeKind
    layer: int
    unit: int | None = None

    @property
    def text(self) -> str:
        """The text of a menu entry."""
        if self.kind is ResizeKind.ADD_LAYER and self.layer == 0:
            return "Add a hidden layer after the inputs"
        if self.unit is not None:
            return f"Remove unit {self.unit + 1} of layer {self.layer}"
        return self.kind.value.format(self.layer)

    def apply(self, experiment: Experiment) -> Resized:
        """Return the experiment with the resized network.

        Raises
        ------
        UsageError
            If there is no such layer or unit, a layer would have no units, or the network would
            be too large; or if a run gives its first weights as numbers and needs more of them.
        """
        sizes = list(experiment.network.layers)
        first = 0 if self.kind is ResizeKind.ADD_LAYER else 1
        require(
            first <= self.layer < len(sizes) - 1, f"layers: there is no hidden layer {self.layer}"
        )
        if self.kind is ResizeKind.ADD_LAYER:
            beside = [sizes[i] for i in (self.layer, self.layer + 1) if 0 < i < len(sizes) - 1]
            sizes.insert(self.layer + 1, beside[0] if beside else USUAL_WIDTH)
            move = partial(self._renumbered, {f"W{self.layer + 1}"}, 1)
            return _rebuilt(experiment, sizes, move, self._with_another)
        if self.kind is ResizeKind.REMOVE_LAYER:
            del sizes[self.layer]
            lost = {f"W{self.layer}", f"b{self.layer}", f"W{self.layer + 1}"}
            move = partial(self._renumbered, lost, -1)
            return _rebuilt(experiment, sizes, move, self._with_one_less)
        if self.kind is ResizeKind.ADD_UNIT:
            sizes[self.layer] += 1
            return _rebuilt(experiment, sizes)
        removed = sizes[self.layer] - 1 if self.unit is None else self.unit
        require(
            0 <= removed < sizes[self.layer],
            f"layers: there is no unit {removed + 1} in layer {self.layer}",
        )
        sizes[self.layer] -= 1
        require(
            sizes[self.layer], f"layers: layer {self.layer} has one unit only; remove the layer"
        )
        without = partial(self._without_numbers, removed)
        move = partial(self._moved_up, removed)
        return _rebuilt(experiment, sizes, move, map_numbers=without)

    def _moved_up(self, removed: int, edit: Edit) -> Edit | None:
        """Return an edit after a unit is removed: those of the units after it move up by one."""
        name, number = edit.parameter[0], int(edit.parameter[1:])
        if number == self.layer:
            axis = 0
        elif name == "W" and number == self.layer + 1:
            axis = 1
        else:
            return edit
        index = list(edit.index)
        if index[axis] == removed:
            return None
        index[axis] -= index[axis] > removed
        return edit.replace(index=tuple(index))

    def _without_numbers(self, removed: int, given: Explicit) -> Explicit:
        """Return given first weights without those into and out of a unit."""
        W, b, layer = list(given.W), list(given.b), self.layer
        W[layer - 1] = _without(W[layer - 1], removed)
        W[layer] = tuple(_without(row, removed) for row in W[layer])
        if b[layer - 1 : layer]:
            b[layer - 1] = _without(b[layer - 1], removed)
        return given.replace(W=tuple(W), b=tuple(b))

    def _renumbered(self, lost: set[str], by: int, edit: Edit) -> Edit | None:
        """Return an edit after the parameters `lost` are removed and later layers renumbered."""
        if edit.parameter in lost:
            return None
        name, number = edit.parameter[0], int(edit.parameter[1:])
        return edit.replace(parameter=f"{name}{number + by}") if number > self.layer else edit

    def _with_another(self, names: Names) -> Names:
        """Give the new layer the activation of the layer before it, or else of the one after."""
        return *names[: self.layer], names[max(0, self.layer - 1)], *names[self.layer :]

    def _with_one_less(self, names: Names) -> Names:
        # Without a hidden layer the name is stored for a later one.
        return names[: self.layer - 1] + names[self.layer :] or names


class Fitted(NamedTuple):
    """The parts of an experiment for other layers, and the number of edits that were dropped."""

    network: NetworkSpec
    runs: tuple[Run, ...]
    dropped: int


def fitted(
    experiment: Experiment,
    sizes: tuple[int, ...],
    move: Callable[[Edit], Edit | None] = lambda edit: edit,
    map_names: Callable[[Names], Names] = lambda names: names,
) -> Fitted:
    """Return the parts of an experiment for a network of sizes n0 … nL.

    Parameters
    ----------
    experiment : Experiment
    sizes : tuple of int
    move : callable
        Returns an edit for the new network; None if its parameter is removed.
    map_names : callable
        Returns the activations of the new hidden layers. Those that are missing at the end get
        the activation of the last.

    Raises
    ------
    UsageError
        If no network can have these sizes.
    """
    layers = len(sizes) - 2

    def hidden_of(hidden: str | Names | None) -> str | Names | None:
        if not isinstance(hidden, tuple) or not hidden:
            return hidden
        names = map_names(hidden)
        return as_hidden((names + names[-1:] * layers)[:layers] or names[:1])

    dropped = 0
    runs: list[Run] = []
    for run in experiment.runs:
        moved = [move(edit) for edit in run.edits]
        remaining = tuple(edit for edit in moved if edit is not None and _fits(edit, sizes))
        dropped += len(run.edits) - len(remaining)
        changes = tuple(change.replace(hidden=hidden_of(change.hidden)) for change in run.changes)
        hidden = hidden_of(run.hidden)
        runs.append(run.replace(edits=remaining, hidden=hidden, changes=changes))
    network = experiment.network
    network = network.replace(layers=sizes, hidden=hidden_of(network.hidden))
    return Fitted(network, tuple(runs), dropped)


def parts_for_output(experiment: Experiment, output: str, loss: str) -> dict[str, object]:
    """Return the parts of an experiment, by name, that another output and loss change.

    Where it needs two outputs instead of one, such as softmax, there is one for each class: of
    points, the target y becomes 1 − y and y.

    Raises
    ------
    UsageError
        If the loss is not defined for the output.
    """
    network, data = experiment.network, experiment.data
    fewest, _ = output_head(output, loss).output_counts
    if network.layers[-1] >= fewest:
        return {}
    fit = fitted(experiment, (*network.layers[:-1], fewest))
    if data.points is not None:
        points = tuple((*point[:-1], 1.0 - point[-1], point[-1]) for point in data.points)
        data = data.replace(points=points)
    return {"network": fit.network, "runs": fit.runs, "data": data}


def with_activation(
    experiment: Experiment, layer: int, name: str, run: int | None = None
) -> Experiment:
    """Return the experiment with another activation in one hidden layer, of one run or of all.

    Layers are counted from 1. Raises `UsageError` for an unknown activation.
    """
    network = experiment.network if run is None else experiment.network_for(experiment.runs[run])
    names = list(network.hidden_names)
    names[layer - 1] = name
    hidden = as_hidden(tuple(names))
    if run is None:
        return experiment.replace(network=network.replace(hidden=hidden))
    return experiment.with_run(run, experiment.runs[run].replace(hidden=hidden))


def edit_count(experiment: Experiment) -> int:
    """Return the number of edits of all runs."""
    return sum(len(run.edits) for run in experiment.runs)


def undo_text_with_dropped(undo_text: str, dropped: int) -> str:
    """Return an undo text with the number of dropped edits, if there are any.

    >>> undo_text_with_dropped("Remove layer 1", 0), undo_text_with_dropped("Remove layer 1", 2)
    ('Remove layer 1', 'Remove layer 1, with 2 edits by hand')
    """
    return f"{undo_text}, with {_edits_text(dropped)}" if dropped else undo_text


def dropped_text(dropped: int) -> str:
    """Return the message about dropped edits."""
    return (
        f"{_edits_text(dropped)} removed, because the new network has no such parameter; undo "
        "restores the old network with its edits"
    )


def _edits_text(count: int) -> str:
    return f"{counted(count, 'edit')} by hand"


def as_hidden(names: Names) -> str | Names:
    """Return the activations of hidden layers as in a `NetworkSpec`: one name if all are equal.

    >>> as_hidden(("tanh", "tanh")), as_hidden(("tanh", "relu"))
    ('tanh', ('tanh', 'relu'))
    """
    return names[0] if len(set(names)) == 1 else names


def _rebuilt(
    experiment: Experiment,
    sizes: list[int],
    move: Callable[[Edit], Edit | None] = lambda edit: edit,
    map_names: Callable[[Names], Names] = lambda names: names,
    map_numbers: Callable[[Explicit], Explicit] | None = None,
) -> Resized:
    """Return the experiment for other sizes; `map_numbers` maps given first weights."""
    network, runs, dropped = fitted(experiment, tuple(sizes), move, map_names)
    fitting = list(runs)
    for number, run in enumerate(runs):
        if not has_given_numbers(run.init):
            continue
        if map_numbers is None:
            raise UsageError(
                f"run[{number}].init: gives the first weights as numbers, which fit no other "
                "network; choose another scheme first"
            )
        fitting[number] = run.replace(init=_with_numbers(run.init, map_numbers))
    explained = _moved_quantity(experiment.explained, move)
    changed = experiment.replace(network=network, runs=tuple(fitting), explained=explained)
    return Resized(changed, dropped)


def _moved_quantity(name: str | None, move: Callable[[Edit], Edit | None]) -> str | None:
    """Return the name of a quantity after a change of the size; None if its unit is removed."""
    if name is None:
        return None
    array, layer, row, column = parse_quantity(name)
    is_weight = array == "dW"
    index = (row, column) if is_weight else (row,)
    parameter = f"{'W' if is_weight else 'b'}{layer}"
    moved = move(Edit(step=0, parameter=parameter, index=index, value=0.0))
    if moved is None:
        return None
    layer, row, column = int(moved.parameter[1:]), moved.index[0], (*moved.index, column)[1]
    return Quantity(array, layer, row, column).name


def has_given_numbers(init: Initializer) -> bool:
    """Tell whether a scheme has given numbers, which fit one network only."""
    while isinstance(init, Perturbed):
        init = init.base
    return isinstance(init, Explicit)


def _with_numbers(init: Initializer, map_numbers: Callable[[Explicit], Explicit]) -> Initializer:
    """Return a scheme with given numbers with other numbers."""
    if isinstance(init, Perturbed):
        return init.replace(base=_with_numbers(init.base, map_numbers))
    assert isinstance(init, Explicit)
    return map_numbers(init)


def _without(items: tuple[T, ...], removed: int) -> tuple[T, ...]:
    return items[:removed] + items[removed + 1 :]


def _fits(edit: Edit, sizes: tuple[int, ...]) -> bool:
    """Tell whether a network of these sizes has the parameter of an edit."""
    try:
        check_position(sizes, edit.parameter, edit.index)
    except UsageError:
        return False
    return True
