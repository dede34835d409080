"""A preview keeps the window waiting neither long at a time nor for more pixels than it shows."""

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.comparison import compare
from engine.experiment import Experiment, TrainingSpec
from gui.export import preview as module
from gui.export.plan import ExportPlan
from gui.export.preview import Preview
from gui.export.renderer import Renderer
from gui.panels.panel import Panel
from gui.stage import Stage
from tests.gui.turns import TURN, Turns


def test_panels_are_made_drawn_and_painted_in_turns_of_their_own(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = compare(Experiment(training=TrainingSpec(steps=5)))
    preview = Preview(scene, 3)
    qtbot.addWidget(preview)
    turns = Turns(monkeypatch)
    turns.note(Panel, "__init__", "made")
    turns.note(Renderer, "prepare", "drawn")
    turns.note(Stage, "picture", "painted")
    preview.show_plan(ExportPlan(Path("x.gif")))
    qtbot.waitUntil(lambda: "painted" in turns.words)
    panels = turns.calls.count("made")
    assert panels > 5
    expected = [TURN, *["made", TURN] * panels, "drawn", TURN, "painted"]
    assert turns.words[: len(expected)] == expected


@pytest.mark.parametrize(
    ("size", "painted"), [((320, 180), (320, 180)), ((7680, 4320), (1280, 720))]
)
def test_no_more_is_painted_than_makes_it_sharp(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    painted: tuple[int, int],
) -> None:
    sizes: list[tuple[int, int]] = []
    picture = Stage.picture

    def noted(stage: Stage, width: int, height: int) -> Any:
        sizes.append((width, height))
        return picture(stage, width, height)

    monkeypatch.setattr(Stage, "picture", noted)
    preview = Preview(compare(Experiment(training=TrainingSpec(steps=5))), 3)
    qtbot.addWidget(preview)
    preview.show_plan(ExportPlan(Path("x.gif"), size=size))
    qtbot.waitUntil(lambda: not preview.picture.pixmap().isNull())
    assert sizes == [painted]
    assert preview.picture.pixmap().size() == module.SIZE
