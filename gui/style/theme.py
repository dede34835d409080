"""The light and dark themes: all colours and fonts of the window and the stage."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import final

import cmap
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

log = logging.getLogger(__name__)

FONT_FAMILY = "Inter"
UNIT_MARKERS = ("o", "d", "t1", "s", "star", "p")
"""The marker of each hidden unit, as pyqtgraph names it; unit 7 has the first one again."""

CLASS_MARKERS = ("s", "o", "t1", "d", "star", "p", "t", "h", "+", "t2")
"""The marker of the examples of each class, as pyqtgraph names it."""


@final
@dataclass(frozen=True)
class Theme:
    """The colours of a picture; two themes differ in nothing else.

    Attributes
    ----------
    name : str
        "light" or "dark".
    background, surface, outline : str
        Behind the panels, a panel, and thin lines and grids.
    text, muted : str
        Primary and secondary text.
    accent, alarm : str
        What is chosen or noteworthy, and what went wrong or is saturated.
    zero, missing : str
        A number that is exactly zero, and one that is not a number.
    units : tuple of str
        The hue of every hidden unit of a layer, in order.
    classes : tuple of str
        Target 0 and target 1.
    more_classes : tuple of str
        The classes after these two; all ten are apart for colour-blind people, too.
    diverging : str
        The colour map of signed numbers, as `cmap` names it; safe for colour-blind people.
    """

    name: str
    background: str
    surface: str
    outline: str
    text: str
    muted: str
    accent: str
    alarm: str
    zero: str
    missing: str
    units: tuple[str, ...]
    classes: tuple[str, str]
    more_classes: tuple[str, ...]
    diverging: str

    def unit(self, index: int) -> QColor:
        """Return the hue of a hidden unit, counted from 0."""
        return QColor(self.units[index % len(self.units)])

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than its background."""
        return QColor(self.text).lightness() > QColor(self.background).lightness()

    def lut(self) -> NDArray[np.uint8]:
        """Return the diverging colour map as RGB, (511, 3), from negative to positive."""
        return _lut(self.diverging)

    @property
    def class_colours(self) -> tuple[str, ...]:
        """The colours of up to ten classes."""
        return (*self.classes, *self.more_classes)

    def class_lut(self) -> NDArray[np.uint8]:
        """Return the colours from class 0 over the surface to class 1 as RGB, (256, 3)."""
        return _ramp(self.classes[0], self.surface, self.classes[1])

    def density_lut(self) -> NDArray[np.uint8]:
        """Return the colours from nothing, which is the surface, to the most as RGB, (256, 3)."""
        accent = QColor(self.accent)
        deep = accent.lighter(140) if self.is_dark else accent.darker(170)
        return _ramp(self.surface, self.accent, deep.name())

    def palette(self) -> QPalette:
        """Return the palette of the widgets around the picture."""
        role = QPalette.ColorRole
        colours = {
            role.Window: self.background,
            role.Base: self.surface,
            role.AlternateBase: self.background,
            role.Button: self.surface,
            role.ToolTipBase: self.surface,
            role.WindowText: self.text,
            role.Text: self.text,
            role.ButtonText: self.text,
            role.ToolTipText: self.text,
            role.BrightText: self.alarm,
            role.PlaceholderText: self.muted,
            role.Highlight: self.accent,
            role.HighlightedText: self.background if self.is_dark else "#ffffff",
            role.Link: self.accent,
            role.Mid: self.outline,
            role.Midlight: self.outline,
            role.Light: self.outline,
            role.Dark: self.outline,
            role.Shadow: self.outline,
        }
        palette = QPalette()
        for each, colour in colours.items():
            palette.setColor(each, QColor(colour))
        for each in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, each, translucent(self.muted, 0.6))
        return palette


DARK = Theme(
    name="dark",
    background="#101216",
    surface="#1a1d24",
    outline="#343945",
    text="#eceef3",
    muted="#9aa1b1",
    accent="#7db4ff",
    alarm="#ff7a70",
    zero="#6b7280",
    missing="#ff3df2",
    units=("#f06fd5", "#4ade97", "#f5d64a", "#5cc8ff", "#ff9966", "#b49bff"),
    classes=("#c98500", "#12a594"),
    more_classes=(
        "#830dfa",
        "#fafab3",
        "#9b9bfa",
        "#836c3c",
        "#b3e2fa",
        "#9b3c9b",
        "#cafa54",
        "#836cfa",
    ),
    diverging="crameri:managua_r",
)
LIGHT = Theme(
    name="light",
    background="#eef0f4",
    surface="#ffffff",
    outline="#d5d9e2",
    text="#171a21",
    muted="#5d6575",
    accent="#1f5fd0",
    alarm="#c4251a",
    zero="#9aa1ad",
    missing="#d400c8",
    units=("#b5179e", "#12813f", "#8a6d00", "#0675b8", "#c2500c", "#6a45d8"),
    classes=("#e5a224", "#1fae9d"),
    more_classes=(
        "#830dfa",
        "#0d2454",
        "#830d0d",
        "#9b9bfa",
        "#b3b36c",
        "#543cb3",
        "#0d5454",
        "#83549b",
    ),
    diverging="colorcet:CET_D1A",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def translucent(colour: str | QColor, opacity: float) -> QColor:
    """Return a colour with an opacity between 0 and 1."""
    result = QColor(colour)
    result.setAlphaF(opacity)
    return result


def font(size: float, *, bold: bool = False) -> QFont:
    """Return the program's font, `size` in pixels, with figures of equal width."""
    result = QFont(FONT_FAMILY)
    result.setPixelSize(max(1, round(size)))
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if bold:
        result.setVariableAxis(QFont.Tag("wght"), 650.0)
    return result


@cache
def load_fonts() -> None:
    """Make the program's font known to Qt, once an application exists.

    The font comes with the program, so that pictures look alike on every machine.
    """
    files = resources.files("fontpkg_inter") / "files"
    for name in ("Inter[opsz,wght].ttf", "Inter-Italic[opsz,wght].ttf"):
        if QFontDatabase.addApplicationFont(str(files / name)) < 0:
            log.warning("the font %s cannot be loaded: pictures have another one", name)
    QLocale.setDefault(QLocale.c())


@cache
def _lut(name: str) -> NDArray[np.uint8]:
    shares = np.asarray(cmap.Colormap(name).lut(511), dtype=np.float64)[:, :3]
    return np.rint(shares * 255.0).astype(np.uint8)


@cache
def _ramp(first: str, middle: str, last: str) -> NDArray[np.uint8]:
    # The surface shows through at the undecided middle and nowhere else.
    colours = [QColor(each) for each in (first, middle, last)]
    stops = np.array([(c.red(), c.green(), c.blue()) for c in colours], dtype=np.float64)
    at = np.linspace(0.0, 2.0, 256)
    ramp = np.stack([np.interp(at, [0.0, 1.0, 2.0], channel) for channel in stops.T], axis=1)
    result: NDArray[np.uint8] = np.rint(ramp).astype(np.uint8)
    return result
