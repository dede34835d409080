"""A preview of a frame of an export, with a slider that selects the frame."""

from typing import final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QSlider, QWidget

from engine import Steps
from engine.experiment import Experiment
from engine.training import Scene
from gui.background.stepper import Stepper
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer
from gui.widgets import column, configured

SIZE = QSize(640, 360)
OVERSAMPLING = 2
"""The picture is painted at most this many times larger than it is shown."""
DELAY_MILLISECONDS = 120
"""Changes within this time are drawn once."""
PAUSE_MILLISECONDS = 10
"""How often it is checked whether a thread has ended."""


@final
class Preview(QWidget):
    """Shows a frame of a scene, also while it is computed.

    Parameters
    ----------
    scene : Scene
    index : int
        The frame that is shown at first.
    label : str
        The text in front of the number of the frame.
    """

    def __init__(self, scene: Scene, index: int, label: str = "Preview of frame") -> None:
        super().__init__()
        self._scene = scene
        self._label = label
        self._plan: ExportPlan | None = None
        self._renderer: Renderer | None = None
        self._experiment: Experiment | None = None
        self._stepper = Stepper(self, pause=PAUSE_MILLISECONDS)
        self.picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(SIZE)
        self.frame = configured(
            QSlider(Qt.Orientation.Horizontal),
            maximum=max(0, scene.last_index),
            value=index,
            accessibleName=label,
            valueChanged=self._draw_soon,
        )
        self.caption = configured(QLabel(), role="quiet")
        column(self.picture, self.frame, self.caption, parent=self)

    @property
    def index(self) -> int:
        """The frame that is shown; −1 while there is none."""
        return min(self.frame.value(), self._scene.last_index)

    def show_plan(self, plan: ExportPlan) -> None:
        """Show the frame as this plan exports it, after a short delay."""
        if self._plan is None or not plan.looks_like(self._plan):
            self._renderer = None
        self._plan = plan
        self._draw_soon()

    def stop(self) -> None:
        """Stop drawing."""
        self._stepper.stop()
        self._plan = self._renderer = None

    @Slot()
    def _draw_soon(self) -> None:
        if self._plan is not None:
            self._stepper.start(self._drawing(self._plan), DELAY_MILLISECONDS)

    def _drawing(self, plan: ExportPlan) -> Steps[None]:
        index = self.index
        if index < 0:
            return
        self.caption.setText(f"{self._label} {index:,}")
        experiment = self._scene.experiment  # its panels may be changed in the window meanwhile
        if self._renderer is None or experiment is not self._experiment:
            self._renderer, self._experiment = Renderer(self._scene, plan), experiment
        renderer = self._renderer
        yield from renderer.prepare(index)
        ratio = self.devicePixelRatioF()
        image = yield from renderer.image_in_steps(index, within=SIZE * OVERSAMPLING * ratio)
        scaled = image.scaled(
            SIZE * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.picture.setPixmap(QPixmap.fromImage(scaled))
