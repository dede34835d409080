"""The editor of one change of a run: what holds from a frame on."""

from collections.abc import Callable
from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.experiment.experiment import Experiment
from engine.nn.activations import ACTIVATIONS
from gui.controls.fields import ChoiceField, Field, NumberField
from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets.number_box import number_text


@final
class ChangeEditor(QWidget):
    """Edits the frame of a change, and the settings from there on.

    Parameters
    ----------
    run, number : int
        Of the run, and of the change among the run's.
    button : callable
        Makes a button of a name and a tip.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    removed(int)
        The change is to go; with its number.
    """

    edited = Signal(object)
    removed = Signal(int)

    def __init__(self, run: int, number: int, button: Callable[[str, str], QToolButton]) -> None:
        super().__init__()
        self._run, self._number = run, number
        path = ("runs", run, "changes", number)
        self._heading = QLabel()
        self._heading.setObjectName("change_heading")
        self._heading.setProperty("role", "caption")
        self._remove = button("remove_change", "Go on as before instead")
        self._remove.clicked.connect(self._on_remove)
        self._step = NumberField((*path, "step"), "frame", whole=True, least=1)
        self._rate = NumberField(
            (*path, "learning_rate"),
            "learning rate",
            "Of the steps from this frame on; empty: as before",
            least=0.0,
            blank="",
        )
        self._hidden = ChoiceField(
            (*path, "hidden"),
            "hidden units",
            {None: "as before"} | {name: name for name in ACTIVATIONS},
            "Their activation from this frame on",
        )
        header = QHBoxLayout()
        header.addWidget(self._heading, 1)
        header.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(header)
        for field in self.fields:
            layout.addWidget(field)
            field.edited.connect(self._pass_on)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field of it."""
        return self._step, self._rate, self._hidden

    def show_change(self, experiment: Experiment) -> None:
        """Show the change that has this number."""
        run = experiment.runs[self._run]
        change = run.changes[self._number]
        self._heading.setText(f"From frame {change.step:,} on")
        self._step.show_value(change.step)
        before = experiment.learning_rate_for(run, change.step - 1)
        self._rate.set_blank(number_text(before))
        self._rate.show_value(change.learning_rate)
        self._hidden.show_value(change.hidden)
        self._hidden.setVisible(len(experiment.network.layers) > 2)

    def set_theme(self, theme: Theme) -> None:
        self._remove.setIcon(icon("remove", theme))

    @Slot()
    def _on_remove(self) -> None:
        self.removed.emit(self._number)

    @Slot(object)
    def _pass_on(self, field: Field) -> None:
        self.edited.emit(field)
