"""The depth study's panels of one run: the network, and histograms of every layer."""

from abc import abstractmethod
from math import isfinite
from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from engine import Array
from engine.studies.depth.study import DepthStudy, Profile
from gui.panels.base import (
    LETTERS,
    AreaItem,
    ColourLegend,
    ColourScale,
    FieldImage,
    Panel,
    PlotPanel,
    ViewState,
    formula_text,
    layer_ticks,
    register_panel,
    size_text,
)
from gui.style.theme import Theme, translucent

MOST_JOINED = 13
"""The number of layers, the input included, up to which edges are drawn."""
DENSITY_POWER = 0.4
"""The colour of a bin grows with this power of its share: few values are seen beside many."""


@register_panel(name="depth-network", position=360, title="Network")
@final
class DepthNetworkPanel(Panel[DepthStudy]):
    """The first units of every layer, coloured by what they answer to the first example."""

    tall = 0.55

    def make_items(self) -> None:
        spec = self.subject.experiment.runs[self.run]
        self.set_title(f"{LETTERS[self.run]}  {spec.name or spec.init.scheme}")
        self.set_note(formula_text(spec.init.formula))
        self._units = _Units(self, self.theme)
        self._legend = ColourLegend(self.card, self.theme)

    def arrange_items(self, area: QRectF) -> None:
        self._units.arrange(area.adjusted(0.0, 0.0, 0.0, -18.0))
        self._legend.arrange(area.adjusted(0.0, 0.0, 0.0, 3.0))

    def draw(self, state: ViewState) -> None:
        profile = self.subject.profile(self.run, state.index)
        layer = self.subject.layer(state.index)
        limit = 1.0 if self.subject.is_bounded else float(np.nanmax(np.abs(profile.units)))
        scale = ColourScale(limit if isfinite(limit) and limit else 1.0, self.theme, True)
        self._units.set_data(profile.units, scale, -1 if layer is None else layer + 1)
        shown = profile.units.shape[1]
        width = self.subject.spec.width
        of = f"{shown} of {width}" if shown < width else f"all {width}"
        many = self.subject.track_count > 3  # each then has room for half of the words
        self._legend.set_scale("a, example 1" if many else f"a of {of}, example 1", scale)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        at = self._units.unit_at(point)
        if at is None:
            return ""
        layer, unit = at
        value = self.subject.profile(self.run, state.index).units[layer, unit]
        where = f"layer {layer}, unit {unit + 1}" if layer else f"input {unit + 1}"
        return f"{where}: a = {value!s}"


@final
class _Units(AreaItem):
    """Columns of dots, layers and their units, joined by lines where layers are few."""

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: Array = np.zeros((0, 0))
        self._scale: ColourScale | None = None
        self._layer = -1

    def set_data(self, values: Array, scale: ColourScale, layer: int) -> None:
        """Show values (layers, units), and mark a layer; −1 marks none."""
        self._values, self._scale, self._layer = values, scale, layer
        self.update()

    def unit_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the layer and the unit at a point of the parent."""
        if not self.area.contains(point) or not self._values.size:
            return None
        across, down = self._steps()
        layer = int((point.x() - self.area.left()) // across)
        unit = int((point.y() - self.area.top()) // down)
        layers, units = self._values.shape
        return (layer, unit) if layer < layers and unit < units else None

    def _steps(self) -> tuple[float, float]:
        layers, units = self._values.shape
        return self.area.width() / layers, self.area.height() / units

    def _edges(self, across: float, down: float) -> list[QLineF]:
        """Return a line for each weight between the units shown; of many layers, one for all."""
        layers, units = self._values.shape
        left, top = self.area.left() + 0.5 * across, self.area.top() + 0.5 * down
        if layers > MOST_JOINED:
            middle = self.area.center().y()
            return [QLineF(left, middle, self.area.right() - 0.5 * across, middle)]
        heights = [top + unit * down for unit in range(units)]
        return [
            QLineF(left + layer * across, one, left + (layer + 1) * across, other)
            for layer in range(layers - 1)
            for one in heights
            for other in heights
        ]

    def paint_item(self, painter: QPainter) -> None:
        if self._scale is None or not self._values.size:
            return
        across, down = self._steps()
        size = max(1.5, min(0.72 * across, 0.8 * down, 14.0))
        if self._layer >= 0:
            mark = translucent(self._theme.accent, 0.25)
            left = self.area.left() + self._layer * across
            painter.fillRect(QRectF(left, self.area.top(), across, self.area.height()), mark)
        painter.setPen(QPen(QColor(self._theme.outline), 0.7))
        painter.drawLines(self._edges(across, down))
        painter.setPen(Qt.PenStyle.NoPen)
        for layer, column in enumerate(self._values.tolist()):
            x = self.area.left() + (layer + 0.5) * across
            for unit, value in enumerate(column):
                painter.setBrush(self._scale.colour(value))
                y = self.area.top() + (unit + 0.5) * down
                painter.drawEllipse(QRectF(x - size / 2.0, y - size / 2.0, size, size))


class DepthMapPanel(PlotPanel[DepthStudy]):
    """The histogram of the values of every layer: darker means more."""

    short_note = "lowest strip: 0"
    foot = 20.0

    def make_items(self) -> None:
        self._image = FieldImage(self.field, smooth=False)
        self._mark = QGraphicsRectItem(self.field)
        self._mark.setPen(QPen(QColor(self.theme.text), 1.4))
        self._words = self.add_words(6.0)
        self.decades = {"left"} if self.is_in_decades() else set()
        self.axes["bottom"].setTicks(layer_ticks(self.subject.spec.depth))
        if self.is_in_decades():
            self.set_note("lowest strip: 0, or off the axis")
        self.wanted = (0.5, self.subject.spec.depth + 0.5), (0.0, 1.0)

    @abstractmethod
    def edges(self) -> Array:
        """Return the edges of the bins."""

    @abstractmethod
    def is_in_decades(self) -> bool:
        """Whether bins are of sizes, in powers of ten."""

    @abstractmethod
    def counts(self, profile: Profile) -> NDArray[np.int64]:
        """Return the counts (L, bins)."""

    @abstractmethod
    def words(self, profile: Profile, layer: int | None) -> str:
        """Return what the panel says below the plot."""

    def place_items(self) -> None:
        self._image.arrange(self.area(self.x_range, self.y_range))

    def draw(self, state: ViewState) -> None:
        edges = self.edges()
        self.fit(self.wanted[0], (float(edges[0]), float(edges[-1])))
        profile = self.subject.profile(self.run, state.index)
        counts = self.counts(profile).astype(np.float64)
        # Relative to all values of the layer, not to the fullest bin, so that spread is visible.
        total = np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
        shares = (counts / total) ** DENSITY_POWER
        self._image.set_shares(shares.T[::-1], self.theme.density_lut(), self.theme.missing)
        layer = self.subject.layer(state.index)
        self._mark.setVisible(layer is not None)
        if layer is not None:
            self._mark.setRect(self.area((layer + 0.5, layer + 1.5), self.y_range))
        self._words.set_text(self.words(profile, layer))

    def frame_at(self, point: QPointF) -> int | None:
        return round(self.data_at(point)[0]) - 1 if self.subject.by_layer else None

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        edges = self.edges()
        layer = int(np.clip(round(x) - 1, 0, self.subject.spec.depth - 1))
        bin = int(np.clip(np.searchsorted(edges, y) - 1, 0, len(edges) - 2))
        profile = self.subject.profile(self.run, state.index)
        count = int(self.counts(profile)[layer, bin])
        low, high = edges[bin], edges[bin + 1]
        between = (
            f"10^{low:.3g} and 10^{high:.3g}"
            if self.is_in_decades()
            else f"{low:.3g} and {high:.3g}"
        )
        return f"layer {layer + 1}: {count:,} between {between}\n{self.words(profile, layer)}"


def _size(value: float) -> str:
    return size_text(value, 3) if isfinite(value) else "too large for floats"


def _with_zeros(text: str, share: float) -> str:
    return f"{text}, {100.0 * share:.0f} % are 0" if share else text


@register_panel(name="depth-activations", position=370, title="Activations a, by layer")
@final
class DepthActivationsPanel(DepthMapPanel):
    """The activations of every layer: by value where they are bounded, else by size."""

    row = 1
    tall = 0.8

    def edges(self) -> Array:
        return self.subject.edges

    def is_in_decades(self) -> bool:
        return not self.subject.is_bounded

    def counts(self, profile: Profile) -> NDArray[np.int64]:
        if self.is_in_decades():
            return profile.activations
        # The last layer is linear: its values have no place between the asymptotes.
        counts = profile.activations.copy()
        counts[-1] = 0
        return counts

    def words(self, profile: Profile, layer: int | None) -> str:
        last = self.subject.spec.depth - 1
        at = last - 1 if layer is None else layer
        name = f"layer {at + 1}"
        if layer is None:
            name += ", the last hidden"
        elif at == last:
            name += ", linear" if self.is_in_decades() else ", linear, not drawn"
        text = f"{name}: typical size {_size(float(profile.activation[at]))}"
        return _with_zeros(text, float(profile.zeros[at]))


@register_panel(name="depth-gradients", position=380, title="Errors |dZ|, by layer")
@final
class DepthGradientsPanel(DepthMapPanel):
    """The errors dZ that come back to every layer, by size."""

    row = 2
    tall = 0.8

    def edges(self) -> Array:
        return self.subject.decades

    def is_in_decades(self) -> bool:
        return True

    def counts(self, profile: Profile) -> NDArray[np.int64]:
        return profile.gradients

    def words(self, profile: Profile, layer: int | None) -> str:
        at = 0 if layer is None else layer
        name = "layer 1, the first" if layer is None else f"layer {at + 1}"
        text = f"{name}: typical size {_size(float(profile.gradient[at]))}"
        return _with_zeros(text, float(profile.gradient_zeros[at]))
