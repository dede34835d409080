"""The part of the picture that does not change with the frame, painted once and copied."""

from typing import final

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QTransform
from PySide6.QtWidgets import (
    QGraphicsScene,
    QWidget,
)

from gui.panels.base.item import Item
from gui.style.theme import Theme

MARGIN = 4.0
"""Around a card: its smoothed edge is repainted with it."""


@final
class Card(Item):
    """The surface of a panel; its children are the items that do not change with the frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._surface = QColor(theme.surface)
        self._rect = QRectF()

    def arrange(self, rect: QRectF) -> None:
        """Move and resize the card to a rectangle of the stage."""
        self.prepareGeometryChange()
        self.setPos(rect.topLeft())
        self._rect = QRectF(0.0, 0.0, rect.width(), rect.height())
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint_item(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._surface)
        painter.drawRoundedRect(self._rect, 8.0, 8.0)


@final
class Backdrop(QGraphicsScene):
    """The scene of all cards, painted below the items of the stage.

    It is painted onto an image of the same pixels, which is copied for every frame. A card is
    painted again only after one of its items has changed: the scene's own `changed` signal reports
    every kind of change.

    Signals
    -------
    became_stale()
        It differs from what was painted last.
    """

    became_stale = Signal()

    # Of the class, because `changed` may come while an instance is being destroyed.
    _stale: list[QRectF] | None = None
    """The areas to paint again; None: everything."""
    _is_painting = False

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._image = QImage()
        self._transform = QTransform()
        self.changed.connect(self._on_changed)

    @Slot("QList<QRectF>")
    def _on_changed(self, areas: list[QRectF]) -> None:
        if self._stale is not None:
            self._stale += areas
        if not self._is_painting:
            self.became_stale.emit()

    def repaint_all(self) -> None:
        """Paint everything again next time, such as after a change of the layout or the colours."""
        self._stale = None

    def paint(self, painter: QPainter) -> None:
        """Paint the backdrop, with a painter that has the transformation of the stage."""
        self._is_painting = True
        # The signal is queued: without this, changes since the last event would be missed.
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        self._is_painting = False
        device = painter.device()
        ratio = device.devicePixelRatio()
        if painter.paintEngine().type() is not QPaintEngine.Type.Raster or ratio != round(ratio):
            self._paint_areas(painter, [self.sceneRect()])
            return
        pixels = round(ratio) if isinstance(device, QWidget) else 1
        width, height = device.width() * pixels, device.height() * pixels
        image, transform = self._image, painter.worldTransform()
        is_same = (image.width(), image.height(), image.devicePixelRatio()) == (
            width,
            height,
            ratio,
        )
        if not is_same or transform != self._transform:
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
            self._image.setDevicePixelRatio(ratio)
            self._transform = transform
            self._stale = None
        self._update_image(painter.renderHints())
        painter.save()
        painter.resetTransform()
        painter.drawImage(0, 0, self._image)
        painter.restore()

    def _update_image(self, hints: QPainter.RenderHint) -> None:
        stale, self._stale = self._stale, []
        if stale == []:
            return
        failures = Item.failures
        cards = [item for item in self.items() if isinstance(item, Card)]
        rects = [self._whole_pixels(card.sceneBoundingRect()) for card in cards]
        with QPainter(self._image) as painter:
            painter.setRenderHints(hints)
            painter.setWorldTransform(self._transform)
            if stale is None:
                everything = self._transform.inverted()[0].mapRect(
                    QRectF(0.0, 0.0, self._image.width(), self._image.height())
                )
                painter.fillRect(everything, self.backgroundBrush())
                areas = [self.sceneRect()]
            else:
                areas = [rect for rect in rects if any(rect.intersects(each) for each in stale)]
            self._paint_areas(painter, areas)
        if Item.failures != failures:
            self._stale = None

    def _whole_pixels(self, rect: QRectF) -> QRectF:
        """Return a rectangle around another that ends between pixels, not within one."""
        pixels = self._transform.mapRect(rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        return self._transform.inverted()[0].mapRect(QRectF(pixels.toAlignedRect()))

    def _paint_areas(self, painter: QPainter, areas: list[QRectF]) -> None:
        for area in areas:
            self.render(painter, area, area, Qt.AspectRatioMode.IgnoreAspectRatio)
