"""The boxes that choose which number is explained."""

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from engine.experiment.quantity import FIRST, Quantity, Question
from engine.training.scene import Scene
from gui.panels.base.panel import LETTERS, subscript

BIAS = "bias"
LONGEST = 24
"""Letters of a run's name; the whole name stands on the stage."""


@final
class Choices(QWidget):
    """A run, a layer, a unit of it, the input of that unit or its bias, and an example.

    Signals
    -------
    changed()
        Another number was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._asked = Question(0, FIRST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._boxes: dict[str, QComboBox] = {}
        for name in ("run", "layer", "unit", "input", "other"):
            box = QComboBox()
            box.setObjectName(f"explain_{name}")
            box.setAccessibleName(name)
            # As wide as what is chosen from now, not as what was when it was first shown.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._on_chosen)
            self._boxes[name] = box
            row.addWidget(box)
        self._caption = QLabel("example")
        self._caption.setProperty("role", "caption")
        row.addWidget(self._caption)
        self._example = QSpinBox()
        self._example.setObjectName("explain_example")
        self._example.setAccessibleName("example")
        self._example.setMinimum(1)
        self._example.lineEdit().setTextMargins(6, 0, 0, 0)
        self._example.valueChanged.connect(self._on_example)
        row.addWidget(self._example)
        row.addStretch(1)

    @property
    def question(self) -> Question:
        """What is asked, as the network has it; `other` is always a unit, the same if alone."""
        return self._asked

    @property
    def example(self) -> int:
        """The example, counted from 0."""
        return self._example.value() - 1

    def show_scene(self, scene: Scene) -> None:
        """Choose among the numbers of this scene, and as far as it has it still the same."""
        first = self._scene is None
        self._scene = scene
        self._example.setMaximum(scene.recordings[0].data.examples)
        if first:
            self._example.setValue(scene.experiment.example + 1)
        self._fill()

    def ask(self, question: Question) -> None:
        """Choose a number."""
        self._asked = question
        self._fill()

    def show_what_matters(self, view: str) -> None:
        """Show only the boxes by which an explanation of this kind differs."""
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
        number = min(self._asked.run, len(experiment.runs) - 1)
        quantity = self._asked.quantity.within(sizes)
        units = sizes[quantity.layer]
        other = self._asked.other
        if other is None or other >= units or other == quantity.row:
            other = (quantity.row + 1) % units
        self._asked = Question(number, quantity, other)
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

    @Slot()
    def _on_example(self) -> None:
        self.changed.emit()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
