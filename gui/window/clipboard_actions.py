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
            "copy_experiment": self._copy_experiment,
            **{name: partial(self._copy_code, library) for name, library in CODE.items()},
        }
        for name, handler in handlers.items():
            workspace.actions[name].invoked.connect(handler)

    @Slot()
    def _copy_picture(self) -> None:
        workspace = self._workspace
        scene = workspace.current_scene
        if scene is not None and workspace.player.last_index >= 0:
            workspace.appearance.copy_picture(scene, workspace.player.index)

    @Slot()
    def _copy_experiment(self) -> None:
        experiment = self._workspace.document.experiment
        QGuiApplication.clipboard().setText(format_experiment(experiment))
        self._workspace.messages.show_message(
            "copied the experiment, as in its file", is_error=False
        )

    def _copy_code(self, library: str) -> None:
        number = self._workspace.controls.chosen_run
        run = self._workspace.document.experiment.runs[number]
        self._copy(
            lambda scene, _: SCRIPTS[library](scene.experiment, number),
            lambda _: f"{library} code that repeats “{run.name or run.init.scheme}”",
        )

    def _copy(self, text_of: Callable[[Scene, int], str], what: Callable[[int], str]) -> None:
        """Copy a text about the current frame, and report what it is."""
        scene, index = self._workspace.current_scene, self._workspace.player.index
        if scene is None or self._workspace.player.last_index < 0:
            return
        try:
            QGuiApplication.clipboard().setText(text_of(scene, index))
            message = f"copied {what(index)}"
        except InitscopeError as error:
            message = str(error)
        self._workspace.messages.show_message(message, is_error=False)
