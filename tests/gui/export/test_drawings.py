"""One frame as SVG or PDF equals the picture and contains the recipe."""

import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QHashSeed, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.generators import drain
from engine.training.comparison import Comparison, compare
from gui.document.opening import open_experiment
from gui.export.formats.drawing import Drawing, Sheet
from gui.export.formats.format import MAX_RECIPE
from gui.export.formats.registry import DRAWINGS
from gui.export.plan import ExportPlan, parse_frames, parse_size
from gui.export.recipe import read_recipe
from gui.export.renderer import Renderer, export_frames
from tests.gui.export.pictures import RECIPE
from tests.gui.export.test_recipe import answer
from tests.processes import processes

ROOT = Path(__file__).parents[3]
ALL = pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
SVG = "{http://www.w3.org/2000/svg}"
INSIDE = ("network", "gradient-rows", "saturation", "loss", "log-gap", "chain-rule")
"""Panels in which nothing depends on being cut off at an edge, as Qt's own reader of SVG needs."""


def paint(painter: QPainter, target: QRectF) -> Iterator[bool]:
    painter.fillRect(target, QColor("#2080c0"))
    painter.setPen(QPen(QColor(200, 30, 30, 128), 3.0, Qt.PenStyle.DashLine))
    painter.drawEllipse(target.adjusted(20, 20, -20, -20))
    yield False
    painter.drawText(QRectF(target), "Text & <more>")


def write(
    drawing: type[Drawing], path: Path, recipe: str = RECIPE, overwrite: bool = False
) -> Path:
    sheet = Sheet((320, 180), "A < B & C", recipe, paint)
    drawing.write(path, drain(drawing.paint(sheet)), overwrite=overwrite)
    return path


@pytest.fixture
def comparison(qtbot: QtBot) -> Comparison:
    return compare(Experiment(title="short", training=TrainingSpec(steps=40)))


def plan_for(path: Path, size: str = "1280x720", **more: object) -> ExportPlan:
    pixels, dpi = parse_size(size)
    return ExportPlan(path, size=pixels, dpi=dpi, frames=parse_frames("20"), **more)  # type: ignore[arg-type]


def pixels_of(image: QImage) -> np.ndarray:
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return view[..., :3].astype(float)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_svg_looks_like_the_picture(comparison: Comparison, theme: str, tmp_path: Path) -> None:
    plan = plan_for(tmp_path / "x.svg", panels=INSIDE, theme=theme)
    export_frames(comparison, plan)
    shown = QImage(1280, 720, QImage.Format.Format_RGB32)
    painter = QPainter(shown)
    QSvgRenderer(str(plan.path)).render(painter)
    painter.end()
    true = Renderer(comparison, plan).pixels(20)[..., :3]
    difference = np.abs(pixels_of(shown) - true)
    # Edges are smoothed a little otherwise; a word or a line that is missing is seen as 255.
    blocks = difference[: 720 // 8 * 8].reshape(90, 8, 160, 8, 3).mean(axis=(1, 3))
    assert difference.mean() < 2.5
    assert blocks.max() < 60.0


def test_an_svg_has_no_text_and_the_clips_of_the_stage(
    comparison: Comparison, tmp_path: Path
) -> None:
    export_frames(comparison, plan_for(tmp_path / "x.svg", size="24x13.5cm"))
    root = ElementTree.parse(tmp_path / "x.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("239.977mm", "134.938mm")
    assert root.get("viewBox") == "0 0 907 510"
    kinds = {element.tag.removeprefix(SVG) for element in root}
    assert kinds == {"title", "metadata", "defs", "path", "image"}
    assert root.findtext(f"{SVG}title") == "short"
    clips = {f"url(#{clip.get('id')})" for clip in root.iter(f"{SVG}clipPath")}
    used = {element.get("clip-path") for element in root} - {None}
    assert used == clips
    assert len(clips) > 4


def test_a_pdf_has_the_size_of_the_plan_and_embeds_its_fonts(
    comparison: Comparison, tmp_path: Path
) -> None:
    export_frames(comparison, plan_for(tmp_path / "x.pdf", size="24x13.5cm"))
    content = (tmp_path / "x.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    found = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)", content)
    assert found
    size = float(found[1]) / 72 * 2.54, float(found[2]) / 72 * 2.54
    assert size == pytest.approx((24.0, 13.5), abs=0.02)
    assert content.count(b"/FontFile2") == len(set(re.findall(rb"/FontName /(\S+)", content))) > 0
    assert b"Inter" in content
    assert b"DCTDecode" not in content  # no image loses anything


def test_a_png_contains_its_pixels_per_inch(comparison: Comparison, tmp_path: Path) -> None:
    plan = plan_for(tmp_path / "x.png", size="24x13.5cm")
    export_frames(comparison, plan)
    with Image.open(plan.path) as image:
        assert image.size == (2835, 1594)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        fine = np.asarray(image.convert("RGB").resize((907, 510), Image.Resampling.BOX))
    screen = plan_for(tmp_path / "y.png", size="907x510")
    coarse = Renderer(comparison, screen).pixels(20)[..., 2::-1]
    # The same layout, drawn finer: not one with smaller type.
    assert np.abs(fine.astype(float) - coarse).mean() < 4.0
    assert open_experiment(plan.path) == comparison.experiment


@ALL
@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        "format = 1\n",
        "format = 1\r\n# \uffff \x7f ]]> </experiment> -- endstream\n",
        'format = 1\nnotes = "' + "0123456789 ü\\n" * 200_000 + '"\n',
    ],
    ids=["usual", "short", "odd", "long"],
)
def test_read_recipe_returns_the_written_text(
    drawing: type[Drawing], recipe: str, qtbot: QtBot, tmp_path: Path
) -> None:
    assert read_recipe(write(drawing, tmp_path / "any name", recipe)) == recipe


@ALL
def test_the_same_drawing_gives_the_same_bytes(
    drawing: type[Drawing], qtbot: QtBot, tmp_path: Path
) -> None:
    one = write(drawing, tmp_path / "a").read_bytes()
    qtbot.wait(1100)  # a date would be another
    assert write(drawing, tmp_path / "b").read_bytes() == one


@pytest.mark.slow
@ALL
def test_the_same_frame_gives_the_same_bytes_in_any_process(
    drawing: type[Drawing], comparison: Comparison, tmp_path: Path
) -> None:
    """Each process has tables of another order, and the same font in two weights is in one."""
    path = tmp_path / f"x{drawing.suffix}"
    contents = set()
    for _ in range(8):
        QHashSeed.resetRandomGlobalSeed()
        export_frames(comparison, plan_for(path, overwrite=True))
        contents.add(path.read_bytes())
    assert len(contents) == 1


@ALL
def test_an_older_target_is_replaced_only_with_overwrite(
    drawing: type[Drawing], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / f"x{drawing.suffix}"
    path.write_text("old")
    with pytest.raises(InitscopeError, match="already exists"):
        write(drawing, path)
    with pytest.raises(InitscopeError, match="there is no folder"):
        write(drawing, tmp_path / "none" / path.name)
    with pytest.raises(UsageError, match="longer than 16 MiB"):
        write(drawing, path, "x" * (MAX_RECIPE + 1), overwrite=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    write(drawing, path, overwrite=True)
    assert read_recipe(path) == RECIPE
    assert len(list(tmp_path.iterdir())) == 1


@ALL
def test_a_truncated_or_changed_file_is_refused_or_read(
    drawing: type[Drawing], qtbot: QtBot, tmp_path: Path
) -> None:
    content = write(drawing, tmp_path / "x").read_bytes()
    broken = tmp_path / "broken"
    step = max(1, len(content) // 80)
    for at in range(0, len(content), step):
        for damaged in (
            content[:at],
            content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :],
        ):
            broken.write_bytes(damaged)
            assert answer(broken).startswith(("format = 1", f"{broken}: "))


def test_drawings_without_a_recipe_and_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content in (b"<svg xmlns='a'/>", b"<?xml version='1.0'?><html/>", b"%PDF-1.4\n%%EOF\n"):
        path.write_bytes(content)
        with pytest.raises(UsageError, match="contains no experiment"):
            read_recipe(path)
    bomb = zlib.compress(b"\0" * (2 * MAX_RECIPE), 9)
    head = b"%PDF-1.4\n7 0 obj\n<<\n/Filter /FlateDecode\n/Length 8 0 R\n>>\nstream\n"
    path.write_bytes(head + bomb + b"\nendstream\n/EF <</F 7 0 R>>\n")
    with pytest.raises(UsageError, match="too long"):
        read_recipe(path)


@ALL
def test_a_full_disk_is_an_error_and_leaves_nothing(drawing: type[Drawing], tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from gui.export.offscreen import offscreen_application\n"
        "from gui.export.formats.registry import DRAWINGS\n"
        "from tests.gui.export.test_drawings import write\n"
        "application = offscreen_application()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, resource.RLIM_INFINITY))\n"
        "write(DRAWINGS[Path(sys.argv[1]).suffix], Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / f"x{drawing.suffix}")]
    done = processes.run(command, cwd=ROOT)
    assert "InitscopeError: cannot write" in done.stderr.splitlines()[-1], done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", DRAWINGS)
def test_the_command_exports_one_frame(suffix: str, tmp_path: Path) -> None:
    def export(*words: str) -> CompletedProcess[str]:
        command = [sys.executable, "main.py", "export", "constant", "-o", str(path), *words]
        return processes.run(command, cwd=ROOT)

    path = tmp_path / f"x{suffix}"
    done = export("--frames", "50", "--size", "16x9cm")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{path}: 1 frame of 16.0 x 9.0 cm\n"
    assert open_experiment(path).title == open_experiment("constant").title
    assert export("--frames", "50").returncode == 1  # it already exists
    assert export("--frames", "50", "--overwrite").returncode == 0
    done = export("--overwrite")
    assert done.returncode == 2
    assert "holds one frame" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
