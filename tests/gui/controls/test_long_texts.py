"""Long notes and many changes cost little, also at every later edit."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.editing.paths import edited
from engine.experiment.experiment import Change, Experiment
from engine.library.built_ins import built_in
from gui.controls.controls import Controls
from gui.controls.run_card import MOST_CHANGES
from gui.style.theme import THEMES

EXPERIMENT = Experiment()


@pytest.fixture
def controls(qtbot: QtBot) -> Controls:
    action = QAction()
    controls = Controls(THEMES["light"], action)
    action.setParent(controls)
    qtbot.addWidget(controls)
    controls.show()
    return controls


def test_notes_are_converted_once(controls: Controls, monkeypatch: pytest.MonkeyPatch) -> None:
    converted: list[str] = []

    def convert(notes: str) -> str:
        converted.append(notes)
        return notes

    monkeypatch.setattr("gui.controls.about.harmless", convert)
    experiment = built_in("constant")
    for steps in (10, 20, 30):
        controls.show_experiment(edited(experiment, {("training", "steps"): steps}))
    assert converted == [experiment.notes]
    controls.show_experiment(experiment.replace(notes="other"))
    assert len(converted) == 2


def test_a_run_of_many_changes_has_editors_for_the_first(controls: Controls) -> None:
    changes = tuple(Change(step=step, learning_rate=0.5 + step % 2) for step in range(1, 31))
    controls.show_experiment(edited(EXPERIMENT, {("runs", 0, "changes"): changes}))
    paths = [path for path in controls.fields if path[-1] == "step"]
    assert paths == [("runs", 0, "changes", number, "step") for number in range(MOST_CHANGES)]
    further = controls.findChild(QLabel, "further_changes")
    assert further
    assert further.text() == "10 further changes, in the file only"
    assert not further.isHidden()
    controls.show_experiment(EXPERIMENT)
    assert further.isHidden()
