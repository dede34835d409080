"""A preview blocks the window only briefly and renders only the pixels that it shows."""

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.training.comparison import compare
from gui.export import renderer
from gui.export.dialogs import preview as module
from gui.export.dialogs.preview import Preview
from gui.export.plan import ExportPlan
from gui.export.renderer import picture_in_steps
from gui.panels.base.panel import Panel
from gui.stage.catalogue import PANELS
from gui.stage.stage import Stage
from tests.gui.turns import Turns


def test_panels_are_made_drawn_and_painted_in_separate_steps(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = compare(Experiment(training=TrainingSpec(steps=5)))
    preview = Preview(scene, 3)
    qtbot.addWidget(preview)
    turns = Turns(monkeypatch)
    turns.note(Panel, "__init__", "made")
    for kind in PANELS.values():
        turns.note(kind, "draw", "drawn")
    turns.note(Stage, "paint", "painted")
    preview.show_plan(ExportPlan(Path("x.gif")))
    qtbot.waitUntil(lambda: not preview.picture.pixmap().isNull())
    panels = turns.calls.count("made")
    assert panels > 5
    assert [word for word, _ in groupby(turns.calls)] == ["made", "drawn", "painted"]
    assert turns.most_in_one() <= 2  # two may come within a millisecond


@pytest.mark.parametrize(
    ("size", "painted"), [((320, 180), (320, 180)), ((7680, 4320), (1280, 720))]
)
def test_the_painted_size_is_limited(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    painted: tuple[int, int],
) -> None:
    sizes: list[tuple[int, int]] = []

    def noted(stage: Stage, width: int, height: int) -> Any:
        sizes.append((width, height))
        return picture_in_steps(stage, width, height)

    monkeypatch.setattr(renderer, "picture_in_steps", noted)
    preview = Preview(compare(Experiment(training=TrainingSpec(steps=5))), 3)
    qtbot.addWidget(preview)
    preview.show_plan(ExportPlan(Path("x.gif"), size=size))
    qtbot.waitUntil(lambda: not preview.picture.pixmap().isNull())
    assert sizes == [painted]
    assert preview.picture.pixmap().size() == module.SIZE
