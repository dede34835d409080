"""The dots on the curves mark the shown frame, recorded or previewed."""

from math import log10

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from engine.editing.parameters import Parameter, what_if
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Constant, Normal
from engine.training.comparison import Comparison, compare
from gui.panels.base.label import Label
from gui.panels.base.panel import LETTERS, WhatIf
from gui.panels.base.plot import Markers
from gui.panels.training.curves import CurvePanel
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame, items_of

pytestmark = pytest.mark.usefixtures("qapp")

FRAME = 20
WEIGHT = Parameter(0, "W1", 0, 1)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    runs = Run(init=Constant(value=0.5)), Run(init=Normal(scale=1.0, seed=3))
    return compare(Experiment(training=TrainingSpec(steps=40), runs=runs))


def drawn(comparison: Comparison, panel: str, value: float | None) -> Stage:
    """Return a stage with this panel; a weight of the first run is tried at a value, if any."""
    load_fonts()
    stage = Stage(THEMES["light"], [panel])
    stage.show_scene(comparison)
    draw_frame(stage, FRAME)
    stage.image(1280, 720)
    tried = None
    if value is not None:
        frame = what_if(comparison.recordings[0], WEIGHT, FRAME, value)
        tried = WhatIf(WEIGHT, value, frame)
    draw_frame(stage, FRAME, what_if=tried)
    return stage


def panel_of(stage: Stage) -> CurvePanel:
    (found,) = stage.panels
    assert isinstance(found, CurvePanel)
    return found


def dots(stage: Stage) -> list[QPointF | None]:
    _, *dots = items_of(panel_of(stage), Markers)  # the first are the rings of forks
    return [each.points[0] if each.points else None for each in dots]


def letters(stage: Stage) -> list[Label]:
    """Return the labels of the runs."""
    return [each for each in panel_of(stage).labels if each.text.removesuffix(" ↑") in LETTERS]


def test_dot_of_a_previewed_frame_is_at_its_loss(comparison: Comparison) -> None:
    recorded, tried = drawn(comparison, "loss", None), drawn(comparison, "loss", 0.9)
    frame = what_if(comparison.recordings[0], WEIGHT, FRAME, 0.9)
    assert frame.loss != comparison.recordings[0].losses[FRAME]
    assert dots(tried) == [panel_of(tried).point(FRAME, frame.loss), dots(recorded)[1]]


@pytest.mark.parametrize(("name", "height"), [("gap", 0.25), ("log-gap", log10(0.25))])
def test_dot_of_a_previewed_frame_is_at_its_gap(
    comparison: Comparison, name: str, height: float
) -> None:
    start = WEIGHT.value_in(comparison.recordings[0][FRAME])
    tried = drawn(comparison, name, start + 0.25)
    first, second = dots(tried)
    assert first is not None
    expected = panel_of(tried).point(FRAME, height)
    assert (first.x(), first.y()) == pytest.approx((expected.x(), expected.y()), abs=1e-6)
    assert second == dots(drawn(comparison, name, None))[1]


def test_value_beyond_the_axis_is_marked_by_an_arrow(comparison: Comparison) -> None:
    tried = drawn(comparison, "gap", 1e6)
    assert dots(tried)[0] is None
    assert [letter.text for letter in letters(tried)] == ["A ↑", "B"]
    assert panel_of(tried).rect.contains(letters(tried)[0].pos())
    recorded = drawn(comparison, "gap", None)
    assert [letter.text for letter in letters(recorded)] == ["A", "B"]


def test_gap_below_the_recorded_range_is_not_shown_as_zero(comparison: Comparison) -> None:
    stage = drawn(comparison, "log-gap", None)
    assert np.diff(panel_of(stage).heights(np.array([0.0, 1e-300, 1e-3]))).min() > 1.0
