"""An image in the field of a plot panel, stretched over its place."""

from math import ceil
from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.base.item import AreaItem
from gui.style.theme import Theme

FINE = 4
"""Pixels to a unit of the panel, where an image is part of a drawing."""


@final
class FieldImage(AreaItem):
    """Shares between 0 and 1 as colours; NaN has its own colour.

    Parameters
    ----------
    parent : QGraphicsItem
    smooth : bool
        Whether pixels melt into one another, instead of being seen one by one.
    """

    def __init__(self, parent: QGraphicsItem, smooth: bool = True) -> None:
        super().__init__(parent)
        self._smooth = smooth
        self.image = QImage()

    def set_shares(self, shares: NDArray[np.float64], lut: NDArray[np.uint8], missing: str) -> None:
        """Show shares (rows, columns), the first row on top, in the colours (256, 3), or NaN's."""
        self.set_colours(share_colours(shares, lut, missing))

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """Show colours (rows, columns, 3), the first row on top."""
        self.image = rgb_image(colours)
        self.update()

    def paint_item(self, painter: QPainter) -> None:
        paint_image(painter, self.area, self.image, smooth=self._smooth)


def rgb_image(colours: NDArray[np.uint8]) -> QImage:
    """Return colours (rows, columns, 3) as an image, the first row on top."""
    rgb = np.ascontiguousarray(colours)
    height, width = rgb.shape[:2]
    image = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def share_colours(
    shares: NDArray[np.float64], lut: NDArray[np.uint8], missing: str
) -> NDArray[np.uint8]:
    """Return the colours (…, 3) of shares between 0 and 1 from (256, 3), or that of NaN."""
    unknown = np.isnan(shares)
    if not unknown.any():
        return lut[np.rint(255.0 * np.clip(shares, 0.0, 1.0)).astype(np.intp)]
    colours = share_colours(np.where(unknown, 0.0, shares), lut, missing)
    colours[unknown] = _rgb(missing)
    return colours


def answer_colours(answers: NDArray[np.float64], theme: Theme, is_joint: bool) -> NDArray[np.uint8]:
    """Return the colours (…, 3) of a network's answers (outputs, …).

    For single outputs, the first is a share from class 0 to class 1. Where all outputs together
    are the probabilities of classes, it is the colour of the most probable class, which is plain
    where all are equally probable, and full where it is certain.
    """
    if not is_joint:
        return share_colours(answers[0], theme.class_lut(), theme.missing)
    colours = np.array([_rgb(each) for each in theme.class_colours[: len(answers)]])
    least = 1.0 / len(answers)
    greatest = answers.max(axis=0)
    certainty = np.clip((greatest - least) / (1.0 - least), 0.0, 1.0)
    unknown = np.isnan(greatest)
    surface, full = np.array(_rgb(theme.surface)), colours[answers.argmax(axis=0)]
    blend = surface + (full - surface) * np.where(unknown, 0.0, certainty)[..., None]
    result: NDArray[np.uint8] = np.rint(blend).astype(np.uint8)
    result[unknown] = _rgb(theme.missing)
    return result


def _rgb(colour: str) -> tuple[int, int, int]:
    own = QColor(colour)
    return own.red(), own.green(), own.blue()


def paint_image(painter: QPainter, place: QRectF, image: QImage, *, smooth: bool) -> None:
    """Stretch an image over its place.

    Viewers of PDF and SVG files smooth images in different ways: in these files it is scaled up
    beforehand.
    """
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    if painter.paintEngine().type() is not QPaintEngine.Type.Raster:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        image = _stretched(image, place.size() * FINE, smooth)
    painter.drawImage(place, image)


def _stretched(image: QImage, size: QSizeF, smooth: bool) -> QImage:
    fine = QImage(ceil(size.width()), ceil(size.height()), QImage.Format.Format_RGB32)
    with QPainter(fine) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(fine.rect()), image)
    return fine
