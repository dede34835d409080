"""What pictures are measured against: six bare pyqtgraph plots of 400 points, changed and drawn.

The points are random, as in pyqtgraph's own speed test. Smooth curves that always fill the same
range are the least that a plot can cost, and are measured too.
"""

from typing import final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

PLOTS = 6
POINTS = 400


@final
class PlainPlots:
    """A window of six plots with their axes, all settings left as pyqtgraph has them.

    Parameters
    ----------
    width, height : int
        In pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.widget = pg.GraphicsLayoutWidget(size=(width, height))
        self.plots = [self.widget.addPlot(row=at // 3, col=at % 3) for at in range(PLOTS)]
        self._x = np.arange(float(POINTS))
        self._rng = np.random.default_rng(0)
        self.smooth = False
        self._curves = [
            plot.plot(self._x, self._heights(at, 0)) for at, plot in enumerate(self.plots)
        ]
        self._image = QImage(width, height, QImage.Format.Format_RGB32)

    def draw(self, index: int) -> None:
        """Change every curve."""
        for at, curve in enumerate(self._curves):
            curve.setData(self._x, self._heights(at, index))

    def image(self) -> QImage:
        """Return the picture as it is now, always in the same image."""
        self._image.fill(0)
        painter = QPainter(self._image)
        whole = QRectF(self._image.rect())
        self.widget.scene().render(painter, whole, whole)
        painter.end()
        return self._image

    def _heights(self, plot: int, index: int) -> np.ndarray:
        if self.smooth:
            return np.sin(self._x / 30.0 + 0.1 * index + plot)
        return self._rng.normal(size=POINTS)
