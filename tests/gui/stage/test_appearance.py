"""The menus for theme, colour scale and panels, and their settings."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication

from gui.main_window import MainWindow
from gui.settings.settings import Settings
from gui.stage.catalogue import shown_panels
from gui.style.theme import THEMES
from tests.gui.windows import Open, act, picture


def test_appearance_follows_the_chosen_or_the_system_theme(
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


def test_menus_choose_colour_scale_and_panels(window: MainWindow) -> None:
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
    assert window.scene is scene  # nothing is trained again


def test_copy_picture_puts_an_image_on_the_clipboard(window: MainWindow) -> None:
    window.player.seek(37)
    act(window, "copy_picture")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)
    window.player.seek(38)
    act(window, "copy_picture")
    assert QGuiApplication.clipboard().image() != image


def test_window_settings_are_restored(open_window: Open) -> None:
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


def test_unknown_settings_are_ignored(open_window: Open) -> None:
    window = open_window(settings=Settings(speed=3.5))
    assert window.player.speed == 1.0


def test_window_is_placed_on_the_screen(open_window: Open) -> None:
    window = open_window(settings=Settings(geometry=(9000, 9000, 900, 500)))
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(QRect(window.pos(), QPoint(window.x() + 9, window.y() + 9)))
