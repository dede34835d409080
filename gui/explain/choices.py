"""The combo boxes that choose which number is explained."""

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QWidget

from engine.experiment import FIRST, Quantity, Question
from engine.training import Scene
from gui.panels.base import LETTERS, subscript
from gui.widgets import configured, row

BIAS = "bias"
LONGEST = 24
"""The number of letters of a run's name; the stage shows all of it."""


@final
class Choices(QWidget):
    """Chooses a run, a layer, a unit, an input of the unit or its bias, and an example.

    Attributes
    ----------
    question : Question
        Within the network; `other` is always a unit, the same if it is alone.

    Signals
    -------
    changed()
        Another number was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self.question = Question(0, FIRST)
        self._boxes = {name: self._box(name) for name in ("run", "layer", "unit", "input", "other")}
        self._caption = configured(QLabel("example"), role="caption")
        self._example = configured(
            QSpinBox(minimum=1),
            objectName="explain_example",
            accessibleName="example",
            valueChanged=self.changed,
        )
        self._example.lineEdit().setTextMargins(6, 0, 0, 0)
        row(*self._boxes.values(), self._caption, self._example, None, parent=self, spacing=6)

    def _box(self, name: str) -> QComboBox:
        # As wide as the current texts, not as those at the first show.
        return configured(
            QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents),
            objectName=f"explain_{name}",
            accessibleName=name,
            activated=self._on_chosen,
        )

    @property
    def example(self) -> int:
        """The index of the example, from 0."""
        return self._example.value() - 1

    def show_scene(self, scene: Scene) -> None:
        """Offer the numbers of this scene, and choose the same number as before if it has it."""
        self._example.setMaximum(scene.recordings[0].data.examples)
        if self._scene is None:
            self._example.setValue(scene.experiment.example + 1)
        self._scene = scene
        self._fill()

    def ask(self, question: Question) -> None:
        """Choose a number."""
        self.question = question
        self._fill()

    def show_what_matters(self, view: str) -> None:
        """Show only the boxes that a view depends on."""
        self._boxes["unit"].setVisible(view != "update")
        self._boxes["input"].setVisible(view == "gradient")
        self._boxes["other"].setVisible(view == "rows")
        for widget in (self._caption, self._example):
            widget.setVisible(view in ("gradient", "forward"))

    def _fill(self) -> None:
        if self._scene is None:
            return
        experiment = self._scene.experiment
        sizes = experiment.network.layers
        number = min(self.question.run, len(experiment.runs) - 1)
        quantity, other = self.question.quantity.within(sizes), self.question.other
        units = sizes[quantity.layer]
        if other is None or other >= units or other == quantity.row:
            other = (quantity.row + 1) % units
        self.question = Question(number, quantity, other)
        letter = "x" if quantity.layer == 1 else "a"
        unit = "output" if quantity.layer == len(sizes) - 1 else "unit"
        inputs = [f"from {letter}{subscript(k + 1)}" for k in range(sizes[quantity.layer - 1])]
        runs = [f"{LETTERS[i]}  {_short(run.name)}" for i, run in enumerate(experiment.runs)]
        self._show("run", runs, number)
        self._show("layer", [f"layer {i}" for i in range(1, len(sizes))], quantity.layer - 1)
        self._show("unit", [f"{unit} {j + 1}" for j in range(units)], quantity.row)
        chosen = len(inputs) if quantity.array == "db" else quantity.column
        self._show("input", [*inputs, BIAS], chosen)
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
        array, column = ("db", 0) if of_bias else ("dW", at["input"])
        quantity = Quantity(array, at["layer"] + 1, at["unit"], column)
        self.ask(Question(at["run"], quantity, at["other"]))
        self.changed.emit()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
