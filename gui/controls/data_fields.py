"""The part of the form that says which examples there are, and which of them is looked at."""

from typing import Any, final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment
from engine.nn.datasets import DATASETS
from gui.controls.fields import BoxField, ChoiceField, Field, JsonField, NumberField
from gui.controls.slider_field import SliderField
from gui.widgets.action_button import ActionButton

POINTS = "points"
MOST_NOISE = 1.0
MOST_FLIP = 0.5


@final
class DataFields:
    """The fields of the data in their order, and the button that lets points be drawn."""

    def __init__(self) -> None:
        self._samples = NumberField(("data", "samples"), "samples", whole=True, least=2)
        self._noise = SliderField(
            ("data", "noise"), "noise", "How far points are strewn", most=MOST_NOISE
        )
        self._flip = SliderField(
            ("data", "flip"), "flip", "The share of examples with a wrong label", most=MOST_FLIP
        )
        self._seed = NumberField(("data", "seed"), "seed", whole=True, least=0)
        self._points = JsonField(
            ("data", "points"),
            "points",
            DataSpec.__annotations__["points"],
            "One after the other: its inputs, then its targets",
        )
        self._example = ExampleField()
        self.fields: list[Field] = [
            ChoiceField(("data", "name"), "data set", {name: name for name in DATASETS}),
            self._points,
            self._samples,
            self._noise,
            self._flip,
            self._seed,
            self._example,
        ]
        self.button = ActionButton()
        self.button.setObjectName("edit_data_button")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_action(self, action: QAction) -> None:
        """Let the button be that of an action."""
        self.button.follow(action)

    def show_what_applies(self, experiment: Experiment) -> None:
        """Hide the fields that mean nothing to the data, or to the scene, of an experiment."""
        data = experiment.data
        for field in (self._samples, self._noise):
            field.setVisible(data.is_drawn)
        self._seed.setVisible(data.depends_on_seed)
        self._points.setVisible(data.points is not None)
        self._example.setVisible(experiment.scene is None)
        self._example.count = data.count
        self.button.setVisible(experiment.scene is None)


@final
class ExampleField(BoxField):
    """The example whose numbers the network shows, counted from 1 as on the stage."""

    def __init__(self) -> None:
        self.count = 1
        """How many there are."""
        tip = "Whose numbers the network shows; or click a point of the decision"
        super().__init__(("example",), "example", tip, whole=True, least=1)

    def value(self) -> object:
        number = super().value()
        if not isinstance(number, int) or not 1 <= number <= self.count:
            raise UsageError(f"example: expected a whole number from 1 to {self.count:,}")
        return number - 1

    def _show(self, value: Any) -> None:
        if not self._means(value):
            self._box.lineEdit().setText(str(value + 1))
