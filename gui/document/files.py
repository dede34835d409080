"""The actions that open and save, and the question about unsaved changes."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import final

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from engine import InitscopeError
from engine.library.built_ins import BUILT_INS
from engine.points import SUFFIXES
from gui.document.document import Document, State
from gui.document.file_reader import FileReader
from gui.document.opening import SUFFIX, Opened, open_document
from gui.document.recent_files import RecentFiles
from gui.settings.settings import Settings
from gui.widgets import (
    Action,
    as_it_stands,
    capitalised,
    file_dialog,
    file_stem,
    file_to_save,
)

SAVED = ("Experiments (*.toml)",)
FEW = 5
"""The number of titles of unsaved experiments in a question."""


@final
class Files(QObject):
    """Connects the actions that open and save to the document.

    Parameters
    ----------
    document : Document
    actions : mapping of str to QAction
        By the names in `gui.widgets.actions.COMMANDS`.
    settings : Settings
        Contain the last folder and the recent files.
    window : QWidget
        The parent of the dialogs, onto which files can be dropped.

    Signals
    -------
    error_reported(str)
    info_reported(str)
        That reading takes long.
    points_dropped(str)
        A file of points was dropped onto the window.
    """

    error_reported = Signal(str)
    info_reported = Signal(str)
    points_dropped = Signal(str)

    def __init__(
        self,
        document: Document,
        actions: Mapping[str, Action],
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._actions = actions
        self._window = window
        self._last_folder = settings.folder
        self._recent = RecentFiles(settings.recent, window)
        self._recent.chosen.connect(self.open)
        self._reader = FileReader(open_document, self)
        self._reader.finished.connect(self._open_read)
        self._reader.failed.connect(self.error_reported)
        self._reader.slow_reported.connect(self.info_reported)
        self._last_path: Path | None = None
        document.changed.connect(self._on_changed)
        actions["open"].invoked.connect(self._show_open_dialog)
        actions["save"].invoked.connect(self._save)
        actions["save_as"].invoked.connect(self._show_save_dialog)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def remembered(self, settings: Settings) -> Settings:
        """Return the settings with the current folder and recent files."""
        return settings.replaced(folder=self._last_folder, recent=self._recent.paths)

    def fill_menu(self, menu: QMenu) -> None:
        """Insert the submenu of recent files after the action `open`."""
        menu.insertMenu(self._actions["save"], self._recent.menu)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open a file that is dropped onto the window."""
        if isinstance(event, QDropEvent):  # also while a file is dragged
            files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            if files:
                event.acceptProposedAction()
                if event.type() is QEvent.Type.Drop:
                    is_points = Path(files[0]).suffix.lower() in SUFFIXES
                    (self.points_dropped.emit if is_points else self.open)(files[0])
                return True
        return super().eventFilter(watched, event)

    @Slot(str, result=bool)
    def open(self, name: str) -> bool:
        """Open a built-in experiment or a file, and return whether it is open.

        Errors are reported. A file that takes long to read is opened when it has been read.
        """
        opening = self._document.state.opening
        if name in BUILT_INS:
            self._reader.cancel()
            self._open(name, open_document(name))
        else:
            self._reader.read(name)
        return self._document.state.opening != opening

    @Slot(str)
    def _open_read(self, name: str) -> None:
        self._open(name, self._reader.content)

    def _open(self, name: str, opened: Opened) -> None:
        self._document.open(opened)
        self._remember(Path(name))

    @Slot(str)
    def save_to(self, name: str) -> None:
        """Save to a file, by default with the suffix .toml; report errors."""
        path = file_to_save(self._window, name, [SUFFIX])
        try:
            if path is not None:
                self._document.save(path)
        except InitscopeError as error:
            self.error_reported.emit(str(error))

    def may_close(self) -> bool:
        """Ask whether to save unsaved changes, save them, and return whether to close."""
        unsaved = self._document.unsaved
        if not unsaved:
            return True
        chosen = self._ask_whether_to_save(f"Save the changes to {_titles(unsaved)}?")
        if chosen != QMessageBox.StandardButton.Save:
            return bool(chosen == QMessageBox.StandardButton.Discard)
        opened = self._document.opened
        return all(
            self._save_before_closing(state, opened[place + 1 :])
            for place, state in enumerate(opened)
            if state.is_modified
        )

    def _save_before_closing(self, state: State, later: Sequence[State]) -> bool:
        """Save one of the opened experiments, and return whether the window may close.

        If it cannot be saved, ask again, until it is saved elsewhere or discarded, or the user
        cancels. The files of what was opened `later` are not replaced.
        """
        taken = {each.path for each in later if each.path}
        path = None if state.path in taken or not self._may_write(state) else state.path
        while True:
            path = path or self._ask_for_file(state, taken)
            if path is None:
                return False
            try:
                if path in taken:
                    raise InitscopeError(
                        f"{path} is the file of an experiment that was opened later"
                    )
                self._document.save(path, state)
            except InitscopeError as error:
                path = None
                chosen = self._ask_whether_to_save(
                    f"{capitalised(str(error))}. Save the changes elsewhere?"
                )
                if chosen != QMessageBox.StandardButton.Save:
                    return bool(chosen == QMessageBox.StandardButton.Discard)
            else:
                return True

    def _ask_for_file(self, state: State, taken: Collection[Path]) -> Path | None:
        proposal = self._proposal(state)
        if proposal in taken:
            numbered = (proposal.with_stem(f"{proposal.stem}-{number}") for number in count(2))
            proposal = next(path for path in numbered if not path.exists())
        title = f"Save “{state.experiment.title}”"
        dialog = file_dialog(self._window, title, SAVED, SUFFIX)
        dialog.setDirectory(self._folder())
        dialog.selectFile(str(proposal))
        if not dialog.exec():
            return None
        path = file_to_save(self._window, dialog.selectedFiles()[0], [SUFFIX])
        return None if path is None else path.absolute()

    def _may_write(self, state: State) -> bool:
        """Ask whether to replace what was written to the file of a state meanwhile."""
        if state.path is None or not self._document.is_overtaken(state):
            return True
        question = f"{state.path.name} has changed on disk since it was opened. Replace it?"
        chosen = QMessageBox.question(self._window, "Initscope", as_it_stands(question))
        return bool(chosen == QMessageBox.StandardButton.Yes)

    def _ask_whether_to_save(self, question: str) -> QMessageBox.StandardButton:
        button = QMessageBox.StandardButton
        return QMessageBox.question(
            self._window,
            "Initscope",
            as_it_stands(question),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )

    @Slot()
    def _on_changed(self) -> None:
        path = self._document.path
        if path is not None and path != self._last_path:
            self._remember(path)
        self._last_path = path

    def _remember(self, path: Path) -> None:
        if path.is_file():
            self._last_folder = str(path.absolute().parent)
            self._recent.add(path)

    @Slot()
    def _show_open_dialog(self) -> None:
        self._open_dialog.setDirectory(self._folder())
        self._open_dialog.open()

    @Slot()
    def _save(self) -> None:
        state = self._document.state
        if state.path and self._may_write(state):
            self.save_to(str(state.path))
        else:
            self._show_save_dialog()

    @Slot()
    def _show_save_dialog(self) -> None:
        self._save_dialog.setDirectory(self._folder())
        self._save_dialog.selectFile(str(self._proposal(self._document.state)))
        self._save_dialog.open()

    @cached_property
    def _open_dialog(self) -> QFileDialog:
        from gui.export.formats.registry import ALL_FORMATS  # here, because it loads PyAV

        endings = " ".join(f"*{suffix}" for suffix in (SUFFIX, *ALL_FORMATS))
        filters = f"Experiments and exported files ({endings})", "All files (*)"
        dialog = file_dialog(self._window, "Open an experiment", filters)
        dialog.fileSelected.connect(self.open)
        return dialog

    @cached_property
    def _save_dialog(self) -> QFileDialog:
        dialog = file_dialog(self._window, "Save the experiment", SAVED, SUFFIX)
        dialog.fileSelected.connect(self.save_to)
        return dialog

    def _folder(self) -> str:
        if self._last_folder and Path(self._last_folder).is_dir():
            return self._last_folder
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def _proposal(self, state: State) -> Path:
        if state.path:
            return state.path
        return Path(self._folder(), f"{file_stem(state.experiment.title)}{SUFFIX}")


def _titles(states: Sequence[State]) -> str:
    """Return a few titles, and the number of the others."""
    titles = [f"“{state.experiment.title}”" for state in states]
    more = len(titles) - FEW
    if more > 0:
        titles[FEW:] = [f"{more} more"]
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)
