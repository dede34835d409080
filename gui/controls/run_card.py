"""The card of one run: its letter, name and first weights, and where it departs from the rest."""

from collections.abc import Iterator
from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.editing import runs
from engine.experiment.experiment import Experiment
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.text import counted
from gui.controls.change_editor import ChangeEditor
from gui.controls.fields import ChoiceField, Field, NumberField, TextField
from gui.controls.scheme_editor import SchemeEditor
from gui.panels.base.panel import LETTERS
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets.disposal import dispose_widget
from gui.widgets.number_box import number_text


@final
class RunCard(QFrame):
    """Edits one run.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    chosen(int), reseeded(int), removed(int)
        The run was clicked, is to have a new seed, or is to go; with its number.
    made(Experiment, str)
        An experiment with a change less, and the deed.
    """

    edited = Signal(object)
    chosen = Signal(int)
    reseeded = Signal(int)
    removed = Signal(int)
    made = Signal(object, str)

    def __init__(self, run: int, theme: Theme) -> None:
        super().__init__()
        self.setObjectName(f"run_{run}")
        self.setProperty("role", "card")
        self._run = run
        self._experiment = Experiment()  # until the first is shown
        path = ("runs", run)
        chip = QLabel(LETTERS[run])
        chip.setProperty("role", "chip")
        chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        chip.setFixedSize(22, 22)
        heading = QLabel(f"Run {LETTERS[run]}")
        heading.setFont(font(13, bold=True))
        chip.setFont(font(13, bold=True))
        self._reseed = _button("reseed_run", "New seed for this run")
        self._reseed.clicked.connect(self._on_reseed)
        self._remove = _button("remove_run", "Remove this run")
        self._remove.clicked.connect(self._on_remove)
        self._more = _button("more", "Settings in which this run departs from the others")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more)

        self._name = TextField((*path, "name"), "name")
        self._scheme = SchemeEditor((*path, "init"), "first weights")
        names = {name: name for name in ACTIVATIONS}
        tip = "For this run alone; empty: as in all runs"
        self._rate = NumberField(
            (*path, "learning_rate"), "learning rate", tip, least=0.0, blank=""
        )
        self._hidden = ChoiceField((*path, "hidden"), "hidden units", {None: "as in all"} | names)
        self._loss = ChoiceField(
            (*path, "loss"), "loss", {None: "as in all"} | {name: name for name in LOSSES}
        )
        self._edits = QLabel()
        self._edits.setProperty("role", "formula")
        self._changes: list[ChangeEditor] = []
        self._changes_layout = QVBoxLayout()

        header = QHBoxLayout()
        header.setSpacing(4)
        header.addWidget(chip)
        header.addSpacing(4)
        header.addWidget(heading, 1)
        for button in (self._reseed, self._more, self._remove):
            header.addWidget(button)
        self._departures = QWidget()
        departures = QVBoxLayout(self._departures)
        departures.setContentsMargins(0, 0, 0, 0)
        departures.setSpacing(6)
        for field in (self._rate, self._hidden, self._loss):
            departures.addWidget(field)
        self._departures.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 8, 10)
        layout.setSpacing(6)
        layout.addLayout(header)
        layout.addWidget(self._name)
        layout.addWidget(self._scheme)
        layout.addWidget(self._edits)
        layout.addLayout(self._changes_layout)
        layout.addWidget(self._departures)
        for part in (self._name, self._scheme, self._rate, self._hidden, self._loss):
            part.edited.connect(self._pass_on)
        self.set_theme(theme)

    @property
    def fields(self) -> Iterator[Field]:
        """Every field of the card."""
        yield from (self._name, *self._scheme.fields, self._rate, self._hidden, self._loss)
        for editor in self._changes:
            yield from editor.fields

    def show_run(self, experiment: Experiment) -> None:
        """Show the run that has this card's number."""
        run = experiment.runs[self._run]
        self._experiment = experiment
        self._name.show_value(run.name)
        self._scheme.show_scheme(run.init)
        self._rate.set_blank(number_text(experiment.training.learning_rate))
        self._rate.show_value(run.learning_rate)
        self._hidden.show_value(run.hidden)
        self._loss.show_value(run.loss)
        departs = any(each is not None for each in (run.learning_rate, run.hidden, run.loss))
        if departs:
            self._more.setChecked(True)
        count = len(run.edits)
        self._edits.setText(f"{counted(count, 'edit')} by hand")
        self._edits.setVisible(bool(count))
        self._show_changes(experiment)
        departures = {
            "learning_rate": self._rate,
            "hidden": self._hidden,
            "loss": self._loss,
        }
        for name, field in departures.items():
            field.setVisible(name in experiment.run_fields)
        self._more.setVisible(bool(departures.keys() & set(experiment.run_fields)))
        self._reseed.setEnabled(run.init.draws)
        self._remove.setEnabled(len(experiment.runs) > 1)

    def _show_changes(self, experiment: Experiment) -> None:
        count = len(experiment.runs[self._run].changes)
        while len(self._changes) > count:
            editor = self._changes.pop()
            self._changes_layout.removeWidget(editor)
            dispose_widget(editor)
        while len(self._changes) < count:
            editor = ChangeEditor(self._run, len(self._changes), _button)
            editor.set_theme(self._theme)
            editor.edited.connect(self._pass_on)
            editor.removed.connect(self._on_change_removed)
            self._changes.append(editor)
            self._changes_layout.addWidget(editor)
        for editor in self._changes:
            editor.show_change(experiment)

    def set_chosen(self, chosen: bool) -> None:
        """Show whether this is the run that is copied by "Fork the chosen run here"."""
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._reseed.setIcon(icon("dice", theme))
        self._remove.setIcon(icon("remove", theme))
        self._more.setIcon(icon("up" if self._more.isChecked() else "down", theme))
        for editor in self._changes:
            editor.set_theme(theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self._run)

    @Slot(bool)
    def _on_more(self, shown: bool) -> None:
        self._departures.setVisible(shown)
        self._more.setIcon(icon("up" if shown else "down", self._theme))

    @Slot()
    def _on_reseed(self) -> None:
        self.reseeded.emit(self._run)

    @Slot()
    def _on_remove(self) -> None:
        self.removed.emit(self._run)

    @Slot(int)
    def _on_change_removed(self, number: int) -> None:
        step = self._experiment.runs[self._run].changes[number].step
        for editor in self._changes[number:]:
            for field in editor.fields:
                field.set_error("")  # it would be told of what takes this one's place
        made = runs.without_change(self._experiment, self._run, number)
        self.made.emit(made, f"Remove the change of run {LETTERS[self._run]} at frame {step:,}")

    @Slot(object)
    def _pass_on(self, field: Field) -> None:
        self.chosen.emit(self._run)
        self.edited.emit(field)


def _button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    return button
