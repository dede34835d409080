"""The variance study's panels: the sums of one rule, and variances by the number of inputs."""

from math import isnan, pi, sqrt
from typing import final

import numpy as np
from PySide6.QtCore import Qt

from engine import Array, plain_text
from engine.studies.variance.study import VarianceStudy
from gui.panels.base import (
    LEFT,
    LETTERS,
    RIGHT,
    TEXT,
    Bars,
    Column,
    Curve,
    Entry,
    Line,
    PlotPanel,
    StudyCurvesPanel,
    TableCell,
    TablePanel,
    ViewState,
    formula_text,
    register_panel,
    rounded_up,
)

POINTS = 161


@register_panel(name="variance-histogram", position=330, title="Sums z")
@final
class VarianceHistogramPanel(PlotPanel[VarianceStudy]):
    """The sums drawn for this n, over the density of N(0, σ²) with the variance derived."""

    foot = 44.0

    def make_items(self) -> None:
        spec = self.subject.experiment.runs[self.run]
        self.set_title(f"{LETTERS[self.run]}  {spec.name or spec.init.scheme}")
        self.set_note(formula_text(spec.init.formula))
        self._bars = Bars(self, self.theme.unit(self.run))
        self._curve = Curve(self, self.theme.text, 2.0)
        self.add_legend(
            41.0,
            [
                Entry("drawn", self.theme.unit(self.run), "s"),
                Entry("normal, as derived", self.theme.text),
            ],
        )
        self._words = self.add_words(8.0, bold=True)
        self.wanted = (float(self.subject.edges[0]), float(self.subject.edges[-1])), (0.0, 1.0)

    def draw(self, state: ViewState) -> None:
        study = self.subject
        frame = study.frames[state.index]
        expected, measured = frame.expected[self.run], frame.measured[self.run]
        heights = frame.counts[self.run] / (study.spec.sums * np.diff(study.edges))
        z, density = _normal(expected.mean, expected.variance, study.edges)
        top = rounded_up(max(float(heights.max()), float(density.max(initial=0.0)), 1e-9))
        self.fit(self.wanted[0], (0.0, 1.04 * top))
        self._bars.set_data(study.edges, heights)
        self._curve.set_data(z, density)
        self._words.set_text(
            f"Var(z) = {plain_text(measured.variance)}, derived {plain_text(expected.variance)}"
        )

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        frame, edges = self.subject.frames[state.index], self.subject.edges
        bin = int(np.clip(np.searchsorted(edges, x) - 1, 0, len(edges) - 2))
        count = int(frame.counts[self.run, bin])
        measured = frame.measured[self.run]
        return (
            f"{count:,} of {self.subject.spec.sums:,} sums between {edges[bin]:.4g} and "
            f"{edges[bin + 1]:.4g}\nmean {measured.mean!s}, variance {measured.variance!s}"
        )


def _normal(mean: float, variance: float, edges: Array) -> tuple[Array, Array]:
    """Return points on the density of a normal distribution; none where there is no spread."""
    if variance <= 0.0:
        return np.zeros(0), np.zeros(0)
    deviation = sqrt(variance)
    reach = np.clip([mean - 4.5 * deviation, mean + 4.5 * deviation], edges[0], edges[-1])
    z = np.linspace(reach[0], reach[1], POINTS)
    density: Array = np.exp(-(((z - mean) / deviation) ** 2) / 2.0) / (deviation * sqrt(2.0 * pi))
    return z, density


@register_panel(name="variance-by-inputs", position=340, title="Variance of the sums")
@final
class VarianceByInputsPanel(StudyCurvesPanel[VarianceStudy]):
    """The variance of the sums for every n, measured and derived."""

    note = "by n, both logarithmic; dashed: derived"
    short_note = "by n; dashed: derived"
    row = 1
    logarithmic = True

    def make_items(self) -> None:
        super().make_items()
        self.decades |= {"bottom"}

    def lines(self) -> list[Line]:
        last = self.subject.n[-1]
        measured = [
            Line(
                f"{LETTERS[run]} {spec.name or spec.init.scheme}"
                # A logarithmic axis has no place for it.
                + ("" if self.subject.expected(run, last).variance else ": exactly 0"),
                self.theme.unit(run).name(),
            )
            for run, spec in enumerate(self.subject.experiment.runs)
        ]
        derived = [
            Line("", self.theme.text, Qt.PenStyle.DashLine, 1.4, dotted=False) for _ in measured
        ]
        return measured + derived

    def values(self, line: int) -> Array:
        runs = self.subject.track_count
        if line < runs:
            return np.array([frame.measured[line].variance for frame in self.subject.frames])
        return np.array([frame.expected[line - runs].variance for frame in self.subject.frames])

    def positions(self) -> Array:
        return np.log10(self.subject.n)


@register_panel(
    name="variance-derivation", position=350, title="Why: the derivation with its numbers"
)
@final
class VarianceDerivationPanel(TablePanel[VarianceStudy]):
    """The derivation step by step: why it holds, the number derived, and the one measured."""

    foot = 22.0
    per_run = False
    row = 1
    breadth = 1.25

    def make_items(self) -> None:
        many = self.subject.track_count > 3
        self._digits = 3 if many else 4
        self.table = self.make_table(
            [
                Column(2.2, LEFT),
                *(Column(1.0, RIGHT) for _ in range(2 * self.subject.track_count)),
            ],
            32.0,
            TEXT - 1.5 if many else TEXT,
        )
        self._words = self.add_words(8.0, colour=self.theme.muted)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, study = self.theme, self.subject
        frame = study.frames[state.index]
        both = list(zip(frame.expected, frame.measured, strict=True))
        head = [TableCell(f"n = {frame.n:,}", None, True)]
        for run in range(study.track_count):
            head += [
                TableCell(f"{LETTERS[run]} derived", theme.unit(run), True),
                TableCell("measured", theme.muted),
            ]
        zero_means = study.spec.mean == 0.0 or not any(e.weight.mean for e, _ in both)
        product = (
            "independent and one has mean 0: E[w²] E[x²]"
            if zero_means
            else "independent: E[w²] E[x²] − (E[w] E[x])²"
        )
        rows = [
            head,
            self._reason("n counts the inputs of one unit, not the units of its layer"),
            self._row("Var(w)", [(e.weight.variance, m.weight_variance) for e, m in both]),
            self._reason("what the rule for the weights says, for n inputs"),
            self._row("E[x²]", [(e.square, m.square) for e, m in both]),
            self._reason("the variance of the inputs, and the square of their mean"),
            self._row("Var(wx)", [(e.product, m.product_variance) for e, m in both]),
            self._reason(f"w and x are {product}"),
            self._row("Var(z) = n Var(wx)", [(e.variance, m.variance) for e, m in both]),
            self._reason("the n products are uncorrelated, so their variances add"),
            self._row("deviation of z", [(sqrt(e.variance), sqrt(m.variance)) for e, m in both]),
        ]
        errors = [expected.relative_error(study.spec.sums) for expected in frame.expected]
        self._words.set_text(self._errors(errors))
        return rows

    def _errors(self, shares: list[float]) -> str:
        """Return the standard errors of the runs, or a single one if all are equal."""
        texts = ["unknown" if isnan(each) else f"{100.0 * each:.1f} %" for each in shares]
        if len(set(texts)) > 1:
            texts = [f"{LETTERS[run]} {text}" for run, text in enumerate(texts)]
        return f"standard error of the measured Var(z): {', '.join(dict.fromkeys(texts))}"

    def _reason(self, text: str) -> list[TableCell]:
        return [TableCell(f"    {text}", self.theme.muted)]

    def _row(self, name: str, pairs: list[tuple[float, float]]) -> list[TableCell]:
        numbers = [plain_text(number, self._digits) for pair in pairs for number in pair]
        return [TableCell(name), *map(TableCell, numbers)]

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if not 1 <= column <= 2 * self.subject.track_count:
            return ""
        frame = self.subject.frames[state.index]
        measured = frame.measured[(column - 1) // 2]
        return f"Var(z) = {measured.variance!s}, Var(w) = {measured.weight_variance!s}"
