"""What panels of formulas are made of: an explanation that fills the panel."""

from abc import abstractmethod
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.comparison import Comparison
from engine.explaining.notation import Explanation, Line
from engine.explaining.quantity import FIRST, Quantity, parse_quantity
from gui.explaining.sheet import Sheet
from gui.panels.item import Item
from gui.panels.panel import Moment, Panel
from gui.theme import Theme


class FormulaPanel(Panel):
    """A panel that explains the number which the experiment says, or the first entry of dW[1]."""

    breadth = 2.2
    proportion = 1.0
    short_note = "[ ] counts from 0"
    by_default = False

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        self._formulas = _Formulas(self, theme)

    @abstractmethod
    def explanation(self, moment: Moment, quantity: Quantity) -> Explanation:
        """Return what the panel says in a moment, about or around a number of the network."""

    def arrange_items(self, area: QRectF) -> None:
        self._formulas.arrange(area)

    def draw(self, moment: Moment) -> None:
        said = moment.comparison.experiment.explained
        chosen = FIRST if said is None else parse_quantity(said)
        # A network may have lost the unit that is explained, or been given other layers.
        sizes = moment.comparison.experiment.network.layers
        explained = self.explanation(moment, chosen.within(sizes))
        self.set_title(f"{self.title}: {explained.subject}")
        self.set_note(explained.counting)
        self._formulas.set_lines(explained.lines)


@final
class _Formulas(Item):
    """Lines of an explanation in an area, in type as large as there is room for."""

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rect = QRectF()
        self._lines: tuple[Line, ...] = ()
        self._sheet = Sheet((), theme, 0.0)

    def arrange(self, area: QRectF) -> None:
        """Take this place."""
        self.prepareGeometryChange()
        self.setPos(area.topLeft())
        self._rect = QRectF(0.0, 0.0, area.width(), area.height())
        self._set()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        if lines != self._lines:
            self._lines = lines
            self._set()

    def _set(self) -> None:
        # Here and not in `paint`, in which an error would end the program.
        width, height = self._rect.width(), self._rect.height()
        self._sheet = Sheet(self._lines, self._theme, width, height)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setClipRect(self._rect)
        self._sheet.paint(painter)
