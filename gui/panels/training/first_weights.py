"""The initial weights of a run, and the statistics of its first forward pass."""

from functools import partial
from math import floor, log10
from typing import final

import numpy as np

from engine import WeakCache, plain_text
from engine.nn import MOST_ERRORS, Histogram, LayerReport, histogram, inspect
from engine.training import Comparison, Recording
from gui.panels.base import (
    LEFT,
    RIGHT,
    Bars,
    Column,
    Curve,
    Entry,
    PlotPanel,
    TableCell,
    TablePanel,
    ViewState,
    formula_text,
    register_panel,
    rounded_up,
)

MOST_LAYERS = 3
POINTS = 241


_REPORTS = WeakCache[list[LayerReport]]()
_HISTOGRAMS = WeakCache[Histogram]()


def reports(comparison: Comparison, run: int) -> list[LayerReport]:
    """Return what a run drew, layer by layer; edits at frame 0 are part of it."""
    recording = comparison.recordings[run]
    # The start of a run never changes.
    return _REPORTS.get(recording, None, partial(_reports, recording))


def _largest(comparison: Comparison, run: int) -> tuple[LayerReport, Histogram]:
    """Return what a run drew for the layer that has the most weights, and how they scatter."""
    report = max(reports(comparison, run), key=lambda report: report.weights.size)
    return report, _HISTOGRAMS.get(comparison.recordings[run], None, partial(histogram, report))


def _reports(recording: Recording) -> list[LayerReport]:
    frame = recording[0]
    parameters = {f"W{layer}": w for layer, w in enumerate(frame.W)}
    parameters |= {f"b{layer}": b for layer, b in enumerate(frame.b)}
    return inspect(recording.run.init, recording.spec, recording.data.X, parameters)


@register_panel(name="first-weights", position=100, title="First weights")
@final
class FirstWeightsPanel(PlotPanel[Comparison]):
    """The first weights of the layer that has the most, over the density the scheme promises."""

    by_default = False
    foot = 44.0

    def make_items(self) -> None:
        self._bars = Bars(self, self.theme.accent)
        self._curve = Curve(self, self.theme.text, 2.0)
        self.add_legend(
            41.0, [Entry("drawn", self.theme.accent, "s"), Entry("promised", self.theme.text)]
        )
        self._words = self.add_words(8.0, bold=True)
        self.set_note(formula_text(self.subject.experiment.runs[self.run].init.formula))

    @classmethod
    def prepare(cls, state: ViewState, run: int) -> None:
        _largest(state.comparison, run)

    def draw(self, state: ViewState) -> None:
        report, found = _largest(state.comparison, self.run)
        promised = report.promised
        first, last = float(found.edges[0]), float(found.edges[-1])
        top = max(float(found.drawn.max()), float(np.nan_to_num(found.promised).max()))
        w = np.linspace(first, last, POINTS)
        density = np.full_like(w, np.nan) if promised is None else promised.density(w)
        if promised is not None and not promised.variance:  # a mark where every weight should be
            w, density = np.full(2, promised.mean), np.array([0.0, 1.04 * top])
        self.fit((first, last), (0.0, 1.04 * rounded_up(top)))
        self._bars.set_data(found.edges, found.drawn)
        self._curve.set_data(w, density)
        self.set_title(f"First weights W[{report.layer}], {report.weights.size} of them")
        self._words.set_text(_moments(report))

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        report, _ = _largest(state.comparison, self.run)
        return f"mean {report.mean!s}, deviation {report.deviation!s}"


def with_error(value: float, error: float) -> str:
    """Write a number to the second digit of its error.

    >>> with_error(0.0123456, 0.00472), with_error(-2.2e-19, 0.0099), with_error(3.0, 0.0)
    ('0.0123 ± 0.0047', '0.0000 ± 0.0099', '3 ± 0')
    """
    if not 1e-4 <= error < 1e4:
        return f"{plain_text(value, 2)} ± {plain_text(error, 2)}"
    decimals = max(0, 1 - floor(log10(error)))
    text = f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")
    return f"{text} ± {error:.{decimals}f}"


def _moments(report: LayerReport) -> str:
    text = f"deviation {plain_text(report.deviation, 3)}"
    if report.promised is None:
        return text
    error = plain_text(report.deviation_error, 2)
    return f"{text}, promised {plain_text(report.promised.deviation, 3)} ± {error}"


@register_panel(name="first-pass", position=110, title="First weights and forward pass, checked")
@final
class FirstPassPanel(TablePanel[Comparison]):
    """Every layer's shapes and moments, and the z and a of the first forward pass."""

    foot = 42.0
    note = "± standard error; z, a: ± deviation"
    short_note = "z, a: ± deviation"
    by_default = False
    breadth = 1.6

    def make_items(self) -> None:
        layers = min(len(self.subject.experiment.network.layers) - 1, MOST_LAYERS)
        self.table = self.make_table(
            [Column(0.8, LEFT), *(Column(1.0, RIGHT) for _ in range(layers))], 27.0
        )
        self._words = self.add_words(28.0, bold=True)
        self._source = self.add_words(8.0, colour=self.theme.muted)
        self._reports: list[LayerReport] = []

    @classmethod
    def prepare(cls, state: ViewState, run: int) -> None:
        reports(state.comparison, run)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme = self.theme
        self._reports = reports(state.comparison, self.run)
        shown = self._shown()
        rows = [
            [TableCell(""), *(TableCell(f"layer {report.layer}", None, True) for report in shown)],
            [TableCell("W, b", theme.muted), *(self._shapes(report) for report in shown)],
        ]
        for name in ("mean", "deviation"):
            pairs = [(getattr(each, name), getattr(each, f"{name}_error")) for each in shown]
            rows.append(self._row(name, pairs))
        rows.append([TableCell("promised", theme.muted), *(self._verdict(each) for each in shown)])
        for name in "za":
            pairs = [(getattr(r, f"{name}_mean"), getattr(r, f"{name}_deviation")) for r in shown]
            rows.append(self._row(name, pairs))
        misfits = [str(report.layer) for report in self._reports if not report.fits]
        layers = len(self._reports)
        fit = "the shapes of all layers fit" if layers > 1 else "the shapes fit"
        words = f"shapes do not fit in layers {', '.join(misfits)}" if misfits else fit
        self._words.set_text(words, theme.alarm if misfits else theme.text)
        self._source.set_text(state.comparison.experiment.runs[self.run].init.source)
        return rows

    def _shapes(self, report: LayerReport) -> TableCell:
        (rows, columns), (height, width) = report.shapes
        colour = None if report.fits else self.theme.alarm
        return TableCell(f"{rows} × {columns}, {height} × {width}", colour, not report.fits)

    def _verdict(self, report: LayerReport) -> TableCell:
        if report.promised is None:
            return TableCell("nothing", self.theme.muted)
        off = max(report.errors_off)
        if not report.promised.variance:
            return TableCell(
                "exactly" if not off else "differs", None if not off else self.theme.alarm
            )
        if off <= MOST_ERRORS:
            return TableCell(f"within {MOST_ERRORS:g} standard errors")
        return TableCell(f"off by {off:.1f} standard errors", self.theme.alarm, True)

    def _row(self, name: str, pairs: list[tuple[float, float]]) -> list[TableCell]:
        return [
            TableCell(name, self.theme.muted),
            *(TableCell(with_error(*pair)) for pair in pairs),
        ]

    def _shown(self) -> list[LayerReport]:
        if len(self._reports) <= MOST_LAYERS:
            return self._reports
        return [*self._reports[: MOST_LAYERS - 1], self._reports[-1]]

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        if not 1 <= column <= len(self._shown()):
            return ""
        report = self._shown()[column - 1]
        promised = report.promised
        text = f"layer {report.layer}: mean {report.mean!s}, deviation {report.deviation!s}"
        if promised is not None:
            text += f"\npromised: mean {promised.mean!s}, deviation {promised.deviation!s}"
        if report.idle:
            text += f"\n{100.0 * report.saturated:.0f} % of activations {report.idle}"
        return text
