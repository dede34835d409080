"""Functions that construct a widget with its properties in one expression."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

Object = TypeVar("Object", bound=QObject)


def configured(item: Object, **properties: object) -> Object:
    """Set Qt properties of an object, and return it.

    A name that Qt does not declare, such as `role`, is a property for the style sheet.
    """
    for name, value in properties.items():
        item.setProperty(name, value)
    return item


def push_button(name: str, text: str, handler: Callable[[], object]) -> QPushButton:
    """Return a button that is pressed by Enter only while it has the focus."""
    button = configured(QPushButton(text, autoDefault=False), objectName=name)
    button.clicked.connect(handler)
    return button
