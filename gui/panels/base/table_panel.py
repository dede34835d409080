"""The base of panels that show a table with lines of text below it."""

from PySide6.QtCore import QRectF

from gui.panels.base.panel import Panel
from gui.panels.base.table import Table


class TablePanel(Panel):
    """A panel filled by a table, above `foot_lines` in a foot of height `foot`."""

    _table: Table

    def arrange_items(self, area: QRectF) -> None:
        self._table.arrange(area.adjusted(0.0, 0.0, 0.0, -self.foot))
        self.arrange_foot(area)
