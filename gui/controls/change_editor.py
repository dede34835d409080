"""The editor of one change of a run: the settings from a frame on."""

from typing import final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from engine.experiment import Experiment
from engine.nn import ACTIVATIONS
from gui.controls.fields import ChoiceField, Field, NumberField
from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets import column, configured, number_text, row


@final
class ChangeEditor(QWidget):
    """The editor of a change: its frame, and the settings from that frame on.

    Parameters
    ----------
    run, number : int
        The number of the run, and of the change in that run.
    remove : QToolButton
        Removes the change.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    removed(int)
        The removal of the change with this number was requested.
    """

    edited = Signal(Field)
    removed = Signal(int)

    def __init__(self, run: int, number: int, remove: QToolButton) -> None:
        super().__init__()
        self._run, self._number = run, number
        path = ("runs", run, "changes", number)
        self._heading = configured(QLabel(), objectName="change_heading", role="caption")
        self._remove = remove
        remove.clicked.connect(lambda: self.removed.emit(number))
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
            row((self._heading, 1), remove),
            *self.fields,
            parent=self,
            spacing=6,
            margins=(0, 4, 0, 0),
        )
        for field in self.fields:
            field.edited.connect(self.edited)

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
