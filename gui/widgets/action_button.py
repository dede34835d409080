"""A button of an action."""

from typing import final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget


@final
class ActionButton(QToolButton):
    """Looks as its action says, and does it.

    In the place of a tool button's default action: with every change of that one, Qt 6.11 connects
    the button to it once more, so that each change takes longer than the one before.

    Parameters
    ----------
    action : QAction, optional
        None leaves it to `follow`.
    parent : QWidget, optional
    """

    def __init__(self, action: QAction | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: QAction | None = None
        if action is not None:
            self.follow(action)

    def follow(self, action: QAction) -> None:
        """Be the button of an action from now on; that can be said once."""
        if self._action is not None:
            raise ValueError("action: the button has one")
        self._action = action
        action.changed.connect(self._show)
        self._show()

    def nextCheckState(self) -> None:
        """Do the action, by which the button is clicked; what it is then, it tells."""
        if self._action is not None:
            self._action.trigger()

    @Slot()
    def _show(self) -> None:
        action = self._action
        assert action is not None
        self.setText(action.iconText().replace("&", "&&"))
        self.setIcon(action.icon())
        self.setToolTip(action.toolTip())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())
        self.setEnabled(action.isEnabled())
