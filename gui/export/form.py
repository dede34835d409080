"""The form of the export dialog: everything that a plan says, and the plan it adds up to."""

import re
from dataclasses import replace
from pathlib import Path
from typing import final

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from engine.errors import UsageError
from engine.experiment import Experiment
from engine.scenes.opening import kind_of
from gui.export.format import SIDES
from gui.export.formats import FORMATS
from gui.export.plan import ExportPlan, FrameRange, parse_fps
from gui.panel_catalogue import panels_of, shown_panels
from gui.theme import THEMES

SIZES = ((3840, 2160), (1920, 1080), (1280, 720), (960, 540), (640, 360))
RATES = ("10", "12.5", "20", "24", "25", "30", "50", "60")
MOST_HELD = 9999


@final
class ExportForm(QWidget):
    """The fields of an export.

    Parameters
    ----------
    experiment : Experiment
        What is exported: its title names the file.
    last_index : int
        The greatest frame index there will be.
    theme : str
        The theme that is chosen at first.
    parent : QWidget, optional

    Signals
    -------
    changed()
        Something was changed.
    """

    changed = Signal()

    def __init__(
        self, experiment: Experiment, last_index: int, theme: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._last_index = last_index
        self.format = QComboBox()
        _offer_formats(self.format)
        self.path = QLineEdit(
            str(_folder() / f"{_file_name(experiment.title)}{self.format.currentData()}")
        )
        self.path.setMinimumWidth(260)
        self.browse = QPushButton("Choose…")
        self.size_preset = QComboBox()
        for width, height in SIZES:
            self.size_preset.addItem(f"{width} × {height}", (width, height))
        self.size_preset.addItem("Other", None)
        self.width_box, self.height_box = (_number(*SIDES, grouped=False) for _ in range(2))
        self.rate = QComboBox()
        self.rate.setEditable(True)
        self.rate.addItems(RATES)
        self.first, self.last = (_number(0, last_index) for _ in range(2))
        self.stride = _number(1, max(1, last_index))
        self.hold_first, self.hold_last = (_number(0, MOST_HELD) for _ in range(2))
        self.theme = QComboBox()
        for name in THEMES:
            self.theme.addItem(name.capitalize(), name)
        kinds = {panel.name: panel for panel in panels_of(kind_of(experiment))}
        self.panels = {name: QCheckBox(panel.title) for name, panel in kinds.items()}

        self.last.setValue(last_index)
        self.theme.setCurrentIndex(self.theme.findData(theme))
        for name, box in self.panels.items():
            box.setChecked(name in shown_panels(experiment))
        self._choose_size(1920, 1080)
        self._show_default_rate()
        self._arrange()
        self._connect()

    def plan(self) -> ExportPlan:
        """Return the plan as it stands; raise `UsageError` if it is none.

        The user is asked in words whether an older file is to be replaced: the plan may.
        """
        path = Path(self.path.text().strip())
        if self.last.value() < self.first.value():
            frames = FrameRange(self.first.value(), self.first.value())  # none, and told so
        else:
            is_whole = self.last.value() == self._last_index
            stop = None if is_whole else self.last.value() + 1
            stride = self.stride.value()
            frames = FrameRange(self.first.value() or None, stop, None if stride == 1 else stride)
        plan = ExportPlan(
            path=path if path.is_absolute() else _folder() / path,
            size=(self.width_box.value(), self.height_box.value()),
            fps=parse_fps(self.rate.currentText()),
            frames=frames,
            hold_first=self.hold_first.value(),
            hold_last=self.hold_last.value(),
            theme=self.theme.currentData(),
            overwrite=True,
        )
        panels = tuple(name for name, box in self.panels.items() if box.isChecked())
        if not panels:
            raise UsageError("panels: choose at least one")
        return replace(plan, panels=panels)

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Format", self.format)
        form.addRow("File", _row(self.path, self.browse))
        form.addRow(
            "Size", _row(self.size_preset, self.width_box, QLabel("×"), self.height_box, None)
        )
        form.addRow("Frames a second", self.rate)
        form.addRow(
            "Frames", _row(self.first, QLabel("to"), self.last, QLabel("by"), self.stride, None)
        )
        form.addRow("Hold the first", _row(self.hold_first, QLabel("frames more"), None))
        form.addRow("Hold the last", _row(self.hold_last, QLabel("frames more"), None))
        form.addRow("Theme", self.theme)
        grid = QGridLayout()
        for number, box in enumerate(self.panels.values()):
            grid.addWidget(box, number // 2, number % 2)
        form.addRow("Panels", grid)

    def _connect(self) -> None:
        self.format.activated.connect(self._change_format)
        self.path.textChanged.connect(self._follow_suffix)
        self.browse.clicked.connect(self._ask_for_path)
        self.size_preset.activated.connect(self._take_preset)
        for box in (self.width_box, self.height_box):
            box.valueChanged.connect(self._show_preset)
        self.rate.currentTextChanged.connect(self.changed)
        for box in (self.first, self.last, self.stride, self.hold_first, self.hold_last):
            box.valueChanged.connect(self.changed)
        self.theme.currentIndexChanged.connect(self.changed)
        for check in self.panels.values():
            check.toggled.connect(self.changed)

    @Slot()
    def _change_format(self) -> None:
        """Name the file after the format that was chosen."""
        path = Path(self.path.text())
        if path.suffix.lower() in FORMATS:
            path = path.with_suffix("")
        self.path.setText(f"{path}{self.format.currentData()}")
        self._show_default_rate()

    @Slot()
    def _follow_suffix(self) -> None:
        """Choose the format that the file is named after."""
        index = self.format.findData(Path(self.path.text()).suffix.lower())
        if index >= 0 and index != self.format.currentIndex():
            self.format.setCurrentIndex(index)
            self._show_default_rate()
        self.changed.emit()

    def _show_default_rate(self) -> None:
        self.rate.setEditText(f"{float(FORMATS[self.format.currentData()].default_fps):g}")

    @Slot()
    def _take_preset(self) -> None:
        size = self.size_preset.currentData()
        if size is not None:
            self._choose_size(*size)

    def _choose_size(self, width: int, height: int) -> None:
        self.width_box.setValue(width)
        self.height_box.setValue(height)
        self._show_preset()

    @Slot()
    def _show_preset(self) -> None:
        size = (self.width_box.value(), self.height_box.value())
        index = SIZES.index(size) if size in SIZES else len(SIZES)
        self.size_preset.setCurrentIndex(index)
        self.changed.emit()

    @Slot()
    def _ask_for_path(self) -> None:
        dialog = QFileDialog(self, "Export to", self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{writer.title} (*{s})" for s, writer in FORMATS.items()])
        dialog.selectNameFilter(dialog.nameFilters()[self.format.currentIndex()])
        dialog.setDefaultSuffix(str(self.format.currentData()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()


def _offer_formats(combo: QComboBox) -> None:
    """Add every format; those that cannot be written here are there to say so."""
    model = QStandardItemModel(combo)
    lacks = [writer.lack() for writer in FORMATS.values()]
    for (suffix, writer), lack in zip(FORMATS.items(), lacks, strict=True):
        without = f": lacks {writer.encoder}" if lack else ""
        item = QStandardItem(f"{writer.title} ({suffix}){without}")
        item.setData(suffix, Qt.ItemDataRole.UserRole)
        item.setToolTip(lack)
        item.setEnabled(not lack)
        model.appendRow(item)
    combo.setModel(model)
    combo.setCurrentIndex(lacks.index("") if "" in lacks else 0)


def _number(least: int, most: int, grouped: bool = True) -> QSpinBox:
    box = QSpinBox(minimum=least, maximum=most)
    box.setGroupSeparatorShown(grouped)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return box


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; None stands for room that is left over."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return row


def _folder() -> Path:
    """Return the user's folder of films, or of anything."""
    place = QStandardPaths.StandardLocation
    for each in (place.MoviesLocation, place.DocumentsLocation, place.HomeLocation):
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
