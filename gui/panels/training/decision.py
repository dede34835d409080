"""The decision surface ŷ(x₁, x₂), with the examples and the line on which each unit is 0."""

from math import ceil, log10, sqrt
from typing import NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from engine import Array
from engine.editing.data import MAX_DRAWN
from engine.experiment import Experiment
from engine.nn import predict
from engine.training import Comparison
from gui.panels.base import (
    TEXT,
    ColourLegend,
    Curve,
    FieldImage,
    Label,
    Markers,
    PlotPanel,
    ValueEdited,
    ViewState,
    nearest_marks,
    not_two_inputs,
    register_panel,
)
from gui.style.theme import font

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
    """The first output over two inputs, from class 0 to class 1; plain between is undecided."""

    note = "lines: z = 0"
    foot = ColourLegend.HEIGHT + 4.0
    compact_foot = 0.0
    square = True

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        return not_two_inputs(experiment)

    def make_items(self) -> None:
        excuse = self.nothing_to_show(self.subject.experiment)
        self._drawable = not excuse
        recording = self.subject.recordings[self.run]
        X, Y = recording.data.X, recording.data.Y
        self._reach = max(1.0, float(np.abs(X).max()))
        multiplications = max(1, recording.layout.size)
        self._side = int(np.clip(sqrt(MOST_MULTIPLICATIONS / multiplications), 8, 72))
        self._surface = FieldImage(self.field)
        self._lines = [
            Curve(self, self.theme.unit(unit), 2.6 - 1.3 * (unit % 2), Qt.PenStyle.SolidLine)
            for unit in range(min(recording.spec.layers[1], MOST_LINES))
            if len(recording.spec.layers) > 2
        ]
        edge = self.theme.text if X.shape[1] <= 40 else self.theme.background
        self._classes = [
            Markers(self, colour, symbol, edge=edge)
            for colour, symbol in zip(self.theme.classes, ("s", "o"), strict=True)
        ]
        self._ring = Markers(self, "transparent", "o", edge=self.theme.text)
        self._sizes = (13.0, 24.0) if X.shape[1] <= 40 else (8.0, 19.0)
        self._targets = Y[0, :MAX_DRAWN] > 0.5
        self._X = X[:, :MAX_DRAWN]
        self._moved: Moved | None = None
        self._ringed = 0
        self._mode: int | None = None
        self._legend = ColourLegend(self.card, self.theme)
        self._legend.set_colours("□ y = 0   ○ y = 1", "ŷ 0", "1", self.theme.class_lut())
        self._excuse = Label(self.card, self.theme.muted, font(TEXT))
        self._excuse.set_text(excuse)
        if excuse:
            self.hide_axes()

    def arrange_items(self, area: QRectF) -> None:
        super().arrange_items(area)
        if not self._drawable:
            return
        # A low field still shows the outermost marks, and the ring around one, as a whole.
        side = min(self.field.rect().width(), self.field.rect().height())
        size, ring = (min(1.0, max(LEAST_MARKS, side / SMALL_FIELD)) * each for each in self._sizes)
        for markers in self._classes:
            markers.set_size(size)
        self._ring.set_size(ring)
        share = min(1.0 / SPACE, max(0.2, 1.0 - (ring + 2.0) / side))
        reach = self._reach / share
        self.set_ranges((-reach, reach), (-reach, reach))

    def arrange_foot(self, area: QRectF) -> None:
        self._legend.arrange(area)
        self._legend.setVisible(self._drawable and not self.compact)
        self._excuse.setPos(area.center())

    def place_items(self) -> None:
        if not self._drawable:
            return
        self._place_examples()
        # Pixel (column, row) of the surface is the network's answer at the pixel's middle.
        self._inputs = self.pixel_middles(self._side)
        self._surface.arrange(self.area(self.x_range, self.y_range))

    def _place_examples(self) -> None:
        X, moved = self._X, self._moved
        if moved is not None:
            X = X.copy()
            X[:, moved.example] = moved.x
        for value, markers in enumerate(self._classes):
            of_class = X[:, self._targets == bool(value)]
            markers.set_data(of_class[0], of_class[1])
        if moved is not None and moved.example == self._ringed:
            self._ring.set_data(*moved.x)
        else:
            self._ring.set_data(*self.subject.recordings[self.run].data.X[:, self._ringed])

    def example_at(self, point: QPointF) -> int | None:
        """Return the number of the example that is drawn at a point of the panel."""
        if not self._drawable or not self.field.rect().contains(point):
            return None
        for value, number in nearest_marks(enumerate(self._classes), point):
            return int(np.flatnonzero(self._targets == bool(value))[number])
        return None

    def inputs_at(self, point: QPointF) -> tuple[float, float] | None:
        """Return the inputs at a point, rounded to the resolution of the screen."""
        field = self.field.rect()
        if not self._drawable or not field.contains(point):
            return None
        pixel = (self.x_range[1] - self.x_range[0]) / field.width()
        digits = max(0, ceil(-log10(pixel)))
        x1, x2 = (round(value, digits) + 0.0 for value in self.data_at(point))  # never −0
        return x1, x2

    def show_moved(self, moved: Moved | None) -> None:
        """Show an example where it is dragged, or all where they are."""
        self._moved = moved
        self._place_examples()

    def draw(self, state: ViewState) -> None:
        if not self._drawable:
            return
        frame = state.frames[self.run]
        spec = self.subject.recordings[self.run].spec_at(frame.index)
        with np.errstate(all="ignore"):
            surface = predict(spec, frame.W, frame.b, self._inputs)[0]
        shares = surface.reshape(self._side, self._side)
        self._surface.set_shares(shares, self.theme.class_lut(), self.theme.missing)
        for line, weights, bias in zip(self._lines, frame.W[1], frame.b[1][:, 0], strict=False):
            line.set_data(*_zero_line(weights, float(bias), self.x_range, self.y_range))
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
        if not self._drawable or not self.field.rect().contains(point):
            return ""
        frame, example = state.frames[self.run], self.example_at(point)
        if example is not None:
            x1, x2 = self._X[:, example]
            value, answer = int(self._targets[example]), frame.A[-1][0, example]
            what = f"example {example + 1}: x = ({x1!s}, {x2!s}), y = {value}\nŷ = {answer!s}"
            is_drawn = state.drawn_class is not None
            can = "drag it, or shift-click to delete it" if is_drawn else "click to look at it"
            return f"{what}\n{can}"
        x1, x2 = self.data_at(point)
        return f"x = ({x1:.3f}, {x2:.3f})"


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
