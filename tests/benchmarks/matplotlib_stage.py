"""What exports are measured against: the default stage's panels, made with matplotlib.

As someone who knows matplotlib writes it: every artist is made once, and a frame only sets data.
"""

from typing import final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text

from engine.training.comparison import Comparison
from engine.training.recording import Frame, Recording
from engine.types import Array

INCHES = (19.2, 10.8)
COLOURS = ("#b3128f", "#12803c")
MARKERS = ("o", "D")
STYLES = ("-", "--")
GRID = 72
"""Points of the decision surface on each side, as on the stage."""
X_AT, HIDDEN_AT, Y_AT = [(0.0, 1.0), (0.0, 0.0)], [(1.0, 1.0), (1.0, 0.0)], [(2.0, 0.5)]


@final
class MatplotlibStage:
    """Two runs of a 2-2-1 network of sigmoid units, and the curves they share.

    Parameters
    ----------
    comparison : Comparison
    width : int
        Of the picture in pixels; its sides are as 16 to 9.
    """

    def __init__(self, comparison: Comparison, width: int) -> None:
        self.figure = Figure(figsize=INCHES, dpi=width / INCHES[0])
        FigureCanvasAgg(self.figure)
        self._comparison = comparison
        breadths = [1.45, 1.25, 1.15, 1.0, 1.0]
        runs = self.figure.add_gridspec(
            2, 5, width_ratios=breadths, left=0.02, right=0.99, top=0.9, bottom=0.32, hspace=0.35
        )
        shared = self.figure.add_gridspec(1, 3, left=0.03, right=0.99, top=0.24, bottom=0.04)
        self._title = self.figure.text(0.99, 0.96, "", ha="right", fontsize=16, weight="bold")
        self.figure.text(0.01, 0.96, comparison.experiment.title, fontsize=16, weight="bold")
        self._runs = [
            _RunPanels(comparison, run, [self.figure.add_subplot(runs[run, at]) for at in range(5)])
            for run in range(2)
        ]
        self._curves = [
            _CurvePanel(comparison, which, self.figure.add_subplot(shared[0, at]))
            for at, which in enumerate(("loss", "gap", "log gap"))
        ]

    def draw(self, index: int) -> list[Artist]:
        """Show the frame of this index."""
        frames = [recording[index] for recording in self._comparison.recordings]
        self._title.set_text(f"frame {index} / {self._comparison.last_index}")
        for panels, frame in zip(self._runs, frames, strict=True):
            panels.draw(frame)
        for panel in self._curves:
            panel.draw(index)
        return [self._title]


@final
class _RunPanels:
    """The five panels of one run."""

    def __init__(self, comparison: Comparison, run: int, axes: list[Axes]) -> None:
        self._recording = comparison.recordings[run]
        self._accuracy = comparison.diagnostics[run].accuracy
        self._weight_limit = max(each.largest_weight for each in comparison.diagnostics)
        self._gradient_limit = max(each.largest_gradient for each in comparison.diagnostics)
        network, rows, saturation, space, decision = axes
        self._state = network.set_title("", fontsize=10, loc="left")
        self._make_network(network)
        self._make_rows(rows)
        self._make_saturation(saturation)
        self._make_space(space, comparison)
        self._make_decision(decision)

    def draw(self, frame: Frame) -> None:
        share = self._accuracy[frame.index]
        self._state.set_text(f"loss {frame.loss:.4g} · {100 * share:.0f} % right")
        self._draw_network(frame)
        self._draw_rows(frame.dW[1])
        for dots, z, a in zip(self._dots, frame.Z[1], frame.A[1], strict=True):
            dots.set_data(z, a)
        shares = [100 * np.mean((a < 0.01) | (a > 0.99)) for a in frame.A[1]]
        self._saturated.set_text(f"saturated: a1 {shares[0]:.0f} %, a2 {shares[1]:.0f} %")
        theta = self._recording.parameters(0, frame.index + 1)
        trails = self._recording.layout.weights(theta.T, 1)
        for unit in range(2):
            self._trails[unit].set_data(trails[unit, 0], trails[unit, 1])
            self._heads[unit].set_data(trails[unit, 0, -1:], trails[unit, 1, -1:])
        self._draw_decision(frame)

    def _make_network(self, axes: Axes) -> None:
        axes.set(xlim=(-0.4, 2.4), ylim=(-0.5, 1.5), xticks=[], yticks=[])
        ends = [(a, b) for b in HIDDEN_AT for a in X_AT] + [(a, Y_AT[0]) for a in HIDDEN_AT]
        self._edges: list[Line2D] = []
        self._numbers: list[Text] = []
        for (x0, y0), (x1, y1) in ends:
            self._edges += axes.plot([x0, x1], [y0, y1], zorder=1)
            x, y = x0 + 0.35 * (x1 - x0), y0 + 0.35 * (y1 - y0)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
            self._numbers.append(axes.text(x, y, "", ha="center", va="center", bbox=box))
        self._values: list[Text] = []
        self._biases: list[Text] = []
        for x, y in X_AT + HIDDEN_AT + Y_AT:
            axes.add_patch(Circle((x, y), 0.2, facecolor="#eeeff3", edgecolor="#555555", zorder=2))
            self._values.append(axes.text(x, y, "", ha="center", va="center", zorder=3))
            self._biases.append(axes.text(x, y - 0.3, "", ha="center", va="center"))

    def _draw_network(self, frame: Frame) -> None:
        weights = np.concatenate([frame.W[1].ravel(), frame.W[2].ravel()])
        for edge, number, weight in zip(self._edges, self._numbers, weights, strict=True):
            share = abs(weight) / self._weight_limit
            edge.set(color="#c03020" if weight > 0 else "#2040c0", linewidth=1 + 6 * share)
            number.set_text(f"{weight:+.2f}")
        activations = [a[0] for layer in frame.A for a in layer]
        for text, value in zip(self._values, activations, strict=True):
            text.set_text(f"{value:.2f}")
        biases = [*frame.b[1][:, 0], *frame.b[2][:, 0]]
        for text, bias in zip(self._biases[2:], biases, strict=True):
            text.set_text(f"b {bias:+.2f}")

    def _make_rows(self, axes: Axes) -> None:
        axes.set(xlim=(0, 2), ylim=(3.6, -0.4), xticks=[], yticks=[], title="Gradient rows")
        self._cells: list[tuple[Rectangle, Text]] = []
        for row in range(3):
            for column in range(2):
                cell = Rectangle((column + 0.03, row), 0.94, 0.8)
                axes.add_patch(cell)
                label = axes.text(column + 0.5, row + 0.4, "", ha="center", va="center")
                self._cells.append((cell, label))
        self._words = axes.text(0.03, 3.4, "", weight="bold")

    def _draw_rows(self, gradient: Array) -> None:
        difference = gradient[0] - gradient[1]
        values = [*gradient.ravel(), *difference]
        for (cell, label), value in zip(self._cells, values, strict=True):
            share = min(1.0, abs(value) / self._gradient_limit)
            cell.set_facecolor(
                (1.0, 1.0 - share, 1.0 - share) if value > 0 else (1 - share,) * 2 + (1.0,)
            )
            label.set_text(f"{value:+.4f}" if value else "exactly 0")
        equal = not difference.any()
        self._words.set_text(
            "rows identical" if equal else f"rows differ by up to {np.abs(difference).max():.2g}"
        )

    def _make_saturation(self, axes: Axes) -> None:
        z = np.linspace(-7, 7, 401)
        a = 1 / (1 + np.exp(-z))
        axes.plot(z, a, color="black")
        axes.plot(z, a * (1 - a), color="grey", linestyle="--")
        axes.axvspan(-7, -4.6, color="red", alpha=0.13)
        axes.axvspan(4.6, 7, color="red", alpha=0.13)
        axes.set(xlim=(-7, 7), title="sigmoid: hidden z")
        axes.grid(alpha=0.3)
        self._dots = [self._marks(axes, unit) for unit in range(2)]
        self._saturated = axes.text(0.0, -0.2, "", transform=axes.transAxes)

    def _make_space(self, axes: Axes, comparison: Comparison) -> None:
        reach = 1.2 * max(_reach(recording) for recording in comparison.recordings)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), title="Weight space")
        axes.grid(alpha=0.3)
        self._trails = [axes.plot([], [], color=colour)[0] for colour in COLOURS]
        self._heads = [self._marks(axes, unit) for unit in range(2)]

    def _make_decision(self, axes: Axes) -> None:
        X, Y = self._recording.data.X, self._recording.data.Y[0]
        side = np.linspace(-1.3, 1.3, GRID)
        self._grid = np.stack([each.ravel() for each in np.meshgrid(side, side)])
        self._surface = axes.imshow(
            np.zeros((GRID, GRID)),
            cmap="BrBG",
            vmin=0.0,
            vmax=1.0,
            extent=(-1.3, 1.3, -1.3, 1.3),
            origin="lower",
            interpolation="bilinear",
        )
        for value, marker in ((0, "s"), (1, "o")):
            axes.plot(*X[:, value == Y], marker, markeredgecolor="black")
        self._lines = [axes.plot([], [], color=colour)[0] for colour in COLOURS]
        axes.set(xlim=(-1.3, 1.3), ylim=(-1.3, 1.3), title="Decision")

    def _draw_decision(self, frame: Frame) -> None:
        hidden = 1 / (1 + np.exp(-(frame.W[1] @ self._grid + frame.b[1])))
        answers = 1 / (1 + np.exp(-(frame.W[2] @ hidden + frame.b[2])))
        self._surface.set_data(answers.reshape(GRID, GRID))
        for line, (w1, w2), (bias,) in zip(self._lines, frame.W[1], frame.b[1], strict=True):
            x = np.array([-1.3, 1.3])
            line.set_data(x, -(w1 * x + bias) / w2 if w2 else np.full(2, np.nan))

    def _marks(self, axes: Axes, unit: int) -> Line2D:
        (marks,) = axes.plot([], [], MARKERS[unit], color=COLOURS[unit], markersize=10 - 4 * unit)
        return marks


@final
class _CurvePanel:
    """One number over all frames, for both runs, with the playhead."""

    def __init__(self, comparison: Comparison, which: str, axes: Axes) -> None:
        runs = zip(comparison.recordings, comparison.diagnostics, strict=True)
        self._values = [
            recording.losses if which == "loss" else diagnosed.gap for recording, diagnosed in runs
        ]
        for values, style in zip(self._values, STYLES, strict=True):
            axes.plot(values, style, color="black")
        if which == "log gap":
            axes.set_yscale("symlog", linthresh=1e-17)
            axes.set_yticks([0, 1e-16, 1e-12, 1e-8, 1e-4, 1])
            axes.minorticks_off()
        axes.set(title=which, xlim=(0, comparison.last_index))
        axes.grid(alpha=0.3)
        self._playhead = axes.axvline(0.0, color="#1f66d0")
        self._dots = [axes.plot([], [], "o", color="black")[0] for _ in STYLES]
        self._letters = [axes.text(0.0, 0.0, f"  {letter}", weight="bold") for letter in "AB"]

    def draw(self, index: int) -> None:
        self._playhead.set_xdata([index, index])
        for values, dot, letter in zip(self._values, self._dots, self._letters, strict=True):
            dot.set_data([index], [values[index]])
            letter.set_position((index, values[index]))


def _reach(recording: Recording) -> float:
    theta = recording.parameters(0, len(recording))
    return float(np.abs(recording.layout.weights(theta.T, 1)).max())
