"""The decision surface shows every example completely, even in a low panel."""

import pytest
from PySide6.QtCore import QPointF, QRectF

from engine.experiment.experiment import DataSpec, Experiment, TrainingSpec
from engine.training.comparison import compare
from gui.panels.base.plot import Markers
from gui.panels.training.decision import DecisionPanel
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import items_of

EXPERIMENTS = {
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
