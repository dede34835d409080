"""The perceptron's panels of both starts: errors, weights in units of η, and rounding."""

from typing import final

from PySide6.QtCore import QPointF, Qt

from engine.studies.perceptron.study import PerceptronStudy, Rounding
from engine.text import counted
from gui.panels.base.axis_ranges import whole_step
from gui.panels.base.frame_plot import FramePlotPanel
from gui.panels.base.legend import Entry
from gui.panels.base.panel import TEXT, ViewState, number_text
from gui.panels.base.plot import Curve
from gui.panels.base.table import LEFT, Column, Table, TableCell, TablePanel

WIDTHS = (7.0, 4.6, 2.6, 1.4)


@final
class PerceptronErrorsPanel(FramePlotPanel[PerceptronStudy]):
    """How many predictions of every epoch were wrong; runs over the epochs that have ended."""

    kind = "perceptron"
    name = "perceptron-errors"
    position = 200
    title = "Errors per epoch"
    row = 2
    tall = 0.85
    foot = 22.0

    def make_items(self) -> None:
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
        self._curves = [
            (courses[lane], Curve(self, self.theme.unit(lane), WIDTHS[lane], style))
            for courses, style in zip(self.subject.exact, styles, strict=True)
            for lane in range(self.subject.track_count)
        ]
        super().make_items()
        self.add_legend(
            17.0,
            [
                Entry("from zero", self.theme.text, None, styles[0]),
                Entry("from the other start", self.theme.text, None, styles[1]),
            ],
        )
        self.set_note("by epoch")

    def draw_curves(self) -> None:
        epochs = max(1, *(len(course.errors) for course, _ in self._curves))
        most = max(1, *(max(course.errors, default=1) for course, _ in self._curves))
        for side, span in (("bottom", epochs), ("left", most)):
            self.axes[side].setTickSpacing(whole_step(span), whole_step(span))
        self.fit((0.0, epochs + 0.5), (-0.08 * most, 1.15 * most))
        for course, curve in self._curves:
            curve.set_data(range(1, len(course.errors) + 1), course.errors)

    def x_of(self, index: int) -> float:
        return index / self.subject.samples

    def frame_at(self, point: QPointF) -> int | None:
        return round(self.data_at(point)[0] * self.subject.samples)

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        epoch = round(x)
        lines = [f"epoch {epoch}"]
        for number, (course, _) in enumerate(self._curves):
            if 1 <= epoch <= len(course.errors):
                start = "zero" if number < self.subject.track_count else "the other start"
                errors = course.errors[epoch - 1]
                lines.append(f"from {start}, η = {float(course.rate):g}: {errors} wrong")
        return "\n".join(lines)


@final
class PerceptronUnitsPanel(TablePanel[PerceptronStudy]):
    """The weights divided by η, as exact fractions: from zero the same row for every η."""

    kind = "perceptron"
    name = "perceptron-units"
    position = 210
    title = "Weights in units of η, w/η = (b, w₁, w₂), exactly"
    foot = 42.0
    per_run = False
    row = 2
    tall = 0.85
    breadth = 1.1

    def make_items(self) -> None:
        self.table = Table(
            self, self.theme, [Column(1.0, LEFT), Column(1.9, LEFT), Column(1.9, LEFT)], TEXT, 31.0
        )
        self._words = self.add_words(29.0, bold=True)
        self._other = self.add_words(8.0, colour=self.theme.muted)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme = self.theme
        units = self.subject.frame(state.index).in_units
        rows = [
            [
                TableCell("", theme.muted),
                TableCell("from zero", theme.muted),
                TableCell("from the other start", theme.muted),
            ]
        ]
        for lane, rate in enumerate(self.subject.spec.rates):
            rows.append(
                [TableCell(f"η = {rate:g}", theme.unit(lane), True)]
                + [TableCell(_fractions(units[start][lane])) for start in range(2)]
            )
        if self.subject.track_count == 1:
            self._words.set_text("one learning rate: nothing to compare")
            return rows
        zero, other = (len(set(rows)) == 1 for rows in units)
        self._words.set_text(
            "from zero, rows are equal: η only scales w" if zero else "from zero, rows differ"
        )
        self._other.set_text(f"from the other start, they {'are equal' if other else 'differ'}")
        return rows

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if row < 1 or column < 1:
            return ""
        frame = self.subject.frame(state.index)
        exact = ", ".join(str(w) for w in frame.in_units[column - 1][row - 1])
        weights = ", ".join(str(w) for w in frame.weights[column - 1, row - 1].tolist())
        return f"w/η = ({exact}), w = ({weights})"


def _fractions(weights: tuple[object, ...]) -> str:
    texts = [str(w).replace("-", "−") for w in weights]
    if max(map(len, texts)) > 9:  # of inputs with many decimals
        texts = [number_text(float(w)).lstrip("+") for w in weights]  # type: ignore[arg-type]
    return f"({', '.join(texts)})"


@final
class PerceptronRoundingPanel(TablePanel[PerceptronStudy]):
    """Whether float64, by the rule as it is written, predicts what exact arithmetic does."""

    kind = "perceptron"
    name = "perceptron-rounding"
    position = 220
    title = "The same in float64, with rounding"
    foot = 22.0
    per_run = False
    row = 2
    tall = 0.85
    breadth = 1.25

    def make_items(self) -> None:
        self.table = Table(
            self, self.theme, [Column(0.8, LEFT), Column(1.7, LEFT), Column(1.7, LEFT)], TEXT, 31.0
        )
        self._words = self.add_words(8.0, bold=True)
        self._length = -1
        self._roundings: list[list[Rounding]] = []

    def _look(self) -> list[list[Rounding]]:
        if self._length != self.subject.last_index:
            lanes = range(self.subject.track_count)
            self._roundings = [
                [self.subject.rounding(start, lane) for lane in lanes] for start in range(2)
            ]
            self._length = self.subject.last_index
        return self._roundings

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, roundings = self.theme, self._look()
        rows = [
            [
                TableCell("", theme.muted),
                TableCell("from zero", theme.muted),
                TableCell("from the other start", theme.muted),
            ]
        ]
        first = ""
        for lane, rate in enumerate(self.subject.spec.rates):
            row = [TableCell(f"η = {rate:g}", theme.unit(lane), True)]
            for start in range(2):
                found = roundings[start][lane]
                if found.step < 0 or state.index < found.step:
                    row.append(TableCell("same labels as exact"))
                    continue
                row.append(TableCell(f"differs from sample {found.step} on", theme.alarm, True))
                first = first or (
                    f"η = {rate:g}: z is {_z_text(found.exact)}, float64 has "
                    f"{_z_text(found.rounded)}"
                )
            rows.append(row)
        self._words.set_text(first or "no label differs so far")
        return rows

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if row < 1 or column < 1:
            return ""
        course = self.subject.rounded[column - 1][row - 1]
        shown = min(state.index, len(course.predictions))
        return f"float64: w = {course.weights[shown]}, after {counted(shown, 'sample')}"


def _z_text(z: float) -> str:
    return "exactly 0" if z == 0.0 else number_text(z)
