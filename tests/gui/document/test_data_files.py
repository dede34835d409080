"""Points are imported from and exported to files, and the window reports the result."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.editing.data import Imported, with_file
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.nn.initializers import Normal
from engine.studies.variance.study import VarianceSpec
from gui.document import data_files, file_reader
from gui.document.data_files import DataFiles
from gui.main_window import MainWindow
from tests.gui.windows import Open, act, wait_for_training

XOR = Experiment(training=TrainingSpec(steps=20))


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    return open_window(XOR)


def files(window: MainWindow) -> DataFiles:
    found = window.findChild(DataFiles)
    assert found
    return found


def test_an_import_is_one_undo_step_and_reports_the_changes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "three.csv"
    file.write_bytes("\ufeffa;b;c;label\r\n0,5;1;2;no\r\n1;-1;0;yes\r\n".encode())
    files(window).import_from(str(file))
    wait_for_training(window, qtbot)
    experiment = window.document.experiment
    assert experiment.data.points == ((0.5, 1.0, 2.0, 0.0), (1.0, -1.0, 0.0, 1.0))
    assert experiment.network.layers == (3, 2, 1)
    assert window.document.undo_text == "Import three.csv"
    assert window.message.lower() == (
        "imported 2 points; target label; no → 0, yes → 1; the network now has 3 inputs"
    )
    act(window, "undo")
    wait_for_training(window, qtbot)
    assert window.document.experiment == XOR


def test_a_large_file_is_read_in_a_thread_and_again_if_the_experiment_changes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, threads = threading.Event(), []

    def read(experiment: Experiment, path: Path) -> Imported:
        threads.append(threading.current_thread().name)
        assert gate.wait(20)
        return with_file(experiment, path)

    monkeypatch.setattr(data_files, "with_file", read)
    monkeypatch.setattr(file_reader, "PATIENCE_SECONDS", 0.0)
    file = tmp_path / "two.csv"
    file.write_text("0,0,0\n1,1,1\n")
    files(window).import_from(str(file))
    assert window.document.experiment == XOR
    act(window, "reseed")
    changed = window.document.experiment
    gate.set()
    qtbot.waitUntil(lambda: window.document.undo_text == "Import two.csv")
    assert window.document.experiment.data.points == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    assert window.document.experiment.runs == changed.runs
    assert window.message == "Imported 2 points"
    assert threads == ["reading", "reading"]
    wait_for_training(window, qtbot)


def test_points_are_not_imported_into_an_experiment_opened_meanwhile(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def read(experiment: Experiment, path: Path) -> Imported:
        assert gate.wait(20)
        return with_file(experiment, path)

    monkeypatch.setattr(data_files, "with_file", read)
    monkeypatch.setattr(file_reader, "PATIENCE_SECONDS", 0.0)
    (tmp_path / "two.csv").write_text("0,0,0\n1,1,1\n")
    files(window).import_from(str(tmp_path / "two.csv"))
    window.document.open("constant")
    with qtbot.waitSignal(files(window).reader.finished):
        gate.set()
    assert window.document.experiment == built_in("constant")
    wait_for_training(window, qtbot)


BROKEN = (
    (b"x1,x2,y\n1,2,0\n1,2\n3,4,1\n", "line 3: expected 3 columns as in line 1, got 2"),
    (b"x1,x2,y\n1,two,0\n1,2,1\n1,3,1\n", "line 2: column x2: 'two' is not a number"),
    (b"x1,x2,y\n1,nan,0\n1,2,1\n", "line 2: no value for x2"),
    (b"\xe9,y\n1,0\n2,1\n", "is neither UTF-8 nor UTF-16 text (byte 0); save it as UTF-8"),
    (b"1," * 99_999 + b"1\n", "line 1: 100,000 columns; at most 2,048 are read"),
    (None, "there is no such file"),
)


def test_errors_in_a_file_are_reported_and_change_nothing(
    window: MainWindow, tmp_path: Path
) -> None:
    for number, (content, message) in enumerate(BROKEN):
        file = tmp_path / f"bad{number}.csv"
        if content is not None:
            file.write_bytes(content)
        files(window).import_from(str(file))
        assert message in window.message
        assert file.name in window.message
        assert window.document.experiment == XOR
        assert window.document.undo_text == ""


def test_the_exported_points_are_the_training_examples(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.document.apply(built_in("moons"), "Choose moons")
    files(window).export_to(str(tmp_path / "moons"))
    assert (tmp_path / "moons.csv").read_text().startswith("x1,x2,y\n")
    assert "moons.csv" in window.message
    files(window).import_from(str(tmp_path / "moons.csv"))
    before, after = built_in("moons").load_data(), window.document.experiment.load_data()
    np.testing.assert_array_equal(before.X, after.X)
    np.testing.assert_array_equal(before.Y, after.Y)
    files(window).export_to(str(tmp_path / "no" / "moons.csv"))
    assert "there is no folder" in window.message
    window.trainer.stop()


def test_the_actions_show_file_dialogs(window: MainWindow, tmp_path: Path) -> None:
    files(window).export_to(str(tmp_path / "points.csv"))  # whose folder is the first one's now
    for name, title in (("import_points", "Import points"), ("export_points", "Export points")):
        act(window, name)
        (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
        assert dialog.windowTitle() == title
        assert Path(dialog.directory().path()) == tmp_path
        dialog.close()
    assert dialog.selectedFiles() == [str(tmp_path / "xor.csv")]


def test_the_actions_are_disabled_for_a_scene_without_data(open_window: Open) -> None:
    window = open_window(Experiment(scene=VarianceSpec(sums=100), runs=(Run(init=Normal()),)))
    for name in ("import_points", "export_points", "edit_data"):
        action = window.findChild(QAction, name)
        assert action
        assert not action.isEnabled()
