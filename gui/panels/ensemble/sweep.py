"""The sweep's panels: shares solved, steps and losses by the value of the field."""

from abc import abstractmethod
from math import log10
from typing import ClassVar, NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGraphicsItem

from engine import Array
from engine.ensemble import SeedsSpec, Summary, SweepCell, cell_experiment, wilson
from engine.experiment import field_named
from engine.nn import SCHEMES, LayerInitializer
from engine.studies.ensemble.spec import EnsembleSpec
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    TEXT,
    Curve,
    ExperimentOpened,
    FilledBand,
    Label,
    Markers,
    PlotPanel,
    StepsAxis,
    ViewState,
    decade_range,
    decade_ticks,
)
from gui.panels.ensemble.many_networks import entries, line_style
from gui.style.theme import font


class Landmark(NamedTuple):
    """A value that has a name."""

    name: str
    value: float


def landmarks(study: EnsembleStudy) -> list[Landmark]:
    """Return the values that have a name: of scales, those of the usual rules."""
    experiment = study.experiment
    if field_named(experiment, study.spec.swept) != "init.scale":
        return []
    n_in, n_out = experiment.network.layers[:2]
    found = [Landmark("× 0.01", 0.01)]
    for scheme in SCHEMES.values():
        if scheme.short_name and issubclass(scheme, LayerInitializer):
            deviation = scheme().estimated_distribution(n_in, n_out).variance ** 0.5
            found.append(Landmark(scheme.short_name, deviation))
    own = {getattr(run.init, "scale", 0.0) for run in experiment.runs}
    return [*found, *(Landmark("this run", scale) for scale in sorted(own) if scale > 0.0)]


class OverValuesPanel(PlotPanel[EnsembleStudy]):
    """The base of plots over the values of the field, with a curve and a band for each run."""

    kind = "sweep"
    per_run = False
    foot = 22.0
    marks: ClassVar[bool] = False
    """Whether the values that have a name are named above the plot."""

    def make_items(self) -> None:
        values = np.array(self.subject.spec.values)
        self._is_log = bool(getattr(self.subject.spec, "logarithmic", False))
        self.places: Array = np.log10(values) if self._is_log else values
        low, high = float(self.places[0]), float(self.places[-1])
        margin = 0.03 * (high - low) or 0.5
        self.wanted = (low - margin, high + margin), (0.0, 1.0)
        self._runs = range(len(self.subject.experiment.runs))
        self._bands = [FilledBand(self, self.theme.unit(run)) for run in self._runs]
        self._curves = [
            Curve(self, self.theme.unit(run), 2.2, line_style(run)) for run in self._runs
        ]
        self._dots = [Markers(self, self.theme.unit(run), "o", 6.0) for run in self._runs]
        self.add_legend(17.0, entries(self.subject, self.theme))
        self._landmarks = [
            mark
            for mark in (landmarks(self.subject) if self.marks else [])
            if low - margin <= self._place(mark.value) <= high + margin
        ]
        self._lines = [
            Curve(self, self.theme.muted, 1.1, Qt.PenStyle.DashLine) for _ in self._landmarks
        ]
        for line in self._lines:
            line.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._names = [
            Label(
                self,
                self.theme.muted,
                font(TEXT - 1.0),
                Qt.AlignmentFlag.AlignLeft,
                self.theme.surface,
            )
            for _ in self._landmarks
        ]
        for label, mark in zip(self._names, self._landmarks, strict=True):
            label.set_text(mark.name)
        if self._is_log:
            self.axes["bottom"].setTicks(decade_ticks(*self.wanted[0]))

    @abstractmethod
    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        """Return the low, the middle and the high end for the networks of a value."""

    def format_value(self, value: float) -> str:
        """Format a value for a tool tip."""
        return f"{value:.4g}"

    def fit_heights(self, heights: Array) -> None:
        """Make the axes reach over these heights, those that are finite."""

    def _place(self, value: float) -> float:
        return log10(value) if self._is_log else value

    def place_items(self) -> None:
        field = self.field.rect()
        for number, (mark, line, label) in enumerate(
            zip(self._landmarks, self._lines, self._names, strict=True)
        ):
            x = self._place(mark.value)
            line.set_data([x, x], list(self.y_range))
            # Rules for few inputs are close to each other: each name has its own line.
            label.setPos(self.point(x, 0.0).x() + 4.0, field.top() + 9.0 + 16.0 * number)

    def draw(self, state: ViewState) -> None:
        if self.field.rect().isEmpty():
            return
        table = {run: self._heights(run, state.index) for run in self._runs}
        self.fit_heights(np.concatenate(list(table.values()), axis=None))
        for run, (low, middle, high) in table.items():
            self._bands[run].set_data(self.places, low, high)
            self._curves[run].set_data(self.places, middle)
            self._dots[run].set_data(self.places, middle)

    def _heights(self, run: int, frame: int) -> Array:
        """Return the ends and the middles of all values, (3, values); NaN where there is none."""
        result = np.full((3, len(self.places)), np.nan)
        for value in range(len(self.places)):
            summary = self.subject.summaries.get(SweepCell(run, value))
            if summary is not None:
                result[:, value] = self.band(summary, frame)
        return result

    def _value_at(self, point: QPointF) -> int | None:
        if not self.is_in_field(point):
            return None
        return int(np.abs(self.places - self.data_at(point)[0]).argmin())

    def interaction_at(self, point: QPointF) -> ExperimentOpened | None:
        value = self._value_at(point)
        return None if value is None else opening(self.subject, value)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        value = self._value_at(point)
        if value is None:
            return ""
        lines = [f"{self.subject.spec.swept} = {self.subject.spec.values[value]:g}"]
        for run in self._runs:
            summary = self.subject.summaries.get(SweepCell(run, value))
            if summary is not None:
                low, middle, high = (self.format_value(x) for x in self.band(summary, state.index))
                lines.append(f"{self.subject.name_of(run)}: {middle} ({low} to {high})")
        return "\n".join([*lines, "click to open the networks of this value"])


def opening(study: EnsembleStudy, value: int) -> ExperimentOpened:
    """Return what opens the networks of one value as an ensemble."""
    spec = study.spec
    fields = {name: getattr(spec, name) for name in SeedsSpec.__struct_fields__}
    plain = [cell_experiment(study.experiment, cell) for cell in study.cells if cell.value == value]
    experiment = plain[0].replace(
        runs=tuple(each.runs[0] for each in plain),
        scene=EnsembleSpec(**fields),
        title=f"{study.experiment.title}: {spec.swept} = {spec.values[value]:g}",
    )
    return ExperimentOpened(experiment, f"Open {spec.swept} = {spec.values[value]:g}")


@final
class SolvedByValuePanel(OverValuesPanel):
    """The share of networks that are solved by this step, with its 95 % interval."""

    name = "solved-by-value"
    position = 460
    title = "Solved by this step"
    note = "share of networks, with its 95 % interval; click to open a value"
    short_note = "with 95 % intervals"
    marks = True
    tall = 1.25

    def make_items(self) -> None:
        super().make_items()
        self.wanted = self.wanted[0], (-0.03, 1.04)
        shares = (0.0, 0.25, 0.5, 0.75, 1.0)
        self.axes["left"].setTicks([[(share, f"{share:.0%}") for share in shares], []])
        self.set_title(f"Solved by this step, against {self.subject.spec.swept}")

    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        solved = int(summary.solved_by(frame))
        low, high = wilson(solved, summary.networks)
        return float(low), solved / summary.networks, float(high)

    def format_value(self, value: float) -> str:
        return f"{value:.1%}"


@final
class StepsByValuePanel(OverValuesPanel):
    """The median step at which networks are solved, among those that are, and 10 to 90 %."""

    name = "steps-by-value"
    position = 470
    title = "Step at which networks are solved"
    note = "median and 10 to 90 % of solved networks"
    short_note = "median, 10–90 %"
    row = 1

    def make_items(self) -> None:
        super().make_items()
        self._axis = StepsAxis(self.subject.planned_index)
        self.wanted = self.wanted[0], (-0.03 * self._axis.end, 1.03 * self._axis.end)
        self.axes["left"].setTicks(self._axis.ticks())

    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        early, median, late = (float(self._axis.at(step)) for step in summary.steps)
        return early, median, late

    def format_value(self, value: float) -> str:
        return f"step {self._axis.step_at(value):,}" if np.isfinite(value) else "never"


@final
class LossByValuePanel(OverValuesPanel):
    """The median final loss of the networks, and 10 to 90 %."""

    name = "loss-by-value"
    position = 480
    title = "Final loss"
    note = "median and 10 to 90 %, logarithmic"
    short_note = "median, 10–90 %"
    row = 1

    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        with np.errstate(divide="ignore"):
            low, middle, high = (float(loss) for loss in np.log10(summary.losses))
        return low, middle, high

    def fit_heights(self, heights: Array) -> None:
        fitted = decade_range(heights[np.isfinite(heights)])
        if fitted != self.wanted[1]:
            self.set_ranges(self.wanted[0], fitted)
            self.axes["left"].setTicks(decade_ticks(*fitted))

    def format_value(self, value: float) -> str:
        return f"{10.0**value:.4g}"
