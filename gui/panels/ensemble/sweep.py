"""The sweep's panels: shares solved, steps and losses by the value of the field."""

from abc import abstractmethod
from collections.abc import Iterable
from math import log10
from typing import ClassVar, NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine import Array
from engine.ensemble import SeedsSpec, Summary, SweepCell, cell_experiment, step_text
from engine.experiment import field_named
from engine.nn import SCHEMES, LayerInitializer
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy
from gui.panels.base import (
    TEXT,
    Curve,
    ExperimentOpened,
    Label,
    Markers,
    StepsAxis,
    ViewState,
    decade_ticks,
    register_panel,
)
from gui.panels.ensemble.bands import BandsPanel
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


class OverValuesPanel(BandsPanel):
    """The base of plots over the values of the field, with a curve and a band for each run."""

    kind = "sweep"
    marks: ClassVar[bool] = False
    """Whether the values that have a name are named above the plot."""

    def make_items(self) -> None:
        values = np.array(self.subject.spec.values)
        self._is_log = bool(getattr(self.subject.spec, "logarithmic", False))
        self.places: Array = np.log10(values) if self._is_log else values
        margin = 0.03 * float(self.places[-1] - self.places[0]) or 0.5
        low, high = float(self.places[0]) - margin, float(self.places[-1]) + margin
        self.make_bands(low, high, still=False)
        self._dots = [Markers(self, colour, "o", 6.0) for colour in self.colours]
        named = landmarks(self.subject) if self.marks else []
        places = [log10(mark.value) if self._is_log else mark.value for mark in named]
        self._landmarks = [
            self._make_landmark(mark.name, place)
            for mark, place in zip(named, places, strict=True)
            if low <= place <= high
        ]
        if self._is_log:
            self.axes["bottom"].setTicks(decade_ticks(*self.wanted[0]))

    def _make_landmark(self, name: str, place: float) -> tuple[float, Curve, Label]:
        """Return a position on the axis with its line and its label."""
        line = Curve(self, self.theme.muted, 1.1, Qt.PenStyle.DashLine)
        line.cache()
        left, chip = Qt.AlignmentFlag.AlignLeft, self.theme.surface
        return place, line, Label(self, self.theme.muted, font(TEXT - 1.0), left, chip, name)

    @abstractmethod
    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        """Return the low, the middle and the high end for the networks of a value."""

    def fit_heights(self, heights: Array) -> None:
        """Make the axes reach over these heights, those that are finite."""

    def place_items(self) -> None:
        top = self.field.rect().top() + 9.0
        for number, (x, line, label) in enumerate(self._landmarks):
            line.set_data([x, x], self.y_range)
            # Rules for few inputs are close to each other: each name has its own line.
            label.setPos(self.point(x, 0.0).x() + 4.0, top + 16.0 * number)

    def draw(self, state: ViewState) -> None:
        table = [self._heights(run, state.index) for run in range(len(self.colours))]
        self.fit_heights(np.concatenate(table, axis=None))
        for run, heights in enumerate(table):
            self.show_band(run, self.places, *heights)
            self._dots[run].set_data(self.places, heights[1])

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
        for run in range(len(self.colours)):
            cell = SweepCell(run, value)
            summary = self.subject.summaries.get(cell)
            if summary is not None:
                lines.append(self.band_text(cell, self.band(summary, state.index)))
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


@register_panel(name="solved-by-value", position=460, title="Solved by this step")
@final
class SolvedByValuePanel(OverValuesPanel):
    """The share of networks that are solved by this step, with its 95 % interval."""

    note = "share of networks, with its 95 % interval; click to open a value"
    short_note = "with 95 % intervals"
    marks = True
    of_shares = True
    tall = 1.25

    def make_items(self) -> None:
        super().make_items()
        self.set_title(f"Solved by this step, against {self.subject.spec.swept}")

    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        solved = int(summary.solved_by(frame))
        low, high = summary.intervals_by(frame)
        return float(low), solved / summary.networks, float(high)


@register_panel(name="steps-by-value", position=470, title="Step at which networks are solved")
@final
class StepsByValuePanel(OverValuesPanel):
    """The median step at which networks are solved, among those that are, and 10 to 90 %."""

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

    def band_text(self, cell: SweepCell, ends: Iterable[float]) -> str:
        text, summary = super().band_text(cell, ends), self.subject.summaries[cell]
        if not summary.is_random or not summary.solved:
            return text
        of_all = step_text(summary.steps_of_all[1], self.subject.planned_index)
        return f"{text} of those solved; median of all networks {of_all}"

    def format_value(self, value: float) -> str:
        return f"step {self._axis.step_at(value):,}" if np.isfinite(value) else "none solved"


@register_panel(name="loss-by-value", position=480, title="Final loss")
@final
class LossByValuePanel(OverValuesPanel):
    """The median final loss of the networks, and 10 to 90 %."""

    note = "median and 10 to 90 %, logarithmic"
    short_note = "median, 10–90 %"
    row = 1

    def band(self, summary: Summary, frame: int) -> tuple[float, float, float]:
        with np.errstate(divide="ignore"):
            low, middle, high = (float(loss) for loss in np.log10(summary.losses))
        return low, middle, high

    def fit_heights(self, heights: Array) -> None:
        self.fit_decades(heights[np.isfinite(heights)])

    def format_value(self, value: float) -> str:
        return f"{10.0**value:.4g}"
