"""The stage: one scene of panels that shows one moment, on the screen and in every export."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmapCache
from PySide6.QtWidgets import (
    QGraphicsScene,
    QGraphicsSceneHelpEvent,
    QGraphicsSceneMouseEvent,
    QToolTip,
)

from engine.editing.parameters import Parameter, differ_by_hand_only
from engine.errors import unknown_name
from engine.experiment.experiment import Experiment
from engine.studies.base.study import Study
from engine.training.comparison import Comparison
from engine.training.scene import Scene
from gui.panels.base.interactions import FrameRequested, Interaction
from gui.panels.base.item import painting_or_failing
from gui.panels.base.panel import Panel, ViewState, WhatIf
from gui.stage.arrangement import arrange, arrange_study
from gui.stage.catalogue import PANELS, in_order, shown_panels
from gui.stage.run_header import RunHeader, StageHeader
from gui.stage.view_state import COLOUR_SCALES, resolve_view_state
from gui.style.theme import Theme
from gui.widgets.plain_text import as_it_stands

CLICK = 4
"""Pixels by which the mouse may move in a click."""
PICTURE_KILOBYTES = 128 * 1024
"""Room for the pictures of axes and curves of a stage, of as many pixels as a 4K screen has."""
LONG_SECONDS = 0.01
"""A window does not wait for what takes longer to work out."""
SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
SMALLEST = (1280.0, 720.0)
"""The stage is laid out for no smaller picture; a smaller one shows it smaller."""
TYPE_GROWTH = 0.6
"""A larger picture gets both larger type and more room: the power of its size that goes to type."""


@final
class Stage(QGraphicsScene):
    """Panels in rows, a row for each run, and a last one for what runs share.

    Parameters
    ----------
    theme : Theme
    panels : sequence of str
        Names from `PANELS`; without any, those that the experiment shows.

    Raises
    ------
    UsageError
        For a panel that does not exist.
    """

    interacted = Signal(Interaction)
    """The user has clicked or dragged something on a panel."""

    def __init__(self, theme: Theme, panels: Sequence[str] = ()) -> None:
        super().__init__()
        # What stands still is kept as pictures, which must all find room: if one is dropped to
        # make room for another, each is drawn anew for every frame.
        QPixmapCache.setCacheLimit(max(PICTURE_KILOBYTES, QPixmapCache.cacheLimit()))
        # Without an index, Qt need not keep one for items that move with every frame.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.theme = theme
        self._chosen: tuple[str, ...] = ()
        self.colour_scale = "fixed"
        self.scale = 1.0
        """Pixels for each unit of the layout."""
        self._panels: list[Panel] = []
        self._coming: list[Panel] | None = None  # while panels are made
        self._grabbed: Panel | None = None
        self._pointer: QPointF | None = None
        self._strips: list[RunHeader] = []
        self._header: StageHeader | None = None
        self._scene: Scene | None = None
        self._shown: Experiment | None = None
        self._moment: ViewState | None = None
        self._what_if: WhatIf | None = None
        self.selected: Parameter | None = None
        """What the keyboard changes, marked from the next `draw` on."""
        self.drawn_class: int | None = None
        """See `Moment`; another one is shown from the next `draw` on."""
        self._width, self._height = 1920, 1080
        self.set_panels(panels)

    def set_panels(self, names: Sequence[str]) -> None:
        """Show these panels, whatever the experiment says, or what it says if there are none."""
        self._chosen = in_order(names)
        self._rebuild()

    @property
    def parameters(self) -> list[Parameter]:
        """The weights and biases that the keyboard can select, panel after panel."""
        return [parameter for panel in self._panels for parameter in panel.parameters]

    def position_of(self, parameter: Parameter) -> tuple[QPointF, QRectF] | None:
        """Return where a parameter is, and the panel around it; None if no panel shows it."""
        for panel in self._panels:
            position = panel.position_of(parameter)
            if position is not None:
                return panel.mapToScene(position), panel.mapRectToScene(panel.rect)
        return None

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels that are shown, as they stand now."""
        return tuple(self._panels)

    @property
    def names(self) -> tuple[str, ...]:
        """The panels that are shown, in order."""
        return tuple(dict.fromkeys(panel.name for panel in self._panels))

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

    def show_scene(self, scene: Scene) -> None:
        """Show another scene from the next `draw` on."""
        for _ in self.change_to(scene) or ():
            pass

    def change_to(self, scene: Scene) -> Iterator[None] | None:
        """Show another scene from the next `draw` on, after what is returned has been iterated.

        Each of its steps makes a panel, or lays all of them out. It is None where those that
        there are do, which is so while a scene differs in edits by hand only: to make panels
        takes longer than to train a small network.
        """
        self._scene = scene
        self._moment = self._what_if = None
        before, self._shown = self._shown, scene.experiment
        if (
            before is None
            or self._coming is not None
            or not differ_by_hand_only(before, self._shown)
        ):
            return self._remake()
        self._grabbed = None
        for panel in self._panels:
            panel.show_scene(scene)
        return None

    def show_what_if(self, what_if: WhatIf | None) -> None:
        """Show a frame that no recording holds from the next `draw` on, while it is of that frame.

        It lasts until None is shown, or another frame, or another scene.
        """
        self._what_if = what_if

    def set_size(self, width: int, height: int) -> None:
        """Lay everything out for a picture of so many pixels."""
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange()
            if self._moment is not None:  # its frames need not be at hand any more
                for _ in self._show(self._moment):
                    pass

    def takes_long(self, index: int) -> bool:
        """Whether what `draw` of this index needs is not at hand, and takes long to work out."""
        scene = self._scene
        if not isinstance(scene, Comparison):
            return False
        seconds = scene.seconds_for(index)
        if any(panel.prepares for panel in self._panels):  # maybe from the next frame as well
            seconds += scene.seconds_for(index + 1) + scene.seconds_for_pass
        return seconds > LONG_SECONDS

    def preparation(self, index: int) -> Callable[[], None]:
        """Return what has at hand all that `draw` of this index needs, called in any thread.

        It refers to no item: one that died in another thread than Qt's would end the process.
        """
        scene, seen = self._scene, (self.theme, self.colour_scale, self._what_if)
        kinds = [(type(panel), panel.run) for panel in self._panels if panel.prepares]

        def prepare() -> None:
            if not isinstance(scene, Comparison):
                return
            scene.prepare(index)
            for _ in range(2 if kinds else 0):  # other frames may take the place of this one
                state = resolve_view_state(scene, index, *seen)
                for kind, run in kinds:
                    kind.prepare(state, run)

        return prepare

    def draw(self, index: int) -> None:
        """Show the frame of this index, and what there is of the curves by now."""
        for _ in self.draw_in_steps(index):
            pass

    def draw_in_steps(self, index: int) -> Iterator[None]:
        """Do what `draw` does, one panel in each step; nobody else may use the stage meanwhile."""
        scene = self._scene
        if scene is None:
            return
        state = resolve_view_state(scene, index, self.theme, self.colour_scale, self._what_if)
        yield
        yield from self._show(replace(state, selected=self.selected, drawn_class=self.drawn_class))

    def _show(self, state: ViewState) -> Iterator[None]:
        self._moment, self._what_if = state, state.what_if
        if self._header:
            self._header.draw(state)
        for strip in self._strips:
            strip.draw(state)
        for panel in self._panels:
            panel.draw(state)
            yield

    def image(self, width: int, height: int) -> QImage:
        """Return the picture, of exactly so many pixels whatever the screen's scale."""
        self.set_size(width, height)
        return self.picture(width, height)

    def picture(self, width: int, height: int) -> QImage:
        """Return the picture as it is laid out now, in so many pixels."""
        image = QImage(width, height, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:  # it paints the background too
            painter.setRenderHints(SMOOTH)
            self.paint(painter, QRectF(0.0, 0.0, width, height))
        return image

    def paint(self, painter: QPainter, target: QRectF) -> None:
        """Paint the picture as it is laid out now into a rectangle; fail where an item does."""
        with painting_or_failing():
            self.render(painter, target, self.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            for panel in self._panels:
                point = panel.mapFromScene(event.scenePos())
                if panel.rect.contains(point) and panel.grab(point):
                    self._grabbed = panel
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._grabbed is not None:
            interaction = self._grabbed.drag(self._grabbed.mapFromScene(event.scenePos()))
            event.accept()
            if interaction is not None:
                self.interacted.emit(interaction)
        elif event.buttons():
            self._request_frame(event)
        else:
            event.ignore()
            self.point_at(event.scenePos())

    def point_at(self, place: QPointF | None) -> None:
        """Tell the panels where the pointer is, without a button held; None if it is elsewhere."""
        self._pointer = place
        for panel in self._panels:
            point = None if place is None else panel.mapFromScene(place)
            panel.point_at(point if point is not None and panel.rect.contains(point) else None)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        event.accept()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        interaction = self._drop() or self._click(event)
        if interaction is not None:
            self.interacted.emit(interaction)

    @property
    def is_dragging(self) -> bool:
        """Whether something is being dragged."""
        return self._grabbed is not None

    def cancel_drag(self) -> None:
        """Release what is being dragged, without an interaction."""
        self._drop()

    def _drop(self) -> Interaction | None:
        panel, self._grabbed = self._grabbed, None
        return None if panel is None else panel.drop()

    def _click(self, event: QGraphicsSceneMouseEvent) -> Interaction | None:
        """Return what a click means; None if the mouse has been moved further than in a click."""
        down = event.buttonDownScreenPos(Qt.MouseButton.LeftButton)
        if (event.screenPos() - down).manhattanLength() > CLICK or self._moment is None:
            return None
        for panel in self._panels:
            point = panel.mapFromScene(event.scenePos())
            interaction = panel.interaction_at(point) if panel.rect.contains(point) else None
            if interaction is not None:
                return interaction
        return None

    def _request_frame(self, event: QGraphicsSceneMouseEvent) -> None:
        start = event.buttonDownScenePos(Qt.MouseButton.LeftButton)
        event.setAccepted(bool(event.buttons() & Qt.MouseButton.LeftButton))
        for panel in self._panels:
            # A drag belongs to the panel on which it began, wherever it leads.
            if event.isAccepted() and panel.rect.contains(panel.mapFromScene(start)):
                index = panel.frame_at(panel.mapFromScene(event.scenePos()))
                if index is not None:
                    self.interacted.emit(FrameRequested(index))

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        text = ""
        for panel in self._panels:
            point = panel.mapFromScene(event.scenePos())
            if self._moment and panel.rect.contains(point):
                text = panel.tool_tip(point, self._moment)
        QToolTip.showText(event.screenPos(), as_it_stands(text))
        event.setAccepted(bool(text))

    def _rebuild(self) -> None:
        for _ in self._remake():
            pass

    def _remake(self) -> Iterator[None]:
        """Remove everything; return what makes it anew, in steps, unless it is asked for again."""
        for item in [*self._panels, *self._strips, *([self._header] if self._header else [])]:
            self.removeItem(item)
        self._panels, self._strips, self._header = [], [], None
        self._grabbed = None
        self.setBackgroundBrush(QColor(self.theme.background))
        self._coming = None
        if self._scene is None:
            return iter(())
        coming: list[Panel] = []
        self._coming = coming
        return self._make(self._scene, coming)

    def _make(self, scene: Scene, panels: list[Panel]) -> Iterator[None]:
        runs = range(scene.per_run_panels if isinstance(scene, Study) else scene.track_count)
        kinds = [PANELS[name] for name in shown_panels(scene.experiment, self._chosen)]
        places = [(kind, run) for run in runs for kind in kinds if kind.per_run]
        for kind, run in [*places, *((kind, 0) for kind in kinds if not kind.per_run)]:
            panels.append(kind(scene, run, self.theme))
            yield
            if self._coming is not panels:  # others are made meanwhile
                return
        self._panels, self._coming = panels, None
        if any(kind.per_run for kind in kinds) and not isinstance(scene, Study):
            self._strips = [RunHeader(run, self.theme) for run in runs]
        self._header = StageHeader(self.theme)
        for item in [*self._panels, *self._strips, self._header]:
            self.addItem(item)
        if self.selected not in self.parameters:
            self.selected = None
        self._arrange()
        self._redraw()
        self.point_at(self._pointer)
        yield

    def _redraw(self) -> None:
        if self._moment is not None:
            self.draw(self._moment.index)

    def _arrange(self) -> None:
        fit = min(self._width / SMALLEST[0], self._height / SMALLEST[1])
        self.scale = fit if fit <= 1.0 else fit**TYPE_GROWTH
        width, height = self._width / self.scale, self._height / self.scale
        self.setSceneRect(0.0, 0.0, width, height)
        if self._header is None:
            return
        if isinstance(self._scene, Study):
            arrange_study(self._header, self._panels, (width, height))
        else:
            arrange(self._header, self._strips, self._panels, (width, height))
