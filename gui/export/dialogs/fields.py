"""The fields that the forms of the exports share."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, final

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
from gui.export.formats.format import Format
from gui.stage.catalogue import panels_of, shown_panels
from gui.style.theme import THEMES
from gui.widgets.file_dialog import file_dialog

Place = QStandardPaths.StandardLocation


class FormatChoice(NamedTuple):
    """The name of a format, and what is missing to write it; empty for nothing."""

    name: str
    lack: str = ""


def format_choices(formats: Mapping[str, type[Format]]) -> dict[str, FormatChoice]:
    """Return the choices of export formats."""
    return {suffix: FormatChoice(each.title, each.lack()) for suffix, each in formats.items()}


@final
class FileField(QObject):
    """A format, and a file whose name has the suffix of the format.

    Parameters
    ----------
    formats : mapping of str to FormatChoice
        By the suffix of the file.
    title : str
        The title after which the file is named at first.
    place : Place
        The folder of the user in which the file is at first, if there is one.
    parent : QWidget

    Signals
    -------
    changed()
        The file or the format.
    format_changed()
        The format; emitted first.
    """

    changed = Signal()
    format_changed = Signal()

    def __init__(
        self,
        formats: Mapping[str, FormatChoice],
        title: str,
        place: Place,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._folder = _folder(place)
        self.format = _format_box(formats)
        self.path = QLineEdit(str(self._folder / f"{_file_name(title)}{self.suffix}"))
        self.path.setMinimumWidth(260)
        self.browse = QPushButton("Choose…")
        self.format.activated.connect(self._change_format)
        self.path.textChanged.connect(self._select_format)
        self.browse.clicked.connect(self._open_dialog)

    @property
    def suffix(self) -> str:
        """The suffix of the selected format."""
        return str(self.format.currentData())

    @property
    def file(self) -> Path:
        """The file, with its folder."""
        path = Path(self.path.text().strip())
        return path if path.is_absolute() else self._folder / path

    def add_to(self, form: QFormLayout) -> None:
        """Add the fields to a form."""
        form.addRow("Format", self.format)
        form.addRow("File", row(self.path, self.browse))

    @Slot()
    def _change_format(self) -> None:
        """Give the file the suffix of the selected format."""
        text = self.path.text()
        stem = text[: len(text) - len(self._suffix_of(text))]
        self.path.setText(f"{stem}{self.suffix}")
        self.format_changed.emit()

    @Slot()
    def _select_format(self) -> None:
        """Select the format of the suffix of the file."""
        index = self.format.findData(self._suffix_of(self.path.text()))
        if index >= 0 and index != self.format.currentIndex():
            self.format.setCurrentIndex(index)
            self.format_changed.emit()
        self.changed.emit()

    def _suffix_of(self, name: str) -> str:
        """Return the longest suffix of a format at the end of a name."""
        ends = (suffix for suffix in self._formats if name.lower().endswith(suffix))
        return max(ends, key=len, default="")

    @Slot()
    def _open_dialog(self) -> None:
        dialog = self._dialog
        dialog.selectNameFilter(dialog.nameFilters()[self.format.currentIndex()])
        dialog.setDefaultSuffix(self.suffix.lstrip("."))
        dialog.selectFile(str(self.file))
        dialog.open()

    @cached_property
    def _dialog(self) -> QFileDialog:
        dialog = file_dialog(self.browse, "Export to")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [f"{name} (*{suffix})" for suffix, (name, _) in self._formats.items()]
        )
        dialog.fileSelected.connect(self.path.setText)
        return dialog


@final
class PanelBoxes(QGridLayout):
    """A check box for each panel that an experiment can show.

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
        """The selected panels; raises `UsageError` if there are none."""
        names = tuple(name for name, box in self.boxes.items() if box.isChecked())
        if not names:
            raise UsageError("panels: select at least one")
        return names


def _format_box(formats: Mapping[str, FormatChoice]) -> QComboBox:
    """Return the choice of a format; one that cannot be written is disabled and says why."""
    box = QComboBox()
    model = QStandardItemModel(box)
    for suffix, (name, lack) in formats.items():
        item = QStandardItem(f"{name} ({suffix}): lacks {lack}" if lack else f"{name} ({suffix})")
        item.setData(suffix, Qt.ItemDataRole.UserRole)
        item.setEnabled(not lack)
        model.appendRow(item)
    box.setModel(model)
    usable = (number for number, choice in enumerate(formats.values()) if not choice.lack)
    box.setCurrentIndex(next(usable, 0))
    return box


def number_box(least: int, most: int, grouped: bool = True) -> QSpinBox:
    """Return a field for a whole number."""
    box = QSpinBox(minimum=least, maximum=most)
    box.setGroupSeparatorShown(grouped)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return box


def theme_box(theme: str) -> QComboBox:
    """Return the choice of a theme, with this one selected."""
    box = QComboBox()
    for name in THEMES:
        box.addItem(name.capitalize(), name)
    box.setCurrentIndex(box.findData(theme))
    return box


def form_layout(parent: QWidget) -> QFormLayout:
    """Return the layout of a form without margins, whose fields grow."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return a row of widgets; None is stretchable space."""
    result = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            result.addStretch(1)
        else:
            result.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return result


def _folder(place: Place) -> Path:
    """Return a folder of the user that exists, if possible the given one."""
    for each in (place, Place.DocumentsLocation, Place.HomeLocation):
        folder = Path(QStandardPaths.writableLocation(each))
        if folder.is_dir():
            return folder
    return Path.cwd()


def _file_name(title: str) -> str:
    """Return a title as the name of a file.

    >>> _file_name("Zero against random: σ")
    'zero-against-random-σ'
    """
    return "-".join(re.findall(r"\w+", title.lower()))[:60] or "initscope"
