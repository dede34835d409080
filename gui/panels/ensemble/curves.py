"""The ensemble's curves over the steps: the share not yet solved, and the losses."""

from abc import abstractmethod
from typing import final

import numpy as np
from PySide6.QtCore import QPointF

from engine import Array
from engine.ensemble import Summary, wilson
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    Curve,
    FilledBand,
    FramePlotPanel,
    Markers,
    StepsAxis,
    ViewState,
    decade_range,
    decade_ticks,
)
from gui.panels.ensemble.many_networks import entries, line_style


class OverStepsPanel(FramePlotPanel[EnsembleStudy]):
    """The base of plots over the steps, a curve with its band for each run, and the playhead."""

    kind = "ensemble"
    foot = 22.0

    def make_items(self) -> None:
        self.axis = StepsAxis(self.subject.planned_index)
        colours = [self.theme.unit(run) for run in range(len(self.subject.experiment.runs))]
        self._bands = [FilledBand(self, colour, still=True) for colour in colours]
        self._curves = [
            Curve(self, colour, 2.2, line_style(run), still=True)
            for run, colour in enumerate(colours)
        ]
        super().make_items()
        self._dots = [Markers(self, colour, "o", 9.0, clipped=False) for colour in colours]
        self.add_legend(17.0, entries(self.subject, self.theme))
        self.wanted = (-0.02 * self.axis.end, 1.02 * self.axis.end), (0.0, 1.0)
        self.axes["bottom"].setTicks(self.axis.ticks())

    @abstractmethod
    def band(self, summary: Summary) -> tuple[Array, Array, Array, Array]:
        """Return the steps, and the low, the middle and the high end at each."""

    def revision(self) -> object:
        return self.subject.summaries

    def x_of(self, index: int) -> float:
        return float(self.axis.at(index))

    def draw_frame(self, state: ViewState) -> None:
        for cell, summary in self.subject.summaries.items():
            steps, _, middle, _ = self.band(summary)
            at = _last(steps, state.index)
            self._dots[cell.run].set_data([self.x_of(state.index)], middle[at : at + 1])

    def fit_heights(self) -> None:
        """Make the axes reach over what there is."""
        return

    def draw_curves(self) -> None:
        self.fit_heights()
        for cell, summary in self.subject.summaries.items():
            steps, low, middle, high = self.band(summary)
            x = self.axis.at(steps)
            self._bands[cell.run].set_data(x, low, high)
            self._curves[cell.run].set_data(x, middle)

    def frame_at(self, point: QPointF) -> int | None:
        return self.axis.step_at(self.data_at(point)[0])

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        step = self.axis.step_at(x)
        lines = [f"step {step:,}"]
        for cell, summary in self.subject.summaries.items():
            steps, *band = self.band(summary)
            low, middle, high = (self.format_value(ends[_last(steps, step)]) for ends in band)
            lines.append(f"{self.subject.name_of(cell.run)}: {middle} ({low} to {high})")
        return "\n".join(lines)

    def format_value(self, value: float) -> str:
        """Format a value for a tool tip."""
        return f"{value:.4g}"


def _last(steps: Array, step: int) -> int:
    """Return the index of the last of `steps` up to a step, or 0."""
    return max(0, int(np.searchsorted(steps, step, side="right")) - 1)


@final
class SurvivalPanel(OverStepsPanel):
    """The share of networks that are not solved yet, with its 95 % interval."""

    name = "survival"
    position = 410
    title = "Not yet solved"
    note = "share of networks by step, with its 95 % interval"
    short_note = "share by step"
    breadth = 1.25

    def make_items(self) -> None:
        super().make_items()
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

    def fit_heights(self) -> None:
        bands = [summary.bands for summary in self.subject.summaries.values()]
        known = np.concatenate([band[np.isfinite(band) & (band > 0.0)] for band in bands])
        fitted = decade_range(np.log10(known))
        self.fit(self.wanted[0], fitted)
        self.axes["left"].setTicks(decade_ticks(*fitted))

    def format_value(self, value: float) -> str:
        return f"{10.0**value:.4g}" if np.isfinite(value) else "not a number"
