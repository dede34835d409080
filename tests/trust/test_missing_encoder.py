"""A missing encoder of PyAV is reported with its formats; the others are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import av
import pytest
from av.codec.codec import UnknownCodecError
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.training.comparison import Comparison, compare
from gui.export.dialogs.animation_dialog import AnimationDialog
from gui.export.dialogs.single_frame_dialog import SingleFrameForm
from gui.export.formats.registry import FORMATS
from tests.gui.export.pictures import read
from tests.trust.programs import (
    ENDLESS,
    SHORT,
    SMALL,
    assert_done,
    assert_refused,
    names,
    run,
    short,
    surroundings,
)

LACKING = """
import av
from av.codec.codec import UnknownCodecError

class Codec:
    def __new__(cls, name, mode="r"):
        if name == {encoder!r}:
            raise UnknownCodecError(name)
        return whole(name, mode)

whole, av.Codec = av.Codec, Codec
"""
"""What Python runs before the program, in place of a PyAV that is built without an encoder."""


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_encoder_is_an_error_before_training(suffix: str, tmp_path: Path) -> None:
    encoder = FORMATS[suffix].encoder
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(LACKING.format(encoder=encoder))
    variables = surroundings(PYTHONPATH=str(site))
    endless = short(tmp_path, ENDLESS)
    done = run("export", endless, "-o", tmp_path / f"x{suffix}", env=variables)
    assert_refused(done, 1, f"needs the encoder {encoder}, which this PyAV lacks; choose another")
    assert names(tmp_path) == ["recipes", "site"]


@pytest.mark.slow
def test_the_other_formats_are_written(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LACKING.format(encoder="libx264"))
    variables = surroundings(PYTHONPATH=str(tmp_path))
    recipe = short(tmp_path)
    for suffix in (".webm", ".gif"):
        path = tmp_path / f"x{suffix}"
        assert_done(run("export", recipe, "-o", path, *SMALL, env=variables))
        assert len(read(path).frames) == 11


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what takes an encoder from PyAV, as far as the program can see."""
    whole = av.Codec

    def lack(encoder: str) -> None:
        def codec(name: str, mode: Literal["r", "w"]) -> object:
            if name == encoder:
                raise UnknownCodecError(name)
            return whole(name, mode)

        monkeypatch.setattr(av, "Codec", codec)

    return lack


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(SHORT)


def test_the_dialog_disables_the_format_of_a_missing_encoder(
    lacking: Callable[[str], None], comparison: Comparison, qtbot: QtBot, tmp_path: Path
) -> None:
    lacking("libx264")
    dialog = AnimationDialog(comparison, 0, "light")
    qtbot.addWidget(dialog)
    combo = dialog.form.file.format
    assert combo.currentData() == ".webm"
    assert dialog.export_button.isEnabled()
    mp4 = combo.findData(".mp4")
    assert combo.itemText(mp4) == "MP4 (.mp4): lacks the encoder libx264"
    offered = [
        combo.itemData(index)
        for index in range(combo.count())
        if combo.model().index(index, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    ]
    assert offered == [suffix for suffix in FORMATS if suffix != ".mp4"]
    dialog.form.file.path.setText(str(tmp_path / "x.mp4"))
    assert "MP4 needs the encoder libx264" in dialog.message.text()
    assert not dialog.export_button.isEnabled()
    dialog.form.file.path.setText(str(tmp_path / "x.gif"))
    assert not dialog.message.text()
    assert dialog.export_button.isEnabled()


def test_without_the_png_encoder_drawings_are_offered(
    lacking: Callable[[str], None], qtbot: QtBot
) -> None:
    lacking("png")
    form = SingleFrameForm(SHORT, "light")
    qtbot.addWidget(form)
    assert form.plan(0).is_drawing
    png = form.file.format.findData(".png")
    assert form.file.format.itemText(png) == "PNG (.png): lacks the encoder png"
