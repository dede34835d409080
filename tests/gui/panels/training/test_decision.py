"""The decision surface shows every example completely, even in a low panel."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Normal
from engine.training.comparison import compare
from engine.types import Array
from gui.panels.base.field_image import FieldImage, answer_colours
from gui.panels.base.label import Label
from gui.panels.base.plot import Markers
from gui.panels.training.decision import DecisionPanel
from gui.stage.stage import Stage
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame, items_of

THREE = Experiment(
    training=TrainingSpec(steps=60),
    data=DataSpec(name="blobs", samples=60),
    network=NetworkSpec(layers=(2, 4, 3), output="softmax"),
    runs=(Run(init=Normal(scale=0.5, seed=1)),),
)
FOUR_INPUTS = THREE.replace(
    training=TrainingSpec(steps=60),
    data=DataSpec(
        points=tuple(
            (
                0.5 + 0.01 * (i % 7),
                float(i % 3),
                1.0,
                2.0 - (i % 3) ** 2,
                *np.eye(3)[i % 3].tolist(),
            )
            for i in range(30)
        )
    ),
    network=NetworkSpec(layers=(4, 4, 3), output="softmax"),
)
EXPERIMENTS = {
    "three classes": THREE.replace(training=TrainingSpec(steps=1)),
    "four inputs": FOUR_INPUTS.replace(training=TrainingSpec(steps=1)),
    "few": Experiment(training=TrainingSpec(steps=1)),
    "many": Experiment(training=TrainingSpec(steps=1), data=DataSpec(name="moons", samples=300)),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("height", [85.0, 100.0, 120.0, 200.0, 500.0])
def test_marks_are_inside_the_plot(qapp: object, name: str, height: float) -> None:
    load_fonts()
    panel = DecisionPanel(compare(EXPERIMENTS[name]), 0, THEMES["dark"])
    panel.arrange(QRectF(0.0, 0.0, 160.0, height), compact=True)
    field = panel.field.rect()
    for marks in items_of(panel, Markers):
        assert marks.points
        half = marks.size / 2.0
        for point in marks.points:
            assert field.contains(QRectF(point - QPointF(half, half), point + QPointF(half, half)))


def test_marks_of_a_low_panel_do_not_cover_one_another(qapp: object) -> None:
    load_fonts()
    panel = DecisionPanel(compare(EXPERIMENTS["few"]), 0, THEMES["dark"])
    panel.arrange(QRectF(0.0, 0.0, 160.0, 85.0), compact=True)
    *classes, ring = items_of(panel, Markers)
    points = [point for marks in classes for point in marks.points]
    assert len(points) == 4
    for marks in classes:
        for point in marks.points:
            others = [other for other in points if other != point]
            nearest = min((other - point).manhattanLength() for other in others)
            assert nearest > (ring.size + marks.size) / 2.0


def rgb(colour: QColor) -> Array:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=float)


def shown(experiment: Experiment, theme: str) -> tuple[Stage, DecisionPanel]:
    load_fonts()
    stage = Stage(THEMES[theme], ["decision"])
    stage.show_scene(compare(experiment))
    draw_frame(stage, experiment.training.steps)
    stage.image(900, 700)
    (panel,) = [each for each in stage.panels if isinstance(each, DecisionPanel)]
    return stage, panel


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("experiment", [THREE, FOUR_INPUTS], ids=["two inputs", "four inputs"])
def test_surface_has_the_colour_of_the_class_of_each_example(
    qapp: object, theme: str, experiment: Experiment
) -> None:
    stage, panel = shown(experiment, theme)
    assert stage.panels
    *classes, _ = items_of(panel, Markers)
    (surface,) = items_of(panel, FieldImage)
    colours = [QColor(colour) for colour in THEMES[theme].class_colours]
    assert [len(marks.points) for marks in classes] == [experiment.data.count // 3] * 3
    for marks, own in zip(classes, colours, strict=False):
        for point in marks.points:
            column, row = (
                int(share * surface.image.width())
                for share in (
                    (point.x() - surface.area.left()) / surface.area.width(),
                    (point.y() - surface.area.top()) / surface.area.height(),
                )
            )
            pixel = rgb(surface.image.pixelColor(column, row))
            distances = [np.linalg.norm(pixel - rgb(each)) for each in colours[:3]]
            assert colours[int(np.argmin(distances))] == own


def test_undecided_classes_are_plain_and_unknown_ones_marked(qapp: object) -> None:
    for theme in THEMES.values():
        answers = np.array([[1 / 3, 1.0, 0.0, np.nan], [1 / 3, 0, 0, 0.5], [1 / 3, 0, 1.0, 0.5]])
        names = [QColor(*each).name() for each in answer_colours(answers, theme, True).tolist()]
        expected = (theme.surface, *theme.class_colours[::2][:2], theme.missing)
        assert names == [QColor(each).name() for each in expected]


def test_inputs_that_are_shown_are_said(qapp: object) -> None:
    stage, panel = shown(FOUR_INPUTS, "light")
    assert stage.panels
    assert "Decision ŷ(x₂, x₄), other inputs at their mean" in {
        label.text for label in panel.labels
    }
    (low, high), (bottom, top) = panel.x_range, panel.y_range
    assert -1.0 < low < 0.0 < 2.0 < high < 3.0
    assert -3.0 < bottom < -2.0 < 2.0 < top


def test_classes_have_different_marks_and_a_legend(qapp: object) -> None:
    stage, panel = shown(THREE, "dark")
    *classes, _ = items_of(panel, Markers)
    point = classes[2].points[0]
    assert stage.scene is not None
    state = resolve_view_state(stage.scene, 0, ViewOptions(stage.theme))
    assert "y = class 3" in panel.tool_tip(point, state)
    assert {"class 1", "class 2", "class 3"} <= {label.text for label in items_of(panel, Label)}
