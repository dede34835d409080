"""The ensemble's curves over the steps: the share not yet solved, and the losses."""

from abc import abstractmethod
from typing import final

import numpy as np
from PySide6.QtCore import QPointF

from engine.ensemble.shards import SweepCell
from engine.ensemble.statistics import wilson
from engine.ensemble.summary import Summary
from engine.studies.ensemble.study import EnsembleStudy
from engine.types import Array
from gui.panels.base.axis_ranges import decade_range, decade_ticks
from gui.panels.base.filled_band import FilledBand
from gui.panels.base.legend import Legend
from gui.panels.base.panel import ViewState
from gui.panels.base.plot import Curve, Markers, PlotPanel
from gui.panels.base.steps_axis import StepsAxis
from gui.panels.ensemble.many_networks import entries, line_style
from gui.style.theme import Theme


class OverStepsPanel(PlotPanel):
    """The base of plots over the steps, a curve with its band for each run, and the playhead."""

    kind = "ensemble"
    per_run = False
    foot = 22.0

    def __init__(self, study: EnsembleStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self.study = study
        self.axis = StepsAxis(study.planned_index)
        self._runs = range(len(study.experiment.runs))
        self._bands = [FilledBand(self, theme.unit(run), still=True) for run in self._runs]
        self._curves = [
            Curve(self, theme.unit(run), 2.2, line_style(run), still=True) for run in self._runs
        ]
        self._playhead = Curve(self, theme.accent, 1.6)
        self._dots = [Markers(self, theme.unit(run), "o", 9.0, clipped=False) for run in self._runs]
        self._key = Legend(self.card, theme, entries(study, theme))
        self.foot_lines = ((self._key, 17.0),)
        self._drawn: object = None
        self.wanted = (-0.02 * self.axis.end, 1.02 * self.axis.end), (0.0, 1.0)
        self.axes["bottom"].setTicks(self.axis.ticks())

    @abstractmethod
    def band(self, summary: Summary) -> tuple[Array, Array, Array, Array]:
        """Return the steps, and the low, the middle and the high end at each."""

    def place_items(self) -> None:
        self._drawn = None

    def draw(self, state: ViewState) -> None:
        if self.field.rect().isEmpty():
            return
        summaries = self.study.summaries
        if self._drawn is not summaries:
            self._draw_curves(summaries)
            self._drawn = summaries
        x = float(self.axis.at(state.index))
        self._playhead.set_data([x, x], list(self.y_range))
        for run in self._runs:
            summary = summaries.get(SweepCell(run))
            if summary is not None:
                steps, _, middle, _ = self.band(summary)
                at = max(0, int(np.searchsorted(steps, state.index, side="right")) - 1)
                self._dots[run].set_data([x], middle[at : at + 1])

    def fit(self, summaries: dict[SweepCell, Summary]) -> None:
        """Make the axes reach over what there is."""

    def _draw_curves(self, summaries: dict[SweepCell, Summary]) -> None:
        self.fit(summaries)
        for run in self._runs:
            summary = summaries.get(SweepCell(run))
            if summary is not None:
                steps, low, middle, high = self.band(summary)
                x = self.axis.at(steps)
                self._bands[run].set_data(x, low, high)
                self._curves[run].set_data(x, middle)

    def frame_at(self, point: QPointF) -> int | None:
        return self.axis.step_at(self.data_at(point)[0])

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if not self.field.rect().contains(point):
            return ""
        step = self.axis.step_at(self.data_at(point)[0])
        lines = [f"step {step:,}"]
        for cell, summary in self.study.summaries.items():
            steps, low, middle, high = self.band(summary)
            at = max(0, int(np.searchsorted(steps, step, side="right")) - 1)
            lines.append(
                f"{self.study.name_of(cell.run)}: {self.format_value(middle[at])} "
                f"({self.format_value(low[at])} to {self.format_value(high[at])})"
            )
        return "\n".join(lines)

    def format_value(self, value: float) -> str:
        """Format a value for a tool tip."""
        return f"{value:.4g}"


@final
class SurvivalPanel(OverStepsPanel):
    """The share of networks that are not solved yet, with its 95 % interval."""

    name = "survival"
    position = 410
    title = "Not yet solved"
    note = "share of networks by step, with its 95 % interval"
    short_note = "share by step"
    breadth = 1.25

    def __init__(self, study: EnsembleStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._grid = self.axis.grid()
        self.wanted = self.wanted[0], (-0.03, 1.04)
        shares = (0.0, 0.25, 0.5, 0.75, 1.0)
        self.axes["left"].setTicks([[(share, f"{share:.0%}") for share in shares], []])

    def band(self, summary: Summary) -> tuple[Array, Array, Array, Array]:
        solved = summary.solved_by(self._grid)
        low, high = wilson(solved, summary.networks)
        left = 1.0 - solved / summary.networks
        return self._grid.astype(np.float64), 1.0 - high, left, 1.0 - low

    def format_value(self, value: float) -> str:
        return f"{value:.1%}"


@final
class LossBandsPanel(OverStepsPanel):
    """The median loss of the networks, with the band that holds all but 10 % on either side."""

    name = "loss-bands"
    position = 420
    title = "Loss"
    note = "median and 10 to 90 %, logarithmic"
    short_note = "median, 10–90 %"

    def band(self, summary: Summary) -> tuple[Array, Array, Array, Array]:
        with np.errstate(divide="ignore", invalid="ignore"):
            low, middle, high = np.log10(summary.bands)
        high = np.where(np.isposinf(high), self.y_range[1] + 1.0, high)
        return summary.moments.astype(np.float64), low, middle, high

    def fit(self, summaries: dict[SweepCell, Summary]) -> None:
        bands = [summary.bands for summary in summaries.values()]
        known = np.concatenate([band[np.isfinite(band) & (band > 0.0)] for band in bands])
        fitted = decade_range(np.log10(known))
        if fitted != self.wanted[1]:
            self.set_ranges(self.wanted[0], fitted)
            self.axes["left"].setTicks(decade_ticks(*fitted))

    def format_value(self, value: float) -> str:
        return f"{10.0**value:.4g}" if np.isfinite(value) else "not a number"
