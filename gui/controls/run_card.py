"""The card of one run: its letter, name, first weights and own settings, and its changes."""

from collections.abc import Iterator
from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QWidget

from engine import counted
from engine.experiment import Experiment
from engine.nn import ACTIVATIONS, LOSSES
from gui.controls.fields import ChoiceField, Field, NumberField, TextField
from gui.controls.scheme_editor import SchemeEditor
from gui.panels.base.panel import LETTERS
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets import (
    WidgetList,
    column,
    configured,
    number_text,
    row,
    set_style_property,
    widget_of,
)

MOST_CHANGES = 20
"""The number of changes of a run that have editors: each takes milliseconds at every edit."""


@final
class ChangeEditor(QWidget):
    """The editor of a change: its frame, and the settings from that frame on.

    Parameters
    ----------
    run, number : int
        The number of the run, and of the change in that run.
    theme : Theme

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    removed(int)
        The removal of the change with this number was requested.
    """

    edited = Signal(Field)
    removed = Signal(int)

    def __init__(self, run: int, number: int, theme: Theme) -> None:
        super().__init__()
        self._run, self._number = run, number
        path = ("runs", run, "changes", number)
        self._heading = configured(QLabel(), objectName="change_heading", role="caption")
        self._remove = configured(
            _button("remove_change", "Remove this change"),
            clicked=lambda: self.removed.emit(number),
        )
        self._step = NumberField((*path, "step"), "frame", whole=True, least=1)
        self._rate = NumberField(
            (*path, "learning_rate"),
            "learning rate",
            "From this frame on; empty: as before",
            least=0.0,
            blank="",
        )
        self._hidden = ChoiceField(
            (*path, "hidden"),
            "hidden units",
            {None: "as before"} | {name: name for name in ACTIVATIONS},
            "Their activation from this frame on",
        )
        column(
            row((self._heading, 1), self._remove),
            *self.fields,
            parent=self,
            spacing=6,
            margins=(0, 4, 0, 0),
        )
        for field in self.fields:
            field.edited.connect(self.edited)
        self.set_theme(theme)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field of the change."""
        return self._step, self._rate, self._hidden

    def show_change(self, experiment: Experiment) -> None:
        """Show the change of this editor."""
        run = experiment.runs[self._run]
        change = run.changes[self._number]
        self._heading.setText(f"From frame {change.step:,} on")
        self._step.show_value(change.step)
        self._rate.set_blank(number_text(experiment.learning_rate_for(run, change.step - 1)))
        self._rate.show_value(change.learning_rate)
        self._hidden.show_value(change.hidden)
        self._hidden.setVisible(len(experiment.network.layers) > 2)

    def set_theme(self, theme: Theme) -> None:
        self._remove.setIcon(icon("remove", theme))


@final
class RunCard(QFrame):
    """The editor of one run.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    chosen(int), reseeded(int), removed(int)
        The run, by its number, was clicked, or a new seed or its removal was requested.
    change_removed(int, int)
        The removal of a change was requested, by the numbers of the run and of the change.
    """

    edited = Signal(Field)
    chosen = Signal(int)
    reseeded = Signal(int)
    removed = Signal(int)
    change_removed = Signal(int, int)

    def __init__(self, run: int, theme: Theme) -> None:
        super().__init__()
        configured(self, objectName=f"run_{run}", role="card")
        self._run = run
        self._theme = theme
        self._experiment = Experiment()  # until the first is shown
        self._reseed = configured(
            _button("reseed_run", "New seed for this run"),
            clicked=lambda: self.reseeded.emit(run),
        )
        self._remove = configured(
            _button("remove_run", "Remove this run"), clicked=lambda: self.removed.emit(run)
        )
        self._more = configured(
            _button("more", "Settings that differ from those of the other runs"),
            checkable=True,
            toggled=self._on_more,
        )
        path = ("runs", run)
        self._name = TextField((*path, "name"), "name")
        self._scheme = SchemeEditor((*path, "init"), "first weights")
        self._own = self._make_own_settings()
        self._edits = configured(QLabel(), role="formula")
        self._changes = WidgetList(self._make_change, spacing=0)
        self._further_changes = configured(QLabel(), objectName="further_changes", role="formula")
        self._own_settings = configured(
            widget_of(column(*self._own.values(), spacing=6)), visible=False
        )
        changes = (self._changes.layout, self._further_changes)
        parts = (self._name, self._scheme, self._edits, *changes, self._own_settings)
        column(self._make_header(), *parts, parent=self, spacing=6, margins=(10, 8, 8, 10))
        for part in (self._name, self._scheme, *self._own.values()):
            part.edited.connect(self._on_edited)
        self.set_theme(theme)

    def _make_header(self) -> QWidget:
        letter, bold = LETTERS[self._run], font(13, bold=True)
        centre = Qt.AlignmentFlag.AlignCenter
        chip = configured(QLabel(letter, alignment=centre), role="chip", font=bold)
        chip.setFixedSize(22, 22)
        heading = configured(QLabel(f"Run {letter}"), font=bold)
        buttons = (self._reseed, self._more, self._remove)
        return widget_of(row(chip, 4, (heading, 1), *buttons, spacing=4))

    def _make_own_settings(self) -> dict[str, NumberField | ChoiceField]:
        """Return the fields of the settings that a run may override, by their names."""
        path = ("runs", self._run)
        choices = {"hidden": ("hidden units", tuple(ACTIVATIONS)), "loss": ("loss", tuple(LOSSES))}
        return {
            "learning_rate": NumberField(
                (*path, "learning_rate"),
                "learning rate",
                "For this run alone; empty: as in all runs",
                least=0.0,
                blank="",
            ),
            **{
                name: ChoiceField((*path, name), label, {None: "as in all"} | {n: n for n in known})
                for name, (label, known) in choices.items()
            },
        }

    @property
    def fields(self) -> Iterator[Field]:
        """Every field of the card."""
        yield from (self._name, *self._scheme.fields, *self._own.values())
        for editor in self._changes:
            yield from editor.fields

    def show_run(self, experiment: Experiment) -> None:
        """Show the run of this card."""
        run = experiment.runs[self._run]
        self._experiment = experiment
        self._name.show_value(run.name)
        self._scheme.show_scheme(run.init)
        rate = self._own["learning_rate"]
        assert isinstance(rate, NumberField)
        rate.set_blank(number_text(experiment.training.learning_rate))
        for name, field in self._own.items():
            field.show_value(getattr(run, name))
            field.setVisible(name in experiment.run_fields)
        if any(getattr(run, name) is not None for name in self._own):
            self._more.setChecked(True)
        self._edits.setText(f"{counted(len(run.edits), 'edit')} by hand")
        self._edits.setVisible(bool(run.edits))
        self._changes.resize(min(len(run.changes), MOST_CHANGES))
        more = len(run.changes) - MOST_CHANGES
        self._further_changes.setText(f"{counted(more, 'further change')}, in the file only")
        self._further_changes.setVisible(more > 0)
        for editor in self._changes:
            editor.show_change(experiment)
        self._more.setVisible(bool(self._own.keys() & set(experiment.run_fields)))
        self._reseed.setEnabled(run.init.draws)
        self._remove.setEnabled(len(experiment.runs) > 1)

    def _make_change(self, number: int) -> ChangeEditor:
        return configured(
            ChangeEditor(self._run, number, self._theme),
            edited=self._on_edited,
            removed=self._on_change_removed,
        )

    def set_chosen(self, chosen: bool) -> None:
        """Show whether this is the chosen run, the one that Fork copies."""
        set_style_property(self, "chosen", chosen)

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
        self._own_settings.setVisible(shown)
        self._more.setIcon(icon("up" if shown else "down", self._theme))

    @Slot(int)
    def _on_change_removed(self, number: int) -> None:
        self.change_removed.emit(self._run, number)

    @Slot(Field)
    def _on_edited(self, field: Field) -> None:
        self.chosen.emit(self._run)
        self.edited.emit(field)


def _button(name: str, tip: str) -> QToolButton:
    return configured(
        QToolButton(), objectName=name, accessibleName=tip, toolTip=tip, autoRaise=True
    )
