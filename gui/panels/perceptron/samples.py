"""The perceptron's panels that show one start: the data, the weight vectors, the labels."""

from typing import ClassVar, final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from engine import counted
from engine.studies.perceptron.study import STARTS, PerceptronFrame, PerceptronStudy
from gui.panels.base import (
    CENTRE,
    LEFT,
    LINE_STYLES,
    LINE_WIDTHS,
    TEXT,
    Column,
    Curve,
    Entry,
    GrowingPlotPanel,
    Markers,
    PlotPanel,
    TableCell,
    TablePanel,
    ViewState,
    nearest_marks,
    register_panel,
)
from gui.style.theme import UNIT_MARKERS, translucent

MOST_COLUMNS = 10
"""The greatest number of samples of the epoch that are shown side by side."""


def sign_text(label: int) -> str:
    """Write a predicted label; nothing for none."""
    return {1: "+1", -1: "−1"}.get(label, "")


@register_panel(name="perceptron-plane", position=170, title="Samples and lines w·x = 0")
@final
class PerceptronPlanePanel(PlotPanel[PerceptronStudy]):
    """The samples, and for every rate the line on which w·x = 0."""

    row_each = True
    square = True
    foot = 24.0

    def make_items(self) -> None:
        self.set_title(f"Lines w·x = 0, from {STARTS[self.run]}")
        self._lines = [
            Curve(self, self.theme.unit(lane), LINE_WIDTHS[lane], LINE_STYLES[lane])
            for lane in range(self.subject.track_count)
        ]
        size = 14.0 if self.subject.samples <= 20 else 9.0
        self._points = {
            label: Markers(self, colour, symbol, size)
            for label, colour, symbol in zip((-1, 1), self.theme.classes, "so", strict=True)
        }
        self._ring = Markers(
            self, QColor(0, 0, 0, 0), "o", 25.0, edge=self.theme.accent, clipped=False
        )
        marks = [
            Entry(f"y = {sign_text(label)}", colour, symbol)
            for label, colour, symbol in zip((-1, 1), self.theme.classes, "so", strict=True)
        ]
        lines = [
            Entry(
                f"{rate:g}",
                self.theme.unit(lane),
                None,
                LINE_STYLES[lane],
                min(LINE_WIDTHS[lane], 5.0),
            )
            for lane, rate in enumerate(self.subject.spec.rates)
        ]
        self.add_legend(20.0, [*marks, *lines])
        low, high = self.subject.X.min(axis=1), self.subject.X.max(axis=1)
        margin = 0.3 * float((high - low).max()) or 1.0
        (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
        self.wanted = (x0, x1), (y0, y1)

    def place_items(self) -> None:
        for label, markers in self._points.items():
            markers.set_data(*self.subject.X[:, np.array(self.subject.targets) == label])

    def draw(self, state: ViewState) -> None:
        frame = self.subject.frame(state.index)
        for lane, line in enumerate(self._lines):
            line.set_data(*self.zero_line(*frame.weights[self.run, lane].tolist()))
        shown = self.subject.X[:, [frame.sample]] if frame.sample >= 0 else np.empty((2, 0))
        self._ring.set_data(*shown)
        self.set_note("ringed: shown last" if frame.sample >= 0 else "")

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        for label, at in nearest_marks(self._points.items(), point):
            number = int(np.flatnonzero(np.array(self.subject.targets) == label)[at])
            x = ", ".join(str(value) for value in self.subject.X[:, number].tolist())
            return f"sample {number + 1}: x = ({x}), y = {sign_text(label)}"
        return ""


@register_panel(name="perceptron-weights", position=180, title="Weight vectors")
@final
class PerceptronWeightsPanel(GrowingPlotPanel[PerceptronStudy]):
    """The weights of every rate as a vector (w₁, w₂) from the origin; the bias is in the words."""

    row_each = True
    square = True
    foot = 44.0

    def make_items(self) -> None:
        self.set_title(f"Weight vectors, from {STARTS[self.run]}")
        self.set_note("w₁ →, w₂ ↑")
        lanes = range(self.subject.track_count)
        colours = [self.theme.unit(lane) for lane in lanes]
        # The longest vector, of the largest rate, is drawn first, below the others.
        order = sorted(lanes, key=lambda lane: -self.subject.spec.rates[lane])
        self._trails = {lane: Curve(self, translucent(colours[lane], 0.45), 1.4) for lane in order}
        self._vectors = {lane: Curve(self, colours[lane], 3.0, LINE_STYLES[lane]) for lane in order}
        self._tips = {
            lane: Markers(self, colours[lane], UNIT_MARKERS[lane], 14.0, clipped=False)
            for lane in order
        }
        self._origin = Markers(self, self.theme.muted, "+", 11.0)
        self.add_legend(
            41.0,
            [
                Entry(f"η = {rate:g}", colours[lane], UNIT_MARKERS[lane])
                for lane, rate in enumerate(self.subject.spec.rates)
            ],
        )
        self._words = self.add_words(8.0, bold=True)

    def place_items(self) -> None:
        super().place_items()
        self._origin.set_data([0.0], [0.0])

    def draw_curves(self) -> None:
        """Show the range that holds every weight vector so far."""
        reach = max(
            abs(float(w * course.rate))
            for course in self.subject.exact[self.run]
            for weights in course.weights
            for w in weights[1:]
        )
        reach = 1.2 * (reach or 1.0)
        self.fit((-reach, reach), (-reach, reach))

    def draw_frame(self, state: ViewState) -> None:
        frame = self.subject.frame(state.index)
        for lane, vector in self._vectors.items():
            course = self.subject.exact[self.run][lane]
            rate = float(course.rate)
            path = [
                (float(w[1]) * rate, float(w[2]) * rate)
                for w in course.weights[: min(state.index, len(course.predictions)) + 1]
            ]
            _, w1, w2 = frame.weights[self.run, lane].tolist()
            self._trails[lane].set_data(*zip(*path, strict=True))
            vector.set_data([0.0, w1], [0.0, w2])
            self._tips[lane].set_data([w1], [w2])
        self._words.set_text(_direction_text(frame, self.run, self.subject.spec.rates))

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        frame = self.subject.frame(state.index)
        lines = []
        for lane, _ in nearest_marks(self._tips.items(), point):
            exact = ", ".join(map(str, frame.in_units[self.run][lane]))
            w0, w1, w2 = frame.weights[self.run, lane].tolist()
            rate = self.subject.spec.rates[lane]
            lines.append(f"η = {rate:g}: b = {w0}, w = ({w1}, {w2}) = η · ({exact})")
        return "\n".join(lines)


def _direction_text(frame: PerceptronFrame, start: int, rates: tuple[float, ...]) -> str:
    """Describe the angles between the vectors of the rates, the bias included."""
    units = frame.in_units[start]
    if not any(any(w) for w in units):
        return "all weights are 0"
    if len(set(units)) == 1:
        return "w(η) = η · w(1) exactly: one direction" if len(rates) > 1 else ""
    vectors = frame.weights[start]
    lengths = np.linalg.norm(vectors, axis=1)
    if not lengths.all():
        return "one of the vectors is 0"
    cosines = (vectors @ vectors.T) / np.outer(lengths, lengths)
    degrees = float(np.degrees(np.arccos(np.clip(cosines.min(), -1.0, 1.0))))
    return f"directions differ by up to {degrees:.1f}°, with b"


@register_panel(name="perceptron-signs", position=190, title="Predicted signs")
@final
class PerceptronSignsPanel(TablePanel[PerceptronStudy]):
    """The predictions of every rate for the samples of this epoch, and the targets."""

    foot = 42.0
    row_each = True
    breadth: ClassVar[float] = 1.35

    def make_items(self) -> None:
        self.set_title(f"Predicted signs, from {STARTS[self.run]}")
        self._columns = min(self.subject.samples, MOST_COLUMNS)
        columns = [Column(2.0 if self._columns < 8 else 3.0, LEFT)]
        columns += [Column(1.0, CENTRE)] * self._columns
        self.table = self.make_table(columns, 30.0)
        self._words = self.add_words(29.0, size=TEXT + 1, bold=True)
        self._more = self.add_words(8.0, colour=self.theme.muted)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        study, theme = self.subject, self.theme
        frame = study.frame(state.index)
        predictions = frame.predictions[self.run]
        first = max(0, frame.sample - self._columns + 1)
        shown = range(first, first + self._columns)
        self.set_note(f"epoch {frame.epoch + 1}; framed: wrong")
        head = [TableCell("sample", theme.muted)]
        head += [
            TableCell(
                str(n + 1), theme.accent if n == frame.sample else theme.muted, n == frame.sample
            )
            for n in shown
        ]
        wanted = [TableCell("target y", theme.muted)]
        wanted += [TableCell(sign_text(study.targets[n]), theme.muted) for n in shown]
        rows = [head, wanted]
        for lane, rate in enumerate(study.spec.rates):
            row = [TableCell(f"η = {rate:g}", theme.unit(lane), True)]
            for n in shown:
                label = int(predictions[lane, n])
                wrong = label != 0 and label != study.targets[n]
                fill = translucent(theme.classes[label > 0], 0.38) if label else None
                row.append(
                    TableCell(sign_text(label), None, wrong, fill, theme.alarm if wrong else None)
                )
            rows.append(row)
        self._say(state.index, predictions)
        return rows

    def _say(self, index: int, predictions: np.ndarray) -> None:
        differ = self.subject.first_difference(self.run)
        agree = differ < 0 or index < differ
        if len(predictions) == 1:
            words = ""
        elif not index:
            words = "nothing is predicted yet"
        elif agree:
            words = f"all rates predict the same: {index:,} of {counted(index, 'sample')}"
        else:
            words = f"the rates first differ in frame {differ}"
        self._words.set_text(words, self.theme.accent if agree else self.theme.text)
        courses = self.subject.exact[self.run]
        ended = [
            (len(course.errors), rate)
            for rate, course in zip(self.subject.spec.rates, courses, strict=True)
            if course.converged and index >= len(course.predictions)
        ]
        endless = [course for course in courses if not course.converged]
        if endless and self.subject.is_complete and index == self.subject.last_index:
            self._more.set_text(self.subject.reason_not_converged(endless[0]))
        elif len(ended) == len(courses) and len({epochs for epochs, _ in ended}) == 1:
            every = ", for every η" if len(ended) > 1 else ""
            self._more.set_text(f"no errors in epoch {ended[0][0]}{every}")
        else:
            texts = [f"{epochs} (η = {rate:g})" for epochs, rate in ended]
            self._more.set_text(f"no errors in epoch {', '.join(texts)}" if ended else "")

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        frame = self.subject.frame(state.index)
        sample = max(0, frame.sample - self._columns + 1) + column - 1
        if row < 2 or column < 1:
            return ""
        label = int(frame.predictions[self.run, row - 2, sample])
        if not label:
            return f"sample {sample + 1} is still to come in this epoch"
        x = ", ".join(str(value) for value in self.subject.X[:, sample].tolist())
        return (
            f"η = {self.subject.spec.rates[row - 2]:g}, sample {sample + 1}, x = ({x}): predicted "
            f"{sign_text(label)}, target {sign_text(self.subject.targets[sample])}"
        )
