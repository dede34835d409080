"""Forks are drawn once where runs are shared, then as a separate line from a ring on."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from engine.experiment.experiment import Change, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, Normal
from engine.training.comparison import Comparison, compare
from gui.panels.base.plot import Curve, Markers
from gui.panels.training.curves import CurvePanel
from gui.panels.training.saturation import SaturationPanel
from gui.panels.training.weight_space import WeightSpacePanel
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame, items_of

START = Normal(scale=0.8, seed=3)
EXPERIMENT = Experiment(
    network=NetworkSpec(layers=(2, 2, 1)),
    training=TrainingSpec(steps=40),
    runs=(
        Run(init=START),
        Run(init=START, changes=(Change(step=10, learning_rate=3.0),)),
        Run(
            init=START,
            changes=(Change(step=10, learning_rate=3.0),),
            edits=(Edit(step=25, parameter="W1", index=(0, 0), value=4.0),),
        ),
        Run(init=Constant(value=0.5)),
    ),
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(EXPERIMENT)


def drawn(comparison: Comparison, panel: str, index: int) -> Stage:
    load_fonts()
    stage = Stage(THEMES["light"], [panel])
    stage.show_scene(comparison)
    draw_frame(stage, index)
    stage.image(1280, 720)
    draw_frame(stage, index)
    return stage


def ends(curve: Curve) -> tuple[QPointF, QPointF]:
    path = curve.path
    return QPointF(path.elementAt(0).x, path.elementAt(0).y), path.currentPosition()


def is_at(point: QPointF, other: QPointF) -> bool:
    return (point - other).manhattanLength() < 1e-6


@pytest.mark.parametrize("name", ["loss", "gap", "log-gap"])
@pytest.mark.parametrize("index", [0, 17, 40])
def test_a_curve_begins_where_the_run_leaves_another(
    qapp: object, comparison: Comparison, name: str, index: int
) -> None:
    stage = drawn(comparison, name, index)
    (panel,) = stage.panels
    assert isinstance(panel, CurvePanel)
    rings = items_of(panel, Markers)[0].points
    curves = [curve for curve in items_of(panel, Curve) if curve.parentItem() is panel.still_field]
    for run, frame in ((0, 0), (1, 10), (2, 24), (3, 0)):
        height = float(panel.heights(panel.values(run)[frame : frame + 1])[0])
        start, _ = ends(curves[run])
        assert is_at(start, panel.point(frame, height))
        assert any(is_at(ring, start) for ring in rings) == (frame > 0)
    assert len(rings) == 2


def test_tool_tip_names_the_run_of_the_history(qapp: object, comparison: Comparison) -> None:
    stage = drawn(comparison, "loss", 5)
    (panel,) = stage.panels
    assert isinstance(panel, CurvePanel)
    assert stage.state
    at = panel.point(20.0, sum(panel.y_range) / 2.0)
    reported = panel.tool_tip(at, stage.state).split("\n")
    losses = comparison.recordings[1].losses
    assert reported[2:4] == [f"B: {losses[20]!s}", "C: as B, up to frame 24"]


def trails(panel: WeightSpacePanel, index: int) -> list[int]:
    """Return the numbers of frames of the shared, the own and the other trail of a unit."""
    own, _, shared, _, other, _ = items_of(panel, Curve)  # of two units each
    return [curve.path.elementCount() for curve in (shared, own, other)]


def test_weight_space_shows_the_shared_path_and_both_branches(
    qapp: object, comparison: Comparison
) -> None:
    stage = drawn(comparison, "weight-space", 30)
    panels = [panel for panel in stage.panels if isinstance(panel, WeightSpacePanel)]
    assert [len(items_of(panel, Curve)) for panel in panels] == [2, 6, 6, 2]
    fork = panels[2]
    assert trails(fork, 30) == [25, 7, 7]  # frames 0 … 24, and 24 … 30 of either run
    recording = comparison.recordings[2]
    own, _, _, _, other_trail, _ = items_of(fork, Curve)
    ring = items_of(fork, Markers)[0].points
    x, y = np.asarray(recording[24].W[1][0]).tolist()
    assert len(ring) == 1
    assert is_at(ring[0], fork.point(x, y))
    assert is_at(ends(own)[0], ring[0])
    other = comparison.recordings[1][30].W[1][0].tolist()
    assert is_at(ends(other_trail)[1], fork.point(*other))
    draw_frame(stage, 24)
    assert items_of(fork, Markers)[0].points == []  # it has not left yet
    assert trails(fork, 24)[0] == 25


def test_saturation_shows_the_activation_of_the_frame(qapp: object) -> None:
    changed = Run(init=START, changes=(Change(step=10, hidden="relu"),))
    stage = drawn(compare(Experiment(runs=(changed,))), "saturation", 9)
    (panel,) = stage.panels
    assert isinstance(panel, SaturationPanel)
    seen = []
    for index in (9, 10, 9):
        draw_frame(stage, index)
        (title,) = (each.text for each in panel.labels if each.text.endswith(": hidden z"))
        curves = items_of(panel, Curve)[::2]  # each is followed by that of its slope
        seen.append((title, [curve.isVisible() for curve in curves]))
    assert seen[0] == seen[2] == ("tanh: hidden z", [True, False])
    assert seen[1] == ("relu: hidden z", [False, True])
