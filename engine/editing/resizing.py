"""Other sizes of the network: units and layers more or less, as a value of the experiment.

What is set by hand goes with the weight or bias that it was set on. Where that is gone, so is the
edit, and whoever resizes is told how many those are. Weights that are drawn are drawn for the new
sizes, all of them; those that are given as numbers lose those of a unit that goes.
"""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import NamedTuple, TypeVar, final

from engine.errors import UsageError
from engine.experiment.experiment import Edit, Experiment, NetworkSpec, Run
from engine.nn.initializers import Explicit, Initializer, Perturbed
from engine.text import counted

USUAL_WIDTH = 2
"""Units of a new layer that has no hidden layer beside it."""

Move = Callable[[Edit], Edit | None]
"""Says where an edit stands in the resized network; nowhere if its parameter is gone."""
Names = tuple[str, ...]
Renumber = Callable[[Explicit], Explicit]
"""Fits first weights that are given as numbers to the resized network."""
T = TypeVar("T")


class Resized(NamedTuple):
    """An experiment of another network, and how many edits by hand had no place in it."""

    experiment: Experiment
    dropped: int


class Kind(Enum):
    """What can be done to the size of a network."""

    ADD_UNIT = "Add a unit to layer {}"
    REMOVE_UNIT = "Remove a unit from layer {}"
    ADD_LAYER = "Add a hidden layer after layer {}"
    REMOVE_LAYER = "Remove layer {}"


@final
class Resizing(NamedTuple):
    """One step of building a network. Layers are counted as in A[l]: layer 0 is the input.

    `unit`, counted from 0, says which unit is removed; None for the last.
    """

    kind: Kind
    layer: int
    unit: int | None = None

    @property
    def text(self) -> str:
        """What it does, as a menu would name it."""
        if self.kind is Kind.ADD_LAYER and self.layer == 0:
            return "Add a hidden layer after the inputs"
        if self.unit is not None:
            return f"Remove unit {self.unit + 1} of layer {self.layer}"
        return self.kind.value.format(self.layer)

    def of(self, experiment: Experiment) -> Resized:
        """Return the experiment with the network so resized.

        Raises
        ------
        UsageError
            If there would be a layer without a unit, or no such layer or unit, or more than a
            network may have; or if a run gives its first weights as numbers and more of them
            were needed.
        """
        sizes = list(experiment.network.layers)
        first = 0 if self.kind is Kind.ADD_LAYER else 1
        if not first <= self.layer < len(sizes) - 1:
            raise UsageError(f"layers: there is no hidden layer {self.layer}")
        if self.kind is Kind.ADD_LAYER:
            beside = [sizes[i] for i in (self.layer, self.layer + 1) if 0 < i < len(sizes) - 1]
            sizes.insert(self.layer + 1, beside[0] if beside else USUAL_WIDTH)
            return _rebuilt(experiment, sizes, self._moved_back, self._with_another)
        if self.kind is Kind.REMOVE_LAYER:
            del sizes[self.layer]
            return _rebuilt(experiment, sizes, self._moved_ahead, self._with_one_less)
        if self.kind is Kind.ADD_UNIT:
            sizes[self.layer] += 1
            return _rebuilt(experiment, sizes, _stay, _same)
        gone = sizes[self.layer] - 1 if self.unit is None else self.unit
        if not 0 <= gone < sizes[self.layer]:
            raise UsageError(f"layers: there is no unit {gone + 1} in layer {self.layer}")
        sizes[self.layer] -= 1
        if not sizes[self.layer]:
            raise UsageError(f"layers: layer {self.layer} has one unit only; remove the layer")
        move, renumber = partial(self._moved_up, gone), partial(self._without_numbers, gone)
        return _rebuilt(experiment, sizes, move, _same, renumber)

    def _moved_up(self, gone: int, edit: Edit) -> Edit | None:
        """A unit goes, with its row and its column; those after it move up by one."""
        name, number = edit.parameter[0], int(edit.parameter[1:])
        if number == self.layer:
            axis = 0
        elif name == "W" and number == self.layer + 1:
            axis = 1
        else:
            return edit
        index = list(edit.index)
        if index[axis] == gone:
            return None
        index[axis] -= index[axis] > gone
        return edit.replace(index=tuple(index))

    def _without_numbers(self, gone: int, given: Explicit) -> Explicit:
        """Return first weights as numbers without those into a unit and on from it."""
        W, b, layer = list(given.W), list(given.b), self.layer
        W[layer - 1] = _without(W[layer - 1], gone)
        W[layer] = tuple(_without(row, gone) for row in W[layer])
        if b[layer - 1 : layer]:
            b[layer - 1] = _without(b[layer - 1], gone)
        return given.replace(W=tuple(W), b=tuple(b))

    def _moved_back(self, edit: Edit) -> Edit | None:
        """A layer comes after `layer`: the weights that led on from there are no more."""
        name, number = edit.parameter[0], int(edit.parameter[1:])
        if number <= self.layer:
            return edit
        if name == "W" and number == self.layer + 1:
            return None
        return _renamed(edit, f"{name}{number + 1}")

    def _moved_ahead(self, edit: Edit) -> Edit | None:
        """A layer goes: what led into it and on from it is no more."""
        name, number = edit.parameter[0], int(edit.parameter[1:])
        if number < self.layer:
            return edit
        if number == self.layer or (name == "W" and number == self.layer + 1):
            return None
        return _renamed(edit, f"{name}{number - 1}")

    def _with_another(self, names: Names) -> Names:
        """The new layer has the activation of the one before it, or else of the one after."""
        new = names[max(0, self.layer - 1)]
        return *names[: self.layer], new, *names[self.layer :]

    def _with_one_less(self, names: Names) -> Names:
        # Without a hidden layer the name waits for one.
        return names[: self.layer - 1] + names[self.layer :] or names


class Fitted(NamedTuple):
    """The parts of an experiment that say something of layers, for a network of other sizes."""

    network: NetworkSpec
    runs: tuple[Run, ...]
    dropped: int
    """How many edits by hand had no place."""


def fitted(experiment: Experiment, sizes: tuple[int, ...]) -> Fitted:
    """Return the parts for a network of sizes n0 … nL, which is counted from the input.

    Hidden layers beyond those there were get the activation of the last.

    Raises
    ------
    UsageError
        If no network can be of these sizes.
    """

    def names_of(names: Names) -> Names:
        hidden = len(sizes) - 2
        return (names + names[-1:] * hidden)[:hidden] or names[:1]

    return _fitted(experiment, sizes, _stay, names_of)


def with_activation(
    experiment: Experiment, layer: int, name: str, run: int | None = None
) -> Experiment:
    """Return the experiment with another activation in one hidden layer, of one run or of all.

    Layers are counted from 1. Raises `UsageError` for an unknown activation.
    """
    network = experiment.network
    if run is not None:
        network = experiment.network_for(experiment.runs[run])
    names = list(network.hidden_names)
    names[layer - 1] = name
    hidden = as_hidden(tuple(names))
    if run is None:
        return experiment.replace(network=network.replace(hidden=hidden))
    return experiment.with_run(run, experiment.runs[run].replace(hidden=hidden))


def edit_count(experiment: Experiment) -> int:
    """Return how much is set by hand, in all runs."""
    return sum(len(run.edits) for run in experiment.runs)


def with_edits(undo_text: str, dropped: int) -> str:
    """Name a deed by which edits were dropped, or none.

    >>> with_edits("Remove layer 1", 0), with_edits("Remove layer 1", 2)
    ('Remove layer 1', 'Remove layer 1, with 2 edits by hand')
    """
    return f"{undo_text}, with {_edits_text(dropped)}" if dropped else undo_text


def lost_text(dropped: int) -> str:
    """Return the sentence on edits that were dropped."""
    are = "is" if dropped == 1 else "are"
    return (
        f"{_edits_text(dropped)} had no place in the new network and {are} gone; undo brings "
        "them and the old network back"
    )


def _edits_text(count: int) -> str:
    return f"{counted(count, 'edit')} by hand"


def as_hidden(names: Names) -> str | Names:
    """Return the activations of hidden layers as a `NetworkSpec` says them: one if all are alike.

    >>> as_hidden(("tanh", "tanh")), as_hidden(("tanh", "relu"))
    ('tanh', ('tanh', 'relu'))
    """
    return names[0] if len(set(names)) == 1 else names


def _rebuilt(
    experiment: Experiment,
    sizes: list[int],
    move: Move,
    names_of: Callable[[Names], Names],
    renumber: Renumber | None = None,
) -> Resized:
    network, runs, dropped = _fitted(experiment, tuple(sizes), move, names_of)
    fitting = list(runs)
    for number, run in enumerate(runs):
        if not gives_numbers(run.init):
            continue
        if renumber is None:
            raise UsageError(
                f"run[{number}].init: gives the first weights as numbers, which fit no other "
                "network; choose another scheme first"
            )
        fitting[number] = run.replace(init=_renumbered(run.init, renumber))
    return Resized(experiment.replace(network=network, runs=tuple(fitting)), dropped)


def _fitted(
    experiment: Experiment,
    sizes: tuple[int, ...],
    move: Move,
    names_of: Callable[[Names], Names],
) -> Fitted:
    """Fit the parts; `names_of` says the activations of the hidden layers from those there were."""

    def hidden_of(hidden: str | Names | None) -> str | Names | None:
        return as_hidden(names_of(hidden)) if isinstance(hidden, tuple) and hidden else hidden

    dropped = 0
    runs: list[Run] = []
    for run in experiment.runs:
        moved = [move(edit) for edit in run.edits]
        kept = tuple(edit for edit in moved if edit is not None and _fits(edit, sizes))
        dropped += len(run.edits) - len(kept)
        changes = tuple(change.replace(hidden=hidden_of(change.hidden)) for change in run.changes)
        hidden = hidden_of(run.hidden)
        runs.append(run.replace(edits=kept, hidden=hidden, changes=changes))
    network = experiment.network
    network = network.replace(layers=sizes, hidden=hidden_of(network.hidden))
    return Fitted(network, tuple(runs), dropped)


def gives_numbers(init: Initializer) -> bool:
    """Tell whether a scheme begins from given numbers, which fit one network only."""
    while isinstance(init, Perturbed):
        init = init.base
    return isinstance(init, Explicit)


def _renumbered(init: Initializer, renumber: Renumber) -> Initializer:
    """Return a scheme of which `gives_numbers` holds with other numbers."""
    if isinstance(init, Perturbed):
        base = _renumbered(init.base, renumber)
        return init.replace(base=base)
    assert isinstance(init, Explicit)
    return renumber(init)


def _without(items: tuple[T, ...], gone: int) -> tuple[T, ...]:
    return items[:gone] + items[gone + 1 :]


def _fits(edit: Edit, sizes: tuple[int, ...]) -> bool:
    """Tell whether a network of these sizes has the parameter that is set by hand."""
    layer = int(edit.parameter[1:])
    if layer >= len(sizes):
        return False
    columns = sizes[layer - 1] if edit.parameter[0] == "W" else 1
    row, column = (*edit.index, 0)[:2]
    return row < sizes[layer] and column < columns


def _stay(edit: Edit) -> Edit:
    return edit


def _same(names: Names) -> Names:
    return names


def _renamed(edit: Edit, parameter: str) -> Edit:
    return edit.replace(parameter=parameter)
