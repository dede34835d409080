"""The timeline, a slider over the frames with the events of each run in a lane."""

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from engine.training import Event, EventKind, events_text
from gui.panels.base import LETTERS, with_definitions
from gui.style.theme import Theme, font, translucent
from gui.widgets import as_it_stands, configured

PAGE = 10
LANE = 11.0
TRACK = 5.0
MARGIN = 12.0
REACH = 5.0
"""The distance in pixels at which the pointer hits the mark of an event."""
DIAMOND = QPolygonF([QPointF(0.0, -4.0), QPointF(4.0, 0.0), QPointF(0.0, 4.0), QPointF(-4.0, 0.0)])
GOOD = {
    EventKind.SYMMETRY_BROKEN,
    EventKind.SYMMETRY_VISIBLE,
    EventKind.SOLVED,
    EventKind.DIFFERENT,
    EventKind.UNIT_ACTIVE,
}
BAD = {
    EventKind.DIVERGED,
    EventKind.ROUNDED,
    EventKind.ENDLESS,
    EventKind.UNIT_DEAD,
    EventKind.UNIT_SATURATED,
}


@final
class Timeline(QSlider):
    """A slider whose value is the index of the frame, with the share that is computed.

    Events are diamonds: filled in the accent colour where symmetry breaks or the problem is
    solved, in the alarm colour where a unit or the run is lost, hollow elsewhere.

    Signals
    -------
    event_clicked(int)
        The mark of an event was clicked, after the slider has moved to its frame.
    """

    event_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        configured(
            self,
            objectName="timeline",
            accessibleName="Timeline",
            pageStep=PAGE,
            mouseTracking=True,
            focusPolicy=Qt.FocusPolicy.StrongFocus,
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._events: tuple[Event, ...] = ()
        self._runs = 1
        self._lanes = 1
        self._trained = 0
        self._dragged = False

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_span(self, frames: int, runs: int) -> None:
        """Set the planned number of frames, and the number of lanes."""
        self.setMaximum(max(0, frames - 1))
        self._runs = runs
        self._arrange_lanes()

    def set_trained(self, last_index: int, events: Sequence[Event]) -> None:
        """Set the last index and the events so far."""
        self._trained = last_index
        self._events = tuple(events)
        self._arrange_lanes()

    def _arrange_lanes(self) -> None:
        """Show a lane for each run, or a single one if all runs are complete without an event."""
        is_quiet = not self._events and 0 < self.maximum() <= self._trained
        lanes = 1 if is_quiet else self._runs
        if lanes != self._lanes:
            self._lanes = lanes
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, round(self._track_top() + TRACK + 9))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _track_top(self) -> float:
        return 5.0 + LANE * self._lanes

    def _left(self) -> float:
        return MARGIN + (12.0 if self._lanes > 1 else 0.0)

    def x_of(self, frame: int) -> float:
        """Return the horizontal position of a frame in the widget."""
        width = self.width() - self._left() - MARGIN
        return self._left() + width * min(1.0, frame / max(1, self.maximum()))

    def frame_at(self, x: float) -> int:
        """Return the frame at a horizontal position in the widget."""
        width = self.width() - self._left() - MARGIN
        return round((x - self._left()) / max(1.0, width) * self.maximum())

    def position_of(self, event: Event) -> QPointF:
        """Return the centre of the mark of an event."""
        return QPointF(self.x_of(event.frame), self._lane_centre(event.run))

    def event_at(self, x: float, y: float) -> Event | None:
        """Return the event whose mark is at a position in the widget."""
        if y >= self._track_top():
            return None
        lane = int((y - 3.0) // LANE)
        near = [each for each in self._events if each.run == lane]
        best = min(near, key=lambda each: abs(self.x_of(each.frame) - x), default=None)
        return best if best and abs(self.x_of(best.frame) - x) <= REACH else None

    def events_at(self, x: float, y: float) -> list[Event]:
        """Return the events of all runs whose marks are in line with the mark at a position."""
        found = self.event_at(x, y)
        if found is None:
            return []
        column = round(self.x_of(found.frame))
        return [each for each in self._events if round(self.x_of(each.frame)) == column]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.events_at(event.pos().x(), event.pos().y())
            letters = LETTERS if self._runs > 1 else ""
            text = "\n".join(events_text(found, letters))
            text = with_definitions(text, text) or f"frame {self.frame_at(event.pos().x()):,}"
            QToolTip.showText(event.globalPos(), as_it_stands(text), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        found = self.event_at(at.x(), at.y())
        self._dragged = found is None
        self.setValue(found.frame if found else self.frame_at(at.x()))
        if found:
            self.event_clicked.emit(found.frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._dragged:
            self.setValue(self.frame_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = False

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_track(painter)
            self._paint_events(painter)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.text))
            x, top = self.x_of(self.value()), self._track_top()
            painter.drawRoundedRect(QRectF(x - 0.75, 3.0, 1.5, top), 0.75, 0.75)
            painter.drawEllipse(QPointF(x, top + TRACK / 2), 6.5, 6.5)

    def _paint_track(self, painter: QPainter) -> None:
        top = self._track_top()
        painter.setPen(Qt.PenStyle.NoPen)
        for until, colour in (
            (self.maximum(), translucent(self._theme.muted, 0.25)),
            (self._trained, translucent(self._theme.muted, 0.5)),
            (self.value(), QColor(self._theme.accent)),
        ):
            painter.setBrush(colour)
            bar = QRectF(self._left(), top, max(0.0, self.x_of(until) - self._left()), TRACK)
            painter.drawRoundedRect(bar, TRACK / 2, TRACK / 2)

    def _paint_events(self, painter: QPainter) -> None:
        theme = self._theme
        if self._lanes > 1:
            painter.setFont(font(10, bold=True))
            painter.setPen(QColor(theme.muted))
            rise = QFontMetricsF(painter.font()).capHeight() / 2
            for run in range(self._lanes):
                painter.drawText(QPointF(MARGIN - 4.0, self._lane_centre(run) + rise), LETTERS[run])
        marks: dict[tuple[int, int, str], QPointF] = {}  # one for events at the same place
        for each in self._events:
            colour = (
                theme.accent
                if each.kind in GOOD
                else theme.alarm
                if each.kind in BAD
                else theme.muted
            )
            centre = self.position_of(each)
            marks.setdefault((each.run, round(centre.x()), colour), centre)
        for (_, _, colour), centre in marks.items():
            painter.setPen(QColor(colour))
            painter.setBrush(QColor(theme.background if colour == theme.muted else colour))
            painter.drawPolygon(DIAMOND.translated(centre))

    def _lane_centre(self, run: int) -> float:
        return 3.0 + LANE * (run + 0.5)
