"""Draws frames on a stage, for tests."""

from typing import Any

from gui.stage.stage import Stage
from gui.stage.view_state import ViewOptions, resolve_view_state


def draw_frame(stage: Stage, index: int, **options: Any) -> None:
    """Draw a frame of the stage's scene, with view options other than the defaults."""
    assert stage.scene is not None
    stage.draw(resolve_view_state(stage.scene, index, ViewOptions(stage.theme, **options)))
