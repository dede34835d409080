"""The depth study's panels of all runs: sizes by layer, and a table of ratios."""

from math import isfinite
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, Qt

from engine.studies.depth.study import FARTHEST_DECADES, DepthStudy
from gui.panels.base import (
    LEFT,
    LETTERS,
    RIGHT,
    Column,
    Curve,
    Entry,
    FramePlotPanel,
    TableCell,
    TablePanel,
    ViewState,
    decade_range,
    layer_ticks,
    log_sizes,
    number_text,
    register_panel,
)


@register_panel(name="depth-sizes", position=390, title="Typical size by layer")
@final
class DepthSizesPanel(FramePlotPanel[DepthStudy]):
    """The typical size of activations and of errors in every layer, for all runs."""

    note = "root mean square, logarithmic"
    row = 3
    foot = 22.0

    def make_items(self) -> None:
        runs = range(self.subject.track_count)
        dash = Qt.PenStyle.DashLine
        self._activations = [Curve(self, self.theme.unit(i), 2.4) for i in runs]
        self._gradients = [Curve(self, self.theme.unit(i), 1.8, dash) for i in runs]
        super().make_items()
        entries = [
            Entry(f"{LETTERS[i]} {spec.name or spec.init.scheme}", self.theme.unit(i))
            for i, spec in enumerate(self.subject.experiment.runs)
        ]
        entries += [Entry("a", self.theme.text), Entry("dZ", self.theme.text, None, dash)]
        self.add_legend(17.0, entries)
        self.decades = {"left"}
        self.axes["bottom"].setTicks(layer_ticks(self.subject.spec.depth))
        self.wanted = (0.5, self.subject.spec.depth + 0.5), (0.0, 1.0)

    def revision(self) -> object:
        return ()  # the first pass of the study that the panel was made for

    def draw_curves(self) -> None:
        # From the first pass, so that the axis stays while it trains.
        first = [self.subject.profile(i, 0) for i in range(self.subject.track_count)]
        sizes = np.concatenate(
            [log_sizes(each) for p in first for each in (p.activation, p.gradient)]
        )
        known = sizes[np.isfinite(sizes)]
        self.fit(self.wanted[0], decade_range(np.clip(known, *FARTHEST_DECADES)))

    def x_of(self, index: int) -> float | None:
        layer = self.subject.layer(index)
        return None if layer is None else layer + 1.0

    def draw_frame(self, state: ViewState) -> None:
        layers = np.arange(1, self.subject.spec.depth + 1)
        beyond = []
        for run in range(self.subject.track_count):
            profile = self.subject.profile(run, state.index)
            both = log_sizes(profile.activation), log_sizes(profile.gradient)
            for curve, logs in zip((self._activations, self._gradients), both, strict=True):
                curve[run].set_data(layers, logs)
            low, high = self.y_range
            # NaN, of 0 and of what overflows, is off the axis too.
            if not all(((low <= logs) & (logs <= high)).all() for logs in both):
                beyond.append(LETTERS[run])
        out = f"; {', '.join(beyond)} in part off the axis" if beyond else ", logarithmic"
        self.set_note(f"root mean square{out}")

    def frame_at(self, point: QPointF) -> int | None:
        return round(self.data_at(point)[0]) - 1 if self.subject.by_layer else None

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        layer = int(np.clip(round(x) - 1, 0, self.subject.spec.depth - 1))
        lines = [f"layer {layer + 1}"]
        for run, letter in enumerate(LETTERS[: self.subject.track_count]):
            profile = self.subject.profile(run, state.index)
            lines.append(
                f"{letter}: a {profile.activation[layer]!s}, dZ {profile.gradient[layer]!s}"
            )
        return "\n".join(lines)


@register_panel(name="depth-table", position=400, title="From the first layer to the last")
@final
class DepthTablePanel(TablePanel[DepthStudy]):
    """The ratio from the first layer to the last in numbers, and what became too large."""

    foot = 22.0
    per_run = False
    row = 3

    def make_items(self) -> None:
        self.table = self.make_table(
            [Column(1.3, LEFT), *(Column(share, RIGHT) for share in (1.1, 1.1, 0.8))], 30.0
        )
        self._words = self.add_words(8.0, colour=self.theme.alarm, bold=True)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, study = self.theme, self.subject
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
        past = [event for event in study.events if event.frame <= state.index]
        self._words.set_text(f"{LETTERS[past[-1].run]}: {past[-1].text}" if past else "")
        return rows

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if row < 1:
            return ""
        profile = self.subject.profile(row - 1, state.index)
        ratios = f"a: {profile.activation_ratio!s}, dZ: {profile.gradient_ratio!s}"
        return f"{ratios}, loss {profile.loss!s}"


def _ratio(value: float, divisor: float = 1.0) -> str:
    if divisor == 0.0:
        return "÷ exactly 0"
    return number_text(value, 3).lstrip("+") if isfinite(value) else "too large"
