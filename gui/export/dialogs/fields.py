"""What the forms of all exports are made of."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from gui.stage.catalogue import panels_of, shown_panels
from gui.widgets.file_dialog import file_dialog

Place = QStandardPaths.StandardLocation


@final
class FileField(QObject):
    """A format, and a file whose name ends as it does.

    Parameters
    ----------
    formats : mapping of str to str
        What users call each format, by the end of a file's name.
    lacking : mapping of str to str
        What is lacking for those that cannot be written here, likewise; nothing for the others.
    title : str
        What the file is named after at first.
    place : Place
        The user's folder in which it lies at first, if there is one.
    parent : QWidget

    Signals
    -------
    changed()
        The file, or the format.
    format_changed()
        The format; comes first.
    """

    changed = Signal()
    format_changed = Signal()

    def __init__(
        self,
        formats: Mapping[str, str],
        lacking: Mapping[str, str],
        title: str,
        place: Place,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._folder = _folder(place)
        self.format = _choice(formats, lacking)
        self.path = QLineEdit(str(self._folder / f"{_file_name(title)}{self.suffix}"))
        self.path.setMinimumWidth(260)
        self.browse = QPushButton("Choose…")
        self.format.activated.connect(self._change_format)
        self.path.textChanged.connect(self._follow_name)
        self.browse.clicked.connect(self._ask_for_path)

    @property
    def suffix(self) -> str:
        """The end of the file's name that the chosen format has."""
        return str(self.format.currentData())

    @property
    def file(self) -> Path:
        """The file, with its folder."""
        path = Path(self.path.text().strip())
        return path if path.is_absolute() else self._folder / path

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields into a form."""
        form.addRow("Format", self.format)
        form.addRow("File", row(self.path, self.browse))

    @Slot()
    def _change_format(self) -> None:
        """Name the file after the format that was chosen."""
        text = self.path.text()
        stem = text[: len(text) - len(self._ending(text))]
        self.path.setText(f"{stem}{self.suffix}")
        self.format_changed.emit()

    @Slot()
    def _follow_name(self) -> None:
        """Choose the format that the file is named after."""
        index = self.format.findData(self._ending(self.path.text()))
        if index >= 0 and index != self.format.currentIndex():
            self.format.setCurrentIndex(index)
            self.format_changed.emit()
        self.changed.emit()

    def _ending(self, name: str) -> str:
        """Return the longest end of a name that is a format's."""
        ends = (suffix for suffix in self._formats if name.lower().endswith(suffix))
        return max(ends, key=len, default="")

    @Slot()
    def _ask_for_path(self) -> None:
        dialog = self._dialog
        dialog.selectNameFilter(dialog.nameFilters()[self.format.currentIndex()])
        dialog.setDefaultSuffix(self.suffix.lstrip("."))
        dialog.selectFile(str(self.file))
        dialog.open()

    @cached_property
    def _dialog(self) -> QFileDialog:
        dialog = file_dialog(self.browse, "Export to")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{name} (*{suffix})" for suffix, name in self._formats.items()])
        dialog.fileSelected.connect(self.path.setText)
        return dialog


@final
class PanelBoxes(QGridLayout):
    """A box for each panel that an experiment may show.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        kinds = {panel.name: panel for panel in panels_of(experiment.kind)}
        self.boxes = {name: QCheckBox(panel.title) for name, panel in kinds.items()}
        shown = shown_panels(experiment)
        for number, (name, box) in enumerate(self.boxes.items()):
            box.setChecked(name in shown)
            box.toggled.connect(self.changed)
            self.addWidget(box, number // 2, number % 2)

    @property
    def names(self) -> tuple[str, ...]:
        """The panels that are chosen; raises `UsageError` if there is none."""
        names = tuple(name for name, box in self.boxes.items() if box.isChecked())
        if not names:
            raise UsageError("panels: choose at least one")
        return names


def _choice(formats: Mapping[str, str], lacking: Mapping[str, str]) -> QComboBox:
    """Return the choice of a format; one that cannot be written is there to say why."""
    box = QComboBox()
    model = QStandardItemModel(box)
    for suffix, name in formats.items():
        lack = lacking.get(suffix, "")
        item = QStandardItem(f"{name} ({suffix}): lacks {lack}" if lack else f"{name} ({suffix})")
        item.setData(suffix, Qt.ItemDataRole.UserRole)
        item.setEnabled(not lack)
        model.appendRow(item)
    box.setModel(model)
    usable = (number for number, suffix in enumerate(formats) if not lacking.get(suffix))
    box.setCurrentIndex(next(usable, 0))
    return box


def number_box(least: int, most: int, grouped: bool = True) -> QSpinBox:
    """Return a field of a whole number."""
    box = QSpinBox(minimum=least, maximum=most)
    box.setGroupSeparatorShown(grouped)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return box


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; None stands for room that is left over."""
    result = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            result.addStretch(1)
        else:
            result.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return result


def _folder(place: Place) -> Path:
    """Return the user's folder for such files, or of anything."""
    for each in (place, Place.DocumentsLocation, Place.HomeLocation):
        folder = Path(QStandardPaths.writableLocation(each))
        if folder.is_dir():
            return folder
    return Path.cwd()


def _file_name(title: str) -> str:
    """Return a title as a file is named.

    >>> _file_name("Zero against random: σ")
    'zero-against-random-σ'
    """
    return "-".join(re.findall(r"\w+", title.lower()))[:60] or "initscope"
