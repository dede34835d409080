"""The decision surface over two inputs, with the examples and the line where each unit is 0."""

from math import ceil, log10, sqrt
from typing import NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from engine import Array
from engine.editing.data import MAX_DRAWN
from engine.experiment import Experiment
from engine.nn import predict
from engine.training import Comparison, plane_of
from gui.panels.base import (
    TEXT,
    ColourLegend,
    Curve,
    Entry,
    FieldImage,
    Label,
    Legend,
    Markers,
    PlotPanel,
    ValueEdited,
    ViewState,
    answer_colours,
    nearest_marks,
    one_input,
    register_panel,
    subscript,
)
from gui.style.theme import CLASS_MARKERS, font

MOST_MULTIPLICATIONS = 4_000_000
"""What one surface may cost; a larger network gets a coarser one."""
MOST_LINES = 12
SPACE = 1.3
"""So much more than the examples reach to is shown."""
SMALL_FIELD = 90.0
"""In a field less high or wide than this, the marks are smaller."""
LEAST_MARKS = 0.45
"""The least share of their size."""


class Moved(NamedTuple):
    """An example that is being dragged, and the inputs it would have."""

    example: int
    x: tuple[float, float]


@register_panel(name="decision", position=50, title="Decision ŷ(x₁, x₂)")
@final
class DecisionPanel(PlotPanel[Comparison]):
    """The first output over two inputs, from class 0 to class 1; plain between is undecided.

    With softmax, it is the most probable class, the plainer the less certain. Of more than two
    inputs, the two are shown that are most correlated with the targets, and the others are at their
    mean.
    """

    note = "lines: z = 0"
    foot = ColourLegend.HEIGHT + 4.0
    compact_foot = 0.0
    square = True

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        return one_input(experiment)

    def make_items(self) -> None:
        excuse = self.nothing_to_show(self.subject.experiment)
        recording = self.subject.recordings[self.run]
        X, Y = recording.data.X, recording.data.Y
        self._plane = plane_of(recording.data)
        multiplications = max(1, recording.layout.size)
        self._side = int(np.clip(sqrt(MOST_MULTIPLICATIONS / multiplications), 8, 72))
        self._surface = FieldImage(self.field)
        self._lines = [
            Curve(self, self.theme.unit(unit), 2.6 - 1.3 * (unit % 2), Qt.PenStyle.SolidLine)
            for unit in range(min(recording.spec.layers[1], MOST_LINES))
            if len(recording.spec.layers) > 2
        ]
        self._is_joint = recording.spec.activations[-1] is None
        self._labels = recording.spec.head.classes(Y[:, :MAX_DRAWN])[0].astype(int)
        edge = self.theme.text if X.shape[1] <= 40 else self.theme.background
        self._marks = list(zip(self.theme.class_colours, CLASS_MARKERS, strict=True))
        del self._marks[len(Y) if self._is_joint else 2 :]
        self._classes = [Markers(self, *mark, edge=edge) for mark in self._marks]
        self._ring = Markers(self, "transparent", "o", edge=self.theme.text)
        self._sizes = (13.0, 24.0) if X.shape[1] <= 40 else (8.0, 19.0)
        shown = [0, 0] if self._plane is None else self._plane.pair
        self._X, self._all = X[shown, :MAX_DRAWN], X[shown]
        self._moved: Moved | None = None
        self._ringed = 0
        self._mode: int | None = None
        self._legend = self._make_legend()
        self._excuse = Label(self.card, self.theme.muted, font(TEXT))
        self._excuse.set_text(excuse)
        if self._plane is None:
            self.hide_axes()
        elif not self._plane.is_all:
            self.square = False  # the inputs may have different units
            self.set_title(
                f"Decision ŷ({self._name(0)}, {self._name(1)}), other inputs at their mean"
            )

    def _make_legend(self) -> ColourLegend | Legend:
        if self._is_joint:
            entries = [
                Entry(f"class {k + 1}", colour, symbol, short=str(k + 1))
                for k, (colour, symbol) in enumerate(self._marks)
            ]
            return Legend(self.card, self.theme, entries)
        legend = ColourLegend(self.card, self.theme)
        legend.set_colours("□ y = 0   ○ y = 1", "ŷ 0", "1", self.theme.class_lut())
        return legend

    def _name(self, axis: int) -> str:
        """Return the name of the input on an axis."""
        assert self._plane is not None
        return f"x{subscript(self._plane.pair[axis] + 1)}"

    def arrange_items(self, area: QRectF) -> None:
        super().arrange_items(area)
        if self._plane is None:
            return
        # A low field still shows the outermost marks, and the ring around one, as a whole.
        side = min(self.field.rect().width(), self.field.rect().height())
        size, ring = (min(1.0, max(LEAST_MARKS, side / SMALL_FIELD)) * each for each in self._sizes)
        for markers in self._classes:
            markers.set_size(size)
        self._ring.set_size(ring)
        share = min(1.0 / SPACE, max(0.2, 1.0 - (ring + 2.0) / side))
        self.set_ranges(*self._ranges(share))

    def _ranges(self, share: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of both axes of which the examples take up a share.

        Two inputs are shown around the origin; two of several, whose units may differ, around the
        examples.
        """
        assert self._plane is not None
        if self._plane.is_all:
            reach = max(1.0, float(np.abs(self._all).max())) / share
            return (-reach, reach), (-reach, reach)
        low, high = self._all.min(axis=1), self._all.max(axis=1)
        middle, reaches = (low + high) / 2.0, np.where(high > low, high - low, 2.0) / (2.0 * share)
        x, y = zip((middle - reaches).tolist(), (middle + reaches).tolist(), strict=True)
        return x, y

    def arrange_foot(self, area: QRectF) -> None:
        height = ColourLegend.HEIGHT
        foot = QRectF(area.left(), area.bottom() - height, area.width(), height)
        self._legend.arrange(foot)
        self._legend.setVisible(self._plane is not None and not self.compact)
        self._excuse.setPos(area.center())

    def place_items(self) -> None:
        if self._plane is None:
            return
        self._place_examples()
        # Pixel (column, row) of the surface is the network's answer at the pixel's middle.
        self._inputs = self._plane.inputs(self.pixel_middles(self._side))
        self._surface.arrange(self.area(self.x_range, self.y_range))

    def _place_examples(self) -> None:
        X, moved = self._X, self._moved
        if moved is not None:
            X = X.copy()
            X[:, moved.example] = moved.x
        for value, markers in enumerate(self._classes):
            of_class = X[:, self._labels == value]
            markers.set_data(of_class[0], of_class[1])
        if moved is not None and moved.example == self._ringed:
            self._ring.set_data(*moved.x)
        else:
            self._ring.set_data(*self._all[:, self._ringed])

    def example_at(self, point: QPointF) -> int | None:
        """Return the number of the example that is drawn at a point of the panel."""
        if self._plane is None or not self.field.rect().contains(point):
            return None
        for value, number in nearest_marks(enumerate(self._classes), point):
            return int(np.flatnonzero(self._labels == value)[number])
        return None

    def inputs_at(self, point: QPointF) -> tuple[float, float] | None:
        """Return the inputs at a point, rounded to the resolution of the screen."""
        field = self.field.rect()
        if self._plane is None or not field.contains(point):
            return None
        pixel = (self.x_range[1] - self.x_range[0]) / field.width()
        digits = max(0, ceil(-log10(pixel)))
        x1, x2 = (round(value, digits) + 0.0 for value in self.data_at(point))  # never −0
        return x1, x2

    @property
    def _pair(self) -> str:
        """The symbol of both inputs."""
        is_all = self._plane is None or self._plane.is_all
        return "x" if is_all else f"({self._name(0)}, {self._name(1)})"

    def show_moved(self, moved: Moved | None) -> None:
        """Show an example where it is dragged, or all where they are."""
        self._moved = moved
        self._place_examples()

    def draw(self, state: ViewState) -> None:
        if self._plane is None:
            return
        frame = state.frames[self.run]
        spec = self.subject.recordings[self.run].spec_at(frame.index)
        with np.errstate(all="ignore"):
            surface = predict(spec, frame.W, frame.b, self._inputs)
            colours = answer_colours(surface, self.theme, self._is_joint)
            self._surface.set_colours(colours.reshape(self._side, self._side, 3))
            for line, weights, bias in zip(self._lines, frame.W[1], frame.b[1][:, 0], strict=False):
                own = self._plane.line(weights, float(bias))
                line.set_data(*_zero_line(*own, self.x_range, self.y_range))
        if state.example != self._ringed:
            self._ringed = state.example
            self._place_examples()
        self._draw_mode(state)

    def _draw_mode(self, state: ViewState) -> None:
        """Show whether the mouse draws points here, and of which class."""
        left = state.drawn_class
        if left == self._mode:
            return
        self._mode = left
        if left is None:
            self.set_title(self.title)
            self.field.setPen(QPen(Qt.PenStyle.NoPen))
            self.field.unsetCursor()
        else:
            self.set_title(f"Draw: left {'□○'[left]}, right {'○□'[left]}")
            self.field.setPen(QPen(QColor(self.theme.accent), 3.0))
            self.field.setCursor(Qt.CursorShape.CrossCursor)

    def interaction_at(self, point: QPointF) -> ValueEdited | None:
        example = self.example_at(point)
        return None if example is None else show_example(example)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if self._plane is None or not self.field.rect().contains(point):
            return ""
        frame, example = state.frames[self.run], self.example_at(point)
        if example is not None:
            x1, x2 = self._X[:, example]
            answers = frame.A[-1][:, example]
            value, answer = str(self._labels[example]), str(answers[0])
            if self._is_joint:
                value = f"class {self._labels[example] + 1}"
                answer = f"({', '.join(f'{each:.4g}' for each in answers)})"
            what = (
                f"example {example + 1}: {self._pair} = ({x1!s}, {x2!s}), y = {value}\nŷ = {answer}"
            )
            is_drawn = state.drawn_class is not None
            can = "drag it, or shift-click to delete it" if is_drawn else "click to select it"
            return f"{what}\n{can}"
        x1, x2 = self.data_at(point)
        return f"{self._pair} = ({x1:.3f}, {x2:.3f})"


def show_example(number: int) -> ValueEdited:
    """Return what asks for the numbers of an example, counted from 0, in the network."""
    return ValueEdited(("example",), number, f"Show example {number + 1:,}")


def _zero_line(
    weights: Array,
    bias: float,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
) -> tuple[list[float], list[float]]:
    """Return two points, beyond the ranges, of the line w·x + b = 0; none for w = 0."""
    length = float(np.hypot(*weights))
    if length == 0.0 or not np.isfinite([length, bias]).all():
        return [], []
    normal = weights / length
    foot = -bias / length * normal
    reach = x_range[1] - x_range[0] + y_range[1] - y_range[0]
    if float(np.hypot(*foot)) > reach:
        return [], []
    along = np.array([-normal[1], normal[0]]) * reach
    return [foot[0] - along[0], foot[0] + along[0]], [foot[1] - along[1], foot[1] + along[1]]
