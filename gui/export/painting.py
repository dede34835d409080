"""Paints a stage in steps, so that a window answers between them."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from engine.generators import Steps
from gui.stage.stage import SMOOTH, Stage


def paint_in_steps(stage: Stage, painter: QPainter, target: QRectF) -> Iterator[bool]:
    """Paint as `Stage.paint` does, one panel per step; the stage must not be used between them."""
    order = Qt.SortOrder.AscendingOrder
    items = [item for item in stage.items(order) if item.parentItem() is None]
    background = stage.backgroundBrush()
    for item in items:
        item.hide()
    try:
        stage.paint(painter, target)
        stage.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        for item in items:
            yield False
            item.show()
            stage.paint(painter, target)
            item.hide()
    finally:
        stage.setBackgroundBrush(background)
        for item in items:
            item.show()


def picture_in_steps(stage: Stage, width: int, height: int) -> Steps[QImage]:
    """Return steps whose result is the picture of `Stage.picture`."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setRenderHints(SMOOTH)
        yield from paint_in_steps(stage, painter, QRectF(image.rect()))
    return image
