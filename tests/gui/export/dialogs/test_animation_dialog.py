"""The export dialog: its fields make a plan, which is previewed and exported."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.generators import Steps
from engine.training.comparison import Comparison, compare
from gui.background.stepper import Stepper
from gui.document.opening import open_experiment
from gui.export.dialogs import preview
from gui.export.dialogs.animation_dialog import AnimationDialog
from gui.export.formats.registry import FORMATS
from gui.export.plan import ExportPlan, FrameRange
from gui.export.renderer import Renderer
from gui.stage.catalogue import shown_panels
from tests.gui.export.pictures import read

EXPERIMENT = Experiment(title="Zero & σ: one/two", training=TrainingSpec(steps=30))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(EXPERIMENT)


@pytest.fixture
def dialog(qtbot: QtBot, comparison: Comparison, tmp_path: Path) -> AnimationDialog:
    dialog = AnimationDialog(comparison, 12, "dark")
    qtbot.addWidget(dialog)
    dialog.form.file.path.setText(str(tmp_path / "x.mp4"))
    set_size(dialog, 320, 180)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def set_size(dialog: AnimationDialog, width: int, height: int) -> None:
    dialog.form.width_box.setValue(width)
    dialog.form.height_box.setValue(height)


def choose(dialog: AnimationDialog, suffix: str) -> None:
    combo = dialog.form.file.format
    combo.setFocus()
    index = combo.findData(suffix)
    while combo.currentIndex() != index:
        key = Qt.Key.Key_Down if combo.currentIndex() < index else Qt.Key.Key_Up
        QTest.keyClick(combo, key)


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_initial_plan_is_the_whole_animation(
    qtbot: QtBot, comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = AnimationDialog(comparison, 12, "dark")
    qtbot.addWidget(dialog)
    plan = dialog.form.plan()
    assert plan.path.is_absolute()
    assert plan.path.name == "zero-σ-one-two.mp4"
    assert (plan.size, plan.rate, plan.theme) == ((1920, 1080), Fraction(30), "dark")
    assert plan.frames == FrameRange()
    assert plan.panels == shown_panels(EXPERIMENT)
    assert dialog.preview.frame.value() == 12
    assert not dialog.isModal()


def test_the_fields_make_the_plan(dialog: AnimationDialog, tmp_path: Path) -> None:
    form = dialog.form
    form.rate.setEditText("12.5")
    form.first.setValue(4)
    form.last.setValue(20)
    form.stride.setValue(3)
    form.hold_first.setValue(2)
    form.hold_last.setValue(5)
    form.theme.setCurrentIndex(form.theme.findData("light"))
    for name, box in form.panels.boxes.items():
        box.setChecked(name in ("loss", "network"))
    plan = form.plan()
    assert (plan.path, plan.size, plan.theme) == (tmp_path / "x.mp4", (320, 180), "light")
    assert plan.rate == 12.5
    assert plan.frames == FrameRange(4, 21, 3)
    assert (plan.hold_first, plan.hold_last) == (2, 5)
    assert set(plan.panels) == {"network", "loss"}
    assert dialog.summary.text() == "13 frames  ·  1.04 s"


def test_the_format_and_the_suffix_of_the_file_agree(
    dialog: AnimationDialog, tmp_path: Path
) -> None:
    for suffix, writer in FORMATS.items():
        choose(dialog, suffix)
        assert dialog.form.file.path.text() == str(tmp_path / f"x{suffix}")
        assert dialog.form.plan().rate == writer.default_fps
    dialog.form.file.path.setText(str(tmp_path / "y.GIF"))
    assert dialog.form.file.format.currentData() == ".gif"
    assert dialog.form.plan().rate == 25
    assert dialog.form.file.path.text() == str(tmp_path / "y.GIF")


def test_the_file_dialog_is_reused(dialog: AnimationDialog, tmp_path: Path) -> None:
    for name in ("one.gif", "two.png"):
        dialog.form.file.path.setText(str(tmp_path / name))
        click(dialog.form.file.browse)
        (asking,) = dialog.findChildren(QFileDialog)
        assert asking.selectedFiles() == [str(tmp_path / name)]
        assert Path(name).suffix in asking.selectedNameFilter()
        asking.fileSelected.emit(str(tmp_path / f"chosen-{name}"))
        asking.close()
        assert dialog.form.file.path.text() == str(tmp_path / f"chosen-{name}")


def test_the_preset_and_the_size_agree(dialog: AnimationDialog) -> None:
    form = dialog.form
    assert form.size_preset.currentText() == "Other"
    form.size_preset.setFocus()
    QTest.keyClick(form.size_preset, Qt.Key.Key_Up)
    assert dialog.form.plan().size == (640, 360)
    set_size(dialog, 1280, 720)
    assert form.size_preset.currentData() == (1280, 720)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("path", "x.avi", "unknown export format"),
        ("path", "", "must end in one of"),
        ("rate", "500", "fps: MP4 supports"),
        ("rate", "fast", "fps:"),
        ("width_box", 321, "even sizes only"),
        ("first", 25, "selects none of the frames"),
    ],
)
def test_a_wrong_field_is_reported_and_disables_the_export(
    field: str, value: str | int, sentence: str, dialog: AnimationDialog
) -> None:
    dialog.form.last.setValue(20)
    owner = dialog.form.file if field == "path" else dialog.form
    widget: Any = getattr(owner, field)
    setters = {"path": "setText", "rate": "setEditText"}
    getattr(widget, setters.get(field, "setValue"))(value)
    assert sentence in dialog.message.text()
    assert not dialog.export_button.isEnabled()
    assert not dialog.summary.text()


def test_without_panels_the_export_is_disabled(dialog: AnimationDialog) -> None:
    for box in dialog.form.panels.boxes.values():
        box.setChecked(False)
    assert "select at least one" in dialog.message.text()
    assert not dialog.export_button.isEnabled()


def test_the_preview_and_the_estimate_are_updated(qtbot: QtBot, dialog: AnimationDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.preview.picture.pixmap().isNull(), timeout=5000)
    dark = dialog.preview.picture.pixmap().toImage()
    assert (dark.width(), dark.height()) == (640, 360)
    dialog.form.theme.setCurrentIndex(dialog.form.theme.findData("light"))
    qtbot.waitUntil(lambda: dialog.preview.picture.pixmap().toImage() != dark, timeout=5000)
    light = dialog.preview.picture.pixmap().toImage()
    dialog.preview.frame.setValue(0)
    qtbot.waitUntil(lambda: dialog.preview.picture.pixmap().toImage() != light, timeout=5000)
    assert dialog.preview.caption.text() == "Preview of frame 0"
    qtbot.waitUntil(lambda: "about" in dialog.summary.text(), timeout=10_000)
    assert dialog.summary.text().startswith("31 frames  ·  1.03 s  ·  about ")


def test_another_frame_is_drawn_after_a_delay_with_the_same_panels(
    qtbot: QtBot, dialog: AnimationDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: not dialog.preview.picture.pixmap().isNull(), timeout=5000)
    made: list[ExportPlan] = []

    def make(scene: Comparison, plan: ExportPlan) -> Renderer:
        made.append(plan)
        return Renderer(scene, plan)

    monkeypatch.setattr(preview, "Renderer", make)
    delays: list[int] = []
    start = Stepper.start

    def start_and_record(stepper: Stepper, steps: Steps[Any], delay: int = 0) -> None:
        delays.append(delay)
        start(stepper, steps, delay)

    monkeypatch.setattr(Stepper, "start", start_and_record)
    before = dialog.preview.picture.pixmap().toImage()
    dialog.preview.frame.setValue(30)
    assert delays == [preview.DELAY_MILLISECONDS]
    qtbot.waitUntil(lambda: dialog.preview.picture.pixmap().toImage() != before, timeout=5000)
    dialog.form.hold_last.setValue(7)  # which changes no picture
    qtbot.wait(2 * preview.DELAY_MILLISECONDS)
    assert made == []
    dialog.form.theme.setCurrentIndex(dialog.form.theme.findData("light"))
    qtbot.waitUntil(lambda: [plan.theme for plan in made] == ["light"], timeout=5000)


@pytest.mark.slow
def test_the_dialog_exports_and_replaces_a_file(
    qtbot: QtBot, dialog: AnimationDialog, tmp_path: Path
) -> None:
    choose(dialog, ".gif")
    dialog.form.last.setValue(9)
    click(dialog.export_button)
    assert not dialog.form.isEnabled()
    assert dialog.bar.isVisible()
    assert dialog.cancel_button.text() == "Cancel"
    path = tmp_path / "x.gif"
    qtbot.waitUntil(lambda: dialog.message.text() == f"Written: {path}", timeout=30_000)
    assert dialog.form.isEnabled()
    assert not dialog.bar.isVisible()
    assert len(read(path).frames) == 10
    assert open_experiment(path) == EXPERIMENT
    # What is there by now is replaced only by a button that says so.
    assert dialog.export_button.text() == "Replace"
    dialog.form.hold_last.setValue(3)
    assert "already exists and will be replaced" in dialog.message.text()
    click(dialog.export_button)
    qtbot.waitUntil(lambda: dialog.message.text() == f"Written: {path}", timeout=30_000)
    assert len(read(path).frames) == 13


@pytest.mark.slow
def test_cancelling_and_closing_leave_no_files(
    qtbot: QtBot, dialog: AnimationDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop())
    dialog.form.hold_last.setValue(9999)
    click(dialog.export_button)
    qtbot.waitUntil(lambda: "frames, " in dialog.message.text(), timeout=30_000)
    click(dialog.cancel_button)
    qtbot.waitUntil(lambda: "Cancelled" in dialog.message.text(), timeout=30_000)
    assert not list(tmp_path.iterdir())
    click(dialog.export_button)
    qtbot.waitUntil(lambda: "frames, " in dialog.message.text(), timeout=30_000)
    assert list(tmp_path.iterdir())
    assert not dialog.close()
    assert dialog.isVisible()
    assert dialog.close()
    assert not dialog.isVisible()
    assert not list(tmp_path.iterdir())
    assert dialog.result() == QDialog.DialogCode.Rejected


@pytest.mark.slow
def test_a_failure_is_reported_and_the_export_can_be_repeated(
    qtbot: QtBot, dialog: AnimationDialog, tmp_path: Path
) -> None:
    dialog.form.file.path.setText(str(tmp_path / "none" / "x.gif"))
    click(dialog.export_button)
    qtbot.waitUntil(lambda: "there is no folder" in dialog.message.text(), timeout=30_000)
    assert dialog.export_button.isEnabled()


def test_during_training_the_plan_has_all_steps(qtbot: QtBot) -> None:
    comparison = Comparison(EXPERIMENT)
    training = comparison.compute()
    next(training)
    dialog = AnimationDialog(comparison, 0, "light")
    qtbot.addWidget(dialog)
    assert dialog.summary.text() == "31 frames  ·  1.03 s"
    for _ in training:
        pass
    assert comparison.is_complete
