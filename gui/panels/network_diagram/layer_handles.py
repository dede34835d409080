"""Handles on the network diagram that add and remove units and layers."""

from collections.abc import Iterable, Sequence
from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.editing.resizing import ResizeKind, Resizing
from gui.panels.base import ActivationMenuRequested, Item, NetworkResized
from gui.style.theme import Theme

RADIUS = 7.5
REACH = 2.0
"""So far beside a handle a click still counts."""
BESIDE = 33.0
"""The distance of handles beside a name from the middle of their column."""
TOUCHING = RADIUS + 1.5
"""Their distance where two handles replace the name."""
WIDE = 2.0 * (BESIDE + 2.0 * RADIUS + 2.0)
"""Columns so far apart have room for handles and a word."""
NARROW = 2.0 * (TOUCHING + 2.0 * RADIUS + 1.0)
"""Columns nearer to one another have room for one handle each above them."""
ARM = 3.4


Handled = NetworkResized | ActivationMenuRequested


@final
class LayerHandles:
    """Small buttons, there only while the pointer is over the diagram, and never in an export.

    Above, between two columns, a layer can be added; beside the name of a layer it can be
    removed. Below each hidden layer, units are added and removed.

    Parameters
    ----------
    panel : QGraphicsItem
    theme : Theme
    sizes : sequence of int
        n0 … nL.
    run : int
    """

    def __init__(self, panel: QGraphicsItem, theme: Theme, sizes: Sequence[int], run: int) -> None:
        def make(sign: str, interaction: Handled) -> "_Handle":
            return _Handle(panel, theme, sign, interaction)

        def resize(sign: str, kind: ResizeKind, layers: Iterable[int]) -> list["_Handle"]:
            return [make(sign, NetworkResized(Resizing(kind, layer))) for layer in layers]

        depth = len(sizes) - 1
        self._hidden = range(1, depth)
        self._between = resize("+", ResizeKind.ADD_LAYER, range(depth))
        self._removals = resize("×", ResizeKind.REMOVE_LAYER, self._hidden)
        self._menus = [make("▾", ActivationMenuRequested(run, at)) for at in self._hidden]
        self._more = resize("+", ResizeKind.ADD_UNIT, self._hidden)
        self._fewer = resize("−", ResizeKind.REMOVE_UNIT, self._hidden)
        self._lone = [sizes[layer] == 1 for layer in self._hidden]
        self._shown = self._beside_names = self._in_pairs = False

    def arrange(
        self, columns: Sequence[float], across: float, top: float, bottom: float, named: bool
    ) -> None:
        """Stand along the top and the bottom of columns, beside their names if they are named.

        Where columns at the distance `across` leave no room for that, handles replace the
        names. A width that does not depend on the units lets them stay where they are clicked.
        """
        self._beside_names = named and across >= WIDE
        self._in_pairs = across >= NARROW
        offset = BESIDE if across >= WIDE else TOUCHING
        for handle, left, right in zip(self._between, columns, columns[1:], strict=False):
            handle.setPos((left + right) / 2.0, top)
        for number, layer in enumerate(self._hidden):
            x = columns[layer]
            self._menus[number].setPos(x - (TOUCHING if self._in_pairs else 0.0), top)
            self._removals[number].setPos(x + (BESIDE if self._beside_names else TOUCHING), top)
            self._more[number].setPos(x + offset, bottom)
            self._fewer[number].setPos(x - offset, bottom)
        self.set_visible(self._shown)

    @property
    def cover_names(self) -> bool:
        """Whether the handles cover the names."""
        return self._shown and not self._beside_names

    @property
    def left(self) -> float:
        """Where the leftmost handle begins."""
        return self._between[0].x() - RADIUS

    def set_visible(self, shown: bool) -> None:
        """Show those that can do something, or none."""
        self._shown = shown
        for handle in (*self._between, *self._more):
            handle.setVisible(shown)
        for handle in self._menus:
            handle.setVisible(shown and not self._beside_names)
        for handle in self._removals:
            handle.setVisible(shown and self._in_pairs)
        for handle, lone in zip(self._fewer, self._lone, strict=True):
            handle.setVisible(shown and not lone)

    def at(self, point: QPointF) -> Handled | None:
        """Return what the handle at a point asks for, of those that are shown."""
        every = (*self._between, *self._removals, *self._menus, *self._more, *self._fewer)
        near = [(handle.distance(point), handle) for handle in every if handle.isVisible()]
        distance, nearest = min(near, key=lambda pair: pair[0], default=(RADIUS + REACH, None))
        return nearest.interaction if nearest is not None and distance < RADIUS + REACH else None


@final
class _Handle(Item):
    """A round button with a sign."""

    def __init__(self, panel: QGraphicsItem, theme: Theme, sign: str, interaction: Handled) -> None:
        super().__init__(panel)
        self.interaction = interaction
        self._sign = sign
        self._fill, self._pen = QColor(theme.surface), QPen(QColor(theme.accent), 1.2)
        self._strokes = QPen(QColor(theme.accent), 1.8)
        self._strokes.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.setZValue(4.0)
        self.hide()

    def distance(self, point: QPointF) -> float:
        """Return how far from its middle a point of the panel is."""
        away = point - self.pos()
        return float((away.x() ** 2 + away.y() ** 2) ** 0.5)

    def boundingRect(self) -> QRectF:
        reach = RADIUS + 1.0
        return QRectF(-reach, -reach, 2.0 * reach, 2.0 * reach)

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(self._pen)
        painter.setBrush(self._fill)
        painter.drawEllipse(QPointF(), RADIUS, RADIUS)
        painter.setPen(self._strokes)
        for x1, y1, x2, y2 in _STROKES[self._sign]:
            painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


_SLANT = 0.75 * ARM
_STROKES = {
    "+": ((-ARM, 0.0, ARM, 0.0), (0.0, -ARM, 0.0, ARM)),
    "−": ((-ARM, 0.0, ARM, 0.0),),
    "×": ((-_SLANT, -_SLANT, _SLANT, _SLANT), (-_SLANT, _SLANT, _SLANT, -_SLANT)),
    "▾": ((-ARM, -1.4, 0.0, 2.2), (0.0, 2.2, ARM, -1.4)),
}
"""The lines of each sign, drawn instead of typeset so that they are centred in any font."""
