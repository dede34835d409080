"""A small editor for one weight or bias, beside where it is on the stage."""

from functools import partial
from typing import final

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.editing.parameters import (
    NUDGE_SIZES,
    Parameter,
    is_drawn,
    nudged,
    other_unit_value,
    redrawn_value,
    with_edit,
)
from engine.editing.resizing import ResizeKind, Resizing
from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.training.scene import Scene
from gui.editing.parameter_editor import NOTCHES, fork_of, forked, reach, tidied, undo_text_of, when
from gui.panels.base.axis_ranges import SUPERSCRIPTS
from gui.panels.base.panel import LETTERS, plain_text
from gui.widgets.disposal import forget_style
from gui.widgets.number_box import NumberBox, number_text

ULP = "1 ulp"
"""One unit in the last place: the least by which a number can differ."""
GAP = 4
"""Pixels between the editor and the panel."""


@final
class WeightEditor(QFrame):
    """Sets one parameter at the frame that is shown; every change trains again at once.

    While the slider is dragged its values are only tried; it is set where it is let go. What is
    typed is set by Enter, or by a click elsewhere; Escape gives it up.

    Parameters
    ----------
    scene : Scene
        A training.
    parameter : Parameter
    step : int
        The frame of the parameter's run that is shown, one that is trained.
    parent : QWidget

    Signals
    -------
    edited(Experiment, str)
        What comes out, and the deed.
    tried(Parameter, float)
        The slider is on its way, and is here now.
    given_up()
        It will not be let go anywhere.
    explained()
        Its gradient is to be explained.
    removal_requested(Resizing)
        The unit of which it is the bias is to go.
    closed()
    """

    edited = Signal(Experiment, str)
    tried = Signal(Parameter, float)
    given_up = Signal()
    explained = Signal()
    removal_requested = Signal(Resizing)
    closed = Signal()

    def __init__(self, scene: Scene, parameter: Parameter, step: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("weight_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scene = scene
        self._experiment = scene.experiment
        self._parameter = parameter
        self._step = step
        frame = scene.recordings[parameter.run][self._step]
        self._value = parameter.value_in(frame)
        self._other = other_unit_value(parameter, frame)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._box = NumberBox()
        self._box.setAccessibleName(parameter.name)
        self._box.lineEdit().setText(number_text(self._value))
        self._box.lineEdit().returnPressed.connect(self._on_typed)
        self._box.changed.connect(self._on_changed)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(f"{parameter.name}, from low to high")
        self._slider.setRange(-NOTCHES, NOTCHES)
        self._slider.setPageStep(NOTCHES // 10)
        self._slider.setSingleStep(NOTCHES // 100)
        self._ends = QLabel(), QLabel()
        self._is_trying = False
        self._show_on_slider()
        self._slider.valueChanged.connect(self._on_slid)
        self._slider.sliderReleased.connect(self._on_let_go)
        self._error = QLabel()
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._nudge = QComboBox()
        self._nudge.setAccessibleName("ε")
        for epsilon in NUDGE_SIZES:
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

    def show_near(self, place: QPoint, panel: QRect) -> None:
        """Show it below the panel around a place of the screen, or above if there is no room.

        So what changes while the slider is dragged can be seen.
        """
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = min(max(place.x() - self.width() // 2, room.left()), room.right() - self.width())
        y = panel.bottom() + GAP
        if y + self.height() > room.bottom():
            y = max(room.top(), panel.top() - GAP - self.height())
        self.move(x, y)
        self.show()

    def set_value(self, value: float) -> None:
        """Set the parameter; tell what is wrong where it cannot be."""
        parameter, experiment = self._parameter, self._experiment
        undo_text = undo_text_of(parameter)
        try:
            if self._fork.isChecked():
                undo_text = fork_of(parameter)
                experiment, parameter = forked(experiment, parameter)
            changed = with_edit(experiment, parameter, self._step, value)
        except UsageError as error:
            self._tell(str(error))
            return
        self._tell("")
        self._value, self._parameter, self._experiment = value, parameter, changed
        self._box.lineEdit().setText(number_text(value))
        self._show_on_slider()
        self._negate.setEnabled(value != 0.0)
        # What follows belongs to the fork, once there is one.
        self._here.setChecked(True)
        self._say_where()
        self.edited.emit(changed, undo_text)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._box)
        slider = QHBoxLayout()
        slider.setSpacing(6)
        for part in (self._ends[0], self._slider, self._ends[1]):
            slider.addWidget(part, int(part is self._slider))
        for end in self._ends:
            end.setProperty("role", "caption")
        layout.addLayout(slider)
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
        self._negate = self._button("negate", "negate", self._on_negate)
        self._negate.setEnabled(self._value != 0.0)
        grid.addWidget(self._negate, 0, 1)
        other = "as the other unit" if self._other is None else f"as unit {self._other[0]}"
        same = self._button("same", other, self._on_same)
        same.setEnabled(self._other is not None)
        grid.addWidget(same, 1, 0)
        draw = self._button("draw", "draw again", self._on_draw)
        draw.setEnabled(is_drawn(self._experiment, self._parameter))
        grid.addWidget(draw, 1, 1)
        explain = self._button("explain_gradient", "explain its gradient", self._on_explain)
        grid.addWidget(explain, 2, 0, 1, 2)
        if self._removal is not None:
            where = " in all runs" if len(self._experiment.runs) > 1 else ""
            remove = self._button("remove_unit", f"remove this unit{where}", self._on_remove)
            grid.addWidget(remove, 3, 0, 1, 2)
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

    @property
    def _removal(self) -> Resizing | None:
        """What removes the unit of this bias, where it is a hidden one with others beside it."""
        array, layer = self._parameter.array[0], self._parameter.layer
        sizes = self._experiment.network.layers
        if array == "W" or layer == len(sizes) - 1 or sizes[layer] == 1:
            return None
        return Resizing(ResizeKind.REMOVE_UNIT, layer, self._parameter.row)

    def _say_where(self) -> None:
        letter = LETTERS[self._parameter.run]
        self._title.setText(f"{self._parameter.name} of run {letter}, {when(self._step)}")

    def _show_on_slider(self) -> None:
        """Put the slider where the value is, between ends that hold it."""
        self._reach = reach(self._scene, self._value)
        self._slider.blockSignals(True)
        share = min(max(self._value / self._reach, -1.0), 1.0)  # of a diverged run it is beyond
        self._slider.setValue(round(NOTCHES * share))
        self._slider.blockSignals(False)
        for end, sign in zip(self._ends, "−+", strict=True):
            end.setText(f"{sign}{plain_text(self._reach, 6)}")

    def _tell(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.adjustSize()

    @Slot(int)
    def _on_slid(self, notch: int) -> None:
        value = tidied(self._reach * notch / NOTCHES, self._reach)
        if self._slider.isSliderDown():
            self._is_trying = True
            self._box.lineEdit().setText(number_text(value))
            self.tried.emit(self._parameter, value)
        else:  # by its keys, or by a click beside the handle
            self.set_value(value)

    @Slot()
    def _on_let_go(self) -> None:
        if self._is_trying:
            self._is_trying = False
            self.set_value(tidied(self._reach * self._slider.value() / NOTCHES, self._reach))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Cancel):
            self._box.lineEdit().setModified(False)
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        forget_style(self)
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._is_trying:
            self._is_trying = False
            self.given_up.emit()
        typed = self._typed
        if typed is not None and typed != self._value:
            self.set_value(typed)
        self.closed.emit()

    @property
    def _typed(self) -> float | None:
        """The number that was typed and is not set yet."""
        number = self._box.number() if self._box.lineEdit().isModified() else None
        return None if number is None else float(number)

    @property
    def _latest(self) -> float:
        """What is typed, else what is set."""
        return self._value if self._typed is None else self._typed

    @Slot()
    def _on_typed(self) -> None:
        number = self._box.number()
        if number is None:
            self._tell("expected a number from −10¹² to 10¹², such as 0.5 or 1e-3")
        else:
            self.set_value(float(number))

    @Slot()
    def _on_changed(self) -> None:
        if not self._box.lineEdit().isModified():  # by the arrows or the wheel, not by typing
            self._on_typed()
        self._negate.setEnabled(self._latest != 0.0)

    def _on_nudge(self, up: bool) -> None:
        self.set_value(nudged(self._latest, self._nudge.currentData(), up))

    @Slot()
    def _on_explain(self) -> None:
        self.explained.emit()
        self.close()

    @Slot()
    def _on_remove(self) -> None:
        self._box.lineEdit().setModified(False)
        self.removal_requested.emit(self._removal)
        self.close()

    @Slot()
    def _on_zero(self) -> None:
        self.set_value(0.0)

    @Slot()
    def _on_negate(self) -> None:
        self.set_value(-self._latest)

    @Slot()
    def _on_same(self) -> None:
        if self._other is not None:
            self.set_value(self._other[1])

    @Slot()
    def _on_draw(self) -> None:
        self.set_value(redrawn_value(self._experiment, self._parameter))
