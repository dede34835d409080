"""The dialog that exports one frame: for a page, a slide or a poster."""

from typing import final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QWidget

from engine import InitscopeError
from engine.experiment import Experiment
from engine.training import Scene
from gui.background.stepper import Stepper
from gui.export.dialogs.fields import PictureForm, Place, format_choices, number_box
from gui.export.dialogs.job_dialog import SEPARATOR, JobDialog
from gui.export.dialogs.preview import Preview
from gui.export.formats.drawing import MILLIMETRES
from gui.export.formats.registry import SINGLE_FRAME_FORMATS
from gui.export.plan import DPI, PRINT_DPI, UNITS, ExportPlan, FrameRange, pixels_of
from gui.export.renderer import write_frame
from gui.widgets import configured, row

SIZE = (24.0, 13.5)
"""The initial size in centimetres: the width of a slide or of a page in landscape format."""
PAUSE = 5
"""Milliseconds between two checks whether a thread has ended."""
DECIMALS = {"cm": 2, "mm": 1, "in": 2}


@final
class SingleFrameForm(PictureForm):
    """The fields of a frame's export.

    Parameters
    ----------
    experiment : Experiment
        Its title names the file.
    theme : str
        The initial theme.
    """

    def __init__(self, experiment: Experiment, theme: str) -> None:
        choices = {
            suffix: choice._replace(name=choice.name.removesuffix(" frames"))
            for suffix, choice in format_choices(SINGLE_FRAME_FORMATS).items()
        }
        super().__init__(choices, experiment, Place.PicturesLocation, theme)
        self.unit = QComboBox()
        self.unit.addItems(list(UNITS))
        self._unit = self.unit.currentText()
        self.width_box, self.height_box = (self._length_box(length) for length in SIZE)
        self.dpi = number_box(*DPI, self.changed, grouped=False)
        self.dpi.setValue(PRINT_DPI)
        size = row(self.width_box, QLabel("×"), self.height_box, self.unit, None)
        self._add_rows({"Size": size, "Dots per inch": row(self.dpi, None)})
        self.unit.currentTextChanged.connect(self._convert)

    def _length_box(self, length: float) -> QDoubleSpinBox:
        decimals = DECIMALS[self._unit]
        box = QDoubleSpinBox(minimum=0.1, maximum=9999.0, decimals=decimals, value=length)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        return configured(box, valueChanged=self.changed)

    def plan(self, index: int) -> ExportPlan:
        """Return the plan for the frame of this index; raise `UsageError` if it is wrong."""
        size = self.width_box.value(), self.height_box.value()
        return ExportPlan(
            path=self.file.file,
            size=pixels_of(size, self._unit, self.dpi.value()),
            frames=FrameRange(index, index + 1),
            panels=self.panels.names,
            theme=self.theme.currentData(),
            overwrite=True,
            dpi=self.dpi.value(),
        )

    @Slot(str)
    def _convert(self, unit: str) -> None:
        factor = UNITS[self._unit] / UNITS[unit]
        self._unit = unit
        for box in (self.width_box, self.height_box):
            length = box.value() * factor
            box.setDecimals(DECIMALS[unit])
            box.setValue(length)


@final
class SingleFrameDialog(JobDialog):
    """Exports one frame.

    Parameters
    ----------
    scene : Scene
        The frames that it has computed can be exported.
    index : int
        The frame that is selected first.
    theme_name : str
        The initial theme.
    parent : QWidget, optional
    """

    form: SingleFrameForm
    _order: ExportPlan | None

    def __init__(
        self, scene: Scene, index: int, theme_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("Export a frame", scene, parent)
        self._stepper = configured(
            Stepper(self, pause=PAUSE), finished=self._finish, failed=self._on_failed
        )
        self.form = SingleFrameForm(scene.experiment, theme_name)
        self.preview = Preview(scene, index, "Frame")
        self.preview.frame.valueChanged.connect(self._review)
        self.finished.connect(self._stepper.stop)
        self._arrange(self.preview)

    def order(self) -> ExportPlan:
        plan = self.form.plan(max(0, self.preview.index))
        self.preview.show_plan(plan)
        self.form.dpi.setEnabled(not plan.is_drawing)
        across, down = (side / plan.dpi * MILLIMETRES / 10.0 for side in plan.size)
        width, height = plan.size
        sharpness = "sharp at any size" if plan.is_drawing else f"{width:,} × {height:,} pixels"
        parts = f"{across:.1f} × {down:.1f} cm", sharpness, "Initscope opens it again"
        self.summary.setText(SEPARATOR.join(parts))
        return plan

    @Slot()
    def _cancel(self) -> None:
        if self._stepper.is_running:
            self._stepper.stop()
            self._end("Cancelled.")
        else:
            super()._cancel()

    @Slot()
    def _export(self) -> None:
        """Write the frame in this process, which has trained it already."""
        if self._order is None or self._stepper.is_running:
            return
        self._show_running(True)
        self._show_message("Writing…")
        self._stepper.start(write_frame(self._scene, self._order))

    @Slot(Exception)
    def _on_failed(self, error: Exception) -> None:
        is_expected = isinstance(error, InitscopeError)
        self._end(str(error) if is_expected else "The frame cannot be drawn.", wrong=True)
