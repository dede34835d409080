"""The stage: the graphics scene of panels that shows a view state, on screen and in exports."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmapCache
from PySide6.QtWidgets import (
    QGraphicsScene,
    QGraphicsSceneHelpEvent,
    QGraphicsSceneMouseEvent,
    QToolTip,
)

from engine.editing.parameters import Parameter, differ_in_edits_only
from engine.experiment import Experiment
from engine.training import Scene
from gui.panels.base import (
    Backdrop,
    FrameRequested,
    Interaction,
    Label,
    Panel,
    ViewState,
    painting_or_failing,
    with_definitions,
)
from gui.stage.arrangement import arrange
from gui.stage.catalogue import PANELS, in_order, shown_panels
from gui.stage.run_header import Header, RunHeader, StageHeader
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import Theme
from gui.widgets import as_it_stands

CLICK = 4
"""The distance in pixels by which the mouse may move in a click."""
PICTURE_KILOBYTES = 128 * 1024
"""The size of the cache for the pictures of axes and curves of a stage on a 4K screen."""
LONG_SECONDS = 0.01
"""Data whose computation takes longer are computed on a thread."""
SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
SMALLEST = (1280.0, 720.0)
"""The size of the smallest layout; smaller pictures show it scaled down."""
TYPE_GROWTH = 0.6
"""The power of the picture's size by which type grows; the rest becomes more room."""


@final
class Stage(QGraphicsScene):
    """Shows view states on panels, which it makes for a scene and a theme.

    Parameters
    ----------
    theme : Theme
    panels : sequence of str
        Names from `PANELS`; without any, the panels of the experiment.

    Attributes
    ----------
    scene : Scene or None
        The scene for which the panels are made.
    state : ViewState or None
        The view state that was drawn last; None before the first drawing of a scene.
    panels : tuple of Panel
        The panels that are shown.
    backdrop : Backdrop
        What does not change from frame to frame, painted below everything else.
    scale : float
        Pixels per unit of the layout.

    Raises
    ------
    UsageError
        For an unknown panel.
    """

    interacted = Signal(Interaction)
    """The user has clicked or dragged something on a panel."""

    def __init__(self, theme: Theme, panels: Sequence[str] = ()) -> None:
        super().__init__()
        # Static items are cached as pictures. If they do not all fit, one is dropped for another,
        # and each is painted again in every frame.
        QPixmapCache.setCacheLimit(max(PICTURE_KILOBYTES, QPixmapCache.cacheLimit()))
        # Almost all items move in every frame, so that an index would not pay off.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.theme = theme
        self.backdrop = Backdrop()
        self.backdrop.became_stale.connect(self.update)
        self.scale = 1.0
        self._chosen = in_order(panels)
        self.panels: tuple[Panel[Any], ...] = ()
        self._pending: list[Panel[Any]] | None = None  # while panels are made
        self._grabbed: Panel[Any] | None = None
        self._pointer: QPointF | None = None
        self._headers: tuple[Header, ...] = ()
        self.scene: Scene | None = None
        self._built_for: Experiment | None = None
        self.state: ViewState | None = None
        self._width, self._height = 1920, 1080
        self._rebuild()

    @property
    def parameters(self) -> list[Parameter]:
        """The weights and biases that the keyboard can select, panel after panel."""
        return [parameter for panel in self.panels for parameter in panel.parameters]

    def position_of(self, parameter: Parameter) -> tuple[QPointF, QRectF] | None:
        """Return where a parameter is, and the panel around it; None if no panel shows it."""
        for panel in self.panels:
            position = panel.position_of(parameter)
            if position is not None:
                return panel.mapToScene(position), panel.mapRectToScene(panel.rect)
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the panels that are shown, in order."""
        return tuple(dict.fromkeys(panel.name for panel in self.panels))

    def set_panels(self, names: Sequence[str]) -> None:
        """Show these panels, or without any those of the experiment."""
        self._chosen = in_order(names)
        self._rebuild()

    def set_theme(self, theme: Theme) -> None:
        """Make the panels again in another theme, for a view state of that theme to be drawn."""
        if theme is not self.theme:
            self.theme, self.state = theme, None
        self._rebuild()

    def show_scene(self, scene: Scene) -> None:
        """Make the panels of another scene now; see `build`."""
        deque(self.build(scene) or (), maxlen=0)

    def build(self, scene: Scene) -> Iterator[None] | None:
        """Return an iterator that makes the panels of another scene, one in each step.

        It is None where the panels shown fit: scenes that differ in edits by hand only have the
        same panels. To make panels takes longer than to train a small network.
        """
        self.scene, self.state = scene, None
        before, self._built_for = self._built_for, scene.experiment
        if (
            before is None
            or self._pending is not None
            or not differ_in_edits_only(before, self._built_for)
        ):
            return self._clear_and_make()
        self._grabbed = None
        for panel in self.panels:
            panel.show_scene(scene)
        return None

    def set_size(self, width: int, height: int) -> None:
        """Lay everything out for a picture of this size in pixels."""
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange()
            self._redraw()

    def takes_long(self, index: int) -> bool:
        """Return whether the data of this index are not cached and take long to compute."""
        scene = self.scene
        if scene is None:
            return False
        seconds = scene.seconds_for(index)
        if any(panel.prepares for panel in self.panels):  # maybe from the next frame as well
            seconds += scene.seconds_for(index + 1) + scene.seconds_for_pass
        return seconds > LONG_SECONDS

    def preparation(self, index: int, options: ViewOptions) -> Callable[[], None]:
        """Return a function that computes and caches all data of this index, in any thread.

        It refers to no item: an item that is deleted in another thread than Qt's would end the
        process.
        """
        scene = self.scene
        kinds = [(type(panel), panel.run) for panel in self.panels if panel.prepares]

        def prepare() -> None:
            if scene is None:
                return
            scene.prepare(index)
            for _ in range(2 if kinds else 0):  # other frames may replace this one in the cache
                state = resolve_view_state(scene, index, options)
                for kind, run in kinds:
                    kind.prepare(state, run)

        return prepare

    def draw(self, state: ViewState) -> None:
        """Show a view state."""
        deque(self.draw_in_steps(state), maxlen=0)

    def draw_in_steps(self, state: ViewState) -> Iterator[None]:
        """Show a view state, one panel per step; the stage must not be used between the steps."""
        self.state = state
        for header in self._headers:
            header.draw(state)
        for panel in self.panels:
            panel.draw(state)
            yield

    def image(self, width: int, height: int) -> QImage:
        """Lay out and return the picture in this size in pixels, whatever the screen's scale."""
        self.set_size(width, height)
        return self.picture(width, height)

    def picture(self, width: int, height: int) -> QImage:
        """Return the picture in the current layout, scaled to this size in pixels."""
        image = QImage(width, height, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:  # it paints the background too
            painter.setRenderHints(SMOOTH)
            self.paint(painter, QRectF(0.0, 0.0, width, height))
        return image

    def paint(self, painter: QPainter, target: QRectF) -> None:
        """Paint the picture in the current layout into a rectangle; fail where an item does."""
        with painting_or_failing():
            self.render(painter, target, self.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.backgroundBrush().style() is not Qt.BrushStyle.NoBrush:
            self.backdrop.paint(painter)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            for panel, point in self._panels_at(event.scenePos()):
                if panel.grab(point):
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
        """Pass the position of the pointer, with no button pressed, to the panels; None outside."""
        self._pointer = place
        for panel in self.panels:
            point = None if place is None else panel.mapFromScene(place)
            panel.point_at(point if point is not None and panel.rect.contains(point) else None)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        event.accept()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        interaction = self.drop() or self._click(event)
        if interaction is not None:
            self.interacted.emit(interaction)

    @property
    def is_dragging(self) -> bool:
        """Whether something is being dragged."""
        return self._grabbed is not None

    def drop(self) -> Interaction | None:
        """Release what is being dragged, and return what that means."""
        panel, self._grabbed = self._grabbed, None
        return None if panel is None else panel.drop()

    def _click(self, event: QGraphicsSceneMouseEvent) -> Interaction | None:
        """Return what a click means; None if the mouse has been moved further than in a click."""
        down = event.buttonDownScreenPos(Qt.MouseButton.LeftButton)
        if (event.screenPos() - down).manhattanLength() > CLICK or self.state is None:
            return None
        found = (panel.interaction_at(point) for panel, point in self._panels_at(event.scenePos()))
        return next(filter(None, found), None)

    def _panels_at(self, place: QPointF) -> Iterator[tuple[Panel[Any], QPointF]]:
        """Yield each panel at a place of the scene, with the place in its coordinates."""
        for panel in self.panels:
            point = panel.mapFromScene(place)
            if panel.rect.contains(point):
                yield panel, point

    def _request_frame(self, event: QGraphicsSceneMouseEvent) -> None:
        start = event.buttonDownScenePos(Qt.MouseButton.LeftButton)
        event.setAccepted(bool(event.buttons() & Qt.MouseButton.LeftButton))
        # A drag belongs to the panel on which it began, wherever it leads.
        for panel, _ in self._panels_at(start) if event.isAccepted() else ():
            index = panel.frame_at(panel.mapFromScene(event.scenePos()))
            if index is not None:
                self.interacted.emit(FrameRequested(index))

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        text = self.tool_tip(event.scenePos())
        QToolTip.showText(event.screenPos(), as_it_stands(text))
        event.setAccepted(bool(text))

    def tool_tip(self, place: QPointF) -> str:
        """Return what a panel says of a place, and the definitions of the terms written there."""
        text = ""
        for panel, point in self._panels_at(place):
            if self.state:
                text = panel.tool_tip(point, self.state)
        written = [
            label.text
            for label in self.labels
            if label.mapRectToScene(label.boundingRect()).contains(place)
        ]
        return with_definitions(text, "\n".join(written))

    @property
    def labels(self) -> list[Label]:
        """The labels of the headers and the panels that are visible."""
        headers = [label for header in self._headers for label in header.labels]
        return [*headers, *(label for panel in self.panels for label in panel.labels)]

    def _rebuild(self) -> None:
        deque(self._clear_and_make(), maxlen=0)

    def _clear_and_make(self) -> Iterator[None]:
        """Remove all items; return an iterator that makes them, unless others replace it."""
        for item in (*self.panels, *self._headers):
            self.removeItem(item)
        for panel in self.panels:
            self.backdrop.removeItem(panel.card)
        self.panels, self._headers = (), ()
        self._grabbed = self._pending = None
        for scene in (self, self.backdrop):
            scene.setBackgroundBrush(QColor(self.theme.background))
        self.backdrop.repaint_all()
        if self.scene is None:
            return iter(())
        self._pending = []
        return self._make(self.scene, self._pending)

    def _make(self, scene: Scene, panels: list[Panel[Any]]) -> Iterator[None]:
        runs = range(scene.per_run_panels)
        kinds = [PANELS[name] for name in shown_panels(scene.experiment, self._chosen)]
        places = [(kind, run) for run in runs for kind in kinds if kind.per_run]
        for kind, run in [*places, *((kind, 0) for kind in kinds if not kind.per_run)]:
            panels.append(kind(scene, run, self.theme))
            yield
            if self._pending is not panels:  # other panels have been requested meanwhile
                return
        self.panels, self._pending = tuple(panels), None
        has_rows = scene.has_run_rows and any(kind.per_run for kind in kinds)
        run_headers = [RunHeader(run, self.theme) for run in (runs if has_rows else ())]
        self._headers = (StageHeader(self.theme), *run_headers)
        for item in (*self.panels, *self._headers):
            self.addItem(item)
        for panel in self.panels:
            self.backdrop.addItem(panel.card)
        self._arrange()
        self._redraw()
        self.point_at(self._pointer)
        yield

    def _redraw(self) -> None:
        """Draw the last view state again, whose frames may no longer be cached elsewhere."""
        if self.state is not None:
            self.draw(self.state)

    def _arrange(self) -> None:
        fit = min(self._width / SMALLEST[0], self._height / SMALLEST[1])
        self.scale = fit if fit <= 1.0 else fit**TYPE_GROWTH
        width, height = self._width / self.scale, self._height / self.scale
        for scene in (self, self.backdrop):
            scene.setSceneRect(0.0, 0.0, width, height)
        self.backdrop.repaint_all()
        if self._headers:
            arrange(self._headers, self.panels, (width, height))
