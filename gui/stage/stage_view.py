"""The widget that shows a stage, and lays it out anew when its own size changes."""

from typing import final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui.stage.stage import SMOOTH, Stage


@final
class StageView(QGraphicsView):
    """Shows all of a stage, sharp at every scale of the screen.

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
        # A timer of its own: QTimer.singleShot would come in the same turn.
        self._turns = QTimer(self, singleShot=True, interval=0)
        self._turns.timeout.connect(self.let_paint)
        self._is_held = False
        # The stage covers all of it. While it is held, Qt would wipe what was painted last.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setRenderHints(SMOOTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Almost all of it changes from frame to frame, and what is painted in patches differs
        # from what is painted whole in the last bits of a colour.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMouseTracking(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    @property
    def is_held(self) -> bool:
        """Whether nothing is painted now."""
        return self._is_held

    def hold(self) -> None:
        """Paint nothing until `paint_later`: what was painted last stays."""
        self._is_held = True

    def paint_later(self) -> None:
        """Paint what is drawn by then in the next turn of the event loop.

        To paint takes as long as to draw: between the two, the window answers.
        """
        self.hold()
        self._turns.start()

    @Slot()
    def let_paint(self) -> None:
        """Paint at any time again."""
        if self._is_held:
            self._is_held = False
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_held:
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
