"""Every z of the hidden units on the activation's curve, with saturated regions shaded."""

from math import isfinite
from typing import NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsRectItem

from engine.experiment import NetworkSpec
from engine.nn import Activation
from engine.training import Comparison, Frame
from gui.panels.base import (
    Curve,
    Markers,
    PlotPanel,
    ViewState,
    nearest_marks,
    register_panel,
    subscript,
    unit_size,
)
from gui.style.theme import UNIT_MARKERS

MOST_UNITS = 12
MOST_LAYERS = 6
"""The number of layers whose shares are listed."""
MOST_EXAMPLES = 100
MOST_DOTS = 600
"""Limits of the examples and dots drawn: more could not be distinguished."""
Z = np.linspace(-1.0, 1.0, 401)


class _Use(NamedTuple):
    """The activations of a phase of the run: those of each layer, and what shows them."""

    title: str
    functions: dict[int, Activation]
    curves: list[tuple[Activation, Curve, Curve]]
    zones: list[QGraphicsRectItem]

    def set_visible(self, visible: bool) -> None:
        for _, curve, slope_curve in self.curves:
            curve.setVisible(visible)
            slope_curve.setVisible(visible)
        for zone in self.zones:
            zone.setVisible(visible)


@register_panel(name="saturation", position=30, title="Saturation")
@final
class SaturationPanel(PlotPanel[Comparison]):
    """g(z) with its derivative, and each unit's z of every example upon it.

    A network of several hidden layers shows each on the curve of its own activation. Without
    hidden layers, the output units are shown.
    """

    breadth = 1.15
    proportion = 1.2
    foot = 22.0

    def make_items(self) -> None:
        spec, phases = (
            self.subject.recordings[self.run].spec,
            self.subject.recordings[self.run].phases,
        )
        self._hidden = len(spec.layers) > 2
        self._layers = range(1, len(spec.layers) - 1 if self._hidden else 2)
        self._uses = [self._make_use(phase.spec) for phase in phases]
        functions = [each for use in self._uses for each in use.functions.values()]
        self._reach = max((each.reach for each in functions), default=Activation.reach)
        self._dots = {
            (layer, unit): self._make_dots(layer, unit)
            for layer in self._layers
            for unit in range(min(spec.layers[layer], MOST_UNITS))
        }
        examples = self.subject.recordings[self.run].data.examples
        most = min(examples, MOST_EXAMPLES, max(10, MOST_DOTS // len(self._dots)))
        # Spread over all, for a set may hold its classes one after the other.
        self._examples = np.linspace(0, examples - 1, most).round().astype(np.intp)
        self._words = self.add_words(5.0)
        self.set_title(self._uses[0].title)
        self.wanted = (-self._reach, self._reach), self._height()

    def _make_use(self, spec: NetworkSpec) -> "_Use":
        units = spec.hidden_activations or spec.activations
        functions = {
            layer: unit for layer, unit in zip(self._layers, units, strict=True) if unit is not None
        }
        shown = {unit.name: unit for unit in functions.values()}
        asymptotes = functions[1].asymptotes if functions else ()
        zones = [self.make_red_band() for _ in asymptotes or (0,)]
        curves = [
            (
                function,
                Curve(self, self.theme.text, 2.0, still=True),
                Curve(self, self.theme.muted, 1.5, Qt.PenStyle.DashLine, still=True),
            )
            for function in shown.values()
        ]
        names = ", ".join(shown or [spec.output])
        title = f"{names}: {'hidden' if self._hidden else 'output'} z"
        return _Use(title, functions, curves, zones)

    def _make_dots(self, layer: int, unit: int) -> Markers:
        few = self.subject.recordings[self.run].data.examples <= 20
        size = (15.0 if few else 10.0) * unit_size(unit)
        colour = self.theme.unit(unit) if self._hidden else QColor(self.theme.text)
        return Markers(self, colour, UNIT_MARKERS[unit % len(UNIT_MARKERS)], size, clipped=False)

    def _height(self) -> tuple[float, float]:
        values = [0.0]
        curves = [curve for use in self._uses for curve in use.curves]
        for function, _, _ in curves:
            value, slope = function.value_and_slope(Z * self._reach)
            values += [value.min(), value.max(), slope.max()]
        low, high = min(values), max(values) or 1.0
        if any(not function.asymptotes for function, _, _ in curves):
            high = min(high, self._reach)
            low = max(low, -self._reach)
        margin = 0.08 * (high - low)
        return low - margin, high + margin

    def place_items(self) -> None:
        z = Z * self._reach
        top, bottom = self.y_range[1], self.y_range[0]
        for use in self._uses:
            for function, curve, slope_curve in use.curves:
                value, slope = function.value_and_slope(z)
                curve.set_data(z, value)
                slope_curve.set_data(z, slope)
            # Of the first layer's activation.
            spans = self._saturated_spans(use.functions[1]) if use.functions else []
            for zone, (start, stop) in zip(use.zones, spans, strict=False):
                zone.setRect(QRectF(self.point(start, top), self.point(stop, bottom)))

    def _saturated_spans(self, function: Activation) -> list[tuple[float, float]]:
        """Return where an activation is saturated, as ranges of z."""
        z = np.linspace(-self._reach, self._reach, 4001)
        saturated = np.concatenate([[False], function.saturated(function(z)), [False]])
        ends = np.flatnonzero(saturated[1:] != saturated[:-1]).reshape(-1, 2)
        return [(float(z[start]), float(z[stop - 1])) for start, stop in ends]

    def draw(self, state: ViewState) -> None:
        frame = state.frames[self.run]
        now = self._use_at(frame.index)
        for number, each in enumerate(self._uses):
            each.set_visible(number == now)
        self.set_title(self._uses[now].title)
        for (layer, unit), dots in self._dots.items():
            z = frame.Z[layer][unit, self._examples]
            a = frame.A[layer][unit, self._examples]
            # Values beyond the axis are shown at its end, where the curve is flat.
            edge = 0.985 * self._reach
            dots.set_data(np.clip(z, -edge, edge), np.clip(a, *self.y_range))
        beyond = sum(
            np.count_nonzero(side)
            for layer in self._layers
            for side in (frame.Z[layer] > self._reach, frame.Z[layer] < -self._reach)
        )
        self.set_note(f"{beyond:,} z beyond the axis" if beyond else "dashed: derivative")
        texts, examples = self._saturation_texts(frame, self._uses[now]), frame.A[0].shape[1]
        drawn = len(self._examples)
        if drawn < examples:
            texts.insert(0, f"{texts[0]} · {drawn} of {examples:,} drawn")
        for words in texts:
            self._words.set_text(words)
            if self._words.width <= (self._words.max_width or 0.0):
                break

    def _use_at(self, index: int) -> int:
        """Return the number of the phase to which a frame belongs."""
        phases = self.subject.recordings[self.run].phases
        return sum(phase.start <= index for phase in phases) - 1

    def _saturation_texts(self, frame: Frame, use: "_Use") -> list[str]:
        """Return what to say of the shares, and how to say it in fewer words."""
        units = use.functions.values()
        shares = [unit.saturated_share(frame.A[layer]) for layer, unit in use.functions.items()]
        words = set(filter(None, (unit.idle_word for unit in units)))
        if not words:
            notes = dict.fromkeys(f"{unit.name}: {unit.never_idle}" for unit in units)
            return [", ".join(notes) or "each output depends on every z: there is no curve"]
        kind = " or ".join(sorted(words))
        if len(shares) > 1:
            means = [round(100.0 * share.mean()) for share in shares]
            listed = [str(mean) for mean in means]
            if len(listed) > MOST_LAYERS:
                half = MOST_LAYERS // 2
                listed = [*listed[:half], "…", *listed[-half:]]
            numbers = ", ".join(listed)
            span = f"{min(means)} to {max(means)} %" if len(set(means)) > 1 else f"{means[0]} %"
            longest = f"{kind} by layer: {numbers} %"
            return [longest, f"{kind} %: {numbers}", f"{kind} by layer: {span}", f"{kind}: {span}"]
        if len(shares[0]) <= 3:
            a = "a" if self._hidden else "ŷ"
            parts = [f"{a}{subscript(j)} {_percent(share)}" for j, share in enumerate(shares[0], 1)]
        else:
            parts = [f"{_percent(shares[0].mean())} of all activations"]
        return [f"{kind}: {', '.join(parts)}"]

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        frame = state.frames[self.run]
        lines = []
        for (layer, unit), mark in nearest_marks(self._dots.items(), point):
            example = self._examples[mark]
            z, a = frame.Z[layer][unit, example], frame.A[layer][unit, example]
            where = f"layer {layer}, unit {unit + 1}, example {example + 1}"
            number = subscript(unit + 1)
            lines.append(f"{where}: z{number} = {z!s}, a{number} = {a!s}")
        return "\n".join(lines) or self.red_band_text(point)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if isfinite(share) else "–"
