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
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from engine import UsageError
from engine.experiment import Experiment
from gui.export.formats.format import Format
from gui.stage.catalogue import panels_of, shown_panels
from gui.style.theme import THEMES
from gui.widgets.builders import row
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
        filters = [f"{name} (*{suffix})" for suffix, (name, _) in self._formats.items()]
        dialog = file_dialog(self.browse, "Export to", filters, self.suffix)
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
        self.boxes = {panel.name: QCheckBox(panel.title) for panel in panels_of(experiment.kind)}
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


class ExportForm(QWidget):
    """The base of the forms of the exports: the format and the file.

    Parameters
    ----------
    formats : mapping of str to FormatChoice
        By the suffix of the file.
    experiment : Experiment
        Its title is the initial name of the file.
    place : Place
        The folder of the user in which the file is at first.

    Signals
    -------
    changed()
        Something was changed.
    """

    changed = Signal()

    def __init__(
        self, formats: Mapping[str, FormatChoice], experiment: Experiment, place: Place
    ) -> None:
        super().__init__()
        self.file = FileField(formats, experiment.title, place, self)
        self.file.changed.connect(self.changed)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Format", self.file.format)
        form.addRow("File", row((self.file.path, 1), self.file.browse))
        self.rows = form


class PictureForm(ExportForm):
    """The base of the forms of pictures, which also have a theme and panels.

    Parameters
    ----------
    formats, experiment, place
        See `ExportForm`.
    theme : str
        The initial theme.
    """

    def __init__(
        self,
        formats: Mapping[str, FormatChoice],
        experiment: Experiment,
        place: Place,
        theme: str,
    ) -> None:
        super().__init__(formats, experiment, place)
        self.theme = QComboBox()
        for name in THEMES:
            self.theme.addItem(name.capitalize(), name)
        self.theme.setCurrentIndex(self.theme.findData(theme))
        self.panels = PanelBoxes(experiment)
        self.theme.currentIndexChanged.connect(self.changed)
        self.panels.changed.connect(self.changed)

    def _add_rows(self, rows: Mapping[str, QWidget | QLayout]) -> None:
        """Add fields by their label, then the theme and the panels."""
        for label, field in {**rows, "Theme": self.theme, "Panels": self.panels}.items():
            self.rows.addRow(label, field)


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


def _folder(place: Place) -> Path:
    """Return a folder of the user that exists, if possible the given one."""
    places = (place, Place.DocumentsLocation, Place.HomeLocation)
    folders = (Path(QStandardPaths.writableLocation(each)) for each in places)
    return next(filter(Path.is_dir, folders), Path.cwd())


def _file_name(title: str) -> str:
    """Return a title as the name of a file.

    >>> _file_name("Zero against random: σ")
    'zero-against-random-σ'
    """
    return "-".join(re.findall(r"\w+", title.lower()))[:60] or "initscope"
