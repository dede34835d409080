"""The dialog that exports one frame: its fields make a plan, which is written quickly."""

from itertools import groupby
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.training.comparison import Comparison, compare
from gui.document.opening import open_experiment
from gui.export.dialogs.single_frame_dialog import SingleFrameDialog
from gui.export.formats.registry import SINGLE_FRAME_FORMATS
from gui.export.plan import ExportPlan, FrameRange
from gui.export.renderer import write_frame
from gui.panels.base.panel import Panel
from gui.stage.catalogue import PANELS
from gui.stage.stage import Stage
from tests.gui.turns import Turns

EXPERIMENT = Experiment(title="One & two", training=TrainingSpec(steps=30))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(EXPERIMENT)


@pytest.fixture
def dialog(qtbot: QtBot, comparison: Comparison, tmp_path: Path) -> SingleFrameDialog:
    dialog = SingleFrameDialog(comparison, 12, "dark")
    qtbot.addWidget(dialog)
    dialog.form.file.path.setText(str(tmp_path / "x.svg"))
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_the_initial_plan_is_the_current_frame(dialog: SingleFrameDialog) -> None:
    plan = dialog.order()
    assert plan.indices(30) == [12]
    assert (plan.size, plan.dpi, plan.theme) == ((2835, 1594), 300, "dark")
    assert (
        dialog.summary.text() == "24.0 × 13.5 cm  ·  sharp at any size  ·  Initscope opens it again"
    )
    dialog.preview.frame.setValue(30)
    assert dialog.order().indices(30) == [30]


def test_sizes_are_converted_between_units_and_pixels(dialog: SingleFrameDialog) -> None:
    form = dialog.form
    form.file.path.setText("x.png")
    form.unit.setCurrentText("in")
    assert (form.width_box.value(), form.height_box.value()) == (9.45, 5.31)
    form.unit.setCurrentText("mm")
    form.width_box.setValue(80.0)
    form.height_box.setValue(60.0)
    form.dpi.setValue(600)
    assert dialog.order().size == (1890, 1417)
    assert dialog.summary.text().startswith("8.0 × 6.0 cm  ·  1,890 × 1,417 pixels")
    assert form.dpi.isEnabled()
    form.file.path.setText("x.pdf")
    assert not form.dpi.isEnabled()  # it has none


@pytest.mark.parametrize("suffix", SINGLE_FRAME_FORMATS)
def test_every_format_is_written_with_its_experiment(
    suffix: str, qtbot: QtBot, dialog: SingleFrameDialog, tmp_path: Path
) -> None:
    path = tmp_path / f"y{suffix}"
    dialog.form.file.path.setText(str(path))
    dialog.export_button.click()
    qtbot.waitUntil(lambda: dialog.message.text() == f"Written: {path}")
    assert dialog.export_button.text() == "Replace"
    assert open_experiment(path) == EXPERIMENT
    if suffix == ".png":
        with Image.open(path) as image:
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    dialog.export_button.click()
    qtbot.waitUntil(dialog.export_button.isEnabled)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SINGLE_FRAME_FORMATS)
def test_a_frame_is_made_drawn_and_painted_in_separate_steps(
    suffix: str,
    qtbot: QtBot,
    dialog: SingleFrameDialog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    dialog.form.file.path.setText(str(tmp_path / f"y{suffix}"))
    qtbot.waitUntil(lambda: not dialog.preview.picture.pixmap().isNull())
    turns = Turns(monkeypatch)
    turns.note(Panel, "__init__", "made")
    for kind in PANELS.values():
        turns.note(kind, "draw", "drawn")
    turns.note(Stage, "paint", "painted")
    dialog.export_button.click()
    assert not dialog.export_button.isEnabled()
    qtbot.waitUntil(dialog.export_button.isEnabled)
    panels = turns.calls.count("made")
    assert panels > 5
    assert [word for word, _ in groupby(turns.calls)] == ["made", "drawn", "painted"]
    assert turns.most_in_one() <= 2  # two may come within a millisecond


@pytest.mark.parametrize("suffix", SINGLE_FRAME_FORMATS)
@pytest.mark.parametrize("steps", [1, 5, *range(18, 26)])
def test_closed_steps_leave_the_older_file_or_a_complete_one(
    suffix: str, steps: int, qtbot: QtBot, comparison: Comparison, tmp_path: Path
) -> None:
    path = tmp_path / f"y{suffix}"
    path.write_text("older")
    writing = write_frame(comparison, ExportPlan(path, frames=FrameRange(3, 4), overwrite=True))
    for _ in range(steps):
        next(writing, None)
    writing.close()
    is_older = path.read_bytes() == b"older"
    assert is_older or (steps > 5 and open_experiment(path) == EXPERIMENT)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_unexpected_error_is_reported_and_the_export_can_be_repeated(
    qtbot: QtBot, dialog: SingleFrameDialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> NoReturn:
        raise ZeroDivisionError

    with monkeypatch.context() as patched, qtbot.captureExceptions() as caught:
        patched.setattr(Stage, "paint", fail)
        dialog.export_button.click()
        qtbot.waitUntil(dialog.export_button.isEnabled)
    assert caught
    assert {kind for kind, _, _ in caught} == {ZeroDivisionError}
    assert dialog.message.text() == "The frame cannot be drawn."
    assert list(tmp_path.iterdir()) == []
    dialog.export_button.click()
    qtbot.waitUntil(lambda: dialog.message.text().startswith("Written"))


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_cancelling_and_closing_stop_the_writing(
    how: str, qtbot: QtBot, dialog: SingleFrameDialog, tmp_path: Path
) -> None:
    dialog.export_button.click()
    assert dialog.cancel_button.text() == "Cancel"
    if how == "cancel":
        dialog.cancel_button.click()
        assert dialog.message.text() == "Cancelled."
        assert dialog.export_button.isEnabled()
    else:
        dialog.close()
    qtbot.wait(100)
    assert list(tmp_path.iterdir()) == []
    assert dialog.isVisible() == (how == "cancel")


def test_a_wrong_field_is_reported_and_disables_the_export(
    qtbot: QtBot, dialog: SingleFrameDialog, tmp_path: Path
) -> None:
    dialog.form.width_box.setValue(900.0)
    assert "size:" in dialog.message.text()
    assert not dialog.export_button.isEnabled()
    dialog.form.width_box.setValue(24.0)
    dialog.form.file.path.setText(str(tmp_path / "none" / "x.svg"))
    dialog.export_button.click()
    qtbot.waitUntil(lambda: "there is no folder" in dialog.message.text())
    assert dialog.export_button.isEnabled()
    for box in dialog.form.panels.boxes.values():
        box.setChecked(False)
    assert "select at least one" in dialog.message.text()


def test_the_preview_is_updated(qtbot: QtBot, dialog: SingleFrameDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.preview.picture.pixmap().isNull(), timeout=5000)
    before = dialog.preview.picture.pixmap().toImage()
    dialog.form.height_box.setValue(24.0)
    qtbot.waitUntil(lambda: dialog.preview.picture.pixmap().toImage() != before, timeout=5000)
    assert dialog.preview.picture.pixmap().width() == 360
    assert dialog.preview.caption.text() == "Frame 12"
