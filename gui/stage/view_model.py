"""Holds the view options of a window."""

from dataclasses import replace
from typing import Any, final

from PySide6.QtCore import QObject, Signal

from gui.stage.view_state import ViewOptions


@final
class ViewModel(QObject):
    """The current view options, which controllers change and the frame scheduler reads.

    Signals
    -------
    changed()
        The frame is to be drawn with other options.
    """

    changed = Signal()

    def __init__(self, options: ViewOptions, parent: QObject) -> None:
        super().__init__(parent)
        self._options = options

    @property
    def options(self) -> ViewOptions:
        """The current options."""
        return self._options

    def update(self, **changes: Any) -> None:
        """Replace fields of the options."""
        self._options = replace(self._options, **changes)
        self.changed.emit()

    def deselect(self) -> None:
        """Select no parameter, without a signal: a drawing follows."""
        self._options = replace(self._options, selected=None)

    def discard_what_if(self) -> None:
        """Show recorded frames only, without a signal: a drawing follows."""
        self._options = replace(self._options, what_if=None)
