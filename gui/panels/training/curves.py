"""The loss and the gap between hidden units of all runs, over all frames."""

from abc import abstractmethod
from math import ceil, floor, log10
from time import monotonic
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from engine import Array, superscript
from engine.editing.branches import branches
from engine.experiment import Experiment
from engine.training import Comparison, Frame, gap_of
from gui.panels.base import (
    LETTERS,
    LINE_STYLES,
    TEXT,
    Curve,
    FramePlotPanel,
    Label,
    Markers,
    ViewState,
    no_two_units,
    register_panel,
    rounded_up,
    shaded_zone,
)
from gui.style.theme import font

STRETCHES = 1000
"""Longer curves are drawn through the least and the greatest value of each stretch."""

LETTER_HEIGHT = 15.0
GROWTH_SECONDS = 0.2
"""The interval at which growing curves are redrawn, which costs more than a frame."""


class CurvePanel(FramePlotPanel[Comparison]):
    """One number a frame and run, drawn over the whole recording, with the playhead.

    Runs differ by line style and letter. The curves are as long as the recordings are by now. A
    fork's begins where it leaves another run's, at a ring: what they share is drawn once. The dot
    of a previewed frame is where that frame would be.
    """

    proportion = 1.8
    note = "by frame"
    least_top: ClassVar[float] = 1e-3

    def make_items(self) -> None:
        self._runs = range(len(self.subject.recordings))
        self._curves = [
            Curve(self, self.theme.text, 1.9, LINE_STYLES[run], still=True) for run in self._runs
        ]
        self._branches = branches(self.subject.experiment)
        self._rings = Markers(
            self, self.theme.surface, "o", 8.0, edge=self.theme.text, clipped=False
        )
        super().make_items()
        self._dots = [Markers(self, self.theme.text, "o", 10.0, clipped=False) for _ in self._runs]
        self._letters = [
            Label(self, self.theme.text, font(TEXT, bold=True), chip=self.theme.surface)
            for _ in self._runs
        ]
        self._drawn_at = 0.0
        self._excuse = Label(self.card, self.theme.muted, font(TEXT))
        self.wanted = (0.0, float(max(1, self.subject.experiment.training.steps))), (0.0, 1.0)

    @abstractmethod
    def values(self, run: int) -> Array:
        """Return the number of every frame of a run so far, (frames,)."""

    @abstractmethod
    def value_of(self, frame: Frame) -> float:
        """Return the number of one frame, be it recorded or not."""

    def heights(self, values: Array) -> Array:
        """Return the heights of values on the axis."""
        return values

    def fitted_range(self, curves: list[Array]) -> tuple[float, float]:
        """Return the range of heights that shows all curves, which hold finite numbers only."""
        top = max((float(curve.max()) for curve in curves if curve.size), default=1.0)
        top = rounded_up(max(top, self.least_top))
        return -0.04 * top, 1.04 * top

    def place_items(self) -> None:
        super().place_items()
        self._excuse.setPos(self.field.rect().center())

    def revision(self) -> object:
        waits = not self.subject.is_complete and monotonic() < self._drawn_at + GROWTH_SECONDS
        if self._drawn is not None and waits:
            return self._drawn
        return sum(len(recording) for recording in self.subject.recordings)

    def x_of(self, index: int) -> float:
        return index

    def draw_frame(self, state: ViewState) -> None:
        high = self.y_range[1]
        for run, frame in enumerate(state.frames):
            is_tried = state.what_if is not None and state.what_if.parameter.run == run
            value = self.value_of(frame) if is_tried else self.values(run)[frame.index]
            height = float(self.heights(np.array([value]))[0])
            is_above = height > high
            self._dots[run].set_data([frame.index], [np.nan if is_above else height])
            letter = self._letters[run]
            letter.set_text(f"{LETTERS[run]} ↑" if is_above else LETTERS[run])
            letter.setVisible(height == height)
            if height == height:
                letter.setPos(self.point(frame.index, min(height, high)))
        self._spread_letters()

    def _spread_letters(self) -> None:
        """Move the letters beside their dots, one below another where these are close."""
        field = self.field.rect()
        letters = sorted((each for each in self._letters if each.isVisible()), key=Label.y)
        lowest = field.bottom() - LETTER_HEIGHT * (len(letters) - 0.5)
        above = field.top() - LETTER_HEIGHT / 2.0
        for letter in letters:
            side = -16.0 if letter.x() > field.right() - 30.0 else 16.0
            above = min(max(letter.y(), above + LETTER_HEIGHT), lowest)
            lowest += LETTER_HEIGHT
            letter.setPos(letter.x() + side, above)

    def draw_curves(self) -> None:
        curves = []
        planned = self.subject.planned_index + 1
        for run, branch in enumerate(self._branches):
            start = 0 if branch is None else branch.shared
            frames, values = _thinned(self.values(run)[start:], planned)
            curves.append((frames + start, self.heights(values)))
        known = [heights[np.isfinite(heights)] for _, heights in curves]
        self._excuse.set_text(self.nothing_to_show(self.subject.experiment))
        self.fit(self.wanted[0], self.fitted_range(known))
        for curve, (frames, heights) in zip(self._curves, curves, strict=True):
            curve.set_data(frames, heights)
        self._draw_rings()
        self._drawn_at = monotonic()

    def _draw_rings(self) -> None:
        """Mark where forks leave other runs, as far as they have come."""
        at = [
            (branch.shared, float(self.heights(values[branch.shared : branch.shared + 1])[0]))
            for branch, values in zip(self._branches, map(self.values, self._runs), strict=True)
            if branch is not None and branch.shared < len(values)
        ]
        self._rings.set_data([frame for frame, _ in at], [height for _, height in at])

    def frame_at(self, point: QPointF) -> int | None:
        return round(self.data_at(point)[0])

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        at = round(x)
        lines = [f"frame {at}"]
        for run, letter in enumerate(LETTERS[: len(self._curves)]):
            values, branch = self.values(run), self._branches[run]
            if branch is not None and at <= branch.shared:
                lines.append(f"{letter}: as {LETTERS[branch.run]}, up to frame {branch.shared}")
            elif 0 <= at < len(values):
                lines.append(f"{letter}: {values[at]!s}")
        return "\n".join(lines)


@register_panel(name="loss", position=140, title="Loss")
@final
class LossPanel(CurvePanel):
    """The mean loss of every run."""

    def values(self, run: int) -> Array:
        return self.subject.recordings[run].losses

    def value_of(self, frame: Frame) -> float:
        return frame.loss


class GapCurvesPanel(CurvePanel):
    """The base of the panels that show how far apart the hidden units are."""

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        return no_two_units(experiment)

    def values(self, run: int) -> Array:
        return self.subject.diagnostics[run].gap

    def value_of(self, frame: Frame) -> float:
        return gap_of(frame)


@register_panel(name="gap", position=150, title="Gap between hidden units")
@final
class GapPanel(GapCurvesPanel):
    """How far apart the hidden units are."""


@register_panel(name="log-gap", position=160, title="Gap, logarithmic")
@final
class LogGapPanel(GapCurvesPanel):
    """The gap on a logarithmic axis, with a separate lane for exactly zero."""

    note = "by frame, shaded: exactly 0"

    LANE = 1.6
    """The distance of the lane of exact zero below the smallest tick, in decades."""

    def make_items(self) -> None:
        super().make_items()
        self._floor = -17.0
        self._lane = shaded_zone(self.still_field, self.theme.accent, 0.10)
        self._lane.setZValue(-1.0)

    def heights(self, values: Array) -> Array:
        with np.errstate(divide="ignore"):
            logs: Array = np.log10(values)
        # A previewed gap may be below all recorded ones; the lane is for exactly zero only.
        return np.where(values == 0.0, self._floor - self.LANE, np.maximum(logs, self._floor))

    def fitted_range(self, curves: list[Array]) -> tuple[float, float]:
        logs = np.concatenate([curve[curve > self._floor - self.LANE] for curve in curves])
        high = max(1.0, ceil(float(logs.max(initial=0.0))))
        return self._floor - 2.0 * self.LANE, high + 0.3

    def draw_curves(self) -> None:
        # The lane is below the smallest gap, which may be far below the rounding error.
        smallest = min(
            (float(gap[gap > 0.0].min(initial=1.0)) for gap in map(self.values, self._runs)),
            default=1.0,
        )
        self._floor = float(min(-17, floor(log10(smallest))))
        super().draw_curves()

    def place_items(self) -> None:
        super().place_items()
        lane_top = self._floor - 0.5 * self.LANE
        field: QRectF = self.field.rect()
        self._lane.setRect(QRectF(self.point(self.x_range[0], lane_top), field.bottomRight()))
        step = 4 if self.y_range[1] - self._floor < 40 else 50
        lowest = ceil(self._floor / step) * step
        decades = range(lowest, floor(self.y_range[1]) + 1, step)
        ticks: list[tuple[float, str]] = [
            (d, "1" if d == 0 else f"10{superscript(d)}") for d in decades
        ]
        ticks.append((self._floor - self.LANE, "0"))
        self.axes["left"].setTicks([ticks, []])


def _thinned(values: Array, planned: int) -> tuple[NDArray[np.intp], Array]:
    """Return frames and values to draw: all of few, else the extremes of every stretch.

    The stretches are those of the curve as long as `planned`, whatever there is of it by now.
    """
    width = -(-planned // STRETCHES)
    if width <= 2 or not len(values):
        return np.arange(len(values)), values
    starts = np.arange(0, len(values), width)
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    falling = values[starts] >= values[np.minimum(starts + width, len(values)) - 1]
    first, second = np.where(falling, high, low), np.where(falling, low, high)
    frames = np.stack([starts, np.minimum(starts + width // 2, len(values) - 1)], axis=1).ravel()
    thinned = np.stack([first, second], axis=1).ravel()
    frames = np.append(frames, len(values) - 1)
    return frames, np.append(thinned, values[-1])
