"""The actions that import and export points."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from engine import InitscopeError, counted
from engine.editing.data import Imported, with_file
from engine.points import SUFFIXES, write_points
from gui.document.document import Document, State
from gui.document.file_reader import FileReader
from gui.widgets import Action, file_dialog, file_to_save

FILTERS = (f"Points ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})", "All files (*)")


@final
class DataFiles(QObject):
    """Connects the actions that import and export points to the document.

    Parameters
    ----------
    document : Document
    actions : mapping of str to QAction
        By the names in `gui.widgets.actions.COMMANDS`.
    window : QWidget
        The parent of the dialogs.

    Signals
    -------
    error_reported(str)
    info_reported(str)
        What was imported or exported.

    Attributes
    ----------
    reader : FileReader
        Reads the files that are imported.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, document: Document, actions: Mapping[str, Action], window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._actions = actions
        self._window = window
        self.reader = FileReader(self._read, self)
        self.reader.finished.connect(self._import)
        self.reader.failed.connect(self.error_reported)
        self.reader.slow_reported.connect(self.info_reported)
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = QStandardPaths.writableLocation(documents)
        actions["import_points"].invoked.connect(self._open_import_dialog)
        actions["export_points"].invoked.connect(self._open_export_dialog)
        document.changed.connect(self._update_actions)
        self._update_actions()

    @Slot(str)
    def import_from(self, name: str) -> None:
        """Import the points of a CSV file, or report why it cannot be read.

        A file that takes long to read is imported when it has been read.
        """
        self.reader.read(name)

    def _read(self, name: str) -> tuple[State, Imported]:
        """Return the current state, and its experiment with the points of a file."""
        state = self._document.state
        return state, with_file(state.experiment, Path(name))

    @Slot(str)
    def _import(self, name: str) -> None:
        self._document.about_to_change.emit()
        before, imported = self.reader.content
        now = self._document.state
        if before.opening != now.opening:
            return  # another experiment was opened meanwhile
        if before.experiment is not now.experiment:  # it was changed meanwhile
            self.import_from(name)
            return
        path = Path(name)
        self._folder = str(path.absolute().parent)
        self._document.apply(imported.experiment, f"Import {path.name}")
        self.info_reported.emit(imported.message)

    @Slot(str)
    def export_to(self, name: str) -> None:
        """Write the examples to a CSV file, or report why it cannot be written."""
        path = file_to_save(self._window, name, SUFFIXES)
        if path is None:
            return
        try:
            data = self._document.experiment.load_data()
            write_points(path, data)
        except InitscopeError as error:
            self.error_reported.emit(str(error))
        else:
            self._folder = str(path.absolute().parent)
            self.info_reported.emit(f"exported {counted(data.examples, 'point')} to {path}")

    @Slot()
    def _update_actions(self) -> None:
        for name in ("import_points", "export_points"):
            self._actions[name].setEnabled(self._document.experiment.uses("data"))

    @Slot()
    def _open_import_dialog(self) -> None:
        self._import_dialog.setDirectory(self._folder)
        self._import_dialog.open()

    @Slot()
    def _open_export_dialog(self) -> None:
        self._export_dialog.setDirectory(self._folder)
        self._export_dialog.selectFile(f"{self._document.experiment.data.set_name}{SUFFIXES[0]}")
        self._export_dialog.open()

    @cached_property
    def _import_dialog(self) -> QFileDialog:
        dialog = file_dialog(self._window, "Import points", FILTERS)
        dialog.fileSelected.connect(self.import_from)
        return dialog

    @cached_property
    def _export_dialog(self) -> QFileDialog:
        dialog = file_dialog(self._window, "Export points", FILTERS, SUFFIXES[0])
        dialog.fileSelected.connect(self.export_to)
        return dialog
