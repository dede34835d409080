"""The base class of panels with axes, and the curves and markers drawn above the axes.

Lines and markers in panel units grow and shrink with the whole picture, which pyqtgraph's own
items, being as many pixels wide whatever the scale, do not.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, TypeVar, final

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
)

from engine import typeset
from gui.background import garbage
from gui.panels.base.axis_ranges import decade_ticks
from gui.panels.base.definitions import definition
from gui.panels.base.item import Item
from gui.panels.base.legend import symbol_path
from gui.panels.base.panel import TEXT, Panel, S, ViewState
from gui.panels.base.zones import make_field, shaded_zone
from gui.style.theme import font

AXIS_WIDTH = 40.0
AXIS_HEIGHT = 22.0
TICK_ROOM = {"left": 17.0, "bottom": 40.0}
"""The least distance between the numbers of an axis."""
LINE = 13.0
"""So high is a number."""
MOST_TICKS = 8
FEW = 16
"""The number of points up to which plain Python computes them faster than NumPy."""
Range = tuple[float, float]


class PlotPanel(Panel[S]):
    """A panel with a field of data coordinates, with axes left and below."""

    compact_foot: ClassVar[float | None] = None
    """That room in a compact panel, if it is another."""
    square: bool = False
    """Whether one unit is as long upwards as it is across."""

    def make_base(self) -> None:
        self.wanted: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        """The ranges of x and y that must be seen; the axes may show more."""
        self.x_range, self.y_range = self.wanted
        self.decades: set[str] = set()
        """Those of the axes "left" and "bottom" that show powers of ten by their exponents."""
        with garbage.held(self):  # such as panels before this one
            # A PlotItem would create a dozen widgets for its menus and forms.
            self._view = pg.ViewBox(
                parent=self.card, enableMenu=False, enableMouse=False, defaultPadding=0
            )
            self.axes = {side: self._make_axis(side) for side in ("left", "bottom")}
        self._view.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._view.setAcceptHoverEvents(False)
        self.field, self.still_field = make_field(self), make_field(self.card)
        self._red_bands: list[QGraphicsRectItem] = []

    def _make_axis(self, side: str) -> "_Axis":
        axis = _Axis(side, parent=self.card, maxTickLength=-4)
        axis.linkToView(self._view)
        axis.setPen(pg.mkPen(self.theme.outline))
        axis.setTextPen(pg.mkPen(self.theme.muted))
        # No third level of lines: they are hardly seen, and take half the time of them all.
        axis.setStyle(tickFont=font(TEXT - 1.0), tickTextOffset=4, maxTickLevel=1)
        axis.setGrid(110)
        # It is cached as a picture: drawing all its lines and texts takes 2 ms.
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        axis.enableAutoSIPrefix(False)
        # A fixed size: it must not depend on what was painted before.
        if side == "left":
            axis.setWidth(AXIS_WIDTH)
        else:
            axis.setHeight(AXIS_HEIGHT)
        return axis

    def hide_axes(self) -> None:
        """Show neither axes nor grid, where there is nothing to plot."""
        for axis in self.axes.values():
            axis.hide()

    def arrange_items(self, area: QRectF) -> None:
        foot = self.foot
        if self.compact and self.compact_foot is not None:
            foot = self.compact_foot
        field = area.adjusted(AXIS_WIDTH, 2.0, -2.0, -AXIS_HEIGHT - foot)
        field.setSize(field.size().expandedTo(QSizeF(1.0, 1.0)))
        self.field.setRect(field)
        self.still_field.setRect(field)
        self._view.setGeometry(field)
        self.axes["left"].setGeometry(QRectF(area.left(), field.top(), AXIS_WIDTH, field.height()))
        self.axes["bottom"].setGeometry(
            QRectF(field.left(), field.bottom(), field.width(), AXIS_HEIGHT)
        )
        self.arrange_foot(area)
        self.set_ranges(*self.wanted)

    def place_items(self) -> None:
        """Place the items that do not change with the frame, after a change of the ranges."""

    def text_at(self, x: float, y: float, state: ViewState) -> str:
        """Return the tool tip at data coordinates within the field."""
        return ""

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        if not self.is_in_field(point):
            return ""
        texts = self.text_at(*self.data_at(point), state), self.red_band_text(point)
        return "\n".join(filter(None, texts))

    def make_red_band(self) -> QGraphicsRectItem:
        """Return a new band over z in which an activation is saturated or inactive."""
        self._red_bands.append(shaded_zone(self.still_field, self.theme.alarm, 0.13))
        return self._red_bands[-1]

    def red_band_text(self, point: QPointF) -> str:
        """Return what a red band at a point means; empty where there is none."""
        here = (band.isVisible() and band.rect().contains(point) for band in self._red_bands)
        return definition("red bands") if any(here) else ""

    def is_in_field(self, point: QPointF) -> bool:
        """Whether a point of the panel is in the plot, between its axes."""
        return bool(self.field.rect().contains(point))

    def fit(self, x: Range, y: Range) -> None:
        """Show these data coordinates from now on, if they are not those shown."""
        if self.wanted != (x, y):
            self.set_ranges(x, y)

    def set_ranges(self, x: Range, y: Range) -> None:
        """Show these data coordinates, or more where the plot is square."""
        self.wanted = x, y
        field = self.field.rect()
        if self.square:
            x, y = _squared(x, y, field.width() / field.height())
        self.x_range, self.y_range = x, y
        for side, span, room in (("left", y, field.height()), ("bottom", x, field.width())):
            if side in self.decades:
                most = max(2, int(room // TICK_ROOM[side]))
                self.axes[side].setTicks(decade_ticks(*span, min(most, MOST_TICKS)))
        self._view.setRange(xRange=x, yRange=y, padding=0.0, disableAutoRange=True)
        self.place_items()

    def at(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Map data coordinates to the panel; far outside they are clipped for Qt."""
        field = self.field.rect()
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        across = (np.asarray(x, dtype=np.float64) - x0) / (x1 - x0)
        up = (np.asarray(y, dtype=np.float64) - y0) / (y1 - y0)
        left = field.left() + field.width() * np.clip(across, -10.0, 11.0)
        top = field.bottom() - field.height() * np.clip(up, -10.0, 11.0)
        return left, top

    def point(self, x: float, y: float) -> QPointF:
        """Map one point of data coordinates to the panel."""
        return self.points((x,), (y,))[0]

    def points(self, x: ArrayLike, y: ArrayLike) -> list[QPointF]:
        """Return what `at` does as points of Qt; for a few points it is faster."""
        xs, ys = (np.asarray(each, dtype=np.float64).ravel() for each in (x, y))
        if len(xs) > FEW:
            return list(map(QPointF, *(each.tolist() for each in self.at(xs, ys))))
        field = self.field.rect()
        left, bottom, width, height = field.left(), field.bottom(), field.width(), field.height()
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        across, up = x1 - x0, y1 - y0
        return [
            QPointF(
                left + width * min(max((each - x0) / across, -10.0), 11.0),
                bottom - height * min(max((other - y0) / up, -10.0), 11.0),
            )
            for each, other in zip(xs.tolist(), ys.tolist(), strict=True)
        ]

    def area(self, x: Range, y: Range) -> QRectF:
        """Map a rectangle of data coordinates to the panel."""
        return QRectF(self.point(x[0], y[1]), self.point(x[1], y[0]))

    def zero_line(self, b: float, w1: float, w2: float) -> tuple[list[float], list[float]]:
        """Return two points far out on the line b + w₁x + w₂y = 0; none where there is no line."""
        size = w1 * w1 + w2 * w2
        if size == 0.0 or size != size:
            return [], []
        x, y = -b * w1 / size, -b * w2 / size
        far = 4.0 * (self.x_range[1] - self.x_range[0]) / size**0.5
        return [x - far * w2, x + far * w2], [y + far * w1, y - far * w1]

    def pixel_middles(self, side: int) -> NDArray[np.float64]:
        """Return the data coordinates (2, side²) of the middles of pixels that fill the field."""
        middles = (np.arange(side) + 0.5) / side
        x = self.x_range[0] + (self.x_range[1] - self.x_range[0]) * middles
        y = self.y_range[1] - (self.y_range[1] - self.y_range[0]) * middles
        return np.stack([each.ravel() for each in np.meshgrid(x, y)])

    def data_at(self, point: QPointF) -> tuple[float, float]:
        """Return the data coordinates of a point of the panel."""
        field = self.field.rect()
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        across = (point.x() - field.left()) / max(field.width(), 1.0)
        up = (field.bottom() - point.y()) / max(field.height(), 1.0)
        return x0 + across * (x1 - x0), y0 + up * (y1 - y0)


class _Axis(pg.AxisItem):
    """An axis that counts lengths in panel units, not in the pixels of a view.

    Otherwise its ticks would depend on the screen, and there would be none in a picture that no
    view shows.
    """

    def mapToDevice(self, obj: QPointF) -> QPointF:
        return obj

    def _updateLabel(self) -> None:
        """Draw the axis again, without typesetting the label, which is never shown."""
        self.picture = None
        self.update()

    def boundingRect(self) -> QRectF:
        """Return pyqtgraph's rectangle, with room for half a number at both ends."""
        rect: QRectF = super().boundingRect()
        half = LINE / 2.0
        if self.orientation == "left":
            return rect.adjusted(0.0, -half, 0.0, half)
        return rect.adjusted(-half, 0.0, half, 0.0)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return pyqtgraph's numbers, as they are printed."""
        return [typeset(text) for text in super().tickStrings(values, scale, spacing)]

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Return pyqtgraph's spacings, or one that is wider where a low axis has no room."""
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        least = LINE * (maxVal - minVal) / max(size, 1.0)
        if self.orientation != "left" or not levels or levels[0][0] >= least:
            return levels
        spacing = levels[0][0]
        return [(next(spacing * by for by in (2, 5, 10, 20, 1e3) if spacing * by >= least), 0.0)]


class FieldItem(Item):
    """An item in a field of a plot panel, painted at data coordinates of the panel."""

    def __init__(self, panel: PlotPanel[Any], field: QGraphicsItem) -> None:
        super().__init__(field)
        self._panel = panel
        self._bounds = QRectF()

    def cache(self) -> None:
        """Paint the item once, and copy the picture until it changes."""
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_bounds(self, bounds: QRectF) -> None:
        """Announce a change of what is painted, which is within these bounds from now on."""
        self.prepareGeometryChange()
        self._bounds = bounds
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds


@final
class Curve(FieldItem):
    """A line through points, in the field of a plot panel.

    A `still` curve is part of the card and cached as a picture; it must not lead far outside the
    field. Its `path` is in panel units.
    """

    # A QGraphicsPathItem strokes the whole path just to know its bounds.

    def __init__(
        self,
        panel: PlotPanel[Any],
        colour: str | QColor,
        width: float = 2.0,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
        still: bool = False,
    ) -> None:
        super().__init__(panel, panel.still_field if still else panel.field)
        if still:
            self.cache()
        self._pen = QPen(
            QColor(colour), width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin
        )
        self.path = QPainterPath()

    def set_data(self, x: ArrayLike, y: ArrayLike) -> None:
        """Lead through these data coordinates; NaN parts the line."""
        points = self._panel.points(x, y) if np.size(x) <= FEW else []
        if points and not any(map(_is_nan, points)):
            path = QPainterPath()
            path.addPolygon(QPolygonF(points))
        else:
            path = pg.arrayToQPath(*self._panel.at(x, y), connect="finite")
        if path != self.path:
            self.path = path
            reach = self._pen.widthF()
            self.set_bounds(path.controlPointRect().adjusted(-reach, -reach, reach, reach))

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(self._pen)
        painter.drawPath(self.path)


def unit_size(unit: int) -> float:
    """Return the size of a unit's marks beside the first unit's, 0 … 1.

    Marks of equal units coincide: the later ones are smaller, so that all are visible.
    """
    return max(0.3, 1.0 / (1.0 + 0.4 * unit))


@final
class Markers(FieldItem):
    """Marks of one `size` and shape at `points`, both in panel units, in a plot panel's field."""

    def __init__(
        self,
        panel: PlotPanel[Any],
        colour: str | QColor,
        symbol: str = "o",
        size: float = 11.0,
        edge: str | QColor | None = None,
        clipped: bool = True,
    ) -> None:
        super().__init__(panel, panel.field if clipped else panel)
        self._brush = QColor(colour)
        self._pen = QPen(QColor(edge if edge is not None else panel.theme.surface), 1.2)
        if size < 7.0 and edge is None:
            self._pen = QPen(Qt.PenStyle.NoPen)  # it would be all that is left
        self._symbol = symbol
        self.set_size(size)

    def set_size(self, size: float) -> None:
        """Change the size of the marks, which is to be followed by `set_data`."""
        self.size = size
        self._shape = symbol_path(self._symbol, size)
        self.points: list[QPointF] = []

    def set_data(self, x: ArrayLike, y: ArrayLike) -> None:
        """Mark these data coordinates; those that are not finite are left out."""
        points = [each for each in self._panel.points(x, y) if not _is_nan(each)]
        if points != self.points:
            self.points = points
            reach = self.size
            self.set_bounds(QPolygonF(points).boundingRect().adjusted(-reach, -reach, reach, reach))

    def nearest(self, point: QPointF, reach: float = 9.0) -> int | None:
        """Return the number of the mark nearest to a point of the panel, within reach."""
        distances = [(p - point).manhattanLength() for p in self.points]
        if not distances or min(distances) > reach:
            return None
        return distances.index(min(distances))

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(self._pen)
        painter.setBrush(self._brush)
        for point in self.points:
            painter.translate(point)
            painter.drawPath(self._shape)
            painter.translate(-point)


K = TypeVar("K")


def nearest_marks(markers: Iterable[tuple[K, Markers]], point: QPointF) -> Iterator[tuple[K, int]]:
    """Yield the key of all markers within reach of a point, with the number of the nearest mark."""
    for key, marks in markers:
        number = marks.nearest(point)
        if number is not None:
            yield key, number


def _is_nan(point: QPointF) -> bool:
    return point.x() != point.x() or point.y() != point.y()


def _squared(x: Range, y: Range, aspect: float) -> tuple[Range, Range]:
    """Widen one of two ranges so that their lengths have a ratio."""
    width, height = x[1] - x[0], y[1] - y[0]
    if width < aspect * height:
        more = (aspect * height - width) / 2.0
        return (x[0] - more, x[1] + more), y
    more = (width / aspect - height) / 2.0
    return x, (y[0] - more, y[1] + more)
