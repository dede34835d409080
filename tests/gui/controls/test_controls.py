"""Entries in the form become an experiment, or are refused with an error at the field."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from engine.editing import runs
from engine.editing.paths import Path, edited
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run
from engine.library.built_ins import BUILT_INS, built_in
from engine.nn.activations import ACTIVATIONS
from engine.nn.datasets import DATASETS
from engine.nn.initializers import SCHEMES, Constant, Explicit, Normal, Perturbed, Zeros
from gui.controls.controls import Controls
from gui.controls.fields import ChoiceField, NumberField
from gui.style.theme import THEMES
from gui.widgets.number_box import NumberBox

EXPERIMENT = Experiment(runs=(Run(name="zero"), Run(name="random", init=Normal(scale=0.5, seed=3))))


class Window:
    """What the window does with the controls: it shows them what they made."""

    def __init__(self, controls: Controls) -> None:
        self.controls = controls
        self.undo_texts: list[str] = []
        self.opened: list[str] = []
        controls.edited.connect(self.apply)
        controls.opened.connect(self.opened.append)
        self.show(EXPERIMENT)

    def show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.controls.show_experiment(experiment)

    def apply(self, experiment: Experiment, undo_text: str) -> None:
        self.undo_texts.append(undo_text)
        self.show(experiment)

    def type(self, qtbot: QtBot, path: Path, text: str) -> None:
        """Type into a field, and confirm with Return."""
        editor = self.controls.fields[path].editor
        line = editor.lineEdit() if isinstance(editor, NumberBox) else editor
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def choose(self, path: Path, value: object) -> None:
        field = self.controls.fields[path]
        assert isinstance(field, ChoiceField)
        box = field.editor
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(field.values.index(value))
        box.activated.emit(box.currentIndex())

    def error(self, path: Path) -> str:
        return self.controls.fields[path].error


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    controls = Controls(THEMES["light"], QAction())
    controls.resize(320, 1400)
    qtbot.addWidget(controls)
    with qtbot.waitExposed(controls):
        controls.show()
    return Window(controls)


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("training", "learning_rate"), "0.25", 0.25),
        (("training", "learning_rate"), "1e-3", 0.001),
        (("training", "learning_rate"), "0,5e0", 0.5),
        (("training", "steps"), "1234", 1234),
        (("training", "steps"), "1e3", 1000),
        (("network", "layers"), "2 - 5 - 3 - 1", (2, 5, 3, 1)),
        (("network", "layers"), "2,4,1", (2, 4, 1)),
        (("network", "beta"), "2.5", 2.5),
        (("title",), "Mine", "Mine"),
        (("runs", 1, "name"), "wild", "wild"),
        (("runs", 1, "init", "scale"), "2", 2.0),
        (("runs", 1, "init", "seed"), "9223372036854775807", 2**63 - 1),
        (("runs", 0, "init", "bias"), "0.25", 0.25),
        (("runs", 0, "init", "bias"), '{"scheme": "normal"}', Normal()),
    ],
)
def test_typed_value_becomes_part_of_the_experiment(
    window: Window, qtbot: QtBot, path: Path, text: str, value: object
) -> None:
    # From other numbers, so that each of them is a change.
    window.show(edited(EXPERIMENT, {("training", "learning_rate"): 7.0}))
    before = window.experiment
    window.type(qtbot, path, text)
    assert window.experiment == edited(before, {path: value})
    assert len(window.undo_texts) == 1
    assert window.error(path) == ""


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (("training", "learning_rate"), "0", "a number, above 0"),
        (("training", "learning_rate"), "nan", "a number"),
        (("training", "learning_rate"), "fast", "a number"),
        (("training", "learning_rate"), "", "a number"),
        (("training", "steps"), "-1", "a whole number, at least 0"),
        (("training", "steps"), "1.5", "whole number"),
        (("training", "steps"), "1000000000", "a whole number, at most 10,000,000"),
        (("network", "layers"), "2", "length at least 2"),
        (("network", "layers"), "2, two, 1", "whole numbers"),
        (("network", "layers"), "3, 2, 1", "has 2 inputs"),
        (("runs", 1, "init", "scale"), "-1", "a number, at least 0"),
        (("runs", 0, "init", "bias"), "[1", "write it like 0"),
    ],
)
def test_invalid_value_shows_an_error_at_its_field(
    window: Window, qtbot: QtBot, path: Path, text: str, message: str
) -> None:
    before = window.experiment
    window.type(qtbot, path, text)
    assert window.experiment == before
    assert window.undo_texts == []
    assert message in window.error(path)
    shown = [
        label
        for label in window.controls.findChildren(QLabel)
        if label.property("role") == "error" and label.isVisible()
    ]
    assert len(shown) == 1
    field = window.controls.fields[path]
    assert shown[0].parent() is field
    assert field.editor.property("wrong") is True


def test_corrected_field_shows_no_error(window: Window, qtbot: QtBot) -> None:
    path = ("training", "steps")
    window.type(qtbot, path, "-1")
    window.type(qtbot, path, "17")
    assert window.error(path) == ""
    assert window.experiment.training.steps == 17


def test_typing_the_present_value_is_no_edit(window: Window, qtbot: QtBot) -> None:
    path = ("training", "steps")
    window.type(qtbot, path, "-1")
    window.type(qtbot, path, "400")
    assert (window.error(path), window.undo_texts) == ("", [])


def test_changes_valid_only_together_can_be_entered_in_any_order(window: Window) -> None:
    window.choose(("network", "output"), "linear")
    assert "sigmoid" in window.error(("network", "output"))
    window.choose(("network", "loss"), "mean-squared-error")
    assert window.experiment.network.output == "linear"
    assert window.experiment.network.loss == "mean-squared-error"
    assert window.error(("network", "output")) == ""


def test_refused_entry_stays_while_another_field_changes(window: Window, qtbot: QtBot) -> None:
    window.type(qtbot, ("training", "steps"), "-1")
    window.type(qtbot, ("title",), "Mine")
    assert window.experiment == edited(EXPERIMENT, {("title",): "Mine"})
    assert "whole number, at least 0" in window.error(("training", "steps"))
    assert window.controls.fields[("training", "steps")].value() == -1


def test_typed_text_is_accepted_after_a_pause_and_not_rewritten(
    window: Window, qtbot: QtBot
) -> None:
    box = window.controls.fields[("training", "learning_rate")].editor
    assert isinstance(box, NumberBox)
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "0.250")
    assert window.undo_texts == []
    qtbot.waitUntil(lambda: window.undo_texts == ["Change learning rate"])
    assert box.text() == "0.250"


def test_arrows_change_the_first_digit(window: Window, qtbot: QtBot) -> None:
    field = window.controls.fields[("training", "learning_rate")]
    assert isinstance(field, NumberField)
    QTest.keyClick(field.editor, Qt.Key.Key_Up)
    QTest.keyClick(field.editor, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: window.experiment.training.learning_rate == 0.7)
    assert len(window.undo_texts) == 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_can_be_chosen_and_shows_fields_and_formula(
    window: Window, scheme: str
) -> None:
    window.choose(("runs", 1, "init"), scheme)
    init = window.experiment.runs[1].init
    assert type(init) is SCHEMES[scheme]
    if scheme != "normal":
        assert window.undo_texts == ["Change first weights of run B"]
    prefix = ("runs", 1, "init")
    shown = {path[3] for path in window.controls.fields if path[:3] == prefix and len(path) == 4}
    assert shown == {field.name for field in msgspec.structs.fields(SCHEMES[scheme])}
    texts = [label.text() for label in window.controls.findChildren(QLabel) if label.isVisible()]
    assert any(init.formula in text and init.source in text for text in texts)
    assert window.controls.fields[(*prefix, "seed")].isVisible() == init.random


def test_new_scheme_keeps_shared_parameters(window: Window) -> None:
    window.choose(("runs", 1, "init"), "glorot-normal")
    assert window.experiment.runs[1].init.seed == 3


def test_explicit_scheme_starts_with_the_drawn_weights(window: Window) -> None:
    drawn = runs.as_explicit(EXPERIMENT, EXPERIMENT.runs[1].init)
    window.choose(("runs", 1, "init"), "explicit")
    assert window.experiment.runs[1].init == drawn
    assert isinstance(drawn, Explicit)
    assert len(drawn.W) == 2


def test_nested_scheme_has_its_own_editor(window: Window, qtbot: QtBot) -> None:
    window.choose(("runs", 0, "init"), "perturbed")
    window.choose(("runs", 0, "init", "base"), "constant")
    window.type(qtbot, ("runs", 0, "init", "base", "value"), "0.75")
    assert window.experiment.runs[0].init == Perturbed(base=Constant(value=0.75))
    window.choose(("runs", 0, "init", "base"), "zeros")
    assert window.experiment.runs[0].init == Perturbed(base=Zeros())
    assert not window.controls.fields[("runs", 0, "init", "base", "seed")].isVisible()


def test_refused_parameter_is_discarded_with_its_scheme(window: Window, qtbot: QtBot) -> None:
    window.type(qtbot, ("runs", 1, "init", "scale"), "-1")
    window.choose(("runs", 1, "init"), "uniform")
    window.type(qtbot, ("training", "steps"), "5")
    assert window.experiment.training.steps == 5
    window.show(EXPERIMENT)
    assert window.error(("runs", 1, "init", "scale")) == ""


def test_only_applicable_fields_are_shown(window: Window) -> None:
    fields = window.controls.fields
    drawn = [fields[("data", name)] for name in ("samples", "noise", "seed")]
    assert not any(field.isVisible() for field in drawn)
    window.choose(("data", "name"), "moons")
    assert all(field.isVisible() for field in drawn)
    assert fields[("network", "beta")].isVisible()
    window.show(
        Experiment(network=NetworkSpec(hidden="relu", output="linear", loss="mean-squared-error"))
    )
    assert not fields[("network", "beta")].isVisible()


def test_given_points_can_be_replaced_and_edited(window: Window, qtbot: QtBot) -> None:
    window.show(Experiment(data=DataSpec(points=((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)))))
    field = window.controls.fields[("data", "points")]
    assert field.isVisible()
    window.type(qtbot, ("data", "points"), "[[0, 0, 1], [2, 0, 0]]")
    assert window.experiment.data.points == ((0.0, 0.0, 1.0), (2.0, 0.0, 0.0))
    window.choose(("data", "name"), "points")
    assert window.experiment.data.points is not None
    window.choose(("data", "name"), "and")
    assert window.experiment.data == DataSpec(name="and")
    assert not field.isVisible()


def test_choices_list_the_registries(window: Window) -> None:
    def offered(path: Path) -> set[str]:
        box = window.controls.fields[path].editor
        assert isinstance(box, QComboBox)
        return {box.itemText(index) for index in range(box.count())}

    assert offered(("data", "name")) == set(DATASETS)
    assert offered(("network", "hidden")) == set(ACTIVATIONS)
    assert offered(("runs", 0, "init")) == set(SCHEMES)


def test_activation_of_each_layer_is_shown(window: Window) -> None:
    network = NetworkSpec(layers=(2, 2, 2, 1), hidden=("tanh", "relu"))
    window.show(Experiment(network=network))
    box = window.controls.fields[("network", "hidden")].editor
    assert isinstance(box, QComboBox)
    assert box.currentText() == "tanh, relu"
    window.choose(("network", "hidden"), "tanh")
    assert window.experiment.network.hidden == "tanh"


def test_runs_are_added_up_to_four_and_removed_down_to_one(window: Window, qtbot: QtBot) -> None:
    add = window.controls.findChild(QPushButton, "add_run")
    assert add
    for _ in range(2):
        QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert len(window.experiment.runs) == 4
    assert not add.isEnabled()
    for _ in range(3):
        button = window.controls.findChildren(QToolButton, "remove_run")[0]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [run.name for run in window.experiment.runs] == ["random"]
    assert not window.controls.findChildren(QToolButton, "remove_run")[0].isEnabled()


def test_reseed_button_gives_one_run_a_new_seed(window: Window, qtbot: QtBot) -> None:
    dice = window.controls.findChildren(QToolButton, "reseed_run")
    assert [die.isEnabled() for die in dice] == [False, True]
    QTest.mouseClick(dice[1], Qt.MouseButton.LeftButton)
    old, new = EXPERIMENT.runs[1].init, window.experiment.runs[1].init
    assert new.seed != old.seed
    assert new.replace(seed=3) == old
    assert window.undo_texts == ["New seed for run B"]


def test_run_can_override_settings(window: Window, qtbot: QtBot) -> None:
    QTest.mouseClick(
        window.controls.findChildren(QToolButton, "more")[0], Qt.MouseButton.LeftButton
    )
    window.type(qtbot, ("runs", 0, "learning_rate"), "2")
    window.choose(("runs", 0, "hidden"), "relu")
    run = window.experiment.runs[0]
    assert (run.learning_rate, run.hidden, run.loss) == (2.0, "relu", None)
    window.type(qtbot, ("runs", 0, "learning_rate"), " ")
    assert window.experiment.runs[0].learning_rate is None


def test_every_built_in_experiment_can_be_shown_and_changed(window: Window, qtbot: QtBot) -> None:
    for name in BUILT_INS:
        experiment = built_in(name)
        path: Path = ("training", "steps")
        if experiment.scene is not None and not experiment.uses("training"):
            numbers = {"perceptron": "epochs", "variance": "sums", "depth": "depth"}
            path = ("scene", numbers.get(experiment.scene.kind, "steps"))
        value = 150 if path[1] == "sums" else 3
        window.show(experiment)
        window.type(qtbot, path, str(value))
        assert window.experiment == edited(experiment, {path: value}), name


def test_built_in_is_chosen_by_its_title(window: Window) -> None:
    chooser = window.controls.findChild(QComboBox, "chooser")
    assert chooser
    assert chooser.currentIndex() == -1
    assert chooser.placeholderText() == EXPERIMENT.title
    chooser.activated.emit(2)
    assert window.opened == [BUILT_INS[2]]
    window.show(built_in(BUILT_INS[2]))
    assert chooser.currentIndex() == 2


def test_showing_an_experiment_emits_no_edit(window: Window, qtbot: QtBot) -> None:
    for name in BUILT_INS:
        window.show(built_in(name))
    qtbot.wait(450)
    assert window.undo_texts == []


def test_runs_that_shared_a_seed_share_the_new_one() -> None:
    experiment = built_in("learning-rates")
    assert len({run.init.seed for run in experiment.runs}) == 1
    new = runs.with_new_seeds(experiment, runs.random_runs(experiment))
    assert len({run.init.seed for run in new.runs}) == 1
    assert new.runs[0].init.seed != experiment.runs[0].init.seed


def test_notes_of_an_experiment_can_be_shown(window: Window, qtbot: QtBot) -> None:
    notes = window.controls.findChild(QLabel, "notes")
    about = window.controls.findChild(QToolButton, "about")
    assert notes
    assert about
    assert not about.isVisible()
    window.show(built_in("constant"))
    assert not notes.isVisible()
    QTest.mouseClick(about, Qt.MouseButton.LeftButton)
    assert notes.isVisible()
    assert built_in("constant").notes.split("\n")[0] in notes.text()
    edited_note = window.controls.findChild(QLabel, "about_the_original")
    assert edited_note
    assert not edited_note.isVisible()
    original = built_in("constant")
    changed = edited(original, {("training", "learning_rate"): 0.25})
    window.controls.show_experiment(changed, 0, original)
    assert edited_note.isVisible()
    assert edited_note.text() == "Edited: this text is about the original."
    other_notes = changed.replace(notes="Other notes.")
    window.controls.show_experiment(other_notes, 0, original)
    assert not edited_note.isVisible()
    window.controls.show_experiment(original.replace(title="Other title"), 0, original)
    assert not edited_note.isVisible()
    window.show(EXPERIMENT)
    assert not notes.isVisible()
