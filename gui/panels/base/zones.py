"""Rectangles in plots: a field that clips its children, and shaded zones."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from gui.style.theme import translucent


def make_field(parent: QGraphicsItem) -> QGraphicsRectItem:
    """Return an invisible rectangle that clips its children."""
    field = QGraphicsRectItem(parent)
    field.setPen(QPen(Qt.PenStyle.NoPen))
    field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
    return field


def shaded_zone(parent: QGraphicsItem, colour: str | QColor, opacity: float) -> QGraphicsRectItem:
    """Return a rectangle without an outline that lets what is below it show through."""
    zone = QGraphicsRectItem(parent)
    zone.setPen(QPen(Qt.PenStyle.NoPen))
    zone.setBrush(translucent(colour, opacity))
    return zone
