"""The panes beside the picture, and full screen, which hides them."""

from collections.abc import Mapping
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.widgets import Action

ROOM = 1500
"""The width in pixels below which the window shows one side pane at a time."""


@final
class SidePanes(QObject):
    """Shows and hides side panes by their actions, and hides all of them in full screen.

    Parameters
    ----------
    window : QMainWindow
    actions : mapping of str to Action
        With `full_screen`, `leave_full_screen`, and one for each pane.
    sides : mapping of str to QWidget
        By the name of the checkable action that shows it.
    """

    def __init__(
        self, window: QMainWindow, actions: Mapping[str, Action], sides: Mapping[str, QWidget]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._leaving = actions["leave_full_screen"]
        self._leaving.setEnabled(False)
        self._actions = actions
        self._side_panes = {actions[name]: side for name, side in sides.items()}
        for action in self._side_panes:
            action.toggled.connect(partial(self._show, action))
        actions["full_screen"].invoked.connect(
            lambda: self._set_full_screen(not window.isFullScreen())
        )
        self._leaving.invoked.connect(lambda: self._set_full_screen(False))

    @Slot(str)
    def bring(self, name: str) -> None:
        """Show a pane, and leave full screen for it."""
        if self._window.isFullScreen():
            self._set_full_screen(False)
        self._actions[name].setChecked(True)

    def _show(self, action: Action, shown: bool) -> None:
        if shown and self._window.width() < ROOM:
            for other in self._side_panes:
                other.setChecked(other is action)
        self._side_panes[action].setVisible(shown)

    def _set_full_screen(self, is_full: bool) -> None:
        self._leaving.setEnabled(is_full)
        self._window.menuBar().setVisible(not is_full)
        for action, side in self._side_panes.items():
            side.setVisible(action.isChecked() and not is_full)
        full_screen, state = Qt.WindowState.WindowFullScreen, self._window.windowState()
        self._window.setWindowState(state | full_screen if is_full else state & ~full_screen)
