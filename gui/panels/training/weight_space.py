"""Hidden units as points in weight space, with their trails."""

from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt

from engine import Array
from engine.editing.branches import Branch, branch_of
from engine.training import Comparison
from gui.panels.base import (
    Curve,
    GrowingPlotPanel,
    Markers,
    ViewState,
    last_up_to,
    nearest_marks,
    register_panel,
    rounded_up,
    subscript,
    unit_size,
)
from gui.style.theme import UNIT_MARKERS

MOST_UNITS = 12
TRAIL_POINTS = 512
"""The largest number of frames in a trail."""


@register_panel(name="weight-space", position=40, title="Weight space")
@final
class WeightSpacePanel(GrowingPlotPanel[Comparison]):
    """The incoming weights from the first two inputs; with one input, its weight and the bias.

    The range is fixed over the recording: all trails of all runs fit, on the same axes. A fork
    shows thinly what it shares with the run it leaves, then a ring, and dotted how that run goes
    on.
    """

    note = "x₁ →, x₂ ↑"
    square = True

    def make_items(self) -> None:
        inputs, units = self.subject.experiment.network.layers[:2]
        hidden = len(self.subject.experiment.network.layers) > 2
        self._bias_up = inputs == 1
        self._axes = (0, -1) if self._bias_up else (0, 1)
        self._units = min(units, MOST_UNITS)
        colours = [
            self.theme.unit(unit) if hidden else self.theme.text for unit in range(self._units)
        ]
        self._trails = [
            Curve(self, colour, 4.5 - 2.5 * (unit % 2)) for unit, colour in enumerate(colours)
        ]
        self._branch = branch_of(self.subject.experiment, self.run)
        self._shared, self._others, self._rings = [], [], []
        if self._branch is not None:
            self._shared = [Curve(self, colour, 1.2) for colour in colours]
            self._others = [Curve(self, colour, 1.6, Qt.PenStyle.DotLine) for colour in colours]
            self._rings = [Markers(self, self.theme.surface, "o", 10.0, edge=c) for c in colours]
        size = 17.0 if self._units <= 4 else 13.0
        self._starts = [
            Markers(self, self.theme.surface, "o", 6.0, edge=colour) for colour in colours
        ]
        self._dots = [
            Markers(self, colour, UNIT_MARKERS[unit % len(UNIT_MARKERS)], size * unit_size(unit))
            for unit, colour in enumerate(colours)
        ]
        if self._bias_up:
            self.set_note("weight →, bias ↑")

    def revision(self) -> object:
        return sum(len(recording) for recording in self.subject.recordings)

    def draw_curves(self) -> None:
        """Show the range that holds every trail so far."""
        reach = 0.5
        for recording in self.subject.recordings:
            _, theta = recording.sampled(len(recording), TRAIL_POINTS)
            shown = recording.layout.rows(theta.T, 1)[: self._units, self._axes]
            finite = shown[np.isfinite(shown)]
            reach = max(reach, float(np.abs(finite).max(initial=0.0)))
        reach = rounded_up(1.1 * reach)
        self.fit((-reach, reach), (-reach, reach))

    def draw_frame(self, state: ViewState) -> None:
        frames, x, y = self._trail(state, self.run)
        left = 0 if self._branch is None else last_up_to(frames, self._branch.shared)
        for unit in range(self._units):
            self._trails[unit].set_data(x[unit, left:], y[unit, left:])
            self._starts[unit].set_data(x[unit, :1], y[unit, :1])
            self._dots[unit].set_data(x[unit, -1:], y[unit, -1:])
        if self._branch is not None:
            self._draw_branch(state, self._branch, x[:, : left + 1], y[:, : left + 1])

    def _draw_branch(self, state: ViewState, branch: Branch, x: Array, y: Array) -> None:
        """Show the shared trail, (units, points), and how the other run continues."""
        frames, other_x, other_y = self._trail(state, branch.run)
        left = last_up_to(frames, branch.shared)
        has_left = state.index > branch.shared
        for unit in range(self._units):
            self._shared[unit].set_data(x[unit], y[unit])
            self._rings[unit].set_data(x[unit, -1:][:has_left], y[unit, -1:][:has_left])
            self._others[unit].set_data(other_x[unit, left:], other_y[unit, left:])

    def _trail(self, state: ViewState, run: int) -> tuple[NDArray[np.intp], Array, Array]:
        """Return frames (points,), the last one shown, and where units were, (units, points)."""
        frame, recording = state.frames[run], state.comparison.recordings[run]
        frames, theta = recording.sampled(frame.index, TRAIL_POINTS)
        rows = recording.layout.rows(theta.T, 1)[: self._units]
        now = np.concatenate([frame.W[1], frame.b[1]], axis=1)[: self._units]
        x, y = (np.concatenate([rows[:, at], now[:, at, None]], axis=1) for at in self._axes)
        return np.append(frames, frame.index), x, y

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        rows = state.frames[self.run].W[1]
        return "\n".join(
            f"unit {unit + 1}: w{subscript(unit + 1)} = ({', '.join(map(str, rows[unit][:2]))})"
            for unit, _ in nearest_marks(enumerate(self._dots), point)
        )
