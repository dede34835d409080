"""Draws frames on a stage, for tests."""

from typing import Any, TypeVar

from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.panel import Panel
from gui.stage.stage import Stage
from gui.stage.view_state import ViewOptions, resolve_view_state

Kind = TypeVar("Kind", bound=QGraphicsItem)


def items_of(panel: Panel[Any], kind: type[Kind]) -> list[Kind]:
    """Return the items of a class on a panel, those of its card first, in order of creation."""
    items: list[QGraphicsItem] = [panel.card, panel]
    for item in items:  # grows by the children
        items += item.childItems()
    return [item for item in items if isinstance(item, kind)]


def draw_frame(stage: Stage, index: int, **options: Any) -> None:
    """Draw a frame of the stage's scene, with view options other than the defaults."""
    assert stage.scene is not None
    stage.draw(resolve_view_state(stage.scene, index, ViewOptions(stage.theme, **options)))
