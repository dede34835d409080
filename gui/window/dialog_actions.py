"""The actions that open dialogs for exports and help, and that copy a report."""

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from engine.glossary import terms_in
from engine.training import Scene
from gui.workspace.workspace import Workspace


@final
class DialogActions(QObject):
    """Opens the dialogs of a window. Their modules are imported when they are opened."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        handlers = {
            "export": self._export,
            "export_frame": self._export_frame,
            "export_numbers": self._export_numbers,
            "help": self._help,
            "glossary": self._glossary,
            "report": self._report,
        }
        for name, handler in handlers.items():
            workspace.actions[name].invoked.connect(handler)

    def may_close(self) -> bool:
        """Close all dialogs; return whether none stays, as one with a running export may."""
        return all(dialog.close() for dialog in self._workspace.window.findChildren(QDialog))

    @Slot()
    def _export(self) -> None:
        from gui.export.dialogs.animation_dialog import AnimationDialog

        self._show(AnimationDialog)

    @Slot()
    def _export_frame(self) -> None:
        from gui.export.dialogs.single_frame_dialog import SingleFrameDialog

        self._show(SingleFrameDialog)

    @Slot()
    def _export_numbers(self) -> None:
        from gui.export.dialogs.table_dialog import TableDialog

        self._show(lambda scene, index, theme, window: TableDialog(scene, window))

    def _show(self, make: Callable[[Scene, int, str, QWidget], QDialog]) -> None:
        workspace = self._workspace
        scene = workspace.current_scene
        if scene is not None:
            theme = workspace.appearance.theme.name
            dialog = make(scene, workspace.player.index, theme, workspace.window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()

    @Slot()
    def _help(self) -> None:
        from gui.window.help_sheet import HelpSheet

        workspace = self._workspace
        HelpSheet(workspace.actions, workspace.appearance.theme, workspace.window).show()

    @Slot()
    def _glossary(self) -> None:
        self.show_term("")

    @Slot(str)
    def show_term(self, key: str) -> None:
        """Show the glossary at a term, by its key; at its beginning if the key is empty."""
        from gui.window.glossary_sheet import GlossarySheet

        workspace = self._workspace
        written = "\n".join(label.text for label in workspace.view.stage.labels)
        sheet = GlossarySheet(terms_in(written), workspace.window)
        sheet.show()
        if key:
            sheet.show_term(key)

    @Slot()
    def _report(self) -> None:
        from gui.settings.log import report_text

        QGuiApplication.clipboard().setText(report_text())
        self._workspace.messages.show_message(
            "copied the versions and the end of the log: paste them into your report, and say "
            "what you did",
            is_error=False,
        )
