"""The settings of the window, stored in a JSON file."""

import logging
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from PySide6.QtCore import QRect, QStandardPaths
from PySide6.QtGui import QGuiApplication

from engine import InitscopeError
from engine.io.staged_output import write_text

Pixels = Annotated[int, Meta(ge=-100_000, le=100_000)]
ThemeChoice = Literal["system", "light", "dark"]
ColourScale = Literal["fixed", "logarithmic", "frame"]
THEME_CHOICES: dict[ThemeChoice, str] = {
    "system": "Follow the system",
    "light": "Light",
    "dark": "Dark",
}
COLOUR_SCALES: dict[ColourScale, str] = {
    "fixed": "Fixed over the recording",
    "logarithmic": "Logarithmic",
    "frame": "For each frame",
}

log = logging.getLogger(__name__)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the window."""

    geometry: tuple[Pixels, Pixels, Pixels, Pixels] | None = None
    """x, y, width and height of the window in logical pixels."""
    maximized: bool = False
    controls_shown: bool = True
    theme: ThemeChoice = "system"
    colour_scale: ColourScale = "fixed"
    speed: float = 1.0
    loop: bool = False
    folder: str = ""
    """The folder where a file was opened or saved last."""
    recent: tuple[str, ...] = ()
    """Recent files, the latest first."""

    def replaced(self, **changes: object) -> "Settings":
        """Return the settings with some of them changed."""
        return msgspec.structs.replace(self, **changes)


def settings_path() -> Path:
    """Return the settings file, in the platform's folder for configuration."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder, "initscope", "window.json")


def read_settings(path: Path) -> Settings:
    """Return the settings in `path`; the default of each that is missing or not valid.

    A file that cannot be parsed is renamed to `….bad`.
    """
    try:
        return Settings(**_valid(_stored(path)))
    except FileNotFoundError:
        pass  # the first start
    except OSError as error:
        log.warning("settings: %s", error)
    except _BROKEN as error:
        log.warning("settings: %s is broken (%s); starting with the defaults", path, error)
        try:
            path.replace(path.with_name(path.name + ".bad"))
        except OSError as move_error:
            log.warning("settings: %s", move_error)
    return Settings()


def write_settings(settings: Settings, path: Path) -> None:
    """Write `path`, completely or not at all. Errors are only logged.

    What another version has stored there and this one cannot read remains, unless it is a setting
    that was changed since.
    """
    stored: dict[str, Any] = {}
    with suppress(OSError, *_BROKEN):
        stored = _stored(path)
    valid, defaults = _valid(stored), Settings()
    for name in Settings.__struct_fields__:
        value = getattr(settings, name)
        if name in valid or name not in stored or value != getattr(defaults, name):
            stored[name] = value
    text = msgspec.json.format(msgspec.json.encode(stored), indent=2).decode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, f"{text}\n")
    except (OSError, InitscopeError) as error:
        log.warning("settings: %s", error)


_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors of a file that contains no JSON object."""


def _stored(path: Path) -> dict[str, Any]:
    """Return the values in a settings file; raise `OSError` or one of `_BROKEN`."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])


def _valid(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the values that this version can use, as `Settings` has them."""
    valid = {}
    for field in msgspec.structs.fields(Settings):
        if field.name in stored:
            try:
                valid[field.name] = msgspec.convert(stored[field.name], field.type)
            except msgspec.ValidationError as error:
                log.warning("settings: %s: %s; using the default", field.name, error)
    return valid


def on_a_screen(rectangle: QRect) -> QRect:
    """Return the rectangle, moved and reduced so that all of it is on the nearest screen."""
    screen = QGuiApplication.screenAt(rectangle.center()) or QGuiApplication.primaryScreen()
    free = screen.availableGeometry()
    size = rectangle.size().boundedTo(free.size())
    x = max(free.left(), min(rectangle.x(), free.right() + 1 - size.width()))
    y = max(free.top(), min(rectangle.y(), free.bottom() + 1 - size.height()))
    return QRect(x, y, size.width(), size.height())
