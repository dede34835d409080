"""The dialog that exports an animation: form, preview, estimated size and progress."""

from typing import final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.text import counted
from engine.training.scene import Scene
from gui.background.stepper import Stepper
from gui.export.dialogs.animation_form import AnimationForm
from gui.export.dialogs.job_dialog import SEPARATOR, JobDialog
from gui.export.dialogs.preview import Preview
from gui.export.estimate import estimate, size_text
from gui.export.plan import ExportPlan

ESTIMATE_DELAY = 700
ESTIMATE_PAUSE = 25
"""Milliseconds between the steps of an estimate, for the window."""


@final
class AnimationDialog(JobDialog):
    """Exports an animation while the window stays usable.

    Parameters
    ----------
    scene : Scene
        The preview shows the frames that it has computed.
    index : int
        The frame that the preview shows first.
    theme_name : str
        The initial theme.
    parent : QWidget, optional
    """

    form: AnimationForm

    def __init__(
        self,
        scene: Scene,
        index: int,
        theme_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Export the animation", scene.experiment, parent)
        self._scene = scene
        # Runs may end early, but before they do, the plan is for all steps.
        self._last_index = scene.last_index if scene.is_complete else scene.planned_index
        self.form = AnimationForm(scene.experiment, self._last_index, theme_name)
        self.preview = Preview(scene, index)
        self._estimate = Stepper(self, pause=ESTIMATE_PAUSE, work_pause=ESTIMATE_PAUSE)
        self._estimate.finished.connect(self._show_estimate)
        self.form.changed.connect(self._review)
        self._arrange_beside(self.preview)

    def order(self) -> ExportPlan:
        self._estimate.stop()
        plan = self.form.plan()
        frames = len(plan.indices(self._last_index))
        summary = counted(frames, "frame")
        if not plan.format.makes_folder(frames):
            summary += f"{SEPARATOR}{float(frames / plan.rate):.2f} s"
        self.summary.setText(summary)
        self.preview.show_plan(plan)
        self._estimate.start(estimate(self._scene, plan, frames), ESTIMATE_DELAY)
        return plan

    def done(self, result: int) -> None:
        self._estimate.stop()
        self.preview.stop()
        super().done(result)

    @Slot()
    def _show_estimate(self) -> None:
        size = size_text(self._estimate.result)
        self.summary.setText(f"{self.summary.text()}{SEPARATOR}about {size}")

    @Slot()
    def _export(self) -> None:
        self._estimate.stop()
        super()._export()
