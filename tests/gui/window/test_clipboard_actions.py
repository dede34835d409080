"""The actions that copy to the clipboard."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment
from engine.nn.code import Code
from engine.nn.losses import CrossEntropy
from engine.studies.symmetry_breaking.study import BreakingStudy
from gui.main_window import MainWindow
from tests.gui.windows import act, wait_for_training


def copied(window: MainWindow, action: str) -> str:
    QGuiApplication.clipboard().setText("nothing")
    act(window, action)
    text: str = QGuiApplication.clipboard().text()
    assert text != "nothing"
    assert window.message.startswith("Copied ")
    return text


def opened(qtbot: QtBot, name: str, index: int = 7) -> MainWindow:
    window = MainWindow(built_in(name))
    qtbot.addWidget(window)
    window.show()
    wait_for_training(window, qtbot)
    window.player.seek(index)
    return window


def test_copy_numbers_copies_a_table(qtbot: QtBot) -> None:
    window = opened(qtbot, "zero-vs-random")
    assert window.scene is not None
    rows = [line.split("\t") for line in copied(window, "copy_numbers").splitlines()]
    assert rows[0] == ["", "zero", "random"]
    table = {name: [float(cell) for cell in cells] for name, *cells in rows[1:]}
    frames = [recording[7] for recording in window.scene.recordings]
    assert table["loss"] == [frame.loss for frame in frames]
    assert table["W1[1,0]"] == [frame.W[1][1, 0] for frame in frames]
    assert table["dW2[0,1]"] == [frame.dW[2][0, 1] for frame in frames]


def test_copy_numbers_copies_the_table_of_a_study(qtbot: QtBot) -> None:
    window = opened(qtbot, "depth-tanh")
    rows = [line.split("\t") for line in copied(window, "copy_numbers").splitlines()]
    assert rows[0][:4] == ["frame", "run", "name", "layer"]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_copy_arrays_copies_python(qtbot: QtBot) -> None:
    window = opened(qtbot, "initialize-parameters")
    assert window.scene is not None
    names: dict[str, Any] = {}
    exec(copied(window, "copy_arrays"), names)
    last = window.scene.recordings[-1][7]
    for layer in (1, 2):
        for kind in ("W", "b", "Z", "A", "dZ", "dW", "db"):
            np.testing.assert_array_equal(names[f"{kind}{layer}"], getattr(last, kind)[layer])


def test_copy_experiment_copies_the_file(qtbot: QtBot) -> None:
    window = opened(qtbot, "perturbed")
    assert parse_experiment(copied(window, "copy_experiment")) == built_in("perturbed")


def test_copied_code_repeats_the_chosen_run(qtbot: QtBot) -> None:
    window = opened(qtbot, "broken-by-hand")
    assert window.scene is not None
    window.controls.choose(1)
    names: dict[str, Any] = {}
    exec(copied(window, "copy_numpy"), names)
    assert names["losses"] == window.scene.recordings[1].losses.tolist()
    assert 'run "touched at 100", in PyTorch' in copied(window, "copy_torch")


def test_code_is_not_copied_to_a_library_that_cannot_express_the_run(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, "zero-vs-random")
    monkeypatch.setattr(CrossEntropy, "code", Code(numpy="{a}"))
    QGuiApplication.clipboard().setText("nothing")
    act(window, "copy_jax")
    assert QGuiApplication.clipboard().text() == "nothing"
    assert "loss cross-entropy has no code for JAX" in window.message


def test_study_disables_the_code_actions(qtbot: QtBot) -> None:
    window = opened(qtbot, "depth-tanh")
    for name in ("copy_arrays", "copy_numpy", "copy_torch"):
        assert not window.actions_by_name[name].isEnabled()


def test_copy_numbers_of_an_incomplete_scene_is_reported(qtbot: QtBot) -> None:
    window = opened(qtbot, "breaking-symmetry")
    study = BreakingStudy(built_in("breaking-symmetry"))
    chunks = study.compute()
    while study.last_index < 0:
        next(chunks)
    window.scene_controller.show_scene(study)
    QGuiApplication.clipboard().setText("what was there before")
    act(window, "copy_numbers")
    assert window.message == "There are no numbers to copy yet: wait until all is computed"
    assert QGuiApplication.clipboard().text() == "what was there before"
