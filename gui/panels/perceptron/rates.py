"""The perceptron's panels of both starts: errors, weights in units of η, and rounding."""

from typing import final

from PySide6.QtCore import QPointF, Qt

from engine.studies.perceptron.study import PerceptronStudy, Rounding
from engine.text import counted
from gui.panels.base.axis_ranges import whole_step
from gui.panels.base.label import Label
from gui.panels.base.legend import Entry, Legend
from gui.panels.base.panel import TEXT, ViewState, number_text
from gui.panels.base.plot import Curve, PlotPanel
from gui.panels.base.table import LEFT, Column, Table, TableCell
from gui.panels.base.table_panel import TablePanel
from gui.style.theme import Theme, font

WIDTHS = (7.0, 4.6, 2.6, 1.4)


@final
class PerceptronErrorsPanel(PlotPanel):
    """How many predictions of every epoch were wrong; runs over the epochs that have ended."""

    kind = "perceptron"
    name = "perceptron-errors"
    position = 200
    title = "Errors per epoch"
    per_run = False
    row = 2
    tall = 0.85
    foot = 22.0

    def __init__(self, study: PerceptronStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
        self._curves = [
            (courses[lane], Curve(self, theme.unit(lane), WIDTHS[lane], style))
            for courses, style in zip(study.exact, styles, strict=True)
            for lane in range(study.track_count)
        ]
        self._playhead = Curve(self, theme.accent, 1.6)
        self._key = Legend(
            self.card,
            theme,
            [
                Entry("from zero", theme.text, None, styles[0]),
                Entry("from the other start", theme.text, None, styles[1]),
            ],
        )
        self.set_note("by epoch")
        self._fitted = -1
        self.foot_lines = ((self._key, 17.0),)

    def place_items(self) -> None:
        self._fitted = -1

    def draw(self, state: ViewState) -> None:
        if self._fitted != self._study.last_index:
            epochs = max(1, max(len(course.errors) for course, _ in self._curves))
            most = max((max(course.errors, default=1) for course, _ in self._curves), default=1)
            wanted = (0.0, epochs + 0.5), (-0.08 * max(most, 1), 1.15 * max(most, 1))
            if self.wanted != wanted:
                for side, span in (("bottom", epochs), ("left", most)):
                    self.axes[side].setTickSpacing(whole_step(span), whole_step(span))
                self.set_ranges(*wanted)
            for course, curve in self._curves:
                curve.set_data(range(1, len(course.errors) + 1), course.errors)
            self._fitted = self._study.last_index
        at = state.index / self._study.samples
        self._playhead.set_data([at, at], list(self.y_range))

    def frame_at(self, point: QPointF) -> int | None:
        return round(self.data_at(point)[0] * self._study.samples)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        epoch = round(self.data_at(point)[0])
        lines = [f"epoch {epoch}"]
        for number, (course, _) in enumerate(self._curves):
            if 1 <= epoch <= len(course.errors):
                start = "zero" if number < self._study.track_count else "the other start"
                errors = course.errors[epoch - 1]
                lines.append(f"from {start}, η = {float(course.rate):g}: {errors} wrong")
        return "\n".join(lines) if self.field.rect().contains(point) else ""


@final
class PerceptronUnitsPanel(TablePanel):
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

    def __init__(self, study: PerceptronStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        self._table = Table(
            self, theme, [Column(1.0, LEFT), Column(1.9, LEFT), Column(1.9, LEFT)], TEXT, 31.0
        )
        self._words = Label(self, theme.text, font(TEXT, bold=True), Qt.AlignmentFlag.AlignLeft)
        self._other = Label(self, theme.muted, font(TEXT), Qt.AlignmentFlag.AlignLeft)
        self.foot_lines = ((self._words, 29.0), (self._other, 8.0))

    def draw(self, state: ViewState) -> None:
        theme = self.theme
        units = self._study.frame(state.index).in_units
        rows = [
            [
                TableCell("", theme.muted),
                TableCell("from zero", theme.muted),
                TableCell("from the other start", theme.muted),
            ]
        ]
        for lane, rate in enumerate(self._study.spec.rates):
            rows.append(
                [TableCell(f"η = {rate:g}", theme.unit(lane), True)]
                + [TableCell(_fractions(units[start][lane])) for start in range(2)]
            )
        self._table.set_rows(rows)
        if self._study.track_count == 1:
            self._words.set_text("one learning rate: nothing to compare")
            return
        zero, other = (len(set(rows)) == 1 for rows in units)
        self._words.set_text(
            "from zero, rows are equal: η only scales w" if zero else "from zero, rows differ"
        )
        self._other.set_text(f"from the other start, they {'are equal' if other else 'differ'}")

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        row, column = self._table.row_at(point), self._table.column_at(point)
        if row is None or row < 1 or column < 1:
            return ""
        frame = self._study.frame(state.index)
        exact = ", ".join(str(w) for w in frame.in_units[column - 1][row - 1])
        weights = ", ".join(str(w) for w in frame.weights[column - 1, row - 1].tolist())
        return f"w/η = ({exact}), w = ({weights})"


def _fractions(weights: tuple[object, ...]) -> str:
    texts = [str(w).replace("-", "−") for w in weights]
    if max(map(len, texts)) > 9:  # of inputs with many decimals
        texts = [number_text(float(w)).lstrip("+") for w in weights]  # type: ignore[arg-type]
    return f"({', '.join(texts)})"


@final
class PerceptronRoundingPanel(TablePanel):
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

    def __init__(self, study: PerceptronStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        self._table = Table(
            self, theme, [Column(0.8, LEFT), Column(1.7, LEFT), Column(1.7, LEFT)], TEXT, 31.0
        )
        self._words = Label(self, theme.text, font(TEXT, bold=True), Qt.AlignmentFlag.AlignLeft)
        self._length = -1
        self._roundings: list[list[Rounding]] = []
        self.foot_lines = ((self._words, 8.0),)

    def _look(self) -> list[list[Rounding]]:
        if self._length != self._study.last_index:
            lanes = range(self._study.track_count)
            self._roundings = [
                [self._study.rounding(start, lane) for lane in lanes] for start in range(2)
            ]
            self._length = self._study.last_index
        return self._roundings

    def draw(self, state: ViewState) -> None:
        theme, roundings = self.theme, self._look()
        rows = [
            [
                TableCell("", theme.muted),
                TableCell("from zero", theme.muted),
                TableCell("from the other start", theme.muted),
            ]
        ]
        first = ""
        for lane, rate in enumerate(self._study.spec.rates):
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
        self._table.set_rows(rows)
        self._words.set_text(first or "no label differs so far")

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        row, column = self._table.row_at(point), self._table.column_at(point)
        if row is None or row < 1 or column < 1:
            return ""
        course = self._study.rounded[column - 1][row - 1]
        shown = min(state.index, len(course.predictions))
        return f"float64: w = {course.weights[shown]}, after {counted(shown, 'sample')}"


def _z_text(z: float) -> str:
    return "exactly 0" if z == 0.0 else number_text(z)
