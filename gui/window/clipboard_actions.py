"""The actions that copy the picture, numbers, the experiment and code to the clipboard."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication

from engine.codegen.frames import frame_arrays, frame_table
from engine.codegen.scripts import SCRIPTS
from engine.errors import InitscopeError, UsageError
from engine.experiment.toml_writer import format_experiment
from engine.training.scene import Scene
from gui.controls.controls import Controls
from gui.playback.player import Player
from gui.stage.appearance import Appearance

CODE = {"copy_numpy": "NumPy", "copy_torch": "PyTorch", "copy_jax": "JAX"}
"""The actions that copy code, and the library of each."""


@final
class ClipboardActions(QObject):
    """Connects the actions that copy to the clipboard.

    Parameters
    ----------
    player : Player
        It determines the current frame.
    controls : Controls
        They determine the chosen run.
    appearance : Appearance
        It draws the picture.
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    parent : QObject

    Signals
    -------
    info_reported(str)
        What was copied, or why there is nothing to copy yet.
    """

    info_reported = Signal(str)

    def __init__(
        self,
        player: Player,
        controls: Controls,
        appearance: Appearance,
        actions: Mapping[str, QAction],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._controls = controls
        self._appearance = appearance
        self._actions = actions
        self._scene: Scene | None = None
        handlers: dict[str, Callable[[], None]] = {
            "copy_picture": self._copy_picture,
            "copy_numbers": self._copy_numbers,
            "copy_arrays": self._copy_arrays,
            "copy_experiment": self._copy_experiment,
        }
        for name, handler in handlers.items():
            actions[name].triggered.connect(handler)
        for name, library in CODE.items():
            actions[name].triggered.connect(partial(self._copy_code, library))

    def show_scene(self, scene: Scene) -> None:
        """Copy from this scene."""
        self._scene = scene
        for name in ("copy_arrays", *CODE):
            self._actions[name].setEnabled(bool(scene.recordings))

    @Slot()
    def _copy_picture(self) -> None:
        if self._scene is not None and self._player.last_index >= 0:
            self._appearance.copy_picture(self._scene, self._player.index)

    @Slot()
    def _copy_numbers(self) -> None:
        if self._scene is not None and self._player.last_index >= 0:
            index = self._player.index
            try:
                text = frame_table(self._scene, index)
            except InitscopeError as error:
                self.info_reported.emit(str(error))
            else:
                self._copy(text, f"the numbers of frame {index:,}, as a table")

    @Slot()
    def _copy_arrays(self) -> None:
        if self._scene is not None and self._player.last_index >= 0:
            index = self._player.index
            text = frame_arrays(self._scene, index)
            self._copy(text, f"the arrays of frame {index:,}, for NumPy")

    @Slot()
    def _copy_experiment(self) -> None:
        if self._scene is not None:
            text = format_experiment(self._scene.experiment)
            self._copy(text, "the experiment, as in its file")

    def _copy_code(self, library: str) -> None:
        if self._scene is not None:
            experiment = self._scene.experiment
            number = min(self._controls.chosen_run, len(experiment.runs) - 1)
            run = experiment.runs[number]
            try:
                script = SCRIPTS[library](experiment, number)
            except UsageError as error:
                self.info_reported.emit(str(error))
            else:
                self._copy(script, f"{library} code that repeats “{run.name or run.init.scheme}”")

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.info_reported.emit(f"copied {what}")
