"""The actions that open dialogs for exports and help, and that copy a report."""

from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from engine.training.scene import Scene
from gui.playback.player import Player
from gui.stage.appearance import Appearance


@final
class DialogActions(QObject):
    """Opens the dialogs of a window.

    Parameters
    ----------
    player : Player
        It determines the current frame.
    appearance : Appearance
        It determines the theme.
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    window : QWidget

    Signals
    -------
    info_reported(str)
        What was copied.
    """

    info_reported = Signal(str)

    def __init__(
        self,
        player: Player,
        appearance: Appearance,
        actions: Mapping[str, QAction],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._player = player
        self._appearance = appearance
        self._actions = actions
        self._window = window
        self._scene: Scene | None = None
        actions["export"].triggered.connect(self._export)
        actions["export_frame"].triggered.connect(self._export_frame)
        actions["export_numbers"].triggered.connect(self._export_numbers)
        actions["help"].triggered.connect(self._help)
        actions["report"].triggered.connect(self._report)

    def show_scene(self, scene: Scene) -> None:
        """Export this scene."""
        self._scene = scene

    def may_close(self) -> bool:
        """Close all dialogs; return whether none stays, as one with a running export may."""
        return all(dialog.close() for dialog in self._window.findChildren(QDialog))

    @Slot()
    def _export(self) -> None:
        if self._scene is None:
            return
        from gui.export.dialogs.animation_dialog import (
            AnimationDialog,  # only once it is asked for: it loads FFmpeg
        )

        theme = self._appearance.theme.name
        self._show(AnimationDialog(self._scene, self._player.index, theme, self._window))

    @Slot()
    def _export_frame(self) -> None:
        if self._scene is None:
            return
        from gui.export.dialogs.single_frame_dialog import SingleFrameDialog  # likewise

        theme = self._appearance.theme.name
        self._show(SingleFrameDialog(self._scene, self._player.index, theme, self._window))

    @Slot()
    def _export_numbers(self) -> None:
        if self._scene is not None:
            from gui.export.dialogs.table_dialog import TableDialog

            self._show(TableDialog(self._scene, self._window))

    @staticmethod
    def _show(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    @Slot()
    def _help(self) -> None:
        from gui.window.help_sheet import HelpSheet

        HelpSheet(dict(self._actions), self._appearance.theme, self._window).show()

    @Slot()
    def _report(self) -> None:
        from gui.settings.log import report_text

        QGuiApplication.clipboard().setText(report_text())
        self.info_reported.emit(
            "copied the versions and the end of the log: paste them into your report, and say "
            "what you did"
        )
