"""The combo boxes that choose which number is explained."""

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QWidget

from engine.experiment.quantity import FIRST, Quantity, Question
from engine.training.scene import Scene
from gui.panels.base.panel import LETTERS, subscript
from gui.widgets.layouts import row

BIAS = "bias"
LONGEST = 24
"""The number of letters of a run's name; the stage shows all of it."""


@final
class Choices(QWidget):
    """Chooses a run, a layer, a unit, an input of the unit or its bias, and an example.

    Signals
    -------
    changed()
        Another number was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._question = Question(0, FIRST)
        self._boxes = {name: self._box(name) for name in ("run", "layer", "unit", "input", "other")}
        self._caption = QLabel("example")
        self._caption.setProperty("role", "caption")
        self._example = QSpinBox()
        self._example.setObjectName("explain_example")
        self._example.setAccessibleName("example")
        self._example.setMinimum(1)
        self._example.lineEdit().setTextMargins(6, 0, 0, 0)
        self._example.valueChanged.connect(self.changed)
        row(*self._boxes.values(), self._caption, self._example, None, parent=self, spacing=6)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"explain_{name}")
        box.setAccessibleName(name)
        # As wide as the current texts, not as those at the first show.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(self._on_chosen)
        return box

    @property
    def question(self) -> Question:
        """The question, within the network; `other` is always a unit, the same if it is alone."""
        return self._question

    @property
    def example(self) -> int:
        """The index of the example, from 0."""
        return self._example.value() - 1

    def show_scene(self, scene: Scene) -> None:
        """Offer the numbers of this scene, and choose the same number as before if it has it."""
        first = self._scene is None
        self._scene = scene
        self._example.setMaximum(scene.recordings[0].data.examples)
        if first:
            self._example.setValue(scene.experiment.example + 1)
        self._fill()

    def ask(self, question: Question) -> None:
        """Choose a number."""
        self._question = question
        self._fill()

    def show_what_matters(self, view: str) -> None:
        """Show only the boxes that a view depends on."""
        self._boxes["unit"].setVisible(view != "update")
        self._boxes["input"].setVisible(view == "gradient")
        self._boxes["other"].setVisible(view == "rows")
        for widget in (self._caption, self._example):
            widget.setVisible(view in ("gradient", "forward"))

    def _fill(self) -> None:
        scene = self._scene
        if scene is None:
            return
        experiment = scene.experiment
        sizes = experiment.network.layers
        number = min(self._question.run, len(experiment.runs) - 1)
        quantity = self._question.quantity.within(sizes)
        units = sizes[quantity.layer]
        other = self._question.other
        if other is None or other >= units or other == quantity.row:
            other = (quantity.row + 1) % units
        self._question = Question(number, quantity, other)
        letter = "x" if quantity.layer == 1 else "a"
        unit = "output" if quantity.layer == len(sizes) - 1 else "unit"
        inputs = [f"from {letter}{subscript(k + 1)}" for k in range(sizes[quantity.layer - 1])]
        of_bias = quantity.array == "db"
        runs = [f"{LETTERS[i]}  {_short(run.name)}" for i, run in enumerate(experiment.runs)]
        self._show("run", runs, number)
        layers = [f"layer {layer}" for layer in range(1, len(sizes))]
        self._show("layer", layers, quantity.layer - 1)
        self._show("unit", [f"{unit} {j + 1}" for j in range(units)], quantity.row)
        column = len(inputs) if of_bias else quantity.column
        self._show("input", [*inputs, BIAS], column)
        self._show("other", [f"beside {unit} {j + 1}" for j in range(units)], other)
        self._boxes["other"].setEnabled(units > 1)

    def _show(self, name: str, texts: Sequence[str], chosen: int) -> None:
        box = self._boxes[name]
        if [box.itemText(at) for at in range(box.count())] != list(texts):
            box.clear()
            box.addItems(texts)
        box.setCurrentIndex(chosen)

    @Slot()
    def _on_chosen(self) -> None:
        at = {name: box.currentIndex() for name, box in self._boxes.items()}
        of_bias = self._boxes["input"].currentText() == BIAS
        column = 0 if of_bias else at["input"]
        array = "db" if of_bias else "dW"
        self.ask(
            Question(at["run"], Quantity(array, at["layer"] + 1, at["unit"], column), at["other"])
        )
        self.changed.emit()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
