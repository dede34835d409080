"""Theme, colour scale and panels, chosen or remembered."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication

from gui.main_window import MainWindow
from gui.settings import Settings
from gui.stage import DEFAULT_PANELS
from gui.theme import THEMES
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
    act(window, "panel_network")
    assert window.stage.names == DEFAULT_PANELS[1:]
    assert picture(window) != fixed
    for name in DEFAULT_PANELS[1:]:
        act(window, f"panel_{name}")
    assert len(window.stage.names) == 1
    act(window, "panel_network")
    assert "network" in window.stage.names


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
        panels=("network", "loss"),
        speed=4.0,
        loop=True,
        folder="/tmp",
    )
    window = open_window(settings=settings)
    assert window.settings.replaced(geometry=None) == settings.replaced(geometry=None)
    assert not window._controls.isVisible()
    assert window.stage.names == ("network", "loss")


def test_settings_of_another_version_do_no_harm(open_window: Open) -> None:
    window = open_window(settings=Settings(panels=("hologram",), speed=3.5))
    assert window.stage.names == DEFAULT_PANELS
    assert window.player.speed == 1.0


def test_a_window_lies_on_the_screen(open_window: Open) -> None:
    window = open_window(settings=Settings(geometry=(9000, 9000, 900, 500)))
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(QRect(window.pos(), QPoint(window.x() + 9, window.y() + 9)))
