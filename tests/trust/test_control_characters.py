"""Characters that an output cannot hold are replaced in it; the experiment keeps them."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from engine.codegen.frames import frame_arrays, frame_table
from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.generators import drain
from engine.io.tables import open_csv
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.training.comparison import compare
from gui.export.formats.drawing import Sheet
from gui.export.formats.pdf import PdfDrawing
from gui.export.formats.registry import FORMATS
from gui.export.formats.svg import SvgDrawing
from gui.export.recipe import read_recipe
from tests.gui.export.pictures import SIZE, card

CONTROLS = ["\0", "\a", "\b", "\v", "\x1b", "\ufffe", "\uffff"]
SURROGATES = ["\ud800", "\udfff"]
EACH = pytest.mark.parametrize("character", CONTROLS, ids=ascii)
EACH_AND_HALVES = pytest.mark.parametrize("character", CONTROLS + SURROGATES, ids=ascii)


def experiment_with(character: str) -> Experiment:
    text = f"a{character}b"
    return Experiment(title=text, training=TrainingSpec(steps=3), runs=(Run(name=text), Run()))


def paint(painter: QPainter, target: QRectF) -> Iterator[bool]:
    yield False
    painter.drawRect(target)


def sheet_of(experiment: Experiment) -> Sheet:
    return Sheet((320, 180), experiment.title, format_experiment(experiment), paint)


@EACH
def test_an_svg_is_well_formed(character: str, qtbot: QtBot, tmp_path: Path) -> None:
    experiment, path = experiment_with(character), tmp_path / "x.svg"
    SvgDrawing.write(path, drain(SvgDrawing.paint(sheet_of(experiment))), overwrite=False)
    title = ElementTree.parse(path).findtext("{http://www.w3.org/2000/svg}title")
    assert title == "a\ufffdb"
    assert parse_experiment(read_recipe(path)) == experiment


@EACH
def test_the_metadata_of_a_pdf_are_well_formed(
    character: str, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment, path = experiment_with(character), tmp_path / "x.pdf"
    PdfDrawing.write(path, drain(PdfDrawing.paint(sheet_of(experiment))), overwrite=False)
    found = re.search(rb"<x:xmpmeta.*</x:xmpmeta>", path.read_bytes(), re.DOTALL)
    assert found
    assert "a\ufffdb" in "".join(ElementTree.fromstring(found[0].decode()).itertext())
    assert parse_experiment(read_recipe(path)) == experiment


@EACH
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_picture_or_a_video_keeps_the_experiment(
    character: str, suffix: str, tmp_path: Path
) -> None:
    experiment, path = experiment_with(character), tmp_path / f"x{suffix}"
    writer = FORMATS[suffix](
        path, SIZE, FORMATS[suffix].default_fps, 1, format_experiment(experiment)
    )
    writer.add(card(0))
    writer.finish()
    assert parse_experiment(read_recipe(path)) == experiment


@EACH_AND_HALVES
@pytest.mark.parametrize("library", SCRIPTS)
def test_copied_code_is_valid(character: str, library: str) -> None:
    script = SCRIPTS[library](experiment_with(character), 0)
    compile(script.encode(), "script", "exec")
    assert "run" in script.splitlines()[0]


@EACH_AND_HALVES
def test_copied_arrays_and_numbers_are_valid(character: str) -> None:
    comparison = compare(experiment_with(character))
    compile(frame_arrays(comparison, 1).encode(), "arrays", "exec")
    table = frame_table(comparison, 1)
    assert "\0" not in table
    table.encode()


@EACH_AND_HALVES
def test_a_table_can_be_written(character: str, tmp_path: Path) -> None:
    with open_csv(tmp_path / "x.csv", ["name", "value"]) as write_rows:
        write_rows([[f"a{character}b", 1.0]])
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").endswith(",1.0\n")
