"""The dialog that exports an animation: form, preview, estimated size and progress."""

from typing import final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from engine import UsageError, counted
from engine.experiment import Experiment
from engine.training import Scene
from gui.background.stepper import Stepper
from gui.export.dialogs.fields import PictureForm, Place, format_choices, number_box
from gui.export.dialogs.job_dialog import SEPARATOR, JobDialog
from gui.export.dialogs.preview import Preview
from gui.export.estimate import estimate, size_text
from gui.export.formats.format import SIDES
from gui.export.formats.registry import FORMATS
from gui.export.plan import ExportPlan, FrameRange, parse_fps
from gui.widgets import configured, row

SIZES = ((3840, 2160), (1920, 1080), (1280, 720), (960, 540), (640, 360))
RATES = ("10", "12.5", "20", "24", "25", "30", "50", "60")
MAX_HOLD = 9999
ESTIMATE_DELAY = 700
ESTIMATE_PAUSE = 25
"""Milliseconds between the steps of an estimate, for the window."""


@final
class AnimationForm(PictureForm):
    """The fields of an export.

    Parameters
    ----------
    experiment : Experiment
        Its title is the initial name of the file.
    last_index : int
        The largest frame index there will be.
    theme : str
        The initial theme.
    """

    def __init__(self, experiment: Experiment, last_index: int, theme: str) -> None:
        super().__init__(format_choices(FORMATS), experiment, Place.MoviesLocation, theme)
        self._last_index = last_index
        self.size_preset = configured(QComboBox(), activated=self._take_preset)
        for width, height in SIZES:
            self.size_preset.addItem(f"{width} × {height}", (width, height))
        self.size_preset.addItem("Other", None)
        self.width_box, self.height_box = (
            number_box(*SIDES, self._show_preset, grouped=False) for _ in range(2)
        )
        self.rate = configured(QComboBox(), editable=True, currentTextChanged=self.changed)
        self.rate.addItems(RATES)
        self.first, self.last = (number_box(0, last_index, self.changed) for _ in range(2))
        self.stride = number_box(1, max(1, last_index), self.changed)
        self.hold_first, self.hold_last = (number_box(0, MAX_HOLD, self.changed) for _ in range(2))
        self.last.setValue(last_index)
        self._show_default_rate()
        sides = (self.width_box, QLabel("×"), self.height_box)
        self._add_rows(
            {
                "Size": row(self.size_preset, *sides, None),
                "Frames per second": self.rate,
                "Frames": row(
                    *(self.first, QLabel("to"), self.last, QLabel("by"), self.stride, None)
                ),
                "Hold the first": row(self.hold_first, QLabel("more frames"), None),
                "Hold the last": row(self.hold_last, QLabel("more frames"), None),
            }
        )
        self.file.format_changed.connect(self._show_default_rate)
        self.size_preset.setCurrentIndex(SIZES.index((1920, 1080)))
        self._take_preset()

    def plan(self) -> ExportPlan:
        """Return the plan; raise `UsageError` if it is wrong.

        It may replace an existing file, because the dialog says so.
        """
        if self.last.value() < self.first.value():
            frames = FrameRange(self.first.value(), self.first.value())  # none, which is an error
        else:
            is_whole = self.last.value() == self._last_index
            stop = None if is_whole else self.last.value() + 1
            stride = self.stride.value()
            frames = FrameRange(self.first.value() or None, stop, None if stride == 1 else stride)
        plan = ExportPlan(
            path=self.file.file,
            size=(self.width_box.value(), self.height_box.value()),
            fps=parse_fps(self.rate.currentText()),
            frames=frames,
            hold_first=self.hold_first.value(),
            hold_last=self.hold_last.value(),
            panels=self.panels.names,
            theme=self.theme.currentData(),
            overwrite=True,
        )
        if plan.is_drawing:
            raise UsageError(f"{plan.format.title} holds no animation; export a frame instead")
        return plan

    @Slot()
    def _show_default_rate(self) -> None:
        self.rate.setEditText(f"{float(FORMATS[self.file.suffix].default_fps):g}")

    @Slot()
    def _take_preset(self) -> None:
        size = self.size_preset.currentData()
        if size is not None:
            self.width_box.setValue(size[0])
            self.height_box.setValue(size[1])

    @Slot()
    def _show_preset(self) -> None:
        size = (self.width_box.value(), self.height_box.value())
        self.size_preset.setCurrentIndex(SIZES.index(size) if size in SIZES else len(SIZES))
        self.changed.emit()


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
        super().__init__("Export the animation", scene, parent)
        # Runs may end early, but before they do, the plan is for all steps.
        self._last_index = scene.last_index if scene.is_complete else scene.planned_index
        self.form = AnimationForm(scene.experiment, self._last_index, theme_name)
        self.preview = Preview(scene, index)
        self._estimate = configured(
            Stepper(self, pause=ESTIMATE_PAUSE, work_pause=ESTIMATE_PAUSE),
            finished=self._show_estimate,
        )
        self.finished.connect(self._estimate.stop)
        self._arrange(self.preview)

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

    @Slot()
    def _show_estimate(self) -> None:
        about = f"about {size_text(self._estimate.result)}"
        self.summary.setText(SEPARATOR.join([self.summary.text(), about]))

    @Slot()
    def _export(self) -> None:
        self._estimate.stop()
        super()._export()
