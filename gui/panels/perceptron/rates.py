"""The perceptron's panels of both starts: errors, weights in units of η, and rounding."""

from abc import abstractmethod
from typing import final

from PySide6.QtCore import QPointF, Qt

from engine import counted
from engine.studies.perceptron.study import PerceptronStudy, Rounding
from gui.panels.base import (
    LEFT,
    LINE_WIDTHS,
    Column,
    Curve,
    Entry,
    FramePlotPanel,
    TableCell,
    TablePanel,
    ViewState,
    number_text,
    register_panel,
    whole_step,
)


@register_panel(name="perceptron-errors", position=200, title="Errors per epoch")
@final
class PerceptronErrorsPanel(FramePlotPanel[PerceptronStudy]):
    """How many predictions of every epoch were wrong; runs over the epochs that have ended."""

    row = 2
    tall = 0.85
    foot = 22.0

    def make_items(self) -> None:
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
        self._curves = [
            (courses[lane], Curve(self, self.theme.unit(lane), LINE_WIDTHS[lane], style))
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


class StartsTablePanel(TablePanel[PerceptronStudy]):
    """A table with a row for each learning rate, and a column for each start."""

    per_run = False
    row = 2
    tall = 0.85

    @abstractmethod
    def cell(self, start: int, lane: int, index: int) -> TableCell:
        """Return what the table says of a start and a rate after `index` samples."""

    @abstractmethod
    def tip(self, start: int, lane: int, index: int) -> str:
        """Return the tool tip of that cell."""

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        rows = [self.muted("", "from zero", "from the other start")]
        for lane, rate in enumerate(self.subject.spec.rates):
            cells = [self.cell(start, lane, state.index) for start in range(2)]
            rows.append([TableCell(f"η = {rate:g}", self.theme.unit(lane), True), *cells])
        return rows

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        return self.tip(column - 1, row - 1, state.index) if row >= 1 and column >= 1 else ""


@register_panel(
    name="perceptron-units", position=210, title="Weights in units of η, w/η = (b, w₁, w₂), exactly"
)
@final
class PerceptronUnitsPanel(StartsTablePanel):
    """The weights divided by η, as exact fractions: from zero the same row for every η."""

    foot = 42.0
    breadth = 1.1

    def make_items(self) -> None:
        self.table = self.make_table(
            [Column(1.0, LEFT), Column(1.9, LEFT), Column(1.9, LEFT)], 31.0
        )
        self._words = self.add_words(29.0, bold=True)
        self._other = self.add_words(8.0, colour=self.theme.muted)

    def cell(self, start: int, lane: int, index: int) -> TableCell:
        return TableCell(_fractions(self.subject.frame(index).in_units[start][lane]))

    def draw(self, state: ViewState) -> None:
        super().draw(state)
        if self.subject.track_count == 1:
            self._words.set_text("one learning rate: nothing to compare")
            return
        zero, other = (len(set(rows)) == 1 for rows in self.subject.frame(state.index).in_units)
        self._words.set_text(
            "from zero, rows are equal: η only scales w" if zero else "from zero, rows differ"
        )
        self._other.set_text(f"from the other start, they {'are equal' if other else 'differ'}")

    def tip(self, start: int, lane: int, index: int) -> str:
        frame = self.subject.frame(index)
        exact = ", ".join(str(w) for w in frame.in_units[start][lane])
        weights = ", ".join(str(w) for w in frame.weights[start, lane].tolist())
        return f"w/η = ({exact}), w = ({weights})"


def _fractions(weights: tuple[object, ...]) -> str:
    texts = [str(w).replace("-", "−") for w in weights]
    if max(map(len, texts)) > 9:  # of inputs with many decimals
        texts = [number_text(float(w)).lstrip("+") for w in weights]  # type: ignore[arg-type]
    return f"({', '.join(texts)})"


@register_panel(
    name="perceptron-rounding", position=220, title="The same in float64, with rounding"
)
@final
class PerceptronRoundingPanel(StartsTablePanel):
    """Whether float64, by the rule as it is written, predicts what exact arithmetic does."""

    foot = 22.0
    breadth = 1.25

    def make_items(self) -> None:
        self.table = self.make_table(
            [Column(0.8, LEFT), Column(1.7, LEFT), Column(1.7, LEFT)], 31.0
        )
        self._words = self.add_words(8.0, bold=True)
        self._length = -1
        self._roundings: list[list[Rounding]] = []

    def cell(self, start: int, lane: int, index: int) -> TableCell:
        step = self._roundings[start][lane].step
        if step < 0 or index < step:
            return TableCell("same labels as exact")
        return TableCell(f"first differs in frame {step}", self.theme.alarm, True)

    def draw(self, state: ViewState) -> None:
        rates = self.subject.spec.rates
        if self._length != self.subject.last_index:
            self._roundings = [
                [self.subject.rounding(start, lane) for lane in range(len(rates))]
                for start in range(2)
            ]
            self._length = self.subject.last_index
        super().draw(state)
        differing = (
            f"η = {rate:g}: z is {_z_text(found.exact)}, float64 has {_z_text(found.rounded)}"
            for rate, *both in zip(rates, *self._roundings, strict=True)
            for found in both
            if 0 <= found.step <= state.index
        )
        self._words.set_text(next(differing, "no label differs so far"))

    def tip(self, start: int, lane: int, index: int) -> str:
        course = self.subject.rounded[start][lane]
        shown = min(index, len(course.predictions))
        return f"float64: w = {course.weights[shown]}, after {counted(shown, 'sample')}"


def _z_text(z: float) -> str:
    return "exactly 0" if z == 0.0 else number_text(z)
