"""The symmetry-breaking study's panels: the gap after every ε, and a table of outcomes."""

from math import log, log10
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from engine import Array
from engine.library.built_ins import built_in
from engine.studies.symmetry_breaking.nudge import epsilon_text
from engine.studies.symmetry_breaking.study import BreakingStudy
from gui.panels.base import (
    LEFT,
    RIGHT,
    Button,
    Column,
    Curve,
    Entry,
    ExperimentOpened,
    Line,
    Range,
    StudyCurvesPanel,
    TableCell,
    TablePanel,
    ViewState,
    decade_range,
    register_panel,
)

REPELLING, REPELS = "breaking-symmetry", "Data where it repels"
"""An experiment in which even the smallest nudge becomes visible, and the button that opens it."""
LOWEST = -17.5
"""Gaps below this power of ten, such as 5e-324, are left to the table."""


@register_panel(name="breaking-gap", position=490, title="Gap between hidden units")
@final
class BreakingGapPanel(StudyCurvesPanel[BreakingStudy]):
    """The gap after every nudge on a logarithmic axis, with the line fitted to its straight part.

    Of equal units it is exactly 0, which no logarithmic axis has.
    """

    note = "by frame, logarithmic"
    breadth = 1.3
    logarithmic = True

    def make_items(self) -> None:
        super().make_items()
        self._fits = [
            Curve(self, self.theme.text, 1.4, Qt.PenStyle.DashLine) for _ in self.subject.epsilons
        ]
        self._threshold = Curve(self, self.theme.alarm, 1.6, Qt.PenStyle.DotLine)

    def lines(self) -> list[Line]:
        ramp = self.theme.density_lut()[
            np.linspace(250, 110, len(self.subject.epsilons) - 1).astype(int)
        ]
        lines = [Line("", QColor(*colour).name(), width=1.8) for colour in ramp.tolist()]
        return [*lines, Line("", self.theme.unit(0).name(), Qt.PenStyle.DashDotLine, 1.8)]

    def entries(self) -> list[Entry]:
        middle = len(self._lines) // 2
        return [
            Entry("gap after ε", self._lines[middle].colour),
            Entry("fitted", self.theme.text, None, Qt.PenStyle.DashLine, 1.4),
            Entry(
                f"visible: {self.subject.spec.visible:g}",
                self.theme.alarm,
                None,
                Qt.PenStyle.DotLine,
            ),
            Entry("1 ulp", self._lines[-1].colour, None, Qt.PenStyle.DashDotLine),
        ]

    def values(self, line: int) -> Array:
        return self.subject.gaps[line, : self.subject.last_index + 1]

    def fitted_range(self, known: Array) -> Range:
        threshold = log10(self.subject.spec.visible)
        return decade_range(np.append(known[known >= LOWEST], [threshold, threshold + 0.5]))

    def draw_frame(self, state: ViewState) -> None:
        super().draw_frame(state)
        threshold = log10(self.subject.spec.visible)
        self._threshold.set_data(self.x_range, [threshold, threshold])
        for curve, nudge in zip(self._fits, self.subject.nudges, strict=False):
            growth = nudge.growth
            if growth is None:
                curve.set_data([], [])
                continue
            ends = growth.start, growth.start + growth.rate * (growth.last - growth.first)
            curve.set_data([growth.first, growth.last], [end / log(10.0) for end in ends])

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        at = self.index_at(x)
        if at > self.subject.last_index:
            return ""
        caption = self.subject.caption(at)
        gaps = self.subject.gaps[:, at]
        off = np.abs(self.heights(gaps) - y)
        if np.isnan(off).all() or np.nanmin(off) > 0.5:
            return caption
        nearest = int(np.nanargmin(off))
        epsilon = epsilon_text(self.subject.epsilons[nearest])
        return f"{caption}, ε = {epsilon}: gap {float(gaps[nearest])!s}"


@register_panel(name="breaking-table", position=500, title="How small a change breaks symmetry?")
@final
class BreakingTablePanel(TablePanel[BreakingStudy]):
    """A row for each ε: when units visibly differ, and how fast the gap grows until then."""

    foot = 84.0
    breadth = 1.15
    note = "click a row: open it as a fork"
    short_note = "click to open"
    per_run = False

    def make_items(self) -> None:
        self.table = self.make_table(
            [
                Column(0.7, LEFT),
                Column(1.0, RIGHT),
                Column(1.2, RIGHT),
                Column(1.2, RIGHT),
                Column(0.8, RIGHT),
            ],
            36.0,
        )
        self._words = [self.add_words(height, bold=height > 60.0) for height in (68.0, 49.0, 30.0)]
        self._more = self.add_words(8.0, colour=self.theme.muted)
        self._longer, self._other = (Button(self, self.theme) for _ in range(2))
        self._foot_area = QRectF()

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        study = self.subject
        heads = ("ε", "visible after", "e-foldings in 100", "fitted to frames", "R²")
        rows = [[TableCell(head, self.theme.muted) for head in heads]]
        for number, epsilon in enumerate(study.epsilons):
            name = TableCell(epsilon_text(epsilon), None, True)
            known = self._numbers(number, state.index) if study.nudges else []
            rows.append([name, *known])
        said = study.conclusions if study.nudges else []
        for number, words in enumerate(self._words):
            words.set_text(said[number] if number < len(said) else "")
        self._more.set_text(f"visible: a gap above {study.spec.visible:g}")
        self._offer()
        return rows

    def arrange_foot(self, area: QRectF) -> None:
        super().arrange_foot(area)
        self._foot_area = area
        self._arrange_buttons()

    def _arrange_buttons(self) -> None:
        right = self._foot_area.right()
        for button in (self._other, self._longer):
            right = button.arrange_at_right(right, self._foot_area.bottom() - 9.0) - 8.0

    def _offer(self) -> None:
        """Offer a longer training, and data where the equal state repels, if nudges stay hidden."""
        study = self.subject
        texts = ["", ""]
        if study.nudges and study.was_symmetric and study.nudges[-2].visible is None:
            texts = [f"Train {study.longer.training.steps:,} steps" if study.longer else "", REPELS]
        for button, text in zip((self._longer, self._other), texts, strict=True):
            button.set_text(text)
        self._arrange_buttons()

    def _numbers(self, number: int, frame: int) -> list[TableCell]:
        nudge, theme = self.subject.nudges[number], self.theme
        is_seen = nudge.visible is not None and nudge.visible <= frame
        frames = self.subject.frames_until_visible(nudge)
        seen = TableCell(_why_never(self.subject, number), theme.muted)
        if nudge.visible is not None:
            seen = TableCell(f"{frames:,}", theme.accent if is_seen else None, is_seen)
        growth = nudge.growth
        if growth is None:
            return [seen, TableCell("no growth" if nudge.visible is None else "–", theme.muted)]
        return [
            seen,
            TableCell(f"{100.0 * growth.rate:.2f}"),
            TableCell(f"{growth.first:,} – {growth.last:,}", theme.muted),
            TableCell(f"{growth.r_squared:.5f}", theme.muted),
        ]

    def interaction_at(self, point: QPointF) -> ExperimentOpened | None:
        if self._other.is_at(point):
            return ExperimentOpened(built_in(REPELLING), REPELS)
        if self._longer.is_at(point) and self.subject.longer is not None:
            return ExperimentOpened(self.subject.longer, self._longer.text)
        row = self.table.row_at(point)
        if not row or not self.subject.nudges:
            return None
        undo_text = f"Open ε = {epsilon_text(self.subject.epsilons[row - 1])}"
        return ExperimentOpened(self.subject.nudged_experiment(row - 1), undo_text)

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        return _described(self.subject, row - 1) if row and self.subject.nudges else ""


def _why_never(study: BreakingStudy, number: int) -> str:
    """Say in a word or two why units never visibly differ."""
    if study.nudges[number].broken is None:
        return "swallowed"
    if study.gaps[number, -1] == 0.0:
        return "equal again"
    return f"not by {study.planned_index:,}"


def _described(study: BreakingStudy, number: int) -> str:
    """Say of a nudge what the table has no room for, with all digits."""
    nudge, place = study.nudges[number], study.parameter.name
    lines = [
        f"ε = {nudge.name}: {study.outcome(number)}",
        f"{place} was {study.value!s} and became {study.value + nudge.change!s}",
    ]
    if nudge.growth is not None:
        growth = nudge.growth
        lines.append(
            f"ln gap = {growth.start!s} + {growth.rate!s} · (frame − {growth.first}), "
            f"frames {growth.first} to {growth.last}"
        )
        lines.append(f"R² = {growth.r_squared!s}")
    return "\n".join(lines)
