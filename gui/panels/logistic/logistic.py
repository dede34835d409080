"""The logistic study's panels, one of each for both losses."""

from typing import final

import numpy as np
from PySide6.QtCore import QPointF

from engine import Array
from engine.experiment import NetworkSpec
from engine.nn import NetworkStack, ParameterLayout
from engine.studies.logistic.study import LAYERS, LOSS_NAMES, LOSSES, LogisticStudy
from gui.panels.base import (
    Curve,
    Entry,
    FieldImage,
    GrowingPlotPanel,
    Line,
    Markers,
    PlotPanel,
    StudyCurvesPanel,
    ViewState,
    nearest_marks,
    register_panel,
    rounded_up,
)
from gui.style.theme import UNIT_MARKERS

GRID = 48
"""The number of weights on each side of the grid of losses."""
FARTHEST = 1e4
"""Paths that lead farther, of a training that diverges, leave the plot."""


@register_panel(name="logistic-paths", position=230, title="Paths of w")
@final
class LogisticPathsPanel(GrowingPlotPanel[LogisticStudy]):
    """The way of every start over the plane of the weights, with the loss beneath."""

    row_each = True
    square = True
    foot = 24.0

    def make_items(self) -> None:
        self.set_title(f"Paths of w, {LOSS_NAMES[self.run]}")
        self.set_note("w₁ →, w₂ ↑")
        self._loss = FieldImage(self.field)
        starts = range(self.subject.starts)
        self._trails = [Curve(self, self.theme.unit(start), 2.2) for start in starts]
        self._begins = [Markers(self, self.theme.unit(start), "o", 6.0) for start in starts]
        self._tips = [
            Markers(self, self.theme.unit(start), UNIT_MARKERS[start], 13.0) for start in starts
        ]
        self._optimum = Markers(self, self.theme.text, "star", 17.0)
        optimum = self.subject.optima[self.run]
        entries = [Entry("optimum", self.theme.text, "star")] if optimum else []
        self.add_legend(
            19.0,
            [*entries, *(Entry(f"{n + 1}", self.theme.unit(n), UNIT_MARKERS[n]) for n in starts)],
        )

    def draw_curves(self) -> None:
        """Show the range that holds every path so far, and the optimum."""
        last = self.subject.last_index
        paths = self.subject.parameters[self.run, : last + 1, :, 1:].reshape(-1, 2)
        points = [paths[(np.abs(paths) < FARTHEST).all(axis=1)], np.zeros((1, 2))]
        optimum = self.subject.optima[self.run]
        if optimum is not None:
            points.append(optimum.parameters[None, 1:])
        low, high = (end(np.vstack(points), axis=0) for end in (np.min, np.max))
        span = float((high - low).max()) or 1.0
        grain = rounded_up(span) / 8.0  # coarse, so that it seldom changes while paths grow
        low = np.floor((low - 0.06 * span) / grain) * grain
        high = np.ceil((high + 0.06 * span) / grain) * grain
        self.fit((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))

    def place_items(self) -> None:
        super().place_items()
        self._loss.arrange(self.area(self.x_range, self.y_range))
        self._loss.set_shares(self._shares(), self.theme.density_lut(), self.theme.missing)
        optimum = self.subject.optima[self.run]
        if optimum is not None:
            _, w1, w2 = optimum.parameters.tolist()
            self._optimum.set_data([w1], [w2])

    def _shares(self) -> Array:
        """Return how large the loss is over the plane, by rank, at the optimum's bias."""
        optimum = self.subject.optima[self.run]
        layout = ParameterLayout(LAYERS)
        theta = np.empty((layout.size, GRID * GRID))
        layout.weights(theta, 1)[0] = self.pixel_middles(GRID)
        layout.biases(theta, 1)[...] = 0.0 if optimum is None else optimum.parameters[0]
        spec = NetworkSpec(layers=LAYERS, loss=LOSSES[self.run])
        done = NetworkStack(spec, self.subject.data.X, self.subject.data.Y, GRID * GRID)
        done.load(theta)
        with np.errstate(all="ignore"):
            done.forward()
            losses = done.losses(done.Z[-1])[: GRID * GRID]
        span = float(np.ptp(losses)) or 1.0
        shares: Array = 0.32 * np.sqrt((losses - losses.min()) / span)
        return shares.reshape(GRID, GRID)

    def draw_frame(self, state: ViewState) -> None:
        paths = self.subject.parameters[self.run, : state.index + 1]
        stride = max(1, len(paths) // 500)
        for start, (trail, begin, tip) in enumerate(
            zip(self._trails, self._begins, self._tips, strict=True)
        ):
            path = np.vstack([paths[::stride, start, 1:], paths[-1:, start, 1:]])
            trail.set_data(path[:, 0], path[:, 1])
            begin.set_data(path[:1, 0], path[:1, 1])
            tip.set_data(path[-1:, 0], path[-1:, 1])

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        lines = []
        for start, _ in nearest_marks(enumerate(self._tips), point):
            b, w1, w2 = self.subject.parameters[self.run, state.index, start].tolist()
            lines.append(f"start {start + 1}: b = {b}, w = ({w1}, {w2})")
        return "\n".join(lines)


@register_panel(name="logistic-lines", position=240, title="Lines ŷ = ½")
@final
class LogisticLinesPanel(PlotPanel[LogisticStudy]):
    """The examples, and the line on which each start's answer is one half."""

    row_each = True
    square = True
    foot = 24.0
    breadth = 0.9

    def make_items(self) -> None:
        X, y = self.subject.data.X, self.subject.data.Y[0]
        size = 13.0 if X.shape[1] <= 40 else 7.0
        self._classes = [
            (X[:, y == value], Markers(self, colour, symbol, size))
            for value, colour, symbol in zip((0.0, 1.0), self.theme.classes, "so", strict=True)
        ]
        self._lines = [
            Curve(self, self.theme.unit(start), 2.4) for start in range(self.subject.starts)
        ]
        self._words = self.add_words(8.0)
        reach = 1.15 * float(np.abs(X).max() or 1.0)
        self.wanted = (-reach, reach), (-reach, reach)

    def place_items(self) -> None:
        for points, markers in self._classes:
            markers.set_data(*points)

    def draw(self, state: ViewState) -> None:
        frame = self.subject.frame(state.index)
        for line, (b, w1, w2) in zip(self._lines, frame.parameters[self.run].tolist(), strict=True):
            line.set_data(*self.zero_line(b, w1, w2))
        texts = ", ".join(f"{100.0 * share:.0f}" for share in frame.right[self.run].tolist())
        self._words.set_text(f"right: {texts} %")

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        return f"x = ({x:.3f}, {y:.3f})"


class ByStartPanel(StudyCurvesPanel[LogisticStudy]):
    """A number of every start, step by step."""

    per_run = True
    row_each = True
    logarithmic = True
    note = "by step, logarithmic"
    short_note = "by step"

    def lines(self) -> list[Line]:
        return [
            Line(f"{start + 1}", self.theme.unit(start).name())
            for start in range(self.subject.starts)
        ]


@register_panel(name="logistic-loss", position=250, title="Loss")
@final
class LogisticLossPanel(ByStartPanel):
    """The loss of every start."""

    def make_items(self) -> None:
        super().make_items()
        self.set_title(f"Loss: {LOSS_NAMES[self.run]}")

    def values(self, line: int) -> Array:
        return self.subject.losses[self.run, : self.subject.last_index + 1, line]


@register_panel(name="logistic-distance", position=260, title="Distance to the optimum")
@final
class LogisticDistancePanel(ByStartPanel):
    """How far every start is from the optimum of its loss."""

    foot = 40.0
    legend_height = 37.0

    def make_items(self) -> None:
        super().make_items()
        self._excuse = self.subject.reason_without_optimum(self.run)
        self._words = self.add_words(6.0)

    def values(self, line: int) -> Array:
        return self.subject.distances(self.run)[:, line]

    def draw_frame(self, state: ViewState) -> None:
        super().draw_frame(state)
        if self._excuse:
            self._words.set_text(self._excuse)
            return
        arrived = self.subject.arrived[self.run]
        there = int(((arrived >= 0) & (arrived <= state.index)).sum())
        self._words.set_text(f"{there} of {self.subject.starts} starts within 1 % of it")
