"""Small decision surfaces of the first networks of every run, sorted by final loss."""

from math import floor, sqrt
from typing import final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.ensemble import NOT_REACHED, SweepCell, cell_experiment, sampling_for
from engine.experiment import Experiment
from engine.nn import NetworkStack
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    LETTERS,
    TEXT,
    AreaItem,
    Label,
    ViewState,
    answer_colours,
    last_up_to,
    not_two_inputs,
    paint_image,
    register_panel,
    rgb_image,
)
from gui.panels.ensemble.many_networks import NetworksPanel
from gui.style.theme import Theme, font

SIDE = 22
"""Pixels of a surface to a side."""
LABEL = 20.0
GAP = 4.0


@register_panel(name="surfaces", position=450, title="Decision surfaces at this step")
@final
class SurfacesPanel(NetworksPanel):
    """A surface for each network at this step; framed once it is solved; the best ones first."""

    note = "lowest final loss first; framed: solved; click to open"
    short_note = "click to open"
    per_run = False
    row = 1
    breadth = 1.5

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        return not_two_inputs(experiment)

    def make_items(self) -> None:
        runs = range(len(self.subject.experiment.runs))
        watches = [sampling_for(self.subject.experiment, SweepCell(run)) for run in runs]
        self._moments = watches[0].picture_moments
        excuse = self.nothing_to_show(self.subject.experiment)
        if not len(self._moments):
            excuse = "drawn for small networks"
        self._is_drawable = not excuse
        self._most = max(watch.pictured for watch in watches)
        self._tiles = [_Tiles(self, self.theme) for _ in runs]
        bold, left = font(TEXT, bold=True), Qt.AlignmentFlag.AlignLeft
        self._letters = [
            Label(self, self.theme.unit(run), bold, left, text=LETTERS[run])
            for run in runs
            if self._is_drawable
        ]
        self._excuse = Label(self, self.theme.muted, font(TEXT), text=excuse)
        self._grid = _grid(self.subject)
        self._passes: dict[int, NetworkStack] = {}

    def arrange_items(self, area: QRectF) -> None:
        self._excuse.setPos(area.center())
        rows = len(self._tiles)
        height = (area.height() - GAP * (rows - 1)) / rows
        tops = [area.top() + row * (height + GAP) for row in range(rows)]
        for tiles, top in zip(self._tiles, tops, strict=True):
            tiles.arrange(QRectF(area.left() + LABEL, top, area.width() - LABEL, height))
        for letter, top in zip(self._letters, tops, strict=False):
            letter.setPos(area.left(), top + height / 2.0)

    def draw(self, state: ViewState) -> None:
        if not self._is_drawable:
            return
        at = last_up_to(self._moments, state.index)
        for cell in self.subject.summaries:
            self._draw_run(cell, at, state.index)

    def _draw_run(self, cell: SweepCell, at: int, frame: int) -> None:
        order = self._order(cell)
        results = self.subject.summaries[cell].results
        theta = results.theta[order, at].T
        done = self._pass(cell.run, len(order), int(self._moments[at]))
        done.load(theta)
        with np.errstate(all="ignore"):
            done.forward()
        answers = done.A[-1].swapaxes(1, 2)[:, : len(order)].reshape(-1, len(order), SIDE, SIDE)
        solved = results.solved[order]
        framed = (solved != NOT_REACHED) & (solved <= frame)
        is_joint = self.subject.experiment.network.activations[-1] is None
        colours = answer_colours(answers, self.theme, is_joint)
        self._tiles[cell.run].set_pictures(colours, framed.tolist())

    def _order(self, cell: SweepCell) -> NDArray[np.intp]:
        """Return the seeds that have a surface, the smallest final loss first."""
        results = self.subject.summaries[cell].results
        count = min(self._tiles[cell.run].room(self._most), len(results.theta))
        return np.argsort(results.loss[:count], kind="stable")

    def _pass(self, run: int, count: int, frame: int) -> NetworkStack:
        """Return the cached pass of `count` networks over the centres of all pixels."""
        plain = cell_experiment(self.subject.experiment, SweepCell(run))
        spec = plain.network_for(plain.runs[0], frame)
        known = self._passes.get(run)
        if known is None or known.n != count:
            known = NetworkStack(spec, self._grid, np.zeros((spec.layers[-1], SIDE**2)), count)
            self._passes[run] = known
        known.set_activations(spec)
        return known

    def network_at(self, point: QPointF) -> tuple[int, int] | None:
        for run, tiles in enumerate(self._tiles):
            number = tiles.tile_at(point)
            if number is not None and SweepCell(run) in self.subject.summaries:
                order = self._order(SweepCell(run))
                return (run, int(order[number])) if number < len(order) else None
        return None


def _grid(study: EnsembleStudy) -> NDArray[np.float64]:
    """Return the inputs (2, SIDE²) at the middles of all pixels, as the decision panel has them."""
    X = study.experiment.load_data().X
    reach = 1.3 * max(1.0, float(np.abs(X).max())) if X.shape[0] == 2 else 1.0
    middles = ((np.arange(SIDE) + 0.5) / SIDE * 2.0 - 1.0) * reach
    return np.stack([each.ravel() for each in np.meshgrid(middles, -middles)])


@final
class _Tiles(AreaItem):
    """Square pictures in rows, as large as there is room."""

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: list[QImage] = []
        self._framed: list[bool] = []

    def room(self, most: int) -> int:
        """Return how many of at most `most` tiles fit at a readable size."""
        return max(
            1,
            min(most, floor(self.area.width() / 18.0) * max(1, floor(self.area.height() / 18.0))),
        )

    def set_pictures(self, colours: NDArray[np.uint8], framed: list[bool]) -> None:
        """Show pictures (count, rows, columns, 3), some of them framed."""
        self._pictures = [rgb_image(picture) for picture in colours]
        self._framed = framed
        self.update()

    def tile_at(self, point: QPointF) -> int | None:
        """Return the number of the picture at a point of the parent."""
        for number in range(len(self._pictures)):
            if self._place(number).contains(point):
                return number
        return None

    def _place(self, number: int) -> QRectF:
        step, across = self._step()
        row, column = divmod(number, across)
        left = self.area.left() + column * step
        return QRectF(left, self.area.top() + row * step, step - GAP, step - GAP)

    def _step(self) -> tuple[float, int]:
        """Return the distance between neighbours, and the number of tiles in a row."""
        count = max(1, len(self._pictures))
        width, height = self.area.width(), self.area.height()
        step = sqrt(width * height / count)
        # The largest step at which all find room.
        while floor(width / step) * floor(height / step) < count and step > 2.0:
            step *= 0.985
        return step, max(1, floor(width / step))

    def paint_item(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, (picture, framed) in enumerate(zip(self._pictures, self._framed, strict=True)):
            place = self._place(number)
            paint_image(painter, place, picture, smooth=True)
            # A surface that is undecided all over has the colour of the card.
            edge = QPen(QColor(self._theme.text if framed else self._theme.outline))
            edge.setWidthF(1.6 if framed else 1.0)
            painter.setPen(edge)
            painter.drawRect(place)
