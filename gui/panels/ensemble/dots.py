"""The steps at which networks are solved, one dot per network."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
)

from engine import Array
from engine.ensemble import NOT_REACHED, SweepCell
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    LETTERS,
    TEXT,
    Curve,
    FieldItem,
    FramePlotPanel,
    Label,
    PlotPanel,
    StepsAxis,
    ViewState,
    make_field,
    register_panel,
)
from gui.panels.ensemble.many_networks import NetworksPanel
from gui.style.theme import font, translucent

MOST_DOTS = 1000
"""The number of networks of a run that are drawn as dots."""
NEVER_SHARE = 0.17
"""The share of the width for networks that are never solved."""
GOLDEN = 0.6180339887498949
REACH = 8.0
DOT = 4.0
ONE_FOR_ALL = 11.0
"""The sizes of a dot, and of one that represents all networks of a run without random weights."""


@register_panel(name="solve-steps", position=440, title="Solved at step")
@final
class DotsPanel(NetworksPanel, FramePlotPanel[EnsembleStudy]):
    """Every network at the step at which it is solved; those that never are, at the right."""

    note = "one dot per network; click to open"
    short_note = "click to open"
    row = 1
    breadth = 1.25

    def make_items(self) -> None:
        self._axis = StepsAxis(self.subject.planned_index)
        runs = range(len(self.subject.experiment.runs))
        end = self._axis.end
        self._edge = 1.03 * end
        self.wanted = (
            (-0.02 * end, end * (1.05 + NEVER_SHARE)),
            (-len(runs) + 0.5, 0.5),
        )
        self._dim = [
            _Dots(self, self.still_field, translucent(self.theme.unit(run), 0.28)) for run in runs
        ]
        # A network is solved if its dot is left of the playhead: clipping the bright dots there
        # avoids drawing them again.
        self._solved = make_field(self.field)
        self._bright = [_Dots(self, self._solved, self.theme.unit(run)) for run in runs]
        super().make_items()
        self._border = Curve(self, self.theme.outline, 1.2)
        self._never = Label(self, self.theme.muted, font(TEXT - 1.0), text="not solved")
        self.axes["bottom"].setTicks(self._axis.ticks())
        self.axes["left"].setTicks([[(-float(run), LETTERS[run]) for run in runs], []])
        self.axes["left"].setGrid(False)

    def place_items(self) -> None:
        super().place_items()
        field = self.field.rect()
        self._border.set_data([self._edge, self._edge], list(self.y_range))
        self._never.setPos(self.point(self._never_x(), 0.0).x(), field.bottom() + 11.0)

    def _never_x(self) -> float:
        """Return the middle of the room for networks that are never solved."""
        return (self._edge + self.x_range[1]) / 2.0

    def revision(self) -> object:
        return self.subject.summaries

    def x_of(self, index: int) -> float:
        return float(self._axis.at(index))

    def draw_frame(self, state: ViewState) -> None:
        solved = self.field.rect()
        solved.setRight(self.point(self.x_of(state.index), 0.0).x() + 1.0)
        self._solved.setRect(solved)

    def _places(self, run: int) -> tuple[Array, Array]:
        """Return the data coordinates of the networks of a run."""
        summary = self.subject.summaries[SweepCell(run)]
        solved = summary.results.solved[:MOST_DOTS]
        if summary.weight > 1:  # one represents all
            return self._x_places(solved, self._never_x()), np.full(1, -float(run))
        spread = (np.arange(1, len(solved) + 1) * GOLDEN) % 1.0  # even, and the same every time
        room = self.x_range[1] - self._edge
        # Those never solved are spread by another irrational number over their room.
        unsolved = self._edge + room * (
            0.12 + 0.76 * ((np.arange(len(solved)) * np.sqrt(2.0)) % 1.0)
        )
        y = np.asarray(-run + 0.76 * (spread - 0.5), dtype=np.float64)
        return self._x_places(solved, unsolved), y

    def _x_places(self, solved: NDArray[np.signedinteger], unsolved: Array | float) -> Array:
        """Return the positions of networks by the steps at which they are solved."""
        x = np.where(solved == NOT_REACHED, unsolved, self._axis.at(np.maximum(solved, 0)))
        return np.asarray(x, dtype=np.float64)

    def draw_curves(self) -> None:
        for cell, summary in self.subject.summaries.items():
            size = ONE_FOR_ALL if summary.weight > 1 else DOT
            for dots in (self._dim[cell.run], self._bright[cell.run]):
                dots.set_data(*self._places(cell.run), size)

    def network_at(self, point: QPointF) -> tuple[int, int] | None:
        if not self.is_in_field(point):
            return None
        run = round(-self.data_at(point)[1])
        if SweepCell(run) not in self.subject.summaries:
            return None
        lefts, tops = self.at(*self._places(run))
        distance = np.hypot(lefts - point.x(), tops - point.y())
        seed = int(distance.argmin())
        return (run, seed) if distance[seed] < REACH else None


@final
class _Dots(FieldItem):
    """Round dots of one colour, cached as a picture."""

    def __init__(self, panel: PlotPanel[Any], field: QGraphicsItem, colour: QColor) -> None:
        super().__init__(panel, field)
        self.cache()
        self._pen = QPen(colour, DOT, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        self._points: list[QPointF] = []

    def set_data(self, x: Array, y: Array, size: float) -> None:
        """Put a dot of this size at each of these data coordinates."""
        self._pen.setWidthF(size)
        self._points = self._panel.points(x, y)
        self.set_bounds(self._panel.field.rect())

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(self._pen)
        painter.drawPoints(self._points)
