"""Full screen: the picture alone with the transport, and the way back to what was shown."""

from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget


@final
class FullScreen(QObject):
    """Shows and hides what stands around the picture.

    Parameters
    ----------
    window : QMainWindow
    actions : mapping of str to QAction
        With `full_screen`, `leave_full_screen`, and one for each side.
    sides : mapping of str to QWidget
        What stands beside the picture, by the name of the checkable action that shows it.
    """

    def __init__(
        self, window: QMainWindow, actions: Mapping[str, QAction], sides: Mapping[str, QWidget]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._leaving = actions["leave_full_screen"]
        self._leaving.setEnabled(False)
        self._sides = [(actions[name], side) for name, side in sides.items()]
        for action, side in self._sides:
            action.toggled.connect(side.setVisible)
        actions["full_screen"].triggered.connect(self._toggle)
        self._leaving.triggered.connect(self._leave)

    @Slot()
    def _toggle(self) -> None:
        if self._window.isFullScreen():
            self._leave()
            return
        self._leaving.setEnabled(True)
        self._window.menuBar().hide()
        for _, side in self._sides:
            side.hide()
        self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowFullScreen)

    @Slot()
    def _leave(self) -> None:
        self._leaving.setEnabled(False)
        self._window.menuBar().show()
        for action, side in self._sides:
            side.setVisible(action.isChecked())
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowFullScreen)
