"""The logistic study's panels, one of each for both losses."""

from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from engine.experiment.experiment import NetworkSpec
from engine.nn.network import NetworkStack, ParameterLayout
from engine.studies.logistic.study import LAYERS, LOSS_NAMES, LOSSES, LogisticStudy
from engine.types import Array
from gui.panels.base.axis_ranges import rounded_up
from gui.panels.base.field_image import FieldImage
from gui.panels.base.label import Label
from gui.panels.base.legend import Entry, Legend
from gui.panels.base.panel import TEXT, ViewState
from gui.panels.base.plot import Curve, Markers, PlotPanel
from gui.panels.base.study_curves import Line, StudyCurvesPanel
from gui.style.theme import UNIT_MARKERS, Theme, font

GRID = 48
"""The number of weights on each side of the grid of losses."""
FARTHEST = 1e4
"""Paths that lead farther, of a training that diverges, leave the plot."""


@final
class LogisticPathsPanel(PlotPanel):
    """The way of every start over the plane of the weights, with the loss beneath."""

    kind = "logistic"
    name = "logistic-paths"
    position = 230
    title = "Paths of w"
    row_each = True
    square = True
    foot = 24.0

    def __init__(self, study: LogisticStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        self.set_title(f"Paths of w, {LOSS_NAMES[run]}")
        self.set_note("w₁ →, w₂ ↑")
        self._loss = FieldImage(self.field)
        starts = range(study.starts)
        self._trails = [Curve(self, theme.unit(start), 2.2) for start in starts]
        self._begins = [Markers(self, theme.unit(start), "o", 6.0) for start in starts]
        self._tips = [
            Markers(self, theme.unit(start), UNIT_MARKERS[start], 13.0) for start in starts
        ]
        self._optimum = Markers(self, theme.text, "star", 17.0)
        optimum = study.optima[run]
        entries = [Entry("optimum", theme.text, "star")] if optimum else []
        self._key = Legend(
            self.card,
            theme,
            [*entries, *(Entry(f"{n + 1}", theme.unit(n), UNIT_MARKERS[n]) for n in starts)],
        )
        self._fitted = -2
        self.foot_lines = ((self._key, 19.0),)

    def _fit(self) -> None:
        """Show the range that holds every path so far, and the optimum."""
        if self._fitted == self._study.last_index:
            return
        self._fitted = self._study.last_index
        paths = self._study.parameters[self.run, : self._fitted + 1, :, 1:].reshape(-1, 2)
        points = [paths[(np.abs(paths) < FARTHEST).all(axis=1)], np.zeros((1, 2))]
        optimum = self._study.optima[self.run]
        if optimum is not None:
            points.append(optimum.parameters[None, 1:])
        low, high = (end(np.vstack(points), axis=0) for end in (np.min, np.max))
        span = float((high - low).max()) or 1.0
        grain = rounded_up(span) / 8.0  # coarse, so that it seldom changes while paths grow
        low = np.floor((low - 0.06 * span) / grain) * grain
        high = np.ceil((high + 0.06 * span) / grain) * grain
        wanted = (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
        if wanted != self.wanted:
            self.set_ranges(*wanted)

    def place_items(self) -> None:
        top_left = self.point(self.x_range[0], self.y_range[1])
        self._loss.place(QRectF(top_left, self.point(self.x_range[1], self.y_range[0])))
        self._loss.set_shares(self._shares(), self.theme.density_lut(), self.theme.missing)
        optimum = self._study.optima[self.run]
        if optimum is not None:
            _, w1, w2 = optimum.parameters.tolist()
            self._optimum.set_data([w1], [w2])

    def _shares(self) -> Array:
        """Return how large the loss is over the plane, by rank, at the optimum's bias."""
        optimum = self._study.optima[self.run]
        middles = (np.arange(GRID) + 0.5) / GRID
        x = self.x_range[0] + (self.x_range[1] - self.x_range[0]) * middles
        y = self.y_range[1] - (self.y_range[1] - self.y_range[0]) * middles
        w1, w2 = (each.ravel() for each in np.meshgrid(x, y))
        layout = ParameterLayout(LAYERS)
        theta = np.empty((layout.size, GRID * GRID))
        layout.weights(theta, 1)[0] = np.stack([w1, w2])
        layout.biases(theta, 1)[...] = 0.0 if optimum is None else optimum.parameters[0]
        spec = NetworkSpec(layers=LAYERS, loss=LOSSES[self.run])
        done = NetworkStack(spec, self._study.data.X, self._study.data.Y, GRID * GRID)
        done.load(theta)
        with np.errstate(all="ignore"):
            done.forward()
            losses = done.losses(done.Z[-1])[: GRID * GRID]
        span = float(np.ptp(losses)) or 1.0
        shares: Array = 0.32 * np.sqrt((losses - losses.min()) / span)
        return shares.reshape(GRID, GRID)

    def draw(self, state: ViewState) -> None:
        self._fit()
        paths = self._study.parameters[self.run, : state.index + 1]
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
        for start, tip in enumerate(self._tips):
            if tip.nearest(point) is not None:
                b, w1, w2 = self._study.parameters[self.run, state.index, start].tolist()
                lines.append(f"start {start + 1}: b = {b}, w = ({w1}, {w2})")
        return "\n".join(lines)


@final
class LogisticLinesPanel(PlotPanel):
    """The examples, and the line on which each start's answer is one half."""

    kind = "logistic"
    name = "logistic-lines"
    position = 240
    title = "Lines ŷ = ½"
    row_each = True
    square = True
    foot = 24.0
    breadth = 0.9

    def __init__(self, study: LogisticStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        X, y = study.data.X, study.data.Y[0]
        size = 13.0 if X.shape[1] <= 40 else 7.0
        self._classes = [
            (X[:, y == value], Markers(self, colour, symbol, size))
            for value, colour, symbol in zip((0.0, 1.0), theme.classes, "so", strict=True)
        ]
        self._lines = [Curve(self, theme.unit(start), 2.4) for start in range(study.starts)]
        self._words = Label(self, theme.text, font(TEXT), Qt.AlignmentFlag.AlignLeft)
        reach = 1.15 * float(np.abs(X).max() or 1.0)
        self.wanted = (-reach, reach), (-reach, reach)
        self.foot_lines = ((self._words, 8.0),)

    def place_items(self) -> None:
        for points, markers in self._classes:
            markers.set_data(*points)

    def draw(self, state: ViewState) -> None:
        frame = self._study.frame(state.index)
        for line, (b, w1, w2) in zip(self._lines, frame.parameters[self.run].tolist(), strict=True):
            line.set_data(*self._ends(b, w1, w2))
        shares = frame.right[self.run]
        texts = ", ".join(f"{100.0 * share:.0f}" for share in shares.tolist())
        self._words.set_text(f"right: {texts} %")

    def _ends(self, b: float, w1: float, w2: float) -> tuple[list[float], list[float]]:
        size = w1 * w1 + w2 * w2
        if size == 0.0 or size != size:
            return [], []
        far = 4.0 * (self.x_range[1] - self.x_range[0]) / size**0.5
        x, y = -b * w1 / size, -b * w2 / size
        return [x - far * w2, x + far * w2], [y + far * w1, y - far * w1]

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if not self.field.rect().contains(point):
            return ""
        x1, x2 = self.data_at(point)
        return f"x = ({x1:.3f}, {x2:.3f})"


class ByStartPanel(StudyCurvesPanel):
    """A number of every start, step by step."""

    kind = "logistic"
    per_run = True
    row_each = True
    logarithmic = True
    note = "by step, logarithmic"
    short_note = "by step"

    def __init__(self, study: LogisticStudy, run: int, theme: Theme) -> None:
        self._study = study
        super().__init__(study, run, theme)

    def lines(self) -> list[Line]:
        return [
            Line(f"{start + 1}", self.theme.unit(start).name())
            for start in range(self._study.starts)
        ]


@final
class LogisticLossPanel(ByStartPanel):
    """The loss of every start."""

    name = "logistic-loss"
    position = 250
    title = "Loss"

    def __init__(self, study: LogisticStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self.set_title(f"Loss: {LOSS_NAMES[run]}")

    def values(self, line: int) -> Array:
        return self._study.losses[self.run, : self._study.last_index + 1, line]


@final
class LogisticDistancePanel(ByStartPanel):
    """How far every start is from the optimum of its loss."""

    name = "logistic-distance"
    position = 260
    title = "Distance to the optimum"
    foot = 40.0

    def __init__(self, study: LogisticStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._excuse = study.reason_without_optimum(run)
        self._words = Label(self, theme.text, font(TEXT), Qt.AlignmentFlag.AlignLeft)
        self.foot_lines = ((self._key, 37.0), (self._words, 6.0))

    def values(self, line: int) -> Array:
        return self._study.distances(self.run)[:, line]

    def draw(self, state: ViewState) -> None:
        super().draw(state)
        if self._excuse:
            self._words.set_text(self._excuse)
            return
        arrived = self._study.arrived[self.run]
        there = int(((arrived >= 0) & (arrived <= state.index)).sum())
        self._words.set_text(f"{there} of {self._study.starts} starts within 1 % of it")
