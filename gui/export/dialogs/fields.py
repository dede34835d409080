"""The fields that the forms of the exports share."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, final

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, SignalInstance, Slot
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
from gui.stage.catalogue import PANELS, panels_of, shown_panels
from gui.style.theme import THEMES
from gui.widgets import configured, file_dialog, file_stem, row, with_suffix

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
        self.format = configured(_format_box(formats), activated=self._change_format)
        self.path = configured(
            QLineEdit(str(self._folder / f"{file_stem(title)}{self.suffix}")),
            minimumWidth=260,
            textChanged=self._select_format,
        )
        self.browse = configured(QPushButton("Choose…"), clicked=self._open_dialog)

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
        text = self.path.text()
        stem = text[: len(text) - len(self._suffix_of(text))]
        self.path.setText(f"{stem}{self.suffix}")
        self.format_changed.emit()

    @Slot()
    def _select_format(self) -> None:
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
        return configured(dialog, fileSelected=self._on_chosen)

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        others = [suffix for suffix in self._formats if suffix != self.suffix]
        self.path.setText(str(with_suffix(Path(name), [self.suffix, *others])))


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
        shown = shown_panels(experiment)
        self.boxes = {
            panel.name: configured(
                QCheckBox(panel.title), checked=panel.name in shown, toggled=self.changed
            )
            for panel in panels_of(experiment.kind)
        }
        for name, box in self.boxes.items():
            reason = PANELS[name].nothing_to_show(experiment)
            box.setEnabled(box.isChecked() or not reason)
            box.setToolTip(reason)
        for number, box in enumerate(self.boxes.values()):
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
        self.file = configured(
            FileField(formats, experiment.title, place, self), changed=self.changed
        )
        growth = QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow
        self.rows = QFormLayout(self, fieldGrowthPolicy=growth)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.addRow("Format", self.file.format)
        self.rows.addRow("File", row((self.file.path, 1), self.file.browse))


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
        configured(
            self.theme,
            currentIndex=self.theme.findData(theme),
            currentIndexChanged=self.changed,
        )
        self.panels = configured(PanelBoxes(experiment), changed=self.changed)

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


def number_box(
    least: int, most: int, changed: Callable[[], object] | SignalInstance, grouped: bool = True
) -> QSpinBox:
    """Return a field for a whole number, whose changes call a function or emit a signal."""
    box = QSpinBox(minimum=least, maximum=most)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return configured(box, showGroupSeparator=grouped, valueChanged=changed)


def _folder(place: Place) -> Path:
    """Return a folder of the user that exists, if possible the given one."""
    places = (place, Place.DocumentsLocation, Place.HomeLocation)
    folders = (Path(QStandardPaths.writableLocation(each)) for each in places)
    return next(filter(Path.is_dir, folders), Path.cwd())
