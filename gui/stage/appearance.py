"""The appearance of the picture: theme, colour scale and panels, with the menus that choose."""

from collections.abc import Callable, Mapping
from typing import Any, final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from engine.editing.paths import edited
from engine.experiment import Experiment
from engine.training import Scene
from gui.settings.settings import COLOUR_SCALES, THEME_CHOICES, Settings, ThemeChoice
from gui.stage.catalogue import PANELS, panels_of, shown_panels
from gui.stage.stage import Stage
from gui.stage.view_state import ViewModel, ViewOptions, resolve_view_state
from gui.style.theme import THEMES, Theme
from gui.widgets import configured

PICTURE = (1920, 1080)
"""The size of a copied picture, in pixels."""


@final
class Appearance(QObject):
    """Owns the stage and its view model, and lets menus choose theme, colour scale and panels.

    Signals
    -------
    theme_changed(Theme)
        By choice, or because the system's colour scheme has changed and the choice is to follow.
    panels_chosen(tuple, str)
        The names of the panels to show, and of the edit, such as "Hide Loss".
    """

    theme_changed = Signal(Theme)
    panels_chosen = Signal(tuple, str)

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._kind = ""
        self._theme_choice: ThemeChoice = settings.theme
        theme = self._wanted_theme()
        self.stage = Stage(theme)
        self.view_model = ViewModel(ViewOptions(theme, settings.colour_scale), self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """The current theme."""
        return self.view_model.options.theme

    def remembered(self, settings: Settings) -> Settings:
        """Return the settings with the current choices."""
        return settings.replaced(
            theme=self._theme_choice, colour_scale=self.view_model.options.colour_scale
        )

    def fill_menu(self, menu: QMenu) -> None:
        """Add the submenus."""
        _add_choice(
            menu.addMenu("Theme"), "theme", THEME_CHOICES, self._theme_choice, self._on_theme
        )
        _add_choice(
            menu.addMenu("Colour scale"),
            "scale",
            COLOUR_SCALES,
            self.view_model.options.colour_scale,
            lambda action: self.view_model.update(colour_scale=action.data()),
        )
        self._panels = configured(menu.addMenu("Panels"), triggered=self._on_panel)

    def show_experiment(self, experiment: Experiment) -> None:
        """List the panels that an experiment can show, and check those that it shows."""
        if experiment.kind != self._kind:
            self._kind = experiment.kind
            self._panels.clear()
            for panel in panels_of(experiment.kind):
                action = self._panels.addAction(panel.title)
                configured(action, objectName=f"panel_{panel.name}", checkable=True)
                action.setData(panel.name)
        shown = shown_panels(experiment)
        for action in self._panels.actions():
            action.setChecked(action.data() in shown)
            reason = PANELS[action.data()].nothing_to_show(experiment)
            action.setEnabled(action.isChecked() or not reason)
            action.setToolTip(reason or action.text())

    def copy_picture(self, scene: Scene, index: int) -> None:
        """Put a picture of a frame on the clipboard, in the default size of an export."""
        stage = Stage(self.theme)
        stage.show_scene(scene)
        options = ViewOptions(self.theme, self.view_model.options.colour_scale)
        stage.draw(resolve_view_state(scene, index, options))
        QGuiApplication.clipboard().setImage(stage.image(*PICTURE))

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
            self.stage.set_theme(theme)
            self.view_model.update(theme=theme)
            self.theme_changed.emit(theme)

    @Slot(QAction)
    def _on_panel(self, action: QAction) -> None:
        names = tuple(each.data() for each in self._panels.actions() if each.isChecked())
        if names:
            verb = "Show" if action.isChecked() else "Hide"
            self.panels_chosen.emit(names, f"{verb} {action.text()}")
        else:
            action.setChecked(True)  # the stage needs a panel


def with_panels(experiment: Experiment, names: tuple[str, ...]) -> Experiment:
    """Return the experiment with these panels; the usual ones are not named."""
    usual = edited(experiment, {("panels",): ()})
    return usual if names == shown_panels(usual) else edited(usual, {("panels",): names})


def _add_choice(
    menu: QMenu,
    name: str,
    choices: Mapping[Any, str],
    chosen: str,
    handler: Callable[[QAction], object],
) -> None:
    group = configured(QActionGroup(menu), triggered=handler)
    for value, text in choices.items():
        action = configured(
            QAction(text, group, checkable=True, checked=value == chosen),
            objectName=f"{name}_{value}",
        )
        action.setData(value)
        menu.addAction(action)
