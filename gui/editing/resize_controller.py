"""Joins the handles of the network diagram, and the names of its layers, to the document."""

from functools import partial
from typing import final

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from engine.editing.resizing import Kind, Resizing, lost_text, with_activation, with_edits
from engine.editing.runs import random_runs
from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.nn.activations import ACTIVATIONS
from engine.training.comparison import Comparison
from engine.training.scene import Scene
from gui.document.document import Document
from gui.panels.base.panel import LETTERS
from gui.panels.network_diagram.layer_handles import Layer
from gui.stage.stage import Stage


@final
class ResizeController(QObject):
    """Adds and removes layers and units, and chooses activations, where the diagram is clicked.

    Parameters
    ----------
    stage : Stage
    document : Document
    window : QWidget
        Whose popup the menu of a layer is.

    Signals
    -------
    told(str)
        A sentence on what cannot be, or was lost.
    noted(str)
        A sentence on what else is different now.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, stage: Stage, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._scene: Scene | None = None
        stage.clicked.connect(self._on_clicked)

    def show_scene(self, scene: Scene) -> None:
        """Reshape the network of this comparison from now on."""
        self._scene = scene

    @Slot(object, QPoint)
    def _on_clicked(self, target: object, place: QPoint) -> None:
        scene, experiment = self._scene, self._document.experiment
        if not isinstance(scene, Comparison) or experiment.scene is not None:
            return
        # The next click may come before the last has been trained; layers must mean the same.
        if len(scene.experiment.network.layers) != len(experiment.network.layers):
            return
        if isinstance(target, Resizing):
            self.resize(target)
        elif isinstance(target, Layer):
            self._ask(target, place)

    @Slot(object)
    def resize(self, resizing: Resizing) -> None:
        """Resize the network; tell what cannot be, or was lost."""
        try:
            experiment, dropped = resizing.of(self._document.experiment)
        except UsageError as error:
            self.error_reported.emit(str(error))
            return
        self._document.apply(experiment, with_edits(resizing.text, dropped))
        if dropped:
            self.error_reported.emit(lost_text(dropped))
            return
        drawn = [LETTERS[run] for run in random_runs(experiment)]
        if resizing.unit is not None and drawn:
            self.info_reported.emit(
                f"the weights of {' and '.join(drawn)} are drawn anew for the smaller network, so "
                "more may differ than those of the unit"
            )

    def _ask(self, layer: Layer, place: QPoint) -> None:
        """Open the menu of a hidden layer."""
        experiment = self._document.experiment
        run = layer.run if experiment.runs[layer.run].hidden is not None else None
        network = experiment.network_for(experiment.runs[layer.run])
        menu = QMenu(self._window)
        menu.setObjectName("layer_menu")
        for name in ACTIVATIONS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(network.hidden_names[layer.layer - 1] == name)
            action.triggered.connect(partial(self._activate, layer.layer, name, run))
        menu.addSeparator()
        for kind in Kind:
            resizing = Resizing(kind, layer.layer)
            action = menu.addAction(resizing.text)
            lone = network.layers[layer.layer] == 1
            action.setEnabled(not (lone and kind is Kind.REMOVE_UNIT))
            action.triggered.connect(partial(self.resize, resizing))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _activate(self, layer: int, name: str, run: int | None) -> None:
        experiment: Experiment = with_activation(self._document.experiment, layer, name, run)
        where = "" if run is None else f" in run {LETTERS[run]}"
        self._document.apply(experiment, f"Make layer {layer} {name}{where}")
