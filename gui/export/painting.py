"""Paints a stage in steps, between which a window answers."""

from collections.abc import Generator, Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gui.stage.stage import SMOOTH, Stage


def paint_in_steps(stage: Stage, painter: QPainter, target: QRectF) -> Iterator[None]:
    """Paint what `Stage.paint` does, one panel in each step; nobody else may use it meanwhile."""
    order = Qt.SortOrder.AscendingOrder
    items = [item for item in stage.items(order) if item.parentItem() is None]
    background = stage.backgroundBrush()
    for item in items:
        item.hide()
    try:
        stage.paint(painter, target)
        stage.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        for item in items:
            yield
            item.show()
            stage.paint(painter, target)
            item.hide()
    finally:
        stage.setBackgroundBrush(background)
        for item in items:
            item.show()


def picture_in_steps(stage: Stage, width: int, height: int) -> Generator[None, None, QImage]:
    """Return what makes the picture of `Stage.picture` in steps."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setRenderHints(SMOOTH)
        yield from paint_in_steps(stage, painter, QRectF(image.rect()))
    return image
