"""The saturation study's panels of all activations: gradients, losses and steepness by scale."""

from abc import abstractmethod
from typing import final

import numpy as np

from engine import Array, counted
from engine.studies.saturation.study import SaturationStudy, UnitResponse
from gui.panels.base import (
    LEFT,
    LINE_STYLES,
    RIGHT,
    Column,
    Line,
    StudyCurvesPanel,
    TableCell,
    TablePanel,
    ViewState,
    register_panel,
)


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
