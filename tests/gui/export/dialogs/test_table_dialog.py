"""The dialog that exports the numbers of every frame in a separate process."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.io.tables import TABLES
from engine.library.built_ins import built_in
from engine.studies.catalogue import open_scene
from engine.training.comparison import Comparison, compare
from engine.training.tables import write_recordings
from gui.export.dialogs.table_dialog import TableDialog

EXPERIMENT = Experiment(title="Numbers", training=TrainingSpec(steps=30))
LONG = Experiment(title="Long", training=TrainingSpec(steps=100_000))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(EXPERIMENT)


@pytest.mark.parametrize("suffix", TABLES)
def test_every_format_has_the_bytes_of_the_command(
    suffix: str, qtbot: QtBot, comparison: Comparison, tmp_path: Path
) -> None:
    dialog = TableDialog(comparison)
    qtbot.addWidget(dialog)
    path = tmp_path / f"x{suffix}"
    dialog.form.file.path.setText(str(tmp_path / "x.csv"))
    combo = dialog.form.file.format
    combo.setCurrentIndex(combo.findData(suffix))
    combo.activated.emit(combo.currentIndex())
    assert dialog.form.file.file == path
    assert dialog.summary.text().startswith("2 runs of 31 frames")
    dialog.export_button.click()
    qtbot.waitUntil(lambda: dialog.message.text() == f"Written: {path}", timeout=30_000)
    write_recordings(comparison.recordings, tmp_path / f"y{suffix}")
    assert path.read_bytes() == (tmp_path / f"y{suffix}").read_bytes()


@pytest.mark.slow
def test_a_long_export_shows_its_progress_and_can_be_cancelled(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = TableDialog(Comparison(LONG))
    qtbot.addWidget(dialog)
    path = tmp_path / "x.tidy.csv"
    path.write_text("old")
    dialog.form.file.path.setText(str(path))
    assert dialog.export_button.text() == "Replace"
    dialog.export_button.click()
    qtbot.waitUntil(lambda: "frames, " in dialog.message.text(), timeout=60_000)
    assert dialog.bar.value() > 0
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: "Cancelled" in dialog.message.text(), timeout=30_000)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_studies_have_tables(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = TableDialog(open_scene(built_in("perceptron-and")))
    qtbot.addWidget(dialog)
    combo = dialog.form.file.format
    assert [combo.itemText(number) for number in range(combo.count())] == [
        "CSV (.csv)",
        "NumPy (.npz)",
    ]
    path = tmp_path / "x.npz"
    dialog.form.file.path.setText(str(path))
    dialog.export_button.click()
    qtbot.waitUntil(lambda: dialog.message.text() == f"Written: {path}", timeout=30_000)
    with np.load(path) as table:
        assert len(table.files) > 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.txt", "a table ends in"),
        ("none/x.csv", "there is no folder"),
    ],
)
def test_a_wrong_file_is_reported_and_disables_the_export(
    name: str, sentence: str, qtbot: QtBot, comparison: Comparison, tmp_path: Path
) -> None:
    dialog = TableDialog(comparison)
    qtbot.addWidget(dialog)
    dialog.form.file.path.setText(str(tmp_path / name))
    assert sentence in dialog.message.text()
    assert not dialog.export_button.isEnabled()
