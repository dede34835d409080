"""Resizes the network, and chooses activations, as requested on the network diagram."""

from functools import partial
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from engine.editing.resizing import (
    ResizeKind,
    Resizing,
    dropped_text,
    undo_text_with_dropped,
    with_activation,
)
from engine.editing.runs import random_runs
from engine.errors import UsageError
from engine.nn.activations import ACTIVATIONS
from engine.training.scene import Scene
from gui.document.document import Document
from gui.panels.base.panel import LETTERS


@final
class ResizeController(QObject):
    """Adds and removes layers and units, and opens the menu of a layer.

    Parameters
    ----------
    document : Document
    window : QWidget
        The parent of the menu.

    Signals
    -------
    error_reported(str)
        What is impossible, or which edits were lost, in a sentence.
    info_reported(str)
        What else has changed, in a sentence.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._scene: Scene | None = None

    def show_scene(self, scene: Scene) -> None:
        """Resize the network of this scene."""
        self._scene = scene

    @property
    def _is_current(self) -> bool:
        """Whether the network that is shown has the layers of the document's.

        The next click may come before the last edit has been trained.
        """
        scene, experiment = self._scene, self._document.experiment
        return (
            scene is not None
            and scene.experiment.kind == experiment.kind
            and len(scene.experiment.network.layers) == len(experiment.network.layers)
        )

    @Slot(Resizing)
    def resize(self, resizing: Resizing) -> None:
        """Resize the network; report what is impossible, or which edits were lost."""
        if not self._is_current:
            return
        try:
            experiment, lost = resizing.apply(self._document.experiment)
        except UsageError as error:
            self.error_reported.emit(str(error))
            return
        self._document.apply(experiment, undo_text_with_dropped(resizing.text, lost))
        if lost:
            self.error_reported.emit(dropped_text(lost))
            return
        drawn = [LETTERS[run] for run in random_runs(experiment)]
        if resizing.unit is not None and drawn:
            self.info_reported.emit(
                f"the weights of {' and '.join(drawn)} are drawn again for the smaller network, so "
                "weights of other units may change too"
            )

    def open_layer_menu(self, run: int, layer: int) -> None:
        """Open the menu of a hidden layer, counted from 1."""
        if not self._is_current:
            return
        experiment = self._document.experiment
        own = run if experiment.runs[run].hidden is not None else None
        network = experiment.network_for(experiment.runs[run])
        menu = QMenu(self._window)
        menu.setObjectName("layer_menu")
        for name in ACTIVATIONS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(network.hidden_names[layer - 1] == name)
            action.triggered.connect(partial(self._activate, layer, name, own))
        menu.addSeparator()
        for kind in ResizeKind:
            resizing = Resizing(kind, layer)
            action = menu.addAction(resizing.text)
            action.setEnabled(kind is not ResizeKind.REMOVE_UNIT or network.layers[layer] > 1)
            action.triggered.connect(partial(self.resize, resizing))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def _activate(self, layer: int, name: str, run: int | None) -> None:
        experiment = with_activation(self._document.experiment, layer, name, run)
        where = "" if run is None else f" in run {LETTERS[run]}"
        self._document.apply(experiment, f"Make layer {layer} {name}{where}")
