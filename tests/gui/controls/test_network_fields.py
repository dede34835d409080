"""The fields of the network: activations by layer, and layer sizes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine.editing.paths import Path
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run
from engine.nn.initializers import Normal
from gui.controls.controls import Controls
from gui.style.theme import THEMES

DEEP = Experiment(
    network=NetworkSpec(layers=(2, 3, 2, 1), hidden="tanh"),
    runs=(
        Run(
            init=Normal(),
            edits=(
                Edit(step=3, parameter="W1", index=(2, 0), value=1.0),
                Edit(step=3, parameter="W1", index=(0, 1), value=2.0),
                Edit(step=4, parameter="b3", index=(0,), value=3.0),
            ),
        ),
    ),
)


class Form:
    """The controls, and what came out of them last."""

    def __init__(self, qtbot: QtBot) -> None:
        self.controls = Controls(THEMES["light"], QAction())
        qtbot.addWidget(self.controls)
        self.controls.resize(320, 1400)
        self.controls.show()
        self.undo_text = self.message = ""
        self.controls.edited.connect(self._on_edited)
        self.controls.error_reported.connect(self._on_error)
        self.show(DEEP)

    def show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.controls.show_experiment(experiment)

    def hidden(self) -> str | tuple[str, ...]:
        return self.experiment.network.hidden

    def _on_edited(self, experiment: Experiment, undo_text: str) -> None:
        self.undo_text = undo_text
        self.show(experiment)

    def _on_error(self, sentence: str) -> None:
        self.message = sentence

    def choose(self, path: Path, name: str) -> None:
        box = self.controls.fields[path].editor
        assert isinstance(box, QComboBox)
        box.setCurrentText(name)
        box.activated.emit(box.currentIndex())

    def type_sizes(self, text: str) -> None:
        line = self.controls.fields[("network", "layers")].editor
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def shown_by_layer(self) -> list[str]:
        boxes = [
            field.editor
            for path, field in self.controls.fields.items()
            if path[:2] == ("network", "hidden") and len(path) == 3
        ]
        return [box.currentText() for box in boxes if isinstance(box, QComboBox)]


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return Form(qtbot)


def test_every_hidden_layer_has_an_activation_field(form: Form) -> None:
    assert form.shown_by_layer() == ["tanh", "tanh"]
    form.choose(("network", "hidden", 1), "relu")
    assert form.hidden() == ("tanh", "relu")
    assert form.undo_text == "Change layer 2 units"
    assert form.shown_by_layer() == ["tanh", "relu"]
    form.choose(("network", "hidden"), "sigmoid")
    assert form.hidden() == "sigmoid"
    form.choose(("network", "hidden", 0), "relu")
    form.choose(("network", "hidden", 1), "relu")
    assert form.hidden() == "relu"


def test_number_of_activation_fields_follows_the_layers(form: Form) -> None:
    for sizes, shown in (((2, 2, 1), 0), ((2, 1), 0), ((2, *(3,) * 6, 1), 6), ((2, 2, 2, 1), 2)):
        form.show(Experiment(network=NetworkSpec(layers=sizes)))
        assert len(form.shown_by_layer()) == shown


def test_new_sizes_keep_fitting_edits_and_report_the_others(form: Form) -> None:
    form.choose(("network", "hidden", 1), "relu")
    form.type_sizes("2, 2, 2, 1")
    assert [edit.index for edit in form.experiment.runs[0].edits] == [(0, 1), (0,)]
    assert form.undo_text == "Change layer sizes, with 1 edit by hand"
    assert form.message.startswith("1 edit by hand removed")
    form.type_sizes("2-2-2-3-1")
    assert form.hidden() == ("tanh", "relu", "relu")
    assert form.shown_by_layer() == ["tanh", "relu", "relu"]
    form.type_sizes("2 1")
    assert form.hidden() == "tanh"


def test_invalid_sizes_show_an_error_at_the_field(form: Form) -> None:
    for text in ("2", "2, 0, 1", "3, 2, 1"):
        form.type_sizes(text)
        assert form.controls.fields[("network", "layers")].error
        assert form.experiment == DEEP


@pytest.mark.parametrize(
    ("data", "targets"),
    [
        (DataSpec(), [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]),
        (DataSpec(points=((0.0, 1.0, 1.0), (2.0, 3.0, 0.0))), [[0.0, 1.0], [1.0, 0.0]]),
    ],
)
def test_softmax_comes_with_a_unit_and_a_target_for_each_class(
    qtbot: QtBot, data: DataSpec, targets: list[list[float]]
) -> None:
    form = Form(qtbot)
    form.show(Experiment(data=data))
    form.choose(("network", "output"), "softmax")
    network = form.experiment.network
    assert (network.output, network.layers) == ("softmax", (2, 2, 2))
    assert form.experiment.load_data().Y.tolist() == targets
    assert form.experiment.load_data().X.tolist() == Experiment(data=data).load_data().X.tolist()


def test_softmax_is_refused_for_another_loss(qtbot: QtBot) -> None:
    form = Form(qtbot)
    form.show(Experiment(network=NetworkSpec(loss="mean-squared-error")))
    form.choose(("network", "output"), "softmax")
    assert form.experiment.network.output == "sigmoid"
    error = form.controls.fields["network", "output"].error
    assert error.startswith("Softmax needs the loss cross-entropy")
    form.choose(("network", "loss"), "cross-entropy")
    assert form.experiment.network.output == "softmax"
    assert form.experiment.network.layers == (2, 2, 2)
