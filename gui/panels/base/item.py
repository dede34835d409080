"""The base class of items that paint themselves in Python.

An exception that leaves a `paint` which Qt called while Python called Qt brings the process down
(PySide6 6.11.3, with two items to paint after it). So none leaves it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar, final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_errors: ContextVar[list[Exception] | None] = ContextVar("errors", default=None)


class Item(QGraphicsItem):
    """An item whose painting may raise: the exception is reported and painting continues."""

    failures: ClassVar[int] = 0
    """The number of times that an item could not be painted."""

    @final
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        try:
            self.paint_item(painter)
        except Exception as error:
            Item.failures += 1
            errors = _errors.get()
            if errors is None:
                sys.excepthook(type(error), error, error.__traceback__)
            else:
                errors.append(error)

    def paint_item(self, painter: QPainter) -> None:
        """Paint the item, if it has contents of its own."""


class AreaItem(Item):
    """An item that fills a rectangle of its parent."""

    def __init__(self, parent: QGraphicsItem | None) -> None:
        super().__init__(parent)
        self.area = QRectF()

    def arrange(self, area: QRectF) -> None:
        """Fill this rectangle, in the parent's coordinates."""
        self.prepareGeometryChange()
        self.area = QRectF(area)
        self.update()

    def boundingRect(self) -> QRectF:
        return self.area


@contextmanager
def painting_or_failing() -> Iterator[None]:
    """Raise, at the end, the first exception of an item that was painted meanwhile.

    For pictures that are saved: an incomplete one must not pass for complete.
    """
    errors: list[Exception] = []
    token = _errors.set(errors)
    try:
        yield
    finally:
        _errors.reset(token)
    if errors:
        raise errors[0]
