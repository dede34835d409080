"""The fields of the data, and of the example that the network shows."""

from typing import Any, final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy

from engine import UsageError
from engine.experiment import DataSpec, Experiment
from engine.nn import DATASETS
from gui.controls.fields import BoxField, ChoiceField, Field, JsonField, NumberField
from gui.controls.slider_field import SliderField
from gui.widgets import ActionButton, configured

POINTS = "points"
MOST_NOISE = 1.0
MOST_FLIP = 0.5


@final
class DataFields:
    """The fields of the data in their order, and the button for drawing points."""

    def __init__(self, draw_points: QAction) -> None:
        self._samples = NumberField(("data", "samples"), "samples", whole=True, least=2)
        self._noise = SliderField(
            ("data", "noise"), "noise", "How widely the points scatter", most=MOST_NOISE
        )
        self._flip = SliderField(
            ("data", "flip"), "flip", "The share of examples with a wrong label", most=MOST_FLIP
        )
        self._seed = NumberField(("data", "seed"), "seed", whole=True, least=0)
        self._points = JsonField(
            ("data", "points"),
            "points",
            DataSpec.__annotations__["points"],
            "For each point its inputs, then its targets",
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
        self.button = configured(ActionButton(draw_points), objectName="edit_data_button")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_what_applies(self, experiment: Experiment) -> None:
        """Hide the fields that have no effect in an experiment."""
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
    """The number of the example that the network shows, counted from 1 as on the stage."""

    def __init__(self) -> None:
        self.count = 1
        """The number of examples."""
        super().__init__(
            ("example",),
            "example",
            "The network shows its numbers; you can also click a point of the decision",
            whole=True,
            least=1,
        )

    def value(self) -> object:
        number = super().value()
        if not isinstance(number, int) or not 1 <= number <= self.count:
            raise UsageError(f"example: expected a whole number from 1 to {self.count:,}")
        return number - 1

    def _show(self, value: Any) -> None:
        if not self._means(value):
            self._box.lineEdit().setText(str(value + 1))
