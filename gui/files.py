"""The actions that open and save, and the question whether to save before closing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import final

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import InitscopeError
from gui.document import SUFFIX, Document

OPENED = (
    "Experiments and exported files (*.toml *.mp4 *.webm *.gif *.webp *.apng *.png)",
    "All files (*)",
)
SAVED = ("Experiments (*.toml)",)


@final
class Files(QObject):
    """Joins the actions that open and save to the document.

    Parameters
    ----------
    document : Document
    actions : mapping of str to QAction
        By the names of `gui.actions.COMMANDS`.
    folder : str
        Where to begin looking for files; empty for the user's documents.
    window : QWidget
        Whose dialogs they are.

    Signals
    -------
    told(str)
        What could not be done, and why.
    """

    told = Signal(str)

    def __init__(
        self, document: Document, actions: Mapping[str, QAction], folder: str, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self.folder = folder
        handlers: dict[str, Callable[[], None]] = {
            "open": self._ask_what_to_open,
            "save": self._save,
            "save_as": self._ask_where_to_save,
        }
        for name, handler in handlers.items():
            actions[name].triggered.connect(handler)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the file that is dropped onto the window."""
        if isinstance(event, QDropEvent):  # a file that enters, or is moved, is one too
            files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            if files:
                event.acceptProposedAction()
                if event.type() is QEvent.Type.Drop:
                    self.open(files[0])
                return True
        return super().eventFilter(watched, event)

    @Slot(str, result=bool)
    def open(self, name: str) -> bool:
        """Open a built-in experiment or a file; tell why and return False if that fails."""
        try:
            self._document.open(name)
        except InitscopeError as error:
            self.told.emit(str(error))
            return False
        self._remember(Path(name))
        return True

    @Slot(str)
    def save_to(self, name: str) -> None:
        """Save to a file; tell why if that cannot be done."""
        path = Path(name)
        path = path if path.suffix else path.with_suffix(SUFFIX)
        try:
            self._document.save(path)
        except InitscopeError as error:
            self.told.emit(str(error))
        else:
            self._remember(path)

    def may_close(self) -> bool:
        """Ask what to do with unsaved changes, if there are any, and do it."""
        if not self._document.is_modified:
            return True
        button = QMessageBox.StandardButton
        chosen = QMessageBox.question(
            self._window,
            "Initscope",
            f"Save the changes to “{self._document.experiment.title}”?",
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        if chosen == button.Save:
            name = str(self._document.path or "")
            if not name:
                name, _ = QFileDialog.getSaveFileName(
                    self._window, "Save the experiment", self._proposal(), ";;".join(SAVED)
                )
            if name:
                self.save_to(name)
            return not self._document.is_modified
        return bool(chosen == button.Discard)

    def _remember(self, path: Path) -> None:
        if path.is_file():
            self.folder = str(path.absolute().parent)

    @Slot()
    def _ask_what_to_open(self) -> None:
        dialog = self._dialog("Open an experiment", OPENED)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    @Slot()
    def _save(self) -> None:
        if self._document.path:
            self.save_to(str(self._document.path))
        else:
            self._ask_where_to_save()

    @Slot()
    def _ask_where_to_save(self) -> None:
        dialog = self._dialog("Save the experiment", SAVED)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.selectFile(self._proposal())
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def _dialog(self, title: str, filters: tuple[str, ...]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder())
        dialog.setNameFilters(list(filters))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _folder(self) -> str:
        if self.folder and Path(self.folder).is_dir():
            return self.folder
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def _proposal(self) -> str:
        if self._document.path:
            return str(self._document.path)
        words = "".join(c if c.isalnum() else " " for c in self._document.experiment.title)
        return str(Path(self._folder(), "-".join(words.lower().split())[:60] + SUFFIX))
