"""The saturation study's panels: of one activation, and of all activations by scale."""

from abc import abstractmethod
from math import log10
from typing import ClassVar, final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from engine import Array, counted, plain_text
from engine.nn import Activation
from engine.studies.saturation.study import SaturationStudy, UnitResponse
from gui.panels.base import (
    LEFT,
    LINE_STYLES,
    RIGHT,
    Bars,
    Column,
    Curve,
    Entry,
    Line,
    Markers,
    PlotPanel,
    StudyCurvesPanel,
    TableCell,
    TablePanel,
    ValueEdited,
    ViewState,
    register_panel,
    rounded_up,
)

REACH = 7.0
"""The curve is drawn from −7 to 7."""
POINTS = 401
MOST_DOTS = 150
RING = 17.0
DECADES = (-6.0, 6.0)
"""The range of the histogram of |z|, in powers of ten; outer bars include values beyond it."""
BINS = 60


def saturated_from(unit: Activation, sign: float) -> float:
    """Return the least |z| from which z of this sign is saturated; infinite if none is."""
    ends = np.linspace(0.0, 40.0, 40_001), np.geomspace(40.0, 10.0 ** DECADES[1], 10_001)
    z = np.concatenate(ends)
    with np.errstate(over="ignore"):
        others = np.flatnonzero(~unit.saturated(unit(sign * z)))
    beyond = int(others[-1]) + 1 if len(others) else 0
    return float(z[beyond]) if beyond < len(z) else float("inf")


@register_panel(name="saturation-curve", position=270, title="g(z) and its derivative")
@final
class SaturationCurvePanel(PlotPanel[SaturationStudy]):
    """g and g′ with every z of this scale upon them; the ringed point can be dragged."""

    foot = 44.0

    def make_items(self) -> None:
        self.set_title(self.subject.spec.units[self.run])
        self.set_note("drag the ring along z")
        unit = self.subject.unit(self.run)
        far = 2.0 * REACH
        spans = (-far, -saturated_from(unit, -1.0)), (saturated_from(unit, 1.0), far)
        self._spans = [(low, high) for low, high in spans if low < REACH and high > -REACH]
        self._zones = [self.make_red_band() for _ in self._spans]
        self._value = Curve(self, self.theme.text, 2.2, still=True)
        self._slope = Curve(self, self.theme.muted, 1.6, Qt.PenStyle.DashLine, still=True)
        self._dots = Markers(self, self.theme.unit(self.run), "o", 8.0)
        self._ring = Markers(
            self, QColor(0, 0, 0, 0), "o", RING, edge=self.theme.accent, clipped=False
        )
        self._foot = Markers(self, self.theme.accent, "o", 7.0)
        self.add_legend(
            41.0,
            [
                Entry("g", self.theme.text),
                Entry("g′", self.theme.muted, None, Qt.PenStyle.DashLine),
                Entry("the units' z", self.theme.unit(self.run), "o"),
            ],
        )
        self._words = self.add_words(8.0, bold=True)
        self._dragged: float | None = None
        bounds = unit.asymptotes
        low, high = (min(bounds), max(bounds)) if len(bounds) == 2 else (-0.5, 0.6 * REACH)
        margin = 0.12 * (high - low)
        self.wanted = (-REACH, REACH), (min(low, 0.0) - margin, max(high, 1.0) + margin)

    def place_items(self) -> None:
        z = np.linspace(-REACH, REACH, POINTS)
        value, slope = self.subject.unit(self.run).value_and_slope(z)
        self._value.set_data(z, value)
        self._slope.set_data(z, slope)
        for zone, span in zip(self._zones, self._spans, strict=True):
            zone.setRect(self.area(span, self.y_range))

    def draw(self, state: ViewState) -> None:
        course = self.subject.responses[self.run]
        z = course.z[:, state.index]
        z = z[:: max(1, len(z) // MOST_DOTS)]
        edge = 0.985 * REACH
        shown = np.clip(z, -edge, edge)
        self._dots.set_data(shown, np.clip(course.unit.value_and_slope(z)[0], *self.y_range))
        self._show_ring()
        beyond = int((np.abs(course.z[:, state.index]) > REACH).sum())
        share = f"{max(1.0, 100.0 * beyond / len(course.z)):.0f} %"
        self.set_note(f"{share} of z beyond the axis" if beyond else "drag the ring along z")

    def _show_ring(self) -> None:
        z = self.subject.spec.z if self._dragged is None else self._dragged
        value, slope = self._value_and_slope(z)
        # The whole mark stays within the plot: where g leaves it above, the ring is at its edge.
        field = self.field.rect()
        across = 0.5 * RING / field.width() * (self.x_range[1] - self.x_range[0])
        up = 0.5 * RING / field.height() * (self.y_range[1] - self.y_range[0])
        at = float(np.clip(z, self.x_range[0] + across, self.x_range[1] - across))
        height = float(np.clip(value, self.y_range[0] + up, self.y_range[1] - up))
        self._ring.set_data([at], [height])
        self._foot.set_data([at], [slope])
        self._words.set_text(
            f"z = {plain_text(z)}:  g = {plain_text(value)},  g′ = {plain_text(slope)}"
        )

    def _value_and_slope(self, z: float) -> tuple[float, float]:
        value, slope = self.subject.unit(self.run).value_and_slope(np.array([z]))
        return float(value[0]), float(slope[0])

    def grab(self, point: QPointF) -> bool:
        return self.is_in_field(point)

    def drag(self, point: QPointF) -> None:
        self._dragged = round(float(np.clip(self.data_at(point)[0], -REACH, REACH)), 2)
        self._show_ring()

    def drop(self) -> ValueEdited | None:
        z, self._dragged = self._dragged, None
        if z is None or z == self.subject.spec.z:
            return None
        return ValueEdited(("scene", "z"), z, "Move the marked z")

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        value, slope = self._value_and_slope(x)
        return f"z = {x:.4f}\ng(z) = {value!s}\ng′(z) = {slope!s}"


@register_panel(name="saturation-histogram", position=280, title="|z| of the units, logarithmic")
@final
class SaturationHistogramPanel(PlotPanel[SaturationStudy]):
    """How many |z| have which size: with the scale the whole histogram moves to the right."""

    row = 1
    tall = 0.8
    foot: ClassVar[float] = 20.0

    def make_items(self) -> None:
        self.set_note("share of all z")
        self._zone = self.make_red_band()
        self._bars = Bars(self, self.theme.unit(self.run))
        self._words = self.add_words(6.0)
        self._edges = np.linspace(*DECADES, BINS + 1)
        self.wanted = DECADES, (0.0, 1.0)
        self.decades = {"bottom"}

    def place_items(self) -> None:
        unit = self.subject.unit(self.run)
        edge = max(saturated_from(unit, -1.0), saturated_from(unit, 1.0))
        self._zone.setVisible(edge < float("inf"))
        if edge < float("inf"):
            self._zone.setRect(self.area((log10(edge), DECADES[1]), self.y_range))

    def draw(self, state: ViewState) -> None:
        course = self.subject.responses[self.run]
        z = np.abs(course.z[:, state.index])
        with np.errstate(divide="ignore"):
            logs = np.clip(np.log10(z), *DECADES)
        heights = np.histogram(logs, self._edges)[0] / len(z)
        top = rounded_up(max(float(heights.max()), 1e-3))
        self.fit(DECADES, (0.0, 1.04 * top))
        self._bars.set_data(self._edges, heights)
        share = 100.0 * float(course.saturated[state.index])
        idle = course.unit.idle_word
        self._words.set_text(
            f"{share:.0f} % of activations {idle}" if idle else course.unit.never_idle
        )

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        z = np.abs(self.subject.responses[self.run].z[:, state.index])
        return f"median |z| {np.median(z)!s}, largest {z.max()!s}"


class ByScalePanel(StudyCurvesPanel[SaturationStudy]):
    """A number of each activation, by the scale of the weights."""

    note = "by the scale of the weights"
    short_note = "by scale"
    row = 2

    def make_items(self) -> None:
        super().make_items()
        self.decades |= {"bottom"}

    def lines(self) -> list[Line]:
        return [
            Line(name, self.theme.unit(lane).name(), LINE_STYLES[lane])
            for lane, name in enumerate(self.subject.spec.units)
        ]

    @abstractmethod
    def number(self, course: UnitResponse) -> Array:
        """Return the number of every scale."""

    def values(self, line: int) -> Array:
        return self.number(self.subject.responses[line])

    def positions(self) -> Array:
        return np.log10(self.subject.scales)


@register_panel(name="saturated-by-scale", position=290, title="Share saturated, or inactive")
@final
class SaturatedByScalePanel(ByScalePanel):
    """The share of hidden activations that are saturated, or inactive."""

    least_top = 1.0

    def number(self, course: UnitResponse) -> Array:
        return course.saturated


@register_panel(name="gradient-by-scale", position=300, title="Mean |dW₁| at the start")
@final
class GradientByScalePanel(ByScalePanel):
    """The mean size of an entry of the first gradient of W1."""

    logarithmic = True

    def number(self, course: UnitResponse) -> Array:
        return course.gradient


@register_panel(name="loss-by-scale", position=310, title="Loss after training")
@final
class LossByScalePanel(ByScalePanel):
    """The loss after the steps that were trained from every scale."""

    logarithmic = True

    def make_items(self) -> None:
        super().make_items()
        self.set_title(f"Loss after {counted(self.subject.spec.steps, 'step')}")

    def number(self, course: UnitResponse) -> Array:
        return course.loss


@register_panel(name="steepness", position=320, title="Steepness β is a scale")
@final
class SteepnessPanel(TablePanel[SaturationStudy]):
    """The law of steepness: g(βz) is the same network as (βW, βb) with the rate ηβ²."""

    foot = 42.0
    per_run = False
    row = 2
    breadth = 1.1

    def make_items(self) -> None:
        self.set_title("g(βz), or weights × β? Difference")
        self.table = self.make_table(
            [Column(0.9, LEFT), Column(1.0, RIGHT), Column(1.0, RIGHT)], 30.0
        )
        self._words = [self.add_words(at, colour=self.theme.muted) for at in (28.0, 8.0)]

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, spec = self.theme, self.subject.spec
        betas = (spec.beta, self.subject.other_beta)
        rows = [[TableCell(), *(TableCell(f"β = {beta:g}", theme.muted) for beta in betas)]]
        for lane, course in enumerate(self.subject.responses):
            row = [TableCell(course.name, theme.unit(lane), True)]
            if course.unit.scalable:
                both = course.difference, course.other_difference
                row += [self.difference_cell(float(each[state.index]), 2) for each in both]
            else:
                row += [TableCell(), TableCell("has no β", theme.muted)]
            rows.append(row)
        self._words[0].set_text(f"of β (W, b) after {counted(spec.steps, 'step')}, from a network")
        self._words[1].set_text("with β = 1 that began at (βW, βb), rate ηβ²")
        return rows

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if not 1 <= row <= len(self.subject.responses):
            return ""
        course = self.subject.responses[row - 1]
        one, other = course.difference[state.index], course.other_difference[state.index]
        betas = self.subject.spec.beta, self.subject.other_beta
        return f"{course.name}: {one!s} for β = {betas[0]:g}, {other!s} for β = {betas[1]:g}"
