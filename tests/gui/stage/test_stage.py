"""The stage: pixels, sizes, names, tool tips and interactions."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Constant, Normal
from engine.training.comparison import Comparison, compare
from gui.panels.base.interactions import FrameRequested
from gui.panels.training.curves import LossPanel
from gui.stage.stage import Stage
from gui.stage.stage_view import StageView
from gui.stage.view_state import COLOUR_SCALES, ViewOptions
from gui.style.theme import DARK, LIGHT, THEMES, load_fonts
from tests.gui.stages import draw_frame

EXPERIMENT = Experiment(
    title="Constant against random",
    training=TrainingSpec(steps=40),
    runs=(
        Run(name="constant", init=Constant(value=0.5)),
        Run(name="random", init=Normal(scale=1.0, seed=3)),
    ),
)
SIZE = (640, 360)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(EXPERIMENT)


@pytest.fixture
def stage(qapp: object, comparison: Comparison) -> Stage:
    load_fonts()
    stage = Stage(DARK)
    stage.show_scene(comparison)
    draw_frame(stage, 0)
    return stage


def picture(stage: Stage, index: int, size: tuple[int, int] = SIZE) -> bytes:
    draw_frame(stage, index)
    return pixels(stage.image(*size))


def pixels(image: QImage) -> bytes:
    return bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits())


def test_frame_has_the_same_pixels_whatever_was_drawn_before(
    stage: Stage, comparison: Comparison
) -> None:
    played = [picture(stage, index) for index in range(41)]
    assert len(set(played)) == 41
    for index in (40, 7, 23, 0, 22, 7):
        assert picture(stage, index) == played[index]
    fresh = Stage(DARK)
    fresh.show_scene(comparison)
    assert picture(fresh, 23) == played[23]


def test_stage_drawn_during_training_ends_with_the_same_pixels(
    stage: Stage, comparison: Comparison
) -> None:
    growing = Comparison(EXPERIMENT)
    watching = Stage(DARK)
    for number, _ in enumerate(growing.compute()):
        if number == 0:
            watching.show_scene(growing)
        draw_frame(watching, growing.last_index)
        watching.image(*SIZE)
    assert growing.is_complete
    for index in (0, 17, 40):
        assert picture(watching, index) == picture(stage, index)


def test_former_size_theme_and_panels_leave_no_trace(stage: Stage) -> None:
    before = picture(stage, 12)
    stage.set_theme(LIGHT)
    assert picture(stage, 30, (500, 700)) != before
    stage.set_panels(["loss"])
    assert picture(stage, 3) != before
    stage.set_panels([])
    stage.set_theme(DARK)
    assert picture(stage, 12) == before


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (333, 777), (64, 48)])
def test_view_shows_the_pixels_of_an_export(
    qtbot: QtBot, comparison: Comparison, size: tuple[int, int]
) -> None:
    load_fonts()
    stage = Stage(LIGHT)
    stage.show_scene(comparison)
    view = StageView(stage)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    draw_frame(stage, 15)
    shown = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
    painter = QPainter(shown)
    painter.setRenderHints(view.renderHints())
    view.render(painter)
    painter.end()
    off_screen = Stage(LIGHT)
    off_screen.show_scene(comparison)
    draw_frame(off_screen, 15)
    assert (shown.width(), shown.height()) == size
    assert pixels(shown) == pixels(off_screen.image(*size))


def test_image_has_the_requested_size(stage: Stage) -> None:
    image = stage.image(641, 361)
    assert (image.width(), image.height()) == (641, 361)
    assert image.format() == QImage.Format.Format_RGB32


def test_ended_run_shows_its_last_frame(qapp: object) -> None:
    load_fonts()
    diverging = Run(name="diverging", init=Normal(scale=1.0), learning_rate=1e6, hidden="linear")
    spec = Experiment(training=TrainingSpec(steps=30), runs=(*EXPERIMENT.runs, diverging))
    comparison = compare(spec)
    stage = Stage(DARK)
    stage.show_scene(comparison)
    for index in (0, 15, 30):
        draw_frame(stage, index)
        stage.image(*SIZE)


@pytest.mark.parametrize("name", COLOUR_SCALES)
def test_every_colour_scale_can_be_drawn(stage: Stage, name: str) -> None:
    draw_frame(stage, 20, colour_scale=name)
    assert not stage.image(*SIZE).isNull()


def test_unknown_names_raise_with_the_nearest_name(stage: Stage) -> None:
    with pytest.raises(UsageError, match='unknown panel "los": did you mean "loss"'):
        stage.set_panels(["los"])
    with pytest.raises(UsageError, match="unknown colour scale"):
        ViewOptions(DARK, "rainbow")


def test_tool_tips_show_every_digit(stage: Stage, comparison: Comparison) -> None:
    draw_frame(stage, 20)
    stage.image(1920, 1080)
    texts = {
        panel.tool_tip(QPointF(x, y), stage.state)  # type: ignore[arg-type]
        for panel in stage.panels
        if panel.run == 1 or not panel.per_run
        for x in np.arange(0.0, panel.rect.width(), 6.0)
        for y in np.arange(0.0, panel.rect.height(), 6.0)
    }
    said = "\n".join(texts)
    frame = comparison.recordings[1][20]
    for value in (*frame.W[1].ravel(), *frame.dW[1].ravel(), *frame.Z[1].ravel(), frame.loss):
        assert str(value) in said


@pytest.mark.parametrize("theme", THEMES)
def test_themes_make_legible_widgets(qapp: object, theme: str) -> None:
    palette = THEMES[theme].palette()
    text, window = palette.windowText().color(), palette.window().color()
    assert abs(text.lightness() - window.lightness()) > 150


def test_click_on_a_curve_requests_its_frame(
    qtbot: QtBot, stage: Stage, comparison: Comparison
) -> None:
    view = StageView(stage)
    qtbot.addWidget(view)
    view.resize(1280, 720)
    view.show()
    (loss,) = (panel for panel in stage.panels if panel.name == "loss")
    assert isinstance(loss, LossPanel)
    at = view.mapFromScene(loss.mapToScene(loss.point(30.0, 0.1)))
    with qtbot.waitSignal(stage.interacted) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert isinstance(asked.args[0], FrameRequested)
    assert abs(asked.args[0].index - 30) <= 1
