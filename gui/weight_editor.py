"""A small editor for one weight or bias, beside where it was clicked on the stage."""

from functools import partial
from typing import final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.comparison import Comparison
from engine.editing import NUDGES, Parameter, drawn_anew, nudged, of_the_other_unit, with_edit
from engine.errors import UsageError
from gui.controls import runs
from gui.controls.number_box import NumberBox, number_text
from gui.panels.panel import LETTERS
from gui.panels.ranges import SUPERSCRIPTS

ULP = "1 ulp"
"""One unit in the last place: the least by which a number can differ."""


@final
class WeightEditor(QFrame):
    """Sets one parameter at the frame that is shown; every change trains again at once.

    Parameters
    ----------
    comparison : Comparison
    parameter : Parameter
    index : int
        The frame that is shown.
    parent : QWidget

    Signals
    -------
    edited(Experiment, str)
        What comes out, and the deed.
    """

    edited = Signal(object, str)

    def __init__(
        self, comparison: Comparison, parameter: Parameter, index: int, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("weight_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._experiment = comparison.experiment
        self._parameter = parameter
        self._step = comparison.shown(parameter.run, index)
        frame = comparison.recordings[parameter.run][self._step]
        self._value = parameter.of(frame)
        self._other = of_the_other_unit(parameter, frame)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._box = NumberBox()
        self._box.setAccessibleName(parameter.name)
        self._box.lineEdit().setText(number_text(self._value))
        self._box.lineEdit().returnPressed.connect(self._on_typed)
        self._box.changed.connect(self._on_stepped)
        self._error = QLabel()
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._nudge = QComboBox()
        self._nudge.setAccessibleName("ε")
        for epsilon in NUDGES:
            exponent = f"{epsilon:.0e}".split("e")[1].lstrip("-0")
            self._nudge.addItem(f"10⁻{exponent.translate(SUPERSCRIPTS)}", epsilon)
        self._nudge.addItem(ULP, None)
        self._here = QRadioButton("this run, from here on", self)
        self._fork = QRadioButton("a copy of it: a fork", self)
        choice = QButtonGroup(self)
        for button in (self._here, self._fork):
            choice.addButton(button)
        self._here.setChecked(True)
        full = len(self._experiment.runs) >= self._experiment.most_runs
        self._fork.setEnabled(not full)
        self._fork.setToolTip("There are as many runs as there may be" if full else "")
        self._lay_out()
        self._say_where()
        self._box.lineEdit().selectAll()
        self._box.setFocus()

    @property
    def value(self) -> float:
        """The value that is set."""
        return self._value

    def show_at(self, place: QPoint) -> None:
        """Show it beside a place of the screen."""
        self.adjustSize()
        self.move(place + QPoint(12, 12))
        self.show()

    def set_value(self, value: float) -> None:
        """Set the parameter; tell what is wrong where it cannot be."""
        parameter, experiment = self._parameter, self._experiment
        try:
            if self._fork.isChecked():
                experiment = runs.forked(experiment, parameter.run)
                parameter = parameter._replace(run=len(experiment.runs) - 1)
            changed = with_edit(experiment, parameter, self._step, value)
        except UsageError as error:
            self._tell(str(error))
            return
        self._tell("")
        self._value, self._parameter, self._experiment = value, parameter, changed
        self._box.lineEdit().setText(number_text(value))
        # What follows belongs to the fork, once there is one.
        self._here.setChecked(True)
        self._say_where()
        self.edited.emit(changed, f"Set {parameter.name} of {LETTERS[parameter.run]} by hand")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._box)
        layout.addWidget(self._error)
        nudge = QHBoxLayout()
        caption = QLabel("nudge by")
        caption.setProperty("role", "caption")
        nudge.addWidget(caption)
        nudge.addWidget(self._nudge, 1)
        nudge.addWidget(self._button("nudge_down", "−", partial(self._on_nudge, False)))
        nudge.addWidget(self._button("nudge_up", "+", partial(self._on_nudge, True)))
        layout.addLayout(nudge)
        grid = QGridLayout()
        grid.setSpacing(6)
        grid.addWidget(self._button("zero", "zero", self._on_zero), 0, 0)
        grid.addWidget(self._button("negate", "negate", self._on_negate), 0, 1)
        other = "as the other unit" if self._other is None else f"as unit {self._other[0]}"
        same = self._button("same", other, self._on_same)
        same.setEnabled(self._other is not None)
        grid.addWidget(same, 1, 0)
        draw = self._button("draw", "draw again", self._on_draw)
        draw.setEnabled(self._experiment.runs[self._parameter.run].init.draws)
        grid.addWidget(draw, 1, 1)
        layout.addLayout(grid)
        for button in (self._here, self._fork):
            layout.addWidget(button)
            button.setVisible(self._step > 0)  # at the start there is no past to share

    def _button(self, name: str, text: str, handler: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(handler)
        return button

    def _say_where(self) -> None:
        letter = LETTERS[self._parameter.run]
        when = f"from frame {self._step:,} on" if self._step else "at the start"
        self._title.setText(f"{self._parameter.name} of run {letter}, {when}")

    def _tell(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.adjustSize()

    @Slot()
    def _on_typed(self) -> None:
        number = self._box.number()
        if number is None:
            self._tell("expected a number, such as 0.5 or 1e-3")
        else:
            self.set_value(float(number))

    @Slot()
    def _on_stepped(self) -> None:
        if not self._box.lineEdit().isModified():  # by the arrows or the wheel, not by typing
            self._on_typed()

    def _on_nudge(self, up: bool) -> None:
        self.set_value(nudged(self._value, self._nudge.currentData(), up))

    @Slot()
    def _on_zero(self) -> None:
        self.set_value(0.0)

    @Slot()
    def _on_negate(self) -> None:
        self.set_value(-self._value)

    @Slot()
    def _on_same(self) -> None:
        if self._other is not None:
            self.set_value(self._other[1])

    @Slot()
    def _on_draw(self) -> None:
        self.set_value(drawn_anew(self._experiment, self._parameter))
