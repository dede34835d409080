"""The labels of the saturation panel fit for networks with many layers."""

import pytest
from PySide6.QtCore import QRectF

from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, Normal
from engine.training.comparison import Comparison, compare
from gui.panels.training.saturation import SaturationPanel
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts

DEEP = Experiment(
    training=TrainingSpec(steps=0),
    network=NetworkSpec(layers=(2, *(12,) * 6, 1)),
    runs=(Run(init=Constant(value=50.0)), Run(init=Normal(scale=1.0))),
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(DEEP)


@pytest.mark.parametrize("run", [0, 1])
@pytest.mark.parametrize("width", [170.0, 230.0, 290.0, 360.0])
def test_the_shares_of_six_layers_fit(
    qapp: object, comparison: Comparison, run: int, width: float
) -> None:
    load_fonts()
    theme = THEMES["light"]
    panel = SaturationPanel(comparison, run, theme)
    panel.arrange(QRectF(0.0, 0.0, width, 300.0))
    panel.draw(resolve_view_state(comparison, 0, ViewOptions(theme)))
    (words,) = (each for each in panel.labels if each.text.startswith("saturated"))
    assert words.max_width
    assert words.width <= words.max_width
    if width == 360.0:
        assert words.text.startswith("saturated by layer: ")
        assert words.text.count(",") == 5
