"""The export dialog: the form, a preview, how long and how large it will be, and how far it is."""

from typing import ClassVar, final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from engine.errors import InitscopeError
from engine.text import counted
from engine.training.scene import Scene
from gui.export.dialogs.form import ExportForm
from gui.export.dialogs.job_dialog import JobDialog
from gui.export.dialogs.preview import Preview
from gui.export.estimate import Steps, estimate, size_text
from gui.export.plan import ExportPlan

ESTIMATE_DELAY = 700
ESTIMATE_PAUSE = 25
"""Milliseconds; between the frames of an estimate the window gets its turn."""


@final
class ExportDialog(JobDialog):
    """Asks what to export, and has it exported while the window stays usable.

    Parameters
    ----------
    comparison : Scene
        What is exported; while it trains, the preview shows what there is.
    index : int
        The frame that is previewed at first.
    theme_name : str
        The theme that is chosen at first.
    parent : QWidget, optional
    """

    counted: ClassVar[str] = "frames"
    form: ExportForm

    def __init__(
        self,
        comparison: Scene,
        index: int,
        theme_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Export the animation", comparison.experiment, parent)
        self._comparison = comparison
        # Runs may end early, but until they have, the plan is for all steps.
        is_over = comparison.is_complete
        self._last_index = comparison.last_index if is_over else comparison.planned_index
        self._plan: ExportPlan | None = None
        self._estimate: Steps | None = None
        self.form = ExportForm(comparison.experiment, self._last_index, theme_name)
        self.preview = Preview(comparison, index)
        self._estimate_timer = QTimer(self, singleShot=True, interval=ESTIMATE_DELAY)
        self._estimate_timer.timeout.connect(self._go_on_estimating)
        self.form.changed.connect(self._review)
        self._arrange_beside(self.preview)

    def order(self) -> ExportPlan:
        self._drop_estimate()
        self._plan = None
        plan = self.form.plan()
        plan.indices(self._last_index)
        self._plan = plan
        self._sum_up("")
        self.preview.show_plan(plan)
        self._estimate_timer.start(ESTIMATE_DELAY)
        return plan

    def done(self, result: int) -> None:
        self._drop_estimate()
        self.preview.stop()
        super().done(result)

    def _sum_up(self, size: str) -> None:
        assert self._plan is not None
        frames = len(self._plan.indices(self._last_index))
        parts = [counted(frames, "frame")]
        if not self._plan.format.makes_folder(frames):
            parts.append(f"{float(frames / self._plan.rate):.2f} s")
        if size:
            parts.append(f"about {size}")
        self.summary.setText("  ·  ".join(parts))

    @Slot()
    def _go_on_estimating(self) -> None:
        """Do a step of the estimate: one frame."""
        if self._plan is None or self._comparison.last_index < 0:
            return
        try:
            if self._estimate is None:
                frames = len(self._plan.indices(self._last_index))
                self._estimate = estimate(self._comparison, self._plan, frames)
            size = next(self._estimate)
        except InitscopeError:  # such as no room for temporary files: it will be told in time
            self._drop_estimate()
            return
        if size is None:
            self._estimate_timer.start(ESTIMATE_PAUSE)
        else:
            self._drop_estimate()
            self._sum_up(size_text(size))

    def _drop_estimate(self) -> None:
        self._estimate_timer.stop()
        if self._estimate is not None:
            self._estimate.close()
            self._estimate = None

    @Slot()
    def _export(self) -> None:
        self._drop_estimate()
        super()._export()
