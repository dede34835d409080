"""The base of the export dialogs: a form, a summary, a message and the progress of a job."""

from abc import abstractmethod

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLayout,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QWidget,
)

from engine import InitscopeError
from engine.training import Scene
from gui.export.dialogs.fields import ExportForm
from gui.export.dialogs.preview import Preview
from gui.export.job import ExportJob
from gui.export.order import Order
from gui.process.progress import time_text
from gui.widgets import column, configured, forget_style, row

SEPARATOR = "  ·  "
"""Between the parts of a summary."""


class JobDialog(QDialog):
    """Asks what to export, starts the job, and shows its progress.

    A subclass has a `form`, returns its content from `order`, and calls `_arrange` last.

    Parameters
    ----------
    title : str
    scene : Scene
        The job trains or computes its experiment.
    parent : QWidget, optional
    """

    form: ExportForm

    def __init__(self, title: str, scene: Scene, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._scene = scene
        self._experiment = scene.experiment  # its panels may be changed in the window meanwhile
        self._order: Order | None = None
        self._job: ExportJob | None = None
        plain = Qt.TextFormat.PlainText
        self.summary = configured(
            QLabel(wordWrap=True, textFormat=plain), styleSheet="font-weight: 600;"
        )
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self.message = QLabel(wordWrap=True, textFormat=plain, textInteractionFlags=selectable)
        self.bar = QProgressBar(textVisible=False)
        self.export_button = configured(QPushButton("Export", default=True), clicked=self._export)
        self.cancel_button = configured(
            QPushButton("Close", autoDefault=False), clicked=self._cancel
        )

    @abstractmethod
    def order(self) -> Order:
        """Return the content of the form; raise `InitscopeError` if it is wrong."""

    def reject(self) -> None:
        """Close; if an export is running, ask whether to cancel it."""
        if self._job is not None:
            button = QMessageBox.StandardButton
            question = "An export is running. Cancel it?"
            buttons = button.Yes | button.No
            chosen = QMessageBox.question(self, self.windowTitle(), question, buttons, button.No)
            if chosen != button.Yes:
                return
        super().reject()

    def done(self, result: int) -> None:
        """Close, after a running export was cancelled and has cleaned up."""
        if self._job is not None:
            self._job.stop()
        forget_style(self)
        super().done(result)

    def _arrange(self, preview: Preview | None = None) -> None:
        """Lay out the form, beside a preview if there is one, and review it."""
        self.form.changed.connect(self._review)
        content: QLayout = column(preview or self.form, None, self.summary, self.message)
        if preview is not None:
            self.finished.connect(preview.stop)
            content = row(content, (self.form, 1), spacing=24)
        buttons = row((self.bar, 1), self.cancel_button, self.export_button)
        buttons.insertStretch(1)  # grows only while the bar is hidden
        column((content, 1), buttons, parent=self, spacing=16, margins=(20, 20, 20, 20))
        self._show_running(False)
        self._review()

    @Slot()
    def _review(self) -> None:
        """Read the form, and show what is wrong with it."""
        if self._job is not None:
            return
        self._order = None
        try:
            self._order = self.order()
        except InitscopeError as error:
            self.summary.clear()
            self._show_message(str(error), wrong=True)
        else:
            path = self._order.path
            self._show_message(
                f"{path} already exists and will be replaced." if path.exists() else ""
            )
            self.export_button.setText("Replace" if path.exists() else "Export")
        self.export_button.setEnabled(self._order is not None)

    def _show_message(self, text: str, wrong: bool = False) -> None:
        self.message.setText(text)
        self.message.setStyleSheet("font-weight: 600;" if wrong else "")

    @Slot()
    def _export(self) -> None:
        if self._order is None or self._job is not None:
            return
        self._job = configured(
            ExportJob(self._experiment, self._order, self),
            trained=self._show_training,
            progress=self._show_progress,
            finished=self._finish,
            failed=self._fail,
            cancelled=self._end_cancelled,
        )
        self._show_running(True)
        self._show_message("Starting…")
        self._job.start()

    @Slot()
    def _cancel(self) -> None:
        if self._job is None:
            self.reject()
        else:
            self._show_message("Cancelling…")
            self._job.cancel()

    @Slot(int, int)
    def _show_training(self, done: int, total: int) -> None:
        self._show_message(
            f"Training: step {done:,} of {total:,}" if done < total else "Preparing…"
        )

    @Slot(int, int, float)
    def _show_progress(self, done: int, total: int, seconds_left: float) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        left = f", {time_text(seconds_left)} left" if done < total else ""
        self._show_message(f"{done:,} of {total:,} frames{left}")

    @Slot()
    def _finish(self) -> None:
        assert self._order is not None
        self._end(f"Written: {self._order.path}")

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
        self._show_message(text, wrong)

    def _show_running(self, is_running: bool) -> None:
        self.form.setEnabled(not is_running)
        self.export_button.setEnabled(not is_running)
        self.cancel_button.setText("Cancel" if is_running else "Close")
        self.bar.setVisible(is_running)
        self.bar.setRange(0, 0)
