"""The numbers on the network diagram are beside its units, whatever their magnitude."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsEllipseItem

from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Explicit
from engine.training.comparison import compare
from gui.panels.network_diagram.network import NetworkPanel
from gui.panels.network_diagram.parts import short
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import items_of

FIRST = ((1e12, -1e12), (0.5, 3.2e-9))


@pytest.mark.parametrize("width", [310.0, 400.0, 700.0])
def test_numbers_of_edges_do_not_run_under_units(qapp: object, width: float) -> None:
    load_fonts()
    theme = THEMES["light"]
    experiment = Experiment(
        network=NetworkSpec(hidden="linear"),
        training=TrainingSpec(steps=0),
        runs=(Run(init=Explicit(W=(FIRST, ((-1e12, 2e-7),)))),),
    )
    comparison = compare(experiment)
    panel = NetworkPanel(comparison, 0, theme)
    panel.arrange(QRectF(0.0, 0.0, width, 240.0))
    panel.draw(resolve_view_state(comparison, 0, ViewOptions(theme)))
    shown = [label for label in panel.labels if label.zValue() < 0.0]  # below the units
    assert shown
    circles = [each.rect() for each in items_of(panel, QGraphicsEllipseItem) if each.isVisible()]
    assert len(circles) >= 5
    for number in shown:
        half = QPointF(number.width / 2.0, 0.0)
        for end in (number.pos() - half, number.pos() + half):
            for circle in circles:
                away = end - circle.center()
                assert (away.x() ** 2 + away.y() ** 2) ** 0.5 > circle.width() / 2.0 - 0.5
    texts = [number.text for number in shown]
    assert ("+1.0·10¹²" in texts) == (width == 700.0)
    assert ("+1·10¹²" in texts) == (width < 700.0)


def test_activations_are_short() -> None:
    assert [short(value) for value in (0.5, -99.987, -123.4, 5e11)] == [
        "0.50",
        "−99.99",
        "−123",
        "5·10¹¹",
    ]
