"""A painting error is shown on the screen and ends an export."""

from types import ModuleType
from typing import NoReturn

import pytest
from pytestqt.qtbot import QtBot

from engine.training.comparison import compare
from gui.main_window import MainWindow
from gui.panels.base import colours, field_image
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame
from tests.gui.windows import EXPERIMENT, picture


def fail(*arguments: object, **options: object) -> NoReturn:
    raise ZeroDivisionError("on purpose")


@pytest.mark.parametrize("module", [field_image, colours], ids=["above", "backdrop"])
def test_incomplete_picture_is_an_error(
    qapp: object, monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    load_fonts()
    stage = Stage(THEMES["light"])
    stage.show_scene(compare(EXPERIMENT))
    draw_frame(stage, 3)
    monkeypatch.setattr(module, "paint_image", fail)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="on purpose"):
            stage.image(320, 180)
    monkeypatch.undo()
    assert not stage.image(320, 180).isNull()


def test_painting_error_on_the_screen_is_reported_and_the_rest_is_painted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = picture(window)
    monkeypatch.setattr(field_image, "paint_image", fail)
    with qtbot.captureExceptions() as reported:
        lacking = picture(window)
    assert {kind for kind, _, _ in reported} == {ZeroDivisionError}
    assert lacking != whole
    monkeypatch.undo()
    assert picture(window) == whole
