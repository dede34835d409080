"""The ensemble's curves over the steps: the share not yet solved, and the losses."""

from abc import abstractmethod
from typing import final

import numpy as np
from PySide6.QtCore import QPointF

from engine import Array
from engine.ensemble import Summary
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    FramePlotPanel,
    Markers,
    StepsAxis,
    ViewState,
    last_up_to,
    register_panel,
)
from gui.panels.ensemble.bands import BandsPanel


class OverStepsPanel(BandsPanel, FramePlotPanel[EnsembleStudy]):
    """The base of plots over the steps, a curve with its band for each run, and the playhead."""

    def make_items(self) -> None:
        self.axis = StepsAxis(self.subject.planned_index)
        self.make_bands(-0.02 * self.axis.end, 1.02 * self.axis.end, still=True)
        super().make_items()
        self._dots = [Markers(self, colour, "o", 9.0, clipped=False) for colour in self.colours]
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
            at = last_up_to(steps, state.index)
            self._dots[cell.run].set_data([self.x_of(state.index)], middle[at : at + 1])

    def fit_heights(self) -> None:
        """Make the axes reach over what there is."""

    def draw_curves(self) -> None:
        self.fit_heights()
        for cell, summary in self.subject.summaries.items():
            steps, *band = self.band(summary)
            self.show_band(cell.run, self.axis.at(steps), *band)

    def frame_at(self, point: QPointF) -> int | None:
        return self.axis.step_at(self.data_at(point)[0])

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        step = self.axis.step_at(x)
        lines = [f"step {step:,}"]
        for cell, summary in self.subject.summaries.items():
            steps, *band = self.band(summary)
            lines.append(self.band_text(cell, (ends[last_up_to(steps, step)] for ends in band)))
        return "\n".join(lines)


@register_panel(name="survival", position=410, title="Not yet solved")
@final
class SurvivalPanel(OverStepsPanel):
    """The share of networks that are not solved yet, with its 95 % interval."""

    note = "share of networks by step, with its 95 % interval"
    short_note = "share by step"
    breadth = 1.25
    of_shares = True

    def band(self, summary: Summary) -> tuple[Array, Array, Array, Array]:
        steps = self.axis.grid()
        solved = summary.solved_by(steps)
        low, high = summary.intervals_by(steps)
        left = 1.0 - solved / summary.networks
        return steps.astype(np.float64), 1.0 - high, left, 1.0 - low


@register_panel(name="loss-bands", position=420, title="Loss")
@final
class LossBandsPanel(OverStepsPanel):
    """The median loss of the networks, with the band that holds all but 10 % on either side."""

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
        self.fit_decades(np.log10(known))

    def format_value(self, value: float) -> str:
        return f"{10.0**value:.4g}" if np.isfinite(value) else "not a number"
