"""Theme, colour scale and panels, chosen or remembered."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication

from gui.main_window import MainWindow
from gui.settings.settings import Settings
from gui.stage.catalogue import shown_panels
from gui.style.theme import THEMES
from tests.gui.windows import Open, act, picture


def test_the_theme_is_chosen_or_follows_the_system(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = picture(window).pixelColor(2, 2)
    act(window, "theme_dark")
    assert window.settings.theme == "dark"
    dark = picture(window).pixelColor(2, 2)
    assert (light.name(), dark.name()) == (THEMES["light"].background, THEMES["dark"].background)
    assert window.palette().window().color().name() == THEMES["dark"].background
    act(window, "theme_system")
    assert picture(window).pixelColor(2, 2) == light

    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return Qt.ColorScheme.Dark

    signal = QGuiApplication.styleHints().colorSchemeChanged
    monkeypatch.setattr(QGuiApplication, "styleHints", Hints)
    signal.emit(Qt.ColorScheme.Dark)
    assert picture(window).pixelColor(2, 2) == dark


def test_colour_scales_and_panels_are_chosen(window: MainWindow) -> None:
    window.player.seek(60)
    fixed = picture(window)
    act(window, "scale_logarithmic")
    assert picture(window) != fixed
    act(window, "scale_fixed")
    assert picture(window) == fixed
    usual = shown_panels(window.document.experiment)
    assert window.stage.names == usual
    scene = window.scene
    act(window, "panel_network")
    assert window.stage.names == window.document.experiment.panels == usual[1:]
    assert picture(window) != fixed
    act(window, "panel_network")
    assert window.document.experiment.panels == ()
    for name in usual:
        act(window, f"panel_{name}")
    assert window.stage.names == usual[-1:]
    window.document.undo()
    assert window.stage.names == usual[-2:]
    assert window.scene is scene  # nothing of this is trained anew


def test_the_picture_can_be_copied(window: MainWindow) -> None:
    window.player.seek(37)
    act(window, "copy_picture")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)
    window.player.seek(38)
    act(window, "copy_picture")
    assert QGuiApplication.clipboard().image() != image


def test_what_the_window_remembers_comes_back(open_window: Open) -> None:
    settings = Settings(
        geometry=(0, 0, 790, 590),
        controls_shown=False,
        theme="dark",
        colour_scale="logarithmic",
        speed=4.0,
        loop=True,
        folder="/tmp",
    )
    window = open_window(settings=settings)
    assert window.settings.replaced(geometry=None) == settings.replaced(geometry=None)
    assert not window.controls.isVisible()


def test_settings_of_another_version_do_no_harm(open_window: Open) -> None:
    window = open_window(settings=Settings(speed=3.5))
    assert window.player.speed == 1.0


def test_a_window_lies_on_the_screen(open_window: Open) -> None:
    window = open_window(settings=Settings(geometry=(9000, 9000, 900, 500)))
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(QRect(window.pos(), QPoint(window.x() + 9, window.y() + 9)))
