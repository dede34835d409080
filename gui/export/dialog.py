"""The export dialog: the form, a preview, how long and how large it will be, and how far it is."""

from typing import final

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.errors import InitscopeError
from engine.scenes.scene import Scene
from gui.export.estimate import Steps, estimate, size_text
from gui.export.form import ExportForm
from gui.export.job import ExportJob
from gui.export.plan import ExportPlan
from gui.export.progress import time_text
from gui.export.renderer import Renderer

PREVIEW = QSize(640, 360)
PREVIEW_DELAY = 120
ESTIMATE_DELAY = 700
ESTIMATE_PAUSE = 25
"""Milliseconds; between the frames of an estimate the window gets its turn."""


@final
class ExportDialog(QDialog):
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

    def __init__(
        self,
        comparison: Scene,
        index: int,
        theme_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export the animation")
        self._comparison = comparison
        experiment = comparison.experiment
        # Runs may end early, but until they have, the plan is for all steps.
        is_over = comparison.is_complete
        self._last_index = comparison.last_index if is_over else comparison.planned_index
        self._plan: ExportPlan | None = None
        self._job: ExportJob | None = None
        self._estimate: Steps | None = None

        self.form = ExportForm(experiment, self._last_index, theme_name)
        self.preview = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(PREVIEW)
        self.frame = QSlider(Qt.Orientation.Horizontal)
        self.frame.setRange(0, max(0, comparison.last_index))
        self.frame.setValue(index)
        self.frame.setAccessibleName("Frame of the preview")
        self.frame_label = QLabel()
        self.frame_label.setProperty("role", "quiet")
        self.summary = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.summary.setStyleSheet("font-weight: 600;")
        self.message = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.export_button = QPushButton("Export")
        self.export_button.setDefault(True)
        self.cancel_button = QPushButton("Close")
        self.cancel_button.setAutoDefault(False)
        self._arrange()

        self._preview_timer = QTimer(self, singleShot=True, interval=PREVIEW_DELAY)
        self._estimate_timer = QTimer(self, singleShot=True, interval=ESTIMATE_DELAY)
        self._preview_timer.timeout.connect(self._draw_preview)
        self._estimate_timer.timeout.connect(self._go_on_estimating)
        self.form.changed.connect(self._review)
        self.frame.valueChanged.connect(self._preview_timer.start)
        self.export_button.clicked.connect(self._export)
        self.cancel_button.clicked.connect(self._cancel)
        self._show_running(False)
        self._review()

    def reject(self) -> None:
        """Close; if an export runs, ask first whether to cancel it."""
        if self._job is None or self._may_cancel():
            super().reject()

    def done(self, result: int) -> None:
        """Close, after a running export has been cancelled and has cleaned up."""
        self._drop_estimate()
        self._preview_timer.stop()
        if self._job is not None:
            self._job.stop()
        super().done(result)

    def _may_cancel(self) -> bool:
        button = QMessageBox.StandardButton
        question = "An export is running. Cancel it?"
        buttons = button.Yes | button.No
        chosen = QMessageBox.question(self, self.windowTitle(), question, buttons, button.No)
        return bool(chosen == button.Yes)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.preview)
        left.addWidget(self.frame)
        left.addWidget(self.frame_label)
        left.addStretch(1)
        left.addWidget(self.summary)
        left.addWidget(self.message)
        upper = QHBoxLayout()
        upper.setSpacing(24)
        upper.addLayout(left)
        upper.addWidget(self.form, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.bar, 1)
        buttons.addStretch(0)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(16)
        layout.addLayout(upper, 1)
        layout.addLayout(buttons)

    @Slot()
    def _review(self) -> None:
        """Take the form as it is now: its plan, or what is wrong with it."""
        if self._job is not None:
            return
        self._drop_estimate()
        try:
            self._plan = self.form.plan()
            self._plan.indices(self._last_index)
        except InitscopeError as error:
            self._plan = None
            self.summary.clear()
            self._tell(str(error), wrong=True)
        else:
            self._sum_up("")
            exists = self._plan.path.exists()
            self._tell(f"{self._plan.path} is there already and is replaced." if exists else "")
            self.export_button.setText("Replace" if exists else "Export")
            self._preview_timer.start()
            self._estimate_timer.start(ESTIMATE_DELAY)
        self.export_button.setEnabled(self._plan is not None)

    def _sum_up(self, size: str) -> None:
        assert self._plan is not None
        frames = len(self._plan.indices(self._last_index))
        parts = ["1 frame" if frames == 1 else f"{frames:,} frames"]
        if not self._plan.format.makes_folder(frames):
            parts.append(f"{float(frames / self._plan.rate):.2f} s")
        if size:
            parts.append(f"about {size}")
        self.summary.setText("  ·  ".join(parts))

    def _tell(self, text: str, wrong: bool = False) -> None:
        self.message.setText(text)
        self.message.setStyleSheet("font-weight: 600;" if wrong else "")

    @Slot()
    def _draw_preview(self) -> None:
        index = min(self.frame.value(), self._comparison.last_index)
        self.frame_label.setText(f"Preview of frame {index:,}")
        if self._plan is None or index < 0:
            return
        ratio = self.devicePixelRatioF()
        image = Renderer(self._comparison, self._plan).image(index)
        scaled = image.scaled(
            PREVIEW * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.preview.setPixmap(QPixmap.fromImage(scaled))

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
        if self._plan is None or self._job is not None:
            return
        self._drop_estimate()
        job = ExportJob(self._comparison.experiment, self._plan, self)
        job.trained.connect(self._show_training)
        job.progress.connect(self._show_progress)
        job.finished.connect(self._finish)
        job.failed.connect(self._fail)
        job.cancelled.connect(self._end_cancelled)
        self._job = job
        self._show_running(True)
        self._tell("Starting…")
        job.start()

    @Slot()
    def _cancel(self) -> None:
        if self._job is None:
            self.reject()
        else:
            self._tell("Cancelling…")
            self._job.cancel()

    @Slot(int, int)
    def _show_training(self, done: int, total: int) -> None:
        self._tell(f"Training: step {done:,} of {total:,}" if done < total else "Preparing…")

    @Slot(int, int, float)
    def _show_progress(self, done: int, total: int, seconds_left: float) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        left = f", {time_text(seconds_left)} left" if done < total else ""
        self._tell(f"{done:,} of {total:,} frames{left}")

    @Slot(str)
    def _finish(self, path: str) -> None:
        self._end(f"Written: {path}")

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        self._end(sentence, wrong=True)

    @Slot()
    def _end_cancelled(self) -> None:
        self._end("Cancelled; nothing was written.")

    def _end(self, text: str, wrong: bool = False) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        self._show_running(False)
        self._review()
        self._tell(text, wrong)

    def _show_running(self, is_running: bool) -> None:
        self.form.setEnabled(not is_running)
        self.export_button.setEnabled(not is_running)
        self.cancel_button.setText("Cancel" if is_running else "Close")
        self.bar.setVisible(is_running)
        self.bar.setRange(0, 0)
