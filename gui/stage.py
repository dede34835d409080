"""The stage: one scene of panels that shows one moment, on the screen and in every export."""

from collections.abc import Sequence
from math import isfinite, sqrt
from typing import final

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsScene,
    QGraphicsSceneHelpEvent,
    QToolTip,
)

from engine.comparison import Comparison
from engine.errors import unknown_name
from engine.recording import Finish
from gui.panels.colours import ColourScale
from gui.panels.curves import GapPanel, LogGapPanel, LossPanel
from gui.panels.decision import DecisionPanel
from gui.panels.gradient_rows import GradientRowsPanel
from gui.panels.label import Label
from gui.panels.network import NetworkPanel
from gui.panels.panel import (
    LETTERS,
    LINE_STYLES,
    MARGIN,
    TEXT,
    TITLE_HEIGHT,
    Moment,
    Panel,
)
from gui.panels.saturation import SaturationPanel
from gui.panels.weight_space import WeightSpacePanel
from gui.theme import Theme, font

PANELS: dict[str, type[Panel]] = {
    panel.name: panel
    for panel in (
        NetworkPanel,
        GradientRowsPanel,
        SaturationPanel,
        WeightSpacePanel,
        DecisionPanel,
        LossPanel,
        GapPanel,
        LogGapPanel,
    )
}
"""Every panel by its name, in the order in which they stand."""
DEFAULT_PANELS = tuple(PANELS)

COLOUR_SCALES = ("fixed", "logarithmic", "frame")
"""Colours reach to one limit for the recording, to it in decades, or to each frame's own."""

SPACING = 8.0
HEADER_HEIGHT = 46.0
STRIP_HEIGHT = 30.0
COMPACT_STRIP_HEIGHT = 24.0
SMALLEST = (1280.0, 720.0)
"""The stage is laid out for no smaller picture; a smaller one shows it smaller."""


@final
class Stage(QGraphicsScene):
    """Panels in rows, a row for each run, and a last one for what runs share.

    Parameters
    ----------
    theme : Theme
    panels : sequence of str
        Names from `PANELS`.

    Raises
    ------
    UsageError
        For a panel that does not exist.
    """

    def __init__(self, theme: Theme, panels: Sequence[str] = DEFAULT_PANELS) -> None:
        super().__init__()
        # Without an index, Qt need not keep one for items that move with every frame.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.theme = theme
        self.names: tuple[str, ...] = ()
        self.colour_scale = "fixed"
        self.scale = 1.0
        """Pixels for each unit of the layout."""
        self._panels: list[Panel] = []
        self._strips: list[_Strip] = []
        self._header: _Header | None = None
        self._comparison: Comparison | None = None
        self._moment: Moment | None = None
        self._width, self._height = 1920, 1080
        self.set_panels(panels)

    def set_panels(self, names: Sequence[str]) -> None:
        """Show these panels, in the order of the registry."""
        for name in names:
            if name not in PANELS:
                raise unknown_name("panel", name, PANELS)
        self.names = tuple(name for name in PANELS if name in names)
        self._rebuild()

    def set_theme(self, theme: Theme) -> None:
        """Show everything in the colours of another theme."""
        self.theme = theme
        self._rebuild()

    def set_colour_scale(self, name: str) -> None:
        """Choose one of `COLOUR_SCALES`."""
        if name not in COLOUR_SCALES:
            raise unknown_name("colour scale", name, COLOUR_SCALES)
        self.colour_scale = name
        self._redraw()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show another comparison; `draw` then says which frame."""
        self._comparison = comparison
        self._moment = None
        self._rebuild()

    def set_size(self, width: int, height: int) -> None:
        """Lay everything out for a picture of so many pixels."""
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange()
            self._redraw()

    def draw(self, index: int) -> None:
        """Show the frame of this index, and what there is of the curves by now."""
        comparison = self._comparison
        if comparison is None:
            return
        frames = tuple(
            recording[comparison.shown(run, index)]
            for run, recording in enumerate(comparison.recordings)
        )
        weights = self._scale_of([w for frame in frames for w in frame.W[1:]], "largest_weight")
        gradients = self._scale_of([frame.dW[1] for frame in frames], "largest_gradient")
        moment = Moment(comparison, index, frames, weights, gradients)
        self._moment = moment
        if self._header:
            self._header.draw(moment)
        for strip in self._strips:
            strip.draw(moment)
        for panel in self._panels:
            panel.draw(moment)

    def image(self, width: int, height: int) -> QImage:
        """Return the picture, of exactly so many pixels whatever the screen's scale."""
        self.set_size(width, height)
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor(self.theme.background))
        painter = QPainter(image)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        whole = QRectF(0.0, 0.0, width, height)
        self.render(painter, whole, self.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        painter.end()
        return image

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        text = ""
        for panel in self._panels:
            point = panel.mapFromScene(event.scenePos())
            if self._moment and panel.rect.contains(point):
                text = panel.tool_tip(point, self._moment)
        QToolTip.showText(event.screenPos(), text)
        event.setAccepted(bool(text))

    def _scale_of(self, arrays: Sequence[np.ndarray], largest: str) -> ColourScale:
        """Return the colour scale for the arrays shown, or for all the recordings hold."""
        assert self._comparison is not None
        if self.colour_scale == "frame":
            sizes = [float(np.abs(array).max(initial=0.0)) for array in arrays]
        else:
            sizes = [getattr(each, largest) for each in self._comparison.diagnostics]
        limit = max((size for size in sizes if isfinite(size)), default=0.0)
        return ColourScale(limit or 1.0, self.theme, self.colour_scale == "logarithmic")

    def _rebuild(self) -> None:
        for item in [*self._panels, *self._strips, *([self._header] if self._header else [])]:
            self.removeItem(item)
        self._panels, self._strips, self._header = [], [], None
        self.setBackgroundBrush(QColor(self.theme.background))
        comparison = self._comparison
        if comparison is None:
            return
        runs = range(len(comparison.recordings))
        kinds = [PANELS[name] for name in self.names]
        self._panels = [
            kind(comparison, run, self.theme) for run in runs for kind in kinds if kind.per_run
        ] + [kind(comparison, 0, self.theme) for kind in kinds if not kind.per_run]
        if any(kind.per_run for kind in kinds):
            self._strips = [_Strip(run, self.theme) for run in runs]
        self._header = _Header(self.theme)
        for item in [*self._panels, *self._strips, self._header]:
            self.addItem(item)
        self._arrange()
        self._redraw()

    def _redraw(self) -> None:
        if self._moment is not None:
            self.draw(self._moment.index)

    def _arrange(self) -> None:
        fit = min(self._width / SMALLEST[0], self._height / SMALLEST[1])
        # A larger picture gets both larger type and more room.
        self.scale = fit if fit <= 1.0 else sqrt(fit)
        width, height = self._width / self.scale, self._height / self.scale
        self.setSceneRect(0.0, 0.0, width, height)
        if self._header is None:
            return
        inner = QRectF(SPACING, 0.0, width - 2.0 * SPACING, height - SPACING)
        self._header.arrange(QRectF(inner.left(), 0.0, inner.width(), HEADER_HEIGHT))
        rows = [
            [panel for panel in self._panels if panel.per_run and panel.run == run]
            for run in range(len(self._strips))
        ]
        shared = [panel for panel in self._panels if not panel.per_run]
        top, room = HEADER_HEIGHT, inner.height() - HEADER_HEIGHT
        if shared:
            share = room * (0.36 if len(rows) == 1 else 0.27 if len(rows) == 2 else 0.21)
            share = share if rows else room
            bottom = QRectF(inner.left(), inner.bottom() - share, inner.width(), share)
            self._arrange_row(shared, bottom)
            room -= share + SPACING
        self._arrange_runs(rows, QRectF(inner.left(), top, inner.width(), room))

    def _arrange_runs(self, rows: Sequence[Sequence[Panel]], area: QRectF) -> None:
        """Put the rows of the runs below one another; of many, only the first has titles."""
        compact = len(rows) > 2
        strip_height = COMPACT_STRIP_HEIGHT if compact else STRIP_HEIGHT
        titles = TITLE_HEIGHT - MARGIN if compact else 0.0
        top = area.top()
        for strip, panels in zip(self._strips, rows, strict=True):
            height = (area.height() - titles + SPACING) / len(rows) - SPACING
            titled = not compact or panels is rows[0]
            height += titles if panels is rows[0] else 0.0
            strip.arrange(QRectF(area.left(), top, area.width(), strip_height))
            row = QRectF(area.left(), top + strip_height, area.width(), height - strip_height)
            self._arrange_row(panels, row, compact, titled)
            top += height + SPACING

    def _arrange_row(
        self, panels: Sequence[Panel], row: QRectF, compact: bool = False, titled: bool = True
    ) -> None:
        room = row.width() - SPACING * (len(panels) - 1)
        total = sum(panel.breadth for panel in panels)
        left = row.left()
        for panel in panels:
            width = room * panel.breadth / total
            panel.arrange(QRectF(left, row.top(), width, row.height()), compact, titled)
            left += width + SPACING


class _Band(QGraphicsItem):
    """A line of text across the stage; invisible itself."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.theme = theme

    def boundingRect(self) -> QRectF:
        return QRectF()


@final
class _Header(_Band):
    """The title, what all runs share, and the frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._title = Label(self, theme.text, font(22.0, bold=True), left)
        self._subtitle = Label(self, theme.muted, font(TEXT + 2.0), left)
        self._frame = Label(self, theme.text, font(20.0, bold=True), right)
        self._width = 0.0

    def arrange(self, rect: QRectF) -> None:
        self.setPos(rect.topLeft())
        self._width = rect.width()
        middle = rect.height() / 2.0
        self._title.setPos(6.0, middle)
        self._title.max_width = rect.width() * 0.45
        self._frame.setPos(rect.width() - 6.0, middle)
        self._subtitle.setPos(0.0, middle + 2.0)

    def draw(self, moment: Moment) -> None:
        experiment = moment.comparison.experiment
        self._title.set_text(experiment.title)
        self._frame.set_text(f"frame {moment.index:,} / {experiment.training.steps:,}")
        title = min(self._title.boundingRect().width(), self._title.max_width or 0.0)
        self._subtitle.setX(6.0 + title + 18.0)
        self._subtitle.max_width = max(1.0, self._width - title - 230.0)
        self._subtitle.set_text(_shared_settings(moment.comparison))


@final
class _Strip(_Band):
    """A run's letter, line style, name and first weights, and how it stands at this frame."""

    def __init__(self, run: int, theme: Theme) -> None:
        super().__init__(theme)
        self._run = run
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._line = QGraphicsLineItem(self)
        self._line.setPen(QPen(QColor(theme.text), 2.0, LINE_STYLES[run]))
        self._name = Label(self, theme.text, font(TEXT + 3.0, bold=True), left)
        self._start = Label(self, theme.muted, font(TEXT + 1.0), left)
        self._state = Label(self, theme.text, font(TEXT + 1.0), right)
        self._width = 0.0

    def arrange(self, rect: QRectF) -> None:
        self.setPos(rect.topLeft())
        self._width = rect.width()
        middle = rect.height() / 2.0
        self._line.setLine(QLineF(6.0, middle, 40.0, middle))
        self._name.setPos(50.0, middle)
        self._name.max_width = rect.width() * 0.3
        self._start.setPos(0.0, middle)
        self._state.setPos(rect.width() - 6.0, middle)

    def draw(self, moment: Moment) -> None:
        comparison = moment.comparison
        run = comparison.experiment.runs[self._run]
        self._name.set_text(f"{LETTERS[self._run]}  {run.name}")
        name = min(self._name.boundingRect().width(), self._name.max_width or 0.0)
        self._start.setX(50.0 + name + 16.0)
        self._start.set_text(_own_settings(comparison, self._run))
        self._state.set_text(self._state_text(moment))
        self._start.max_width = max(
            1.0, self._width - self._start.x() - self._state.boundingRect().width() - 30.0
        )

    def _state_text(self, moment: Moment) -> str:
        recording = moment.comparison.recordings[self._run]
        frame = moment.frames[self._run]
        right = float(moment.comparison.diagnostics[self._run].accuracy[frame.index])
        text = f"loss {frame.loss:.4g}"
        if isfinite(right):  # there is no right or wrong where targets are not 0 or 1
            text += f"   ·   {100.0 * right:.0f} % right"
        if recording.finish is Finish.DIVERGED:
            self._state.set_colour(self.theme.alarm)
            ended = f"ended at frame {len(recording) - 1:,}"
            return f"{text}   ·   {recording.reason if frame.index < moment.index else ended}"
        return text


def _shared_settings(comparison: Comparison) -> str:
    experiment = comparison.experiment
    network = experiment.network
    hidden = " + ".join(dict.fromkeys(network.hidden_names)) or "no hidden layer"
    parts = [
        experiment.data.set_name,
        "-".join(str(size) for size in network.layers),
        hidden if network.beta == 1.0 else f"{hidden}, β = {network.beta:g}",
        f"η = {experiment.training.learning_rate:g}",
        network.loss,
    ]
    return "  ·  ".join(parts)


def _own_settings(comparison: Comparison, number: int) -> str:
    run = comparison.experiment.runs[number]
    parts = [f"{run.init.scheme}: {run.init.formula}" if run.init.formula else run.init.scheme]
    parts += [
        f"{name.replace('_', ' ')} {value:g}"
        for name in ("value", "scale", "limit", "gain", "epsilon")
        if isinstance(value := getattr(run.init, name, None), float)
    ]
    if run.init.random:
        parts.append(f"seed {run.init.seed}")
    if run.learning_rate is not None:
        parts.append(f"η = {run.learning_rate:g}")
    parts += [str(each) for each in (run.hidden, run.loss) if each is not None]
    if run.edits:
        parts.append("edited by hand")
    return "  ·  ".join(parts)
