"""The saturation study's panels of all activations: gradients, losses and steepness by scale."""

from abc import abstractmethod
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine.studies.saturation.study import SaturationStudy, UnitResponse
from engine.text import counted
from engine.types import Array
from gui.panels.base.label import Label
from gui.panels.base.panel import LINE_STYLES, TEXT, ViewState, number_text
from gui.panels.base.study_curves import Line, StudyCurvesPanel
from gui.panels.base.table import LEFT, RIGHT, Column, Table, TableCell
from gui.panels.base.table_panel import TablePanel
from gui.style.theme import Theme, font


class ByScalePanel(StudyCurvesPanel):
    """A number of each activation, by the scale of the weights."""

    kind = "saturation"
    note = "by the scale of the weights"
    short_note = "by scale"
    row = 2

    def __init__(self, study: SaturationStudy, run: int, theme: Theme) -> None:
        self._study = study
        super().__init__(study, run, theme)
        self.decades |= {"bottom"}

    def lines(self) -> list[Line]:
        return [
            Line(name, self.theme.unit(lane).name(), LINE_STYLES[lane])
            for lane, name in enumerate(self._study.spec.units)
        ]

    @abstractmethod
    def number(self, course: UnitResponse) -> Array:
        """Return the number of every scale."""

    def values(self, line: int) -> Array:
        return self.number(self._study.responses[line])

    def positions(self) -> Array:
        return np.log10(self._study.scales)


@final
class SaturatedByScalePanel(ByScalePanel):
    """The share of hidden activations that are saturated, or inactive."""

    name = "saturated-by-scale"
    position = 290
    title = "Share saturated, or inactive"
    least_top = 1.0

    def number(self, course: UnitResponse) -> Array:
        return course.saturated


@final
class GradientByScalePanel(ByScalePanel):
    """The mean size of an entry of the first gradient of W1."""

    name = "gradient-by-scale"
    position = 300
    title = "Mean |dW₁| at the start"
    logarithmic = True

    def number(self, course: UnitResponse) -> Array:
        return course.gradient


@final
class LossByScalePanel(ByScalePanel):
    """The loss after the steps that were trained from every scale."""

    name = "loss-by-scale"
    position = 310
    title = "Loss after training"
    logarithmic = True

    def __init__(self, study: SaturationStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self.set_title(f"Loss after {counted(study.spec.steps, 'step')}")

    def number(self, course: UnitResponse) -> Array:
        return course.loss


@final
class SteepnessPanel(TablePanel):
    """The law of steepness: g(βz) is the same network as (βW, βb) with the rate ηβ²."""

    kind = "saturation"
    name = "steepness"
    position = 320
    title = "Steepness β is a scale"
    foot = 42.0
    per_run = False
    row = 2
    breadth = 1.1

    def __init__(self, study: SaturationStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        self.set_title("g(βz), or weights × β? Difference")
        columns = [Column(0.9, LEFT), Column(1.0, RIGHT), Column(1.0, RIGHT)]
        self._table = Table(self, theme, columns, TEXT, 30.0)
        left = Qt.AlignmentFlag.AlignLeft
        self._words = [Label(self, theme.muted, font(TEXT), left) for _ in range(2)]
        self.foot_lines = tuple(zip(self._words, (28.0, 8.0), strict=True))

    def draw(self, state: ViewState) -> None:
        theme, spec = self.theme, self._study.spec
        betas = (spec.beta, self._study.other_beta)
        rows = [[TableCell(), *(TableCell(f"β = {beta:g}", theme.muted) for beta in betas)]]
        for lane, course in enumerate(self._study.responses):
            row = [TableCell(course.name, theme.unit(lane), True)]
            if course.unit.scalable:
                both = course.difference, course.other_difference
                row += [self._difference(float(each[state.index])) for each in both]
            else:
                row += [TableCell(), TableCell("has no β", theme.muted)]
            rows.append(row)
        self._table.set_rows(rows)
        self._words[0].set_text(f"of β (W, b) after {counted(spec.steps, 'step')}, from a network")
        self._words[1].set_text("with β = 1 that began at (βW, βb), rate ηβ²")

    def _difference(self, apart: float) -> TableCell:
        if apart == 0.0:
            return TableCell("exactly 0", self.theme.accent, True)
        return TableCell(number_text(apart).lstrip("+"))

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        row = self._table.row_at(point)
        if row is None or not 1 <= row <= len(self._study.responses):
            return ""
        course = self._study.responses[row - 1]
        one, other = course.difference[state.index], course.other_difference[state.index]
        betas = self._study.spec.beta, self._study.other_beta
        return f"{course.name}: {one!s} for β = {betas[0]:g}, {other!s} for β = {betas[1]:g}"
