"""A tool button for an action."""

from typing import final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton


@final
class ActionButton(QToolButton):
    """Shows the text, icon and state of an action, and triggers it.

    It replaces the default action of a tool button: at every change of the default action, Qt 6.11
    connects the button to it once more, so each change takes longer than the last.

    Parameters
    ----------
    action : QAction
    """

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        action.changed.connect(self._show)
        self._show()

    def nextCheckState(self) -> None:
        """Trigger the action, which then updates the check state."""
        self._action.trigger()

    @Slot()
    def _show(self) -> None:
        action = self._action
        self.setText(action.iconText().replace("&", "&&"))
        self.setIcon(action.icon())
        self.setToolTip(action.toolTip())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())
        self.setEnabled(action.isEnabled())
