"""Functions that construct, arrange, configure and dispose of widgets.

For the line edit of a spin box and the list of a combo box, Qt 6.11 caches, by their address, that
no style rule applies. It does not remove these entries, of about 1 kB each, when the widgets are
deleted, and a form creates such widgets for every experiment with other fields. So widgets are
disposed of together with their entries.
"""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

Object = TypeVar("Object", bound=QObject)
Part = QWidget | QLayout | int | None
"""A widget, a layout, a space in pixels, or None for a stretch."""
Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
Box = TypeVar("Box", bound=QBoxLayout)
_EMPTY_STYLE_SHEET = " "
"""An empty style sheet; Qt removes the cache entries of widgets that have one."""


def configured(item: Object, **values: object) -> Object:
    """Set properties of an object, connect its signals, and return it.

    The constructors of PySide do the same, but type checkers do not know their signals.

    Parameters
    ----------
    item : QObject
    **values
        The value of each property; for a signal, a function or another signal. `role` is a
        property for the style sheet; Qt declares all others.
    """
    for name, value in values.items():
        if callable(value):
            getattr(item, name).connect(value)
        else:
            # Qt would accept a misspelt name.
            assert name == "role" or item.metaObject().indexOfProperty(name) >= 0, name
            item.setProperty(name, value)
    return item


def push_button(name: str, text: str, handler: Callable[[], object]) -> QPushButton:
    """Return a button that is pressed by Enter only while it has the focus."""
    return configured(QPushButton(text, autoDefault=False), objectName=name, clicked=handler)


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property, and apply the style sheet again if its value changes."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def row(
    *parts: Part | tuple[Part, int],
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: Margins | None = (0, 0, 0, 0),
) -> QHBoxLayout:
    """Return a layout of parts from left to right; see `column`."""
    return _filled(QHBoxLayout(), parts, parent, spacing, margins)


def column(
    *parts: Part | tuple[Part, int],
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: Margins | None = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Return a layout of parts from top to bottom.

    Parameters
    ----------
    *parts
        A part in a tuple comes with its stretch factor.
    parent : QWidget, optional
        The widget that gets the layout.
    spacing : int, optional
        Pixels between the parts; the style's where omitted.
    margins : tuple of int, optional
        Pixels around the parts; the style's where None.
    """
    return _filled(QVBoxLayout(), parts, parent, spacing, margins)


def widget_of(layout: QLayout) -> QWidget:
    """Return a new widget with a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def _filled(
    box: Box,
    parts: tuple[Part | tuple[Part, int], ...],
    parent: QWidget | None,
    spacing: int | None,
    margins: Margins | None,
) -> Box:
    if parent is not None:
        parent.setLayout(box)
    if spacing is not None:
        box.setSpacing(spacing)
    if margins is not None:
        box.setContentsMargins(*margins)
    for each in parts:
        part, stretch = each if isinstance(each, tuple) else (each, 0)
        if isinstance(part, QWidget):
            box.addWidget(part, stretch)
        elif isinstance(part, QLayout):
            box.addLayout(part, stretch)
        elif part is None:
            box.addStretch(stretch or 1)
        else:
            box.addSpacing(part)
    return box


def dispose_widget(widget: QWidget) -> None:
    """Hide a widget that is in no layout, and schedule its deletion.

    It emits no signals any more: what it edits may no longer exist.
    """
    for each in (widget, *widget.findChildren(QObject)):  # also timers
        each.blockSignals(True)
    widget.hide()
    forget_style(widget)
    widget.deleteLater()


def forget_style(widget: QWidget) -> None:
    """Let Qt remove the cached style of a widget and its children when it is deleted.

    Call it for a widget that deletes itself when it is closed; it cannot be shown again.
    """
    for box in (*widget.findChildren(QAbstractSpinBox), *widget.findChildren(QComboBox), widget):
        if isinstance(box, QAbstractSpinBox | QComboBox):
            for part in box.children():
                if isinstance(part, QLineEdit | QFrame):
                    part.setStyleSheet(_EMPTY_STYLE_SHEET)
