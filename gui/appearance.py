"""How the picture looks: theme, colour scale and panels, with the menus that choose them."""

from collections.abc import Mapping
from typing import Any, final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from gui.settings import COLOUR_SCALES, THEME_CHOICES, ColourScale, Settings, ThemeChoice
from gui.stage import DEFAULT_PANELS, PANELS, Stage
from gui.theme import THEMES, Theme


@final
class Appearance(QObject):
    """Owns the stage's looks, which no experiment says.

    Signals
    -------
    theme_changed(Theme)
        By choice, or because the system changed from light to dark and the choice is to follow.
    """

    theme_changed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._theme_choice: ThemeChoice = settings.theme
        self.theme = self._wanted_theme()
        # A panel of another version of Initscope may have been remembered.
        panels = tuple(name for name in settings.panels or () if name in PANELS)
        self.stage = Stage(self.theme, panels or DEFAULT_PANELS)
        self.stage.set_colour_scale(settings.colour_scale)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def remembered(self, settings: Settings) -> Settings:
        """Return the settings with how it looks now."""
        panels = self.stage.names if self.stage.names != DEFAULT_PANELS else None
        return settings.replaced(
            theme=self._theme_choice, colour_scale=self.stage.colour_scale, panels=panels
        )

    def fill_menu(self, menu: QMenu) -> None:
        """Add the submenus that choose."""
        scale = self.stage.colour_scale
        themes = _choice(menu.addMenu("Theme"), "theme", THEME_CHOICES, self._theme_choice)
        themes.triggered.connect(self._on_theme)
        scales = _choice(menu.addMenu("Colour scale"), "scale", COLOUR_SCALES, scale)
        scales.triggered.connect(self._on_scale)
        panels = menu.addMenu("Panels")
        self._panels = []
        for name, panel in PANELS.items():
            action = panels.addAction(panel.title)
            action.setObjectName(f"panel_{name}")
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name in self.stage.names)
            self._panels.append(action)
        panels.triggered.connect(self._on_panel)

    def _wanted_theme(self) -> Theme:
        if self._theme_choice != "system":
            return THEMES[self._theme_choice]
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return THEMES["dark" if dark else "light"]

    @Slot(QAction)
    def _on_theme(self, action: QAction) -> None:
        self._theme_choice = action.data()
        self._follow_system()

    @Slot()
    def _follow_system(self) -> None:
        theme = self._wanted_theme()
        if theme is not self.theme:
            self.theme = theme
            self.stage.set_theme(theme)
            self.theme_changed.emit(theme)

    @Slot(QAction)
    def _on_scale(self, action: QAction) -> None:
        scale: ColourScale = action.data()
        self.stage.set_colour_scale(scale)

    @Slot(QAction)
    def _on_panel(self, action: QAction) -> None:
        names = [each.data() for each in self._panels if each.isChecked()]
        if names:
            self.stage.set_panels(names)
        else:
            action.setChecked(True)  # an empty stage says nothing


def _choice(menu: QMenu, name: str, choices: Mapping[Any, str], chosen: str) -> QActionGroup:
    """Fill a menu with choices of which one holds."""
    group = QActionGroup(menu)
    for value, text in choices.items():
        action = menu.addAction(text)
        action.setObjectName(f"{name}_{value}")
        action.setData(value)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        group.addAction(action)
    return group
