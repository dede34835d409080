"""Disposes of widgets together with the data that Qt's style sheets cache for them.

For the line edit of a spin box and the list of a combo box, Qt 6.11 caches, by their address, that
no style rule applies. It does not remove these entries, of about 1 kB each, when the widgets are
deleted, and a form creates such widgets for every experiment with other fields.
"""

from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QLineEdit, QWidget

_EMPTY_STYLE_SHEET = " "
"""An empty style sheet; Qt removes the cache entries of widgets that have one."""


def dispose_widget(widget: QWidget) -> None:
    """Hide a widget that is in no layout, and schedule its deletion."""
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
