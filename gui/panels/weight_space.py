"""Hidden units as points in weight space, with the trails they came along."""

from typing import final

import numpy as np
from PySide6.QtCore import QPointF

from engine.comparison import Comparison
from gui.panels.panel import Moment, subscript
from gui.panels.plot import Curve, Markers, PlotPanel, unit_size
from gui.panels.ranges import rounded_up
from gui.theme import UNIT_MARKERS, Theme

MOST_UNITS = 12
TRAIL_POINTS = 512
"""A trail is drawn through so many frames at most."""


@final
class WeightSpacePanel(PlotPanel):
    """The incoming weights from the first two inputs; with one input, its weight and the bias.

    The range is fixed over the recording: all trails of all runs fit, on the same axes.
    """

    name = "weight-space"
    title = "Weight space"
    note = "x₁ →, x₂ ↑"
    square = True

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        inputs, units = comparison.experiment.network.layers[:2]
        hidden = len(comparison.experiment.network.layers) > 2
        self._bias_up = inputs == 1
        self._units = min(units, MOST_UNITS)
        colours = [theme.unit(unit) if hidden else theme.text for unit in range(self._units)]
        self._trails = [
            Curve(self, colour, 4.5 - 2.5 * (unit % 2)) for unit, colour in enumerate(colours)
        ]
        size = 17.0 if self._units <= 4 else 13.0
        self._starts = [Markers(self, theme.surface, "o", 6.0, edge=colour) for colour in colours]
        self._dots = [
            Markers(self, colour, UNIT_MARKERS[unit % len(UNIT_MARKERS)], size * unit_size(unit))
            for unit, colour in enumerate(colours)
        ]
        if self._bias_up:
            self.set_note("weight →, bias ↑")
        self._fitted_length = -1

    def _fit(self) -> None:
        """Show the range that holds every trail so far, where the recordings have grown."""
        length = sum(len(recording) for recording in self.comparison.recordings)
        if length == self._fitted_length or self.field.rect().isEmpty():
            return
        self._fitted_length = length
        reach = 0.5
        for recording in self.comparison.recordings:
            _, theta = recording.sampled(len(recording), TRAIL_POINTS)
            rows = recording.layout.rows(theta.T, 1)[: self._units]
            shown = rows[:, [0, -1]] if self._bias_up else rows[:, :2]
            finite = shown[np.isfinite(shown)]
            reach = max(reach, float(np.abs(finite).max(initial=0.0)))
        reach = rounded_up(1.1 * reach)
        if self.wanted != ((-reach, reach), (-reach, reach)):
            self.set_ranges((-reach, reach), (-reach, reach))

    def place_items(self) -> None:
        return

    def draw(self, moment: Moment) -> None:
        self._fit()
        frame = moment.frames[self.run]
        recording = moment.comparison.recordings[self.run]
        _, theta = recording.sampled(frame.index, TRAIL_POINTS)
        rows = recording.layout.rows(theta.T, 1)
        for unit in range(self._units):
            now = frame.W[1][unit, 0], frame.b[1][unit, 0] if self._bias_up else frame.W[1][unit, 1]
            x = np.append(rows[unit, 0], now[0])
            y = np.append(rows[unit, -1 if self._bias_up else 1], now[1])
            self._trails[unit].set_data(x, y)
            self._starts[unit].set_data(x[:1], y[:1])
            self._dots[unit].set_data(x[-1:], y[-1:])

    def tool_tip(self, point: QPointF, moment: Moment) -> str:
        frame = moment.frames[self.run]
        lines = []
        for unit, dots in enumerate(self._dots):
            if dots.nearest(point) is not None:
                row = frame.W[1][unit]
                numbers = ", ".join(str(weight) for weight in row[:2])
                lines.append(f"unit {unit + 1}: w{subscript(unit + 1)} = ({numbers})")
        return "\n".join(lines)
