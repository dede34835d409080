"""The actions that copy the picture, numbers, the experiment and code to the clipboard."""

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from engine import InitscopeError
from engine.codegen.frames import frame_arrays, frame_table
from engine.codegen.scripts import SCRIPTS
from engine.experiment import format_experiment
from engine.training import Scene
from gui.workspace.workspace import Workspace

CODE = {"copy_numpy": "NumPy", "copy_torch": "PyTorch", "copy_jax": "JAX"}
"""The actions that copy code, and the library of each."""


@final
class ClipboardActions(QObject):
    """Connects the actions that copy to the clipboard."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        handlers: dict[str, Callable[[], None]] = {
            "copy_picture": self._copy_picture,
            "copy_numbers": partial(
                self._copy, frame_table, lambda at: f"the numbers of frame {at:,}, as a table"
            ),
            "copy_arrays": partial(
                self._copy, frame_arrays, lambda at: f"the arrays of frame {at:,}, for NumPy"
            ),
            "copy_experiment": partial(
                self._copy,
                lambda scene, _: format_experiment(scene.experiment),
                lambda _: "the experiment, as in its file",
            ),
            **{name: partial(self._copy_code, library) for name, library in CODE.items()},
        }
        for name, handler in handlers.items():
            workspace.actions[name].triggered.connect(handler)

    def show_scene(self, scene: Scene) -> None:
        """Enable the actions that apply to a scene."""
        for name in ("copy_arrays", *CODE):
            self._workspace.actions[name].setEnabled(bool(scene.recordings))

    @Slot()
    def _copy_picture(self) -> None:
        workspace = self._workspace
        if workspace.scene is not None and workspace.player.last_index >= 0:
            workspace.appearance.copy_picture(workspace.scene, workspace.player.index)

    def _copy_code(self, library: str) -> None:
        if self._workspace.scene is not None:
            runs = self._workspace.scene.experiment.runs
            number = min(self._workspace.controls.chosen_run, len(runs) - 1)
            name = runs[number].name or runs[number].init.scheme
            self._copy(
                lambda scene, _: SCRIPTS[library](scene.experiment, number),
                lambda _: f"{library} code that repeats “{name}”",
            )

    def _copy(self, text_of: Callable[[Scene, int], str], what: Callable[[int], str]) -> None:
        """Copy a text about the current frame, and report what it is."""
        scene, index = self._workspace.scene, self._workspace.player.index
        if scene is None or self._workspace.player.last_index < 0:
            return
        try:
            QGuiApplication.clipboard().setText(text_of(scene, index))
            message = f"copied {what(index)}"
        except InitscopeError as error:
            message = str(error)
        self._workspace.messages.show_message(message, is_error=False)
