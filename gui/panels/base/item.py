"""The base class of items that paint themselves in Python.

An exception that leaves a `paint` which Qt called while Python called Qt brings the process down
(PySide6 6.11.3, with two items to paint after it). So none leaves it.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ClassVar

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

_errors: ContextVar[list[Exception] | None] = ContextVar("errors", default=None)


class Item(QGraphicsItem):
    """An item whose painting may raise: the exception is reported and painting continues."""

    failures: ClassVar[int] = 0
    """The number of times that an item could not be painted."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "paint" in vars(cls):
            cls.paint = _guarded(cls.paint)  # type: ignore[method-assign]


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


def _guarded(paint: Callable[..., None]) -> Callable[..., None]:
    @wraps(paint)
    def guarded(*arguments: Any) -> None:
        try:
            paint(*arguments)
        except Exception as error:
            Item.failures += 1
            errors = _errors.get()
            if errors is None:
                sys.excepthook(type(error), error, error.__traceback__)
            else:
                errors.append(error)

    return guarded
