"""Widgets that go, together with what Qt's style sheets keep of them.

Of the line in a number's field and of the list of a choice, which a style sheet cannot style by
themselves, Qt 6.11 notes by their address that there is nothing to note, some 1 kB each, and does
not cross it out when they go. A form is made anew for every experiment that has other fields.
"""

from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QLineEdit, QWidget

_OF_ITS_OWN = " "
"""A style sheet that says nothing, but makes what has it something that Qt crosses out."""


def dispose_widget(widget: QWidget) -> None:
    """Hide a widget, which no layout has any more, and delete it once nobody is in its midst."""
    widget.hide()
    forget_style(widget)
    widget.deleteLater()


def forget_style(widget: QWidget) -> None:
    """Have the style sheets forget a widget, with all in it, as soon as it is deleted.

    For one that deletes itself when it is closed; it cannot be shown again.
    """
    for box in (*widget.findChildren(QAbstractSpinBox), *widget.findChildren(QComboBox), widget):
        if isinstance(box, QAbstractSpinBox | QComboBox):
            for part in box.children():
                if isinstance(part, QLineEdit | QFrame):
                    part.setStyleSheet(_OF_ITS_OWN)
