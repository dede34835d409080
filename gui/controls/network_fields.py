"""The part of the form that says what the network is like: its layers, its units, its loss."""

from typing import final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.editing.paths import Path
from engine.editing.resizing import as_hidden, fitted
from engine.experiment.experiment import Experiment, Run
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from gui.controls.fields import ChoiceField, Field, NumberField, SizesField
from gui.widgets.disposal import dispose_widget

MOST_LAYERS = 8
"""Of more hidden layers, the form chooses the activation only of all at once."""
SIZES: Path = ("network", "layers")
HIDDEN: Path = ("network", "hidden")


@final
class NetworkFields(QObject):
    """The fields of the network; of two hidden layers or more, each has a field of its own.

    Signals
    -------
    edited(Field)
        As `Field.edited`, of any of them.
    """

    edited = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        names = {name: name for name in ACTIVATIONS}
        self._names = names
        self._beta = NumberField(
            ("network", "beta"), "steepness β", "Sigmoid and tanh units compute g(β z)", least=0.0
        )
        sizes = SizesField(SIZES, "layer sizes", "Inputs, hidden units of each layer, outputs")
        hidden = ChoiceField(HIDDEN, "hidden units", names, "Of all hidden layers")
        output = ChoiceField(("network", "output"), "output", names)
        loss = ChoiceField(("network", "loss"), "loss", {name: name for name in LOSSES})
        self._fixed: list[Field] = [sizes, hidden, output, loss, self._beta]
        self._by_layer: list[Field] = []
        self._of_layers = QWidget()
        self._rows = QVBoxLayout(self._of_layers)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(7)
        self.widgets: list[QWidget] = [sizes, hidden, self._of_layers, output, loss, self._beta]
        """What stands below one another in the form."""
        for field in self._fixed:
            field.edited.connect(self.edited)

    @property
    def fields(self) -> list[Field]:
        """Every field."""
        return [*self._fixed, *self._by_layer]

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what there is of layers, and hide what means nothing to the network."""
        names = experiment.network.hidden_names
        layers = len(names) if 2 <= len(names) <= MOST_LAYERS else 0
        while len(self._by_layer) > layers:
            self._drop_layer()
        while len(self._by_layer) < layers:
            self._make_layer()
        for field, name in zip(self._by_layer, names, strict=False):
            field.show_value(name)
        self._of_layers.setVisible(bool(layers))
        used = {*names, experiment.network.output}
        used |= {name for run in experiment.runs for name in _names(run)}
        self._beta.setVisible(any(ACTIVATIONS[name].scalable for name in used))

    def _make_layer(self) -> None:
        number = len(self._by_layer)
        field = ChoiceField((*HIDDEN, number), f"layer {number + 1} units", self._names)
        field.edited.connect(self.edited)
        self._by_layer.append(field)
        self._rows.addWidget(field)

    def _drop_layer(self) -> None:
        field = self._by_layer.pop()
        self._rows.removeWidget(field)
        dispose_widget(field)


def with_layers_fitted(experiment: Experiment, values: dict[Path, object]) -> dict[Path, object]:
    """Return entered values, with what they say of layers as whole parts of the experiment.

    Other sizes bring the edits and the activations that fit them.

    Raises
    ------
    UsageError
        If no network can be of these sizes.
    """
    of_layers = {path: name for path, name in values.items() if path[:-1] == HIDDEN}
    result = {path: value for path, value in values.items() if path not in of_layers}
    network = experiment.network
    if SIZES in result:
        sizes = result.pop(SIZES)
        assert isinstance(sizes, tuple)
        network, runs, _ = fitted(experiment, sizes)
        result = {("network",): network, ("runs",): runs, **result}
    if of_layers:
        names = list(network.hidden_names)
        for path, name in of_layers.items():
            if int(path[-1]) < len(names):
                names[int(path[-1])] = str(name)
        result[HIDDEN] = as_hidden(tuple(names))
    return result


def _names(run: Run) -> tuple[str, ...]:
    """The activations that a run has for itself."""
    if run.hidden is None:
        return ()
    return (run.hidden,) if isinstance(run.hidden, str) else run.hidden
