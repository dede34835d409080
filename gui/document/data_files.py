"""The actions that import and export points."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.editing.data import Imported, with_file
from engine.errors import InitscopeError
from engine.experiment.points_file import write_points
from engine.text import counted
from gui.document.document import Document, State
from gui.document.reading import Reading
from gui.widgets.file_dialog import file_dialog

SUFFIX = ".csv"
FILTERS = ("Points (*.csv *.tsv *.txt)", "All files (*)")


@final
class DataFiles(QObject):
    """Joins the actions that import and export points to the document.

    Parameters
    ----------
    document : Document
    actions : mapping of str to QAction
        By the names of `gui.widgets.actions.COMMANDS`.
    window : QWidget
        Whose dialogs they are.

    Signals
    -------
    told(str)
        What could not be done, and why.
    noted(str)
        What was made of a file.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)

    def __init__(self, document: Document, actions: Mapping[str, QAction], window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._actions = actions
        self._window = window
        self._reading = Reading(self._read, self)
        self._reading.came.connect(self._take)
        self._reading.failed.connect(self.error_reported)
        self._reading.slow_reported.connect(self.info_reported)
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = QStandardPaths.writableLocation(documents)
        actions["import_points"].triggered.connect(self._ask_what_to_import)
        actions["export_points"].triggered.connect(self._ask_where_to_export)
        document.changed.connect(self._show_whether_possible)
        self._show_whether_possible()

    @Slot(str)
    def import_from(self, name: str) -> None:
        """Take the points of a CSV file; tell what was made of them, or why it cannot be.

        If it takes long to read, they are taken as soon as it is read.
        """
        try:
            read = self._reading.read(name)
        except InitscopeError as error:
            self.error_reported.emit(str(error))
        else:
            if read is not None:
                self._take(name, read)

    def _read(self, name: str) -> tuple[State, Imported]:
        """Return the state of now, and what the points of a file make of its experiment."""
        state = self._document.state
        return state, with_file(state.experiment, Path(name))

    @Slot(str, object)
    def _take(self, name: str, read: tuple[State, Imported]) -> None:
        before, imported = read
        if before.opening != self._document.opening:
            return  # they were for what has been left for another experiment
        if before.experiment is not self._document.experiment:  # it was changed meanwhile
            self.import_from(name)
            return
        path = Path(name)
        self._folder = str(path.absolute().parent)
        self._document.apply(imported.experiment, f"Import {path.name}")
        self.info_reported.emit(imported.message)

    @Slot(str)
    def export_to(self, name: str) -> None:
        """Write the examples to a CSV file; tell why if that cannot be done."""
        path = Path(name)
        path = path if path.suffix else path.with_suffix(SUFFIX)
        try:
            data = self._document.experiment.load_data()
            write_points(path, data)
        except InitscopeError as error:
            self.error_reported.emit(str(error))
        else:
            self._folder = str(path.absolute().parent)
            self.info_reported.emit(f"exported {counted(data.examples, 'point')} to {path}")

    @Slot()
    def _show_whether_possible(self) -> None:
        for name in ("import_points", "export_points"):
            self._actions[name].setEnabled(self._document.experiment.uses("data"))

    @Slot()
    def _ask_what_to_import(self) -> None:
        self._import_dialog.setDirectory(self._folder)
        self._import_dialog.open()

    @Slot()
    def _ask_where_to_export(self) -> None:
        self._export_dialog.setDirectory(self._folder)
        self._export_dialog.selectFile(f"{self._document.experiment.data.set_name}{SUFFIX}")
        self._export_dialog.open()

    @cached_property
    def _import_dialog(self) -> QFileDialog:
        dialog = file_dialog(self._window, "Import points")
        dialog.setNameFilters(FILTERS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.import_from)
        return dialog

    @cached_property
    def _export_dialog(self) -> QFileDialog:
        dialog = file_dialog(self._window, "Export points")
        dialog.setNameFilters(FILTERS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.fileSelected.connect(self.export_to)
        return dialog
