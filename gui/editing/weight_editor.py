"""A small editor of one weight or bias, beside its place on the stage."""

from functools import partial
from typing import final

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QSlider,
    QWidget,
)

from engine import UsageError, plain_text, superscript
from engine.editing.parameters import (
    NUDGE_SIZES,
    Parameter,
    is_drawn,
    nudged,
    other_unit_value,
    redrawn_value,
)
from engine.editing.resizing import ResizeKind, Resizing
from engine.experiment import Experiment
from engine.training import Scene
from gui.editing.parameter_editor import NOTCHES, reach, tidied, when, with_value
from gui.panels.base import LETTERS
from gui.widgets import NumberBox, column, configured, forget_style, number_text, push_button, row

ULP = "1 ulp"
"""A nudge to the next floating-point number."""
GAP = 4
"""Pixels between the editor and the panel."""


@final
class WeightEditor(QFrame):
    """Sets one parameter at the current frame; every change is trained immediately.

    Dragging the slider previews values; releasing it sets one. A typed value is set by Enter or by
    a click elsewhere, and discarded by Escape.

    Parameters
    ----------
    scene : Scene
        A training.
    parameter : Parameter
    step : int
        The current frame of the parameter's run, which is computed.
    parent : QWidget

    Attributes
    ----------
    value : float
        The value that is set.
    experiment : Experiment
        The experiment with that value.

    Signals
    -------
    edited(Experiment, str)
        The changed experiment, and the name of the edit.
    previewed(Parameter, float)
        The slider is being dragged, now at this value.
    preview_cancelled()
        The drag of the slider has ended without a value.
    explanation_requested()
        The parameter's gradient is to be explained.
    removal_requested(Resizing)
        The unit whose bias the parameter is is to be removed.
    closed()
    """

    edited = Signal(Experiment, str)
    previewed = Signal(Parameter, float)
    preview_cancelled = Signal()
    explanation_requested = Signal()
    removal_requested = Signal(Resizing)
    closed = Signal()

    def __init__(self, scene: Scene, parameter: Parameter, step: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("weight_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scene = scene
        self.experiment = scene.experiment
        self._parameter = parameter
        self._step = step
        frame = scene.recordings[parameter.run][step]
        self.value = parameter.value_in(frame)
        self._is_previewing = False
        self._title = configured(QLabel(), role="title")
        self._error = configured(QLabel(wordWrap=True), role="error")
        self._error.hide()
        self._box = configured(NumberBox(), accessibleName=parameter.name)
        self._box.lineEdit().returnPressed.connect(self._on_typed)
        self._box.changed.connect(self._on_changed)
        self._slider = configured(
            QSlider(Qt.Orientation.Horizontal),
            accessibleName=f"{parameter.name}, from low to high",
            minimum=-NOTCHES,
            maximum=NOTCHES,
            pageStep=NOTCHES // 10,
            singleStep=NOTCHES // 100,
        )
        self._slider.valueChanged.connect(self._on_slid)
        self._slider.sliderReleased.connect(self._on_released)
        self._ends = [configured(QLabel(), role="caption") for _ in "−+"]
        self._nudge = configured(QComboBox(), accessibleName="ε")
        for epsilon in NUDGE_SIZES:
            exponent = int(f"{epsilon:.0e}".split("e")[1])
            self._nudge.addItem(f"10{superscript(exponent)}", epsilon)
        self._nudge.addItem(ULP, None)
        self._here = QRadioButton("this run, from here on", self)
        self._fork = QRadioButton("a copy of it: a fork", self)
        self._here.setChecked(True)
        is_full = len(self.experiment.runs) >= self.experiment.most_runs
        self._fork.setEnabled(not is_full)
        self._fork.setToolTip("No more runs can be added" if is_full else "")
        self._negate = push_button("negate", "negate", lambda: self.set_value(-self._latest))
        self._lay_out(other_unit_value(parameter, frame))
        self._show_value()
        self._box.lineEdit().selectAll()
        self._box.setFocus()

    def show_near(self, place: QPoint, panel: QRect) -> None:
        """Show the editor below the panel around a place of the screen, or above it.

        So the panel remains visible while the slider is dragged.
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
        """Set the parameter; show the error if that is impossible."""
        try:
            self.experiment, self._parameter, undo_text = with_value(
                self.experiment, self._parameter, self._step, value, fork=self._fork.isChecked()
            )
        except UsageError as error:
            self._show_error(str(error))
            return
        self._show_error("")
        self.value = value
        # Further edits belong to the fork, once there is one.
        self._here.setChecked(True)
        self._show_value()
        self.edited.emit(self.experiment, undo_text)

    def _lay_out(self, other: tuple[int, float] | None) -> None:
        unit, copied = other or (0, 0.0)
        name = f"as unit {unit}" if other else "as the other unit"
        same = push_button("same", name, lambda: self.set_value(copied))
        same.setEnabled(other is not None)
        draw = push_button("draw", "draw again", self._draw)
        draw.setEnabled(is_drawn(self.experiment, self._parameter))
        zero = push_button("zero", "zero", lambda: self.set_value(0.0))
        explain = push_button("explain_gradient", "explain its gradient", self._explain)
        grid = QGridLayout()
        grid.setSpacing(6)
        for number, button in enumerate((zero, self._negate, same, draw)):
            grid.addWidget(button, number // 2, number % 2)
        grid.addWidget(explain, 2, 0, 1, 2)
        if self._removal is not None:
            where = " in all runs" if len(self.experiment.runs) > 1 else ""
            remove = push_button("remove_unit", f"remove this unit{where}", self._remove)
            grid.addWidget(remove, 3, 0, 1, 2)
        caption = configured(QLabel("nudge by"), role="caption")
        down = push_button("nudge_down", "−", partial(self._on_nudge, False))
        up = push_button("nudge_up", "+", partial(self._on_nudge, True))
        column(
            self._title,
            self._box,
            row(self._ends[0], (self._slider, 1), self._ends[1], spacing=6),
            self._error,
            row(caption, (self._nudge, 1), down, up),
            grid,
            self._here,
            self._fork,
            parent=self,
            spacing=8,
            margins=(14, 12, 14, 12),
        )
        for choice in (self._here, self._fork):
            choice.setVisible(self._step > 0)  # at the start a fork shares nothing

    @property
    def _removal(self) -> Resizing | None:
        """The removal of the unit of this bias, if it is one of several in a hidden layer."""
        array, layer = self._parameter.array[0], self._parameter.layer
        sizes = self.experiment.network.layers
        if array == "W" or layer == len(sizes) - 1 or sizes[layer] == 1:
            return None
        return Resizing(ResizeKind.REMOVE_UNIT, layer, self._parameter.row)

    def _show_value(self) -> None:
        """Show the value, and move the slider to it, between ends that include it."""
        letter = LETTERS[self._parameter.run]
        self._title.setText(f"{self._parameter.name} of run {letter}, {when(self._step)}")
        self._box.lineEdit().setText(number_text(self.value))
        self._negate.setEnabled(self.value != 0.0)
        self._reach = reach(self._scene, self.value)
        share = min(max(self.value / self._reach, -1.0), 1.0)  # of a diverged run it may be beyond
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(NOTCHES * share))
        for end, sign in zip(self._ends, "−+", strict=True):
            end.setText(f"{sign}{plain_text(self._reach, 6)}")

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.adjustSize()

    @Slot(int)
    def _on_slid(self, notch: int) -> None:
        value = tidied(self._reach * notch / NOTCHES, self._reach)
        if self._slider.isSliderDown():
            self._is_previewing = True
            self._box.lineEdit().setText(number_text(value))
            self.previewed.emit(self._parameter, value)
        else:  # by its keys, or by a click beside the handle
            self.set_value(value)

    @Slot()
    def _on_released(self) -> None:
        if self._is_previewing:
            self._is_previewing = False
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
        if self._is_previewing:
            self._is_previewing = False
            self.preview_cancelled.emit()
        self.commit()
        self.closed.emit()

    def commit(self) -> None:
        """Set a number that has been typed."""
        if self._latest != self.value:
            self.set_value(self._latest)

    def discard(self) -> None:
        """Close without a change: what the editor has edited is no longer open."""
        self.edited.disconnect()
        self._box.lineEdit().setModified(False)
        self.close()

    @property
    def _latest(self) -> float:
        """The number that has been typed and not set, or else the value that is set."""
        number = self._box.number() if self._box.lineEdit().isModified() else None
        return self.value if number is None else float(number)

    @Slot()
    def _on_typed(self) -> None:
        number = self._box.number()
        if number is None:
            self._show_error("expected a number from −10¹² to 10¹², such as 0.5 or 1e-3")
        else:
            self.set_value(float(number))

    @Slot()
    def _on_changed(self) -> None:
        if not self._box.lineEdit().isModified():  # by the arrows or the wheel, not by typing
            self._on_typed()
        self._negate.setEnabled(self._latest != 0.0)

    def _on_nudge(self, up: bool) -> None:
        self.set_value(nudged(self._latest, self._nudge.currentData(), up))

    def _draw(self) -> None:
        self.set_value(redrawn_value(self.experiment, self._parameter))

    def _explain(self) -> None:
        self.explanation_requested.emit()
        self.close()

    def _remove(self) -> None:
        self._box.lineEdit().setModified(False)
        self.removal_requested.emit(self._removal)
        self.close()
