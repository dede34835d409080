"""The widget that shows a stage, and lays it out again when its own size changes."""

from typing import final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui.stage.stage import SMOOTH, Stage
from gui.widgets import configured


@final
class StageView(QGraphicsView):
    """Shows all of a stage, sharp at every scale of the screen.

    Attributes
    ----------
    stage : Stage
    is_painting_paused : bool
        Whether the last picture stays until `resume_painting`, whatever has been drawn since.

    Signals
    -------
    painted()
    resized()
        The stage is about to be laid out for another size.
    """

    painted = Signal()
    resized = Signal()

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(stage, parent)
        self.stage = stage
        self.is_painting_paused = False
        # The stage covers all of it. While painting is paused, Qt would clear the last picture.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        configured(
            self,
            renderHints=SMOOTH,
            frameShape=QFrame.Shape.NoFrame,
            horizontalScrollBarPolicy=Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            verticalScrollBarPolicy=Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            # Almost all of it changes from frame to frame, and the colours of what is painted in
            # patches differ in the last bits from those of a whole picture.
            viewportUpdateMode=QGraphicsView.ViewportUpdateMode.FullViewportUpdate,
            mouseTracking=True,
            alignment=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
        )

    def resume_painting(self) -> None:
        """Paint again, and what has been drawn meanwhile."""
        if self.is_painting_paused:
            self.is_painting_paused = False
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_painting_paused:
            super().paintEvent(event)
            self.painted.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.stage.point_at(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.viewport().size()
        if size.width() > 0 and size.height() > 0:
            self.resized.emit()
            self.stage.set_size(size.width(), size.height())
            self.resetTransform()
            self.scale(self.stage.scale, self.stage.scale)
