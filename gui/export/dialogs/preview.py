"""A preview: a frame as a plan shows it, and a slider that chooses which."""

from collections.abc import Generator
from typing import final

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from engine.experiment.experiment import Experiment
from engine.training.scene import Scene
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer

SIZE = QSize(640, 360)
FINER = 2
"""So many times larger it is painted at most, before it is made as small as it is shown."""
DELAY_MILLISECONDS = 120
"""What changes within this time is drawn once."""
PAUSE_MILLISECONDS = 10
"""How often it is looked whether a thread has come to its end."""


@final
class Preview(QWidget):
    """Shows a frame of a scene, also while it grows.

    Parameters
    ----------
    scene : Scene
    index : int
        The frame that is shown at first.
    label : str
        What it is called.
    """

    def __init__(self, scene: Scene, index: int, label: str = "Preview of frame") -> None:
        super().__init__()
        self._scene = scene
        self._label = label
        self._plan: ExportPlan | None = None
        self._renderer: Renderer | None = None
        self._experiment: Experiment | None = None
        self._steps: Generator[bool | None, None, None] | None = None
        self.picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(SIZE)
        self.frame = QSlider(Qt.Orientation.Horizontal)
        self.frame.setRange(0, max(0, scene.last_index))
        self.frame.setValue(index)
        self.frame.setAccessibleName(label)
        self.caption = QLabel()
        self.caption.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.picture, self.frame, self.caption):
            layout.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._draw)
        self.frame.valueChanged.connect(self._draw_soon)

    @property
    def index(self) -> int:
        """The frame that is shown; −1 as long as there is none."""
        return min(self.frame.value(), self._scene.last_index)

    def show_plan(self, plan: ExportPlan) -> None:
        """Show what this plan makes of the frame, soon."""
        if self._plan is None or not plan.looks_like(self._plan):
            self._renderer = None
        self._plan = plan
        self._draw_soon()

    def stop(self) -> None:
        """Draw nothing more."""
        self._drop()
        self._plan = self._renderer = None

    @Slot()
    def _draw_soon(self) -> None:
        self._drop()
        self._timer.start(DELAY_MILLISECONDS)

    def _drop(self) -> None:
        self._timer.stop()
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    @Slot()
    def _draw(self) -> None:
        """Take a step of drawing. To make panels, draw and paint takes its time, so each is one."""
        index = self.index
        if self._steps is None and self._plan is not None and index >= 0:
            self.caption.setText(f"{self._label} {index:,}")
            self._steps = self._drawing(self._plan, index)
        if self._steps is not None:
            pause = next(self._steps, self)
            if pause is self:
                self._steps = None
            else:
                self._timer.start(PAUSE_MILLISECONDS if pause else 0)

    def _drawing(self, plan: ExportPlan, index: int) -> Generator[bool | None, None, None]:
        """Draw in steps; what they yield is true where a thread has to be waited for."""
        experiment = self._scene.experiment  # the window may choose other panels meanwhile
        if self._renderer is None or experiment is not self._experiment:
            self._renderer, self._experiment = Renderer(self._scene, plan), experiment
        renderer = self._renderer
        while renderer.make_more():
            yield None
        yield from renderer.fetch(index)
        yield from renderer.prepare_in_steps(index)
        ratio = self.devicePixelRatioF()
        image = yield from renderer.image_in_steps(index, within=SIZE * FINER * ratio)
        scaled = image.scaled(
            SIZE * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.picture.setPixmap(QPixmap.fromImage(scaled))
