"""The fields of the network: its layers, its units and its loss."""

from typing import final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.editing.paths import Path
from engine.editing.resizing import as_hidden, fitted, parts_for_output
from engine.experiment import Experiment
from engine.nn import ACTIVATIONS, LOSSES, output_names
from gui.controls.fields import ChoiceField, Field, NumberField, SizesField
from gui.widgets import WidgetList, configured, widget_of

MOST_LAYERS = 8
"""With more hidden layers, the form has one activation for all of them."""
SIZES: Path = ("network", "layers")
HIDDEN: Path = ("network", "hidden")
OUTPUT: Path = ("network", "output")
LOSS: Path = ("network", "loss")


@final
class NetworkFields(QObject):
    """The fields of the network, one for each hidden layer where there are several.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    """

    edited = Signal(Field)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._names = names = {name: name for name in ACTIVATIONS}
        scalable = " and ".join(name for name, unit in ACTIVATIONS.items() if unit.scalable)
        tip = f"{scalable.capitalize()} units compute g(β z)"
        self._beta = NumberField(("network", "beta"), "steepness β", tip, least=0.0)
        sizes = SizesField(SIZES, "layer sizes", "Inputs, hidden units of each layer, outputs")
        hidden = ChoiceField(HIDDEN, "hidden units", names, "The activation of all hidden layers")
        output = ChoiceField(OUTPUT, "output", {name: name for name in output_names()})
        loss = ChoiceField(LOSS, "loss", {name: name for name in LOSSES})
        self._fixed: list[Field] = [sizes, hidden, output, loss, self._beta]
        self._layers = WidgetList(self._make_layer, spacing=7)
        self._layers_widget = widget_of(self._layers.layout)
        self.widgets: list[QWidget] = [sizes, hidden, self._layers_widget, output, loss, self._beta]
        """The widgets of the form, from top to bottom."""
        for field in self._fixed:
            field.edited.connect(self.edited)

    @property
    def fields(self) -> list[Field]:
        """Every field."""
        return [*self._fixed, *self._layers]

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the layers, and hide the fields that have no effect on the network."""
        names = experiment.network.hidden_names
        layers = len(names) if 2 <= len(names) <= MOST_LAYERS else 0
        self._layers.resize(layers)
        for field, name in zip(self._layers, names, strict=False):
            field.show_value(name)
        self._layers_widget.setVisible(bool(layers))
        networks = [experiment.network, *map(experiment.network_for, experiment.runs)]
        units = [unit for network in networks for unit in network.activations]
        self._beta.setVisible(any(unit is not None and unit.scalable for unit in units))

    def _make_layer(self, number: int) -> ChoiceField:
        field = ChoiceField((*HIDDEN, number), f"layer {number + 1} units", self._names)
        return configured(field, edited=self.edited)


def with_layers_fitted(experiment: Experiment, values: dict[Path, object]) -> dict[Path, object]:
    """Return the entries, with those of layers merged into whole parts of the experiment.

    New layer sizes come with the edits and the activations that fit them, and an output of several
    classes with an output unit and a target for each.

    Raises
    ------
    UsageError
        If no network can have these sizes.
    """
    of_layers = {path: name for path, name in values.items() if path[:-1] == HIDDEN}
    result = {path: value for path, value in values.items() if path not in of_layers}
    network = experiment.network
    if SIZES in result:
        sizes = result.pop(SIZES)
        assert isinstance(sizes, tuple)
        network, runs, _ = fitted(experiment, sizes)
        result = {("network",): network, ("runs",): runs, **result}
    elif OUTPUT in result:
        loss = str(result.get(LOSS, network.loss))
        parts = parts_for_output(experiment, str(result[OUTPUT]), loss)
        result = {(name,): part for name, part in parts.items()} | result
    if of_layers:
        names = list(network.hidden_names)
        for path, name in of_layers.items():
            if int(path[-1]) < len(names):
                names[int(path[-1])] = str(name)
        result[HIDDEN] = as_hidden(tuple(names))
    return result
