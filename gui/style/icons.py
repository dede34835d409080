"""Icons: line drawings from assets/icons in the colour of the adjacent text."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine.io.resources import asset
from gui.style.theme import Theme

FOLDER = asset("icons")
SIZE = 20
"""Side of an icon in logical pixels."""
PIXEL_RATIOS = (1, 2, 3)


@cache
def icon(name: str, theme: Theme) -> QIcon:
    """Return the drawing `name` for a theme, muted where the action cannot be done.

    It is made once: Qt caches pictures of every icon as long as there is room.
    """
    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, colour, opacity in (
        (QIcon.Mode.Normal, theme.text, 1.0),
        (QIcon.Mode.Disabled, theme.muted, 0.45),
    ):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
        for ratio in PIXEL_RATIOS:
            result.addPixmap(_pixmap(renderer, ratio, opacity), mode)
    return result


def application_icon() -> QIcon:
    """Return the icon of the program."""
    return QIcon(str(FOLDER / "initscope.svg"))


def _pixmap(renderer: QSvgRenderer, ratio: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(SIZE * ratio, SIZE * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setOpacity(opacity)
        renderer.render(painter, QRectF(0, 0, SIZE * ratio, SIZE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
