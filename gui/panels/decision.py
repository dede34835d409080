"""The decision surface ŷ(x₁, x₂), with the examples and the line on which each unit is 0."""

from math import sqrt
from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt

from engine.comparison import Comparison
from engine.network import Pass
from gui.panels.colours import Legend
from gui.panels.field_image import FieldImage
from gui.panels.label import Label
from gui.panels.panel import TEXT, Moment
from gui.panels.plot import Curve, Markers, PlotPanel
from gui.theme import Theme, font

MOST_MULTIPLICATIONS = 4_000_000
"""What one surface may cost; a larger network gets a coarser one."""
MOST_EXAMPLES = 1000
MOST_LINES = 12


@final
class DecisionPanel(PlotPanel):
    """The first output over two inputs, from class 0 to class 1; plain between is undecided."""

    name = "decision"
    title = "Decision ŷ(x₁, x₂)"
    note = "lines: z = 0"
    foot = Legend.HEIGHT + 4.0
    compact_foot = 0.0
    square = True

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        self._drawable = comparison.experiment.network.layers[0] == 2
        recording = comparison.recordings[run]
        X, Y = recording.data.X, recording.data.Y
        if self._drawable:
            reach = 1.3 * max(1.0, float(np.abs(X).max()))
            self.wanted = (-reach, reach), (-reach, reach)
        multiplications = max(1, recording.layout.size)
        self._side = int(np.clip(sqrt(MOST_MULTIPLICATIONS / multiplications), 8, 72))
        self._pass: Pass | None = None
        self._surface = FieldImage(self.field)
        self._lines = [
            Curve(self, theme.unit(unit), 2.6 - 1.3 * (unit % 2), Qt.PenStyle.SolidLine)
            for unit in range(min(recording.spec.layers[1], MOST_LINES))
            if len(recording.spec.layers) > 2
        ]
        edge = theme.text if X.shape[1] <= 40 else theme.background
        self._classes = [
            Markers(self, colour, symbol, 13.0 if X.shape[1] <= 40 else 8.0, edge=edge)
            for colour, symbol in zip(theme.classes, ("s", "o"), strict=True)
        ]
        self._targets = Y[0, :MOST_EXAMPLES] > 0.5
        self._X = X[:, :MOST_EXAMPLES]
        self._legend = Legend(self, theme)
        self._legend.set_colours("□ y = 0   ○ y = 1", "ŷ 0", "1", theme.class_lut())
        self._excuse = Label(self, theme.muted, font(TEXT))
        if not self._drawable:
            self._excuse.set_text("drawn for networks of two inputs")
            self.hide_axes()

    def arrange_foot(self, area: QRectF) -> None:
        self._legend.arrange(area)
        self._legend.setVisible(self._drawable and not self.compact)
        self._excuse.setPos(area.center())

    def place_items(self) -> None:
        if not self._drawable:
            return
        for value, markers in enumerate(self._classes):
            X = self._X[:, self._targets == bool(value)]
            markers.set_data(X[0], X[1])
        # Pixel (column, row) of the surface is the network's answer at the pixel's middle.
        self._pass = None
        top_left = self.point(self.x_range[0], self.y_range[1])
        bottom_right = self.point(self.x_range[1], self.y_range[0])
        self._surface.place(QRectF(top_left, bottom_right))

    def _grid_pass(self) -> Pass:
        """Return the pass over the middles of all pixels, made once for the ranges."""
        if self._pass is None:
            middles = (np.arange(self._side) + 0.5) / self._side
            x = self.x_range[0] + (self.x_range[1] - self.x_range[0]) * middles
            y = self.y_range[1] - (self.y_range[1] - self.y_range[0]) * middles
            X = np.stack([each.ravel() for each in np.meshgrid(x, y)])
            spec = self.comparison.recordings[self.run].spec
            self._pass = Pass(spec, X, np.zeros((spec.layers[-1], X.shape[1])), 1)
        return self._pass

    def draw(self, moment: Moment) -> None:
        if not self._drawable:
            return
        frame = moment.frames[self.run]
        surface = self._grid_pass()
        surface.set_activations(self.comparison.recordings[self.run].spec_at(frame.index))
        parameters = {f"W{layer}": w for layer, w in enumerate(frame.W)}
        parameters |= {f"b{layer}": b for layer, b in enumerate(frame.b)}
        surface.load(surface.layout.flatten(parameters)[:, None])
        with np.errstate(all="ignore"):
            surface.forward()
        answers = surface.A[-1][0, :, 0].reshape(self._side, self._side)
        self._surface.set_shares(answers, self.theme.class_lut())
        for line, weights, bias in zip(self._lines, frame.W[1], frame.b[1][:, 0], strict=False):
            line.set_data(*_zero_line(weights, float(bias), self.x_range, self.y_range))

    def tool_tip(self, point: QPointF, moment: Moment) -> str:
        if not self._drawable or not self.field.rect().contains(point):
            return ""
        frame = moment.frames[self.run]
        for value, markers in enumerate(self._classes):
            number = markers.nearest(point)
            if number is not None:
                example = int(np.flatnonzero(self._targets == bool(value))[number])
                x1, x2 = self._X[:, example]
                answer = frame.A[-1][0, example]
                return f"example {example + 1}: x = ({x1!s}, {x2!s}), y = {value}\nŷ = {answer!s}"
        x1, x2 = self.data_at(point)
        return f"x = ({x1:.3f}, {x2:.3f})"


def _zero_line(
    weights: NDArray[np.float64],
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
