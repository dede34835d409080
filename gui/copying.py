"""The actions that copy: the picture, the numbers of a frame, the experiment, and code."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication

from engine.code.frames import frame_arrays, frame_table
from engine.code.scripts import SCRIPTS
from engine.comparison import Comparison
from engine.errors import InitscopeError
from engine.experiment_text import format_experiment
from engine.scenes.scene import Scene
from gui.appearance import Appearance
from gui.controls.controls import Controls
from gui.player import Player

CODE = {"copy_numpy": "NumPy", "copy_torch": "PyTorch", "copy_jax": "JAX"}
"""The actions that copy code, and the library each is for."""


@final
class Copying(QObject):
    """Joins the actions that copy to the clipboard.

    Parameters
    ----------
    player : Player
        Which says which frame is shown.
    controls : Controls
        Which say which run is chosen.
    appearance : Appearance
        Which draws the picture.
    actions : mapping of str to QAction
        By the names of `gui.actions.COMMANDS`.
    parent : QObject

    Signals
    -------
    noted(str)
        What was copied, or why there is nothing to copy yet.
    """

    noted = Signal(str)

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

    def show_comparison(self, scene: Scene) -> None:
        """Copy of this comparison, or other scene, from now on."""
        self._scene = scene
        for name in ("copy_arrays", *CODE):
            self._actions[name].setEnabled(isinstance(scene, Comparison))

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
                self.noted.emit(str(error))
            else:
                self._copy(text, f"the numbers of frame {index:,}, as a table")

    @Slot()
    def _copy_arrays(self) -> None:
        if isinstance(self._scene, Comparison) and self._player.last_index >= 0:
            index = self._player.index
            text = frame_arrays(self._scene, index)
            self._copy(text, f"the arrays of frame {index:,}, for NumPy")

    @Slot()
    def _copy_experiment(self) -> None:
        if self._scene is not None:
            text = format_experiment(self._scene.experiment)
            self._copy(text, "the experiment, as its file says it")

    def _copy_code(self, library: str) -> None:
        if isinstance(self._scene, Comparison):
            experiment = self._scene.experiment
            number = min(self._controls.chosen_run, len(experiment.runs) - 1)
            run = experiment.runs[number]
            script = SCRIPTS[library](experiment, number)
            self._copy(script, f"{library} code that repeats “{run.name or run.init.scheme}”")

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.noted.emit(f"copied {what}")
