"""Resizes the network, and chooses activations, as requested on the network diagram."""

from functools import partial
from typing import final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from engine import UsageError
from engine.editing.resizing import (
    ResizeKind,
    Resizing,
    dropped_text,
    undo_text_with_dropped,
    with_activation,
)
from engine.editing.runs import random_runs
from engine.nn import ACTIVATIONS
from gui.panels.base.panel import LETTERS
from gui.widgets import configured
from gui.workspace.workspace import Workspace


@final
class ResizeController(QObject):
    """Adds and removes layers and units, and opens the menu of a layer."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._document = workspace.document

    @Slot(Resizing)
    def resize(self, resizing: Resizing) -> None:
        """Resize the network; report what is impossible, or which edits were lost."""
        self._document.about_to_change.emit()
        try:
            experiment, lost = resizing.apply(self._document.experiment)
        except UsageError as error:
            self._workspace.messages.show_message(str(error))
            return
        self._document.apply(experiment, undo_text_with_dropped(resizing.text, lost))
        if lost:
            self._workspace.messages.show_message(dropped_text(lost))
            return
        drawn = [LETTERS[run] for run in random_runs(experiment)]
        if resizing.unit is not None and drawn:
            self._workspace.messages.show_message(
                f"the weights of {' and '.join(drawn)} are drawn again for the smaller network, so "
                "weights of other units may change too",
                is_error=False,
            )

    def open_layer_menu(self, run: int, layer: int) -> None:
        """Open the menu of a hidden layer, counted from 1."""
        experiment = self._document.experiment
        own = run if experiment.runs[run].hidden is not None else None
        network = experiment.network_for(experiment.runs[run])
        menu = QMenu(self._workspace.window)
        menu.setObjectName("layer_menu")
        for name in ACTIVATIONS:
            action = menu.addAction(name)
            configured(action, checkable=True, checked=network.hidden_names[layer - 1] == name)
            action.triggered.connect(partial(self._activate, layer, name, own))
        menu.addSeparator()
        for kind in ResizeKind:
            resizing = Resizing(kind, layer)
            action = menu.addAction(resizing.text)
            action.setEnabled(kind is not ResizeKind.REMOVE_UNIT or network.layers[layer] > 1)
            action.triggered.connect(partial(self.resize, resizing))
        menu.aboutToHide.connect(menu.deleteLater)
        self._document.changed.connect(menu.close)
        menu.popup(QCursor.pos())

    def _activate(self, layer: int, name: str, run: int | None) -> None:
        where = "" if run is None else f" in run {LETTERS[run]}"
        self._document.edit(
            lambda experiment: with_activation(experiment, layer, name, run),
            f"Make layer {layer} {name}{where}",
        )
