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
from engine.experiment import Experiment
from gui.export.job import ExportJob
from gui.export.order import Order
from gui.process.progress import time_text
from gui.widgets.builders import column, forget_style, row

SEPARATOR = "  ·  "
"""Between the parts of a summary."""


class JobDialog(QDialog):
    """Asks what to export, starts the job, and shows its progress.

    A subclass has a `form`, returns its content from `order`, calls `_review` when the form
    changes, and calls `_arrange` or `_arrange_beside` last.

    Parameters
    ----------
    title : str
    experiment : Experiment
        What the job trains or computes.
    parent : QWidget, optional
    """

    form: QWidget

    def __init__(self, title: str, experiment: Experiment, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._experiment = experiment
        self._order: Order | None = None
        self._job: ExportJob | None = None
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
        self.export_button.clicked.connect(self._export)
        self.cancel_button.clicked.connect(self._cancel)

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

    def _arrange_beside(self, preview: QWidget) -> None:
        """Lay out the form beside a preview, and review it."""
        left = column(preview, None, self.summary, self.message)
        self._arrange(row(left, (self.form, 1), spacing=24))

    def _arrange(self, content: QLayout) -> None:
        """Lay out the content above the buttons, and review the form."""
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
        job = ExportJob(self._experiment, self._order, self)
        job.trained.connect(self._show_training)
        job.progress.connect(self._show_progress)
        job.finished.connect(self._finish)
        job.failed.connect(self._fail)
        job.cancelled.connect(self._end_cancelled)
        self._job = job
        self._show_running(True)
        self._show_message("Starting…")
        job.start()

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
