"""The depth study's panels of all runs: sizes by layer, and a table of ratios."""

from math import isfinite
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine.studies.depth.study import FARTHEST_DECADES, DepthStudy
from engine.types import Array
from gui.panels.base.axis_ranges import decade_range, layer_ticks
from gui.panels.base.label import Label
from gui.panels.base.legend import Entry, Legend
from gui.panels.base.panel import LETTERS, TEXT, ViewState, number_text
from gui.panels.base.plot import Curve, PlotPanel
from gui.panels.base.table import LEFT, RIGHT, Column, Table, TableCell
from gui.panels.base.table_panel import TablePanel
from gui.style.theme import Theme, font


@final
class DepthSizesPanel(PlotPanel):
    """The typical size of activations and of errors in every layer, for all runs."""

    kind = "depth"
    name = "depth-sizes"
    position = 390
    title = "Typical size by layer"
    note = "root mean square, logarithmic"
    per_run = False
    row = 3
    foot = 22.0

    def __init__(self, study: DepthStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        runs = range(study.track_count)
        dash = Qt.PenStyle.DashLine
        self._activations = [Curve(self, theme.unit(i), 2.4) for i in runs]
        self._gradients = [Curve(self, theme.unit(i), 1.8, dash) for i in runs]
        self._playhead = Curve(self, theme.accent, 1.6)
        entries = [
            Entry(f"{LETTERS[i]} {spec.name or spec.init.scheme}", theme.unit(i))
            for i, spec in enumerate(study.experiment.runs)
        ]
        entries += [Entry("a", theme.text), Entry("dZ", theme.text, None, dash)]
        self._key = Legend(self.card, theme, entries)
        self._fitted: tuple[float, float] | None = None
        self.decades = {"left"}
        self.axes["bottom"].setTicks(layer_ticks(study.spec.depth))
        self.wanted = (0.5, study.spec.depth + 0.5), (0.0, 1.0)
        self.foot_lines = ((self._key, 17.0),)

    def draw(self, state: ViewState) -> None:
        # From the first pass, so that the axis stays while it trains.
        first = [self._study.profile(i, 0) for i in range(self._study.track_count)]
        sizes = np.concatenate([_logs(each) for p in first for each in (p.activation, p.gradient)])
        known = sizes[np.isfinite(sizes)]
        fitted = decade_range(np.clip(known, *FARTHEST_DECADES))
        if fitted != self._fitted:
            self._fitted = fitted
            self.set_ranges(self.wanted[0], fitted)
        layers = np.arange(1, self._study.spec.depth + 1)
        beyond = []
        for run in range(self._study.track_count):
            profile = self._study.profile(run, state.index)
            both = _logs(profile.activation), _logs(profile.gradient)
            for curve, logs in zip((self._activations, self._gradients), both, strict=True):
                curve[run].set_data(layers, logs)
            low, high = self.y_range
            # NaN, of 0 and of what overflows, is off the axis too.
            if not all(((low <= logs) & (logs <= high)).all() for logs in both):
                beyond.append(LETTERS[run])
        out = f"; {', '.join(beyond)} in part off the axis" if beyond else ", logarithmic"
        self.set_note(f"root mean square{out}")
        layer = self._study.layer(state.index)
        at = [] if layer is None else [layer + 1.0] * 2
        self._playhead.set_data(at, list(self.y_range) if at else [])

    def frame_at(self, point: QPointF) -> int | None:
        if not self._study.by_layer:
            return None
        return round(self.data_at(point)[0]) - 1

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if not self.field.rect().contains(point):
            return ""
        layer = int(np.clip(round(self.data_at(point)[0]) - 1, 0, self._study.spec.depth - 1))
        lines = [f"layer {layer + 1}"]
        for run, letter in enumerate(LETTERS[: self._study.track_count]):
            profile = self._study.profile(run, state.index)
            lines.append(
                f"{letter}: a {profile.activation[layer]!s}, dZ {profile.gradient[layer]!s}"
            )
        return "\n".join(lines)


def _logs(sizes: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs: Array = np.log10(sizes)
    logs[~np.isfinite(logs)] = np.nan
    return logs


@final
class DepthTablePanel(TablePanel):
    """The ratio from the first layer to the last in numbers, and what became too large."""

    kind = "depth"
    name = "depth-table"
    position = 400
    title = "From the first layer to the last"
    foot = 22.0
    per_run = False
    row = 3
    breadth = 1.0

    def __init__(self, study: DepthStudy, run: int, theme: Theme) -> None:
        super().__init__(study, run, theme)
        self._study = study
        columns = [Column(1.3, LEFT), *(Column(share, RIGHT) for share in (1.1, 1.1, 0.8))]
        self._table = Table(self, theme, columns, TEXT, 30.0)
        self._words = Label(self, theme.alarm, font(TEXT, bold=True), Qt.AlignmentFlag.AlignLeft)
        self.foot_lines = ((self._words, 8.0),)

    def draw(self, state: ViewState) -> None:
        theme, study = self.theme, self._study
        depth = study.spec.depth
        heads = ("", f"a, layer {depth - 1} ÷ 1", f"dZ, layer 1 ÷ {depth}", "loss")
        rows = [[TableCell(head, theme.muted) for head in heads]]
        for run, spec in enumerate(study.experiment.runs):
            profile = study.profile(run, state.index)
            rows.append(
                [
                    TableCell(
                        f"{LETTERS[run]}  {spec.name or spec.init.scheme}", theme.unit(run), True
                    ),
                    TableCell(_ratio(profile.activation_ratio, profile.activation[0])),
                    TableCell(_ratio(profile.gradient_ratio, profile.gradient[-1])),
                    TableCell(_ratio(profile.loss)),
                ]
            )
        self._table.set_rows(rows)
        past = [event for event in study.events if event.frame <= state.index]
        shown = f"{LETTERS[past[-1].run]}: {past[-1].text}" if past else ""
        self._words.set_text(shown)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        row = self._table.row_at(point)
        if row is None or row < 1:
            return ""
        profile = self._study.profile(row - 1, state.index)
        ratios = f"a: {profile.activation_ratio!s}, dZ: {profile.gradient_ratio!s}"
        return f"{ratios}, loss {profile.loss!s}"


def _ratio(value: float, divisor: float = 1.0) -> str:
    if divisor == 0.0:
        return "÷ exactly 0"
    return number_text(value, 3).lstrip("+") if isfinite(value) else "too large"
