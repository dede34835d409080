"""Holds the view options of a window."""

from dataclasses import replace
from typing import Any, final

from PySide6.QtCore import QObject, Signal

from gui.stage.view_state import ViewOptions


@final
class ViewModel(QObject):
    """The current view options, which controllers change and the frame scheduler reads.

    Attributes
    ----------
    options : ViewOptions

    Signals
    -------
    changed()
        The frame is to be drawn with other options.
    """

    changed = Signal()

    def __init__(self, options: ViewOptions, parent: QObject) -> None:
        super().__init__(parent)
        self.options = options

    def update(self, **changes: Any) -> None:
        """Replace fields of the options."""
        self.replace(**changes)
        self.changed.emit()

    def replace(self, **changes: Any) -> None:
        """Replace fields of the options without a signal, before a drawing."""
        self.options = replace(self.options, **changes)
