"""The base classes of plots whose curves grow with the scene, with or without a playhead."""

from abc import abstractmethod
from typing import ClassVar, NamedTuple, TypeVar

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine import Array
from engine.studies.base.study import Study
from gui.panels.base.axis_ranges import decade_range, rounded_up
from gui.panels.base.legend import Entry
from gui.panels.base.panel import S, ViewState
from gui.panels.base.plot import Curve, Markers, PlotPanel, Range

MOST_POINTS = 1000
StudyT = TypeVar("StudyT", bound=Study)


class GrowingPlotPanel(PlotPanel[S]):
    """A plot whose ranges and curves change only while the scene grows."""

    _drawn: object = None

    def revision(self) -> object:
        """Return what differs whenever the curves have to be drawn again."""
        return self.subject.last_index

    @abstractmethod
    def draw_curves(self) -> None:
        """Fit the ranges, and show the curves as far as they are computed."""

    def draw_frame(self, state: ViewState) -> None:
        """Show what belongs to the frame."""

    def show_scene(self, subject: S) -> None:
        super().show_scene(subject)
        self._drawn = None

    def place_items(self) -> None:
        self._drawn = None

    def draw(self, state: ViewState) -> None:
        revision = self.revision()
        if revision != self._drawn:
            self.draw_curves()
            self._drawn = revision
        self.draw_frame(state)


class FramePlotPanel(GrowingPlotPanel[S]):
    """Curves by frame with a playhead, of which `make_items` makes the playhead alone."""

    per_run = False

    def make_items(self) -> None:
        self._playhead = Curve(self, self.theme.accent, 1.6)

    @abstractmethod
    def x_of(self, index: int) -> float | None:
        """Return the position of a frame on the axis; None where it has none."""

    def draw(self, state: ViewState) -> None:
        super().draw(state)
        x = self.x_of(state.index)
        self._playhead.set_data(*(([], []) if x is None else ([x, x], self.y_range)))


class Line(NamedTuple):
    """One curve: its name, colour, style and width; an unnamed one is left out of the key."""

    name: str
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.0
    dotted: bool = True
    """Whether a dot marks the frame."""


class StudyCurvesPanel(FramePlotPanel[StudyT]):
    """Numbers by frame, as far as they are computed.

    A subclass gives the lines, and the values of each so far.
    """

    foot = 22.0
    logarithmic: ClassVar[bool] = False
    """Whether heights are sizes on a logarithmic axis; 0 is then not drawn."""
    least_top: ClassVar[float] = 1e-3
    legend_height: ClassVar[float] = 17.0

    def make_items(self) -> None:
        self._lines = self.lines()
        self._curves = [
            Curve(self, line.colour, line.width, line.style, still=True) for line in self._lines
        ]
        super().make_items()
        self._dots = [
            (number, Markers(self, line.colour, "o", 9.0, clipped=False))
            for number, line in enumerate(self._lines)
            if line.dotted
        ]
        self.add_legend(self.legend_height, self.entries())
        self._positions = self.positions()
        ends = float(self._positions[0]), float(self._positions[-1])
        margin = 0.03 * (ends[1] - ends[0]) or 1.0
        self.wanted = (ends[0] - margin, ends[1] + margin), (0.0, 1.0)
        self.decades = {"left"} if self.logarithmic else set()

    @abstractmethod
    def lines(self) -> list[Line]:
        """Return the lines of the plot."""

    @abstractmethod
    def values(self, line: int) -> Array:
        """Return the numbers of a line for the frames so far."""

    def entries(self) -> list[Entry]:
        """Return what the legend shows."""
        return [
            Entry(line.name, line.colour, None, line.style, line.width)
            for line in self._lines
            if line.name
        ]

    def positions(self) -> Array:
        """Return the positions on the axis of all frames, including those not computed yet."""
        return np.arange(self.subject.planned_index + 1, dtype=np.float64)

    def x_of(self, index: int) -> float:
        return float(self._positions[index])

    def draw_frame(self, state: ViewState) -> None:
        x = self.x_of(state.index)
        for line, dots in self._dots:
            dots.set_data([x], self.heights(self.values(line)[state.index : state.index + 1]))

    def heights(self, values: Array) -> Array:
        """Return the heights of values on the axis."""
        return log_sizes(values) if self.logarithmic else values

    def draw_curves(self) -> None:
        heights = [self.heights(self.values(line)) for line in range(len(self._lines))]
        known = np.concatenate([each[np.isfinite(each)] for each in heights] or [np.zeros(0)])
        self.fit(self.wanted[0], self.fitted_range(known))
        stride = max(1, -(-len(self._positions) // MOST_POINTS))
        for curve, each in zip(self._curves, heights, strict=True):
            at = np.union1d(np.arange(0, len(each), stride), [max(0, len(each) - 1)])
            at = at[at < len(each)]
            curve.set_data(self._positions[at], each[at])

    def fitted_range(self, known: Array) -> Range:
        """Return the range of heights that shows all, which are finite."""
        if self.logarithmic:
            return decade_range(known)
        top = rounded_up(max(float(known.max(initial=0.0)), self.least_top))
        return -0.04 * top, 1.04 * top

    def frame_at(self, point: QPointF) -> int | None:
        return self.index_at(self.data_at(point)[0])

    def index_at(self, x: float) -> int:
        """Return the frame whose position is nearest."""
        return int(np.abs(self._positions - x).argmin())

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        at = self.index_at(x)
        if at > self.subject.last_index:
            return ""
        values = [
            f"{line.name}: {self.values(number)[at]!s}"
            for number, line in enumerate(self._lines)
            if line.name
        ]
        return "\n".join([self.subject.caption(at), *values])


def log_sizes(values: Array) -> Array:
    """Return log₁₀ of sizes; NaN where that is not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs: Array = np.log10(np.abs(values))
    logs[~np.isfinite(logs)] = np.nan
    return logs
