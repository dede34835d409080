"""The base class of panels that plot values over all frames of a study."""

from abc import abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine.studies.base.study import Study
from engine.types import Array
from gui.panels.base.axis_ranges import decade_range, rounded_up
from gui.panels.base.legend import Entry, Legend
from gui.panels.base.panel import ViewState
from gui.panels.base.plot import Curve, Markers, PlotPanel
from gui.style.theme import Theme

MOST_POINTS = 1000


class Line(NamedTuple):
    """One curve: its name, colour, style and width; an unnamed one is left out of the key."""

    name: str
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.0
    dotted: bool = True
    """Whether a dot marks the frame."""


class StudyCurvesPanel(PlotPanel):
    """Numbers by frame, as far as they are computed.

    A subclass gives the lines, and the values of each so far.
    """

    per_run = False
    foot = 22.0
    logarithmic: ClassVar[bool] = False
    """Whether heights are sizes on a logarithmic axis; 0 is then not drawn."""
    least_top: ClassVar[float] = 1e-3

    def __init__(self, study: Study, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._lines = self.lines()
        self._curves = [
            Curve(self, line.colour, line.width, line.style, still=True) for line in self._lines
        ]
        self._playhead = Curve(self, theme.accent, 1.6)
        self._dots = [
            Markers(self, line.colour, "o", 9.0, clipped=False) if line.dotted else None
            for line in self._lines
        ]
        entries = [
            Entry(line.name, line.colour, None, line.style, line.width)
            for line in self._lines
            if line.name
        ]
        self._key = Legend(self.card, theme, entries)
        self.foot_lines = ((self._key, 17.0),)
        self._positions = self.positions()
        self._drawn = -2
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

    def positions(self) -> Array:
        """Return the positions on the axis of all frames, including those not computed yet."""
        return np.arange(self.study.planned_index + 1, dtype=np.float64)

    @property
    def study(self) -> Study:
        """What it shows."""
        assert isinstance(self.subject, Study)
        return self.subject

    def place_items(self) -> None:
        self._drawn = -2

    def draw(self, state: ViewState) -> None:
        if self.field.rect().isEmpty():
            return
        if self._drawn != self.study.last_index:
            self._draw_curves()
            self._drawn = self.study.last_index
        x = float(self._positions[state.index])
        self._playhead.set_data([x, x], list(self.y_range))
        for line, dots in enumerate(self._dots):
            if dots is not None:
                dots.set_data([x], self._heights(self.values(line)[state.index : state.index + 1]))

    def _heights(self, values: Array) -> Array:
        if not self.logarithmic:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            logs: Array = np.log10(np.abs(values))
        logs[~np.isfinite(logs)] = np.nan
        return logs

    def _draw_curves(self) -> None:
        heights = [self._heights(self.values(line)) for line in range(len(self._lines))]
        known = np.concatenate([each[np.isfinite(each)] for each in heights] or [np.zeros(0)])
        fitted = self._fitted(known)
        if fitted != self.wanted[1]:
            self.set_ranges(self.wanted[0], fitted)
        stride = max(1, -(-len(self._positions) // MOST_POINTS))
        for curve, each in zip(self._curves, heights, strict=True):
            at = np.union1d(np.arange(0, len(each), stride), [max(0, len(each) - 1)])
            at = at[at < len(each)]
            curve.set_data(self._positions[at], each[at])

    def _fitted(self, known: Array) -> tuple[float, float]:
        if self.logarithmic:
            return decade_range(known)
        top = rounded_up(max(float(known.max(initial=0.0)), self.least_top))
        return -0.04 * top, 1.04 * top

    def frame_at(self, point: QPointF) -> int | None:
        return int(np.abs(self._positions - self.data_at(point)[0]).argmin())

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if not self.field.rect().contains(point):
            return ""
        at = self.frame_at(point)
        if at is None or at > self.study.last_index:
            return ""
        texts = [self.study.caption(at)]
        for number, line in enumerate(self._lines):
            if line.name:
                texts.append(f"{line.name}: {self.values(number)[at]!s}")
        return "\n".join(texts)
