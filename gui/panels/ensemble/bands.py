"""The base class of plots with a curve for each run of an ensemble, and a band around it."""

from collections.abc import Iterable
from typing import ClassVar

from engine import Array
from engine.ensemble import NO_RANDOMNESS, SweepCell
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    LETTERS,
    LINE_STYLES,
    Curve,
    Entry,
    FilledBand,
    PlotPanel,
    decade_range,
    decade_ticks,
)


class BandsPanel(PlotPanel[EnsembleStudy]):
    """A curve, its band and a legend entry for each run, made by `make_bands`."""

    per_run = False
    foot = 22.0
    of_shares: ClassVar[bool] = False
    """Whether heights are shares of all networks, on an axis in percent."""

    def make_bands(self, low: float, high: float, *, still: bool) -> None:
        """Make the bands, the curves and the legend; let the axis reach from `low` to `high`."""
        self.wanted = (low, high), (-0.03, 1.04) if self.of_shares else (0.0, 1.0)
        runs = range(len(self.subject.experiment.runs))
        styles = [LINE_STYLES[run % len(LINE_STYLES)] for run in runs]
        self.colours = [self.theme.unit(run) for run in runs]
        self._bands = [FilledBand(self, colour, still) for colour in self.colours]
        self._curves = [Curve(self, self.colours[run], 2.2, styles[run], still) for run in runs]
        entries = [
            Entry(
                f"{LETTERS[run]} {self.subject.name_of(run)}",
                self.colours[run],
                style=styles[run],
                short=LETTERS[run],
            )
            for run in runs
        ]
        self.add_legend(17.0, entries)
        if self.of_shares:
            ticks = [(share, f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
            self.axes["left"].setTicks([ticks, []])

    def fit_decades(self, logs: Array) -> None:
        """Make the axis of heights reach over powers of ten, given by their exponents."""
        fitted = decade_range(logs)
        if fitted != self.wanted[1]:
            self.set_ranges(self.wanted[0], fitted)
            self.axes["left"].setTicks(decade_ticks(*fitted))

    def show_band(self, run: int, x: Array, low: Array, middle: Array, high: Array) -> None:
        """Lead the curve of a run through the middles, and fill from the low to the high ends."""
        self._bands[run].set_data(x, low, high)
        self._curves[run].set_data(x, middle)

    def band_text(self, cell: SweepCell, ends: Iterable[float]) -> str:
        """Return the tool tip of the low end, the middle and the high end of a cell."""
        low, middle, high = map(self.format_value, ends)
        is_random = self.subject.summaries[cell].is_random
        text = f"{middle} ({low} to {high})" if is_random else f"{middle}, {NO_RANDOMNESS}"
        return f"{self.subject.name_of(cell.run)}: {text}"

    def format_value(self, value: float) -> str:
        """Format a height for a tool tip."""
        return f"{value:.1%}" if self.of_shares else f"{value:.4g}"
