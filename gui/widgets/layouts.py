"""Rows and columns of widgets."""

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Part = QWidget | QLayout | int | None
"""A widget, a layout, a space in pixels, or None for a stretch."""
Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
Box = TypeVar("Box", bound=QBoxLayout)


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
