"""Schedules the drawing of the current frame, the making of panels, and the pauses of training."""

from collections import deque
from collections.abc import Iterator
from enum import Enum
from typing import final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.training import Scene
from gui.background.trainer import Trainer
from gui.playback.player import Player
from gui.stage.stage_view import StageView
from gui.stage.view_state import ViewModel, resolve_view_state
from gui.widgets import configured

GROWTH_MILLISECONDS = 100
"""The least time between two drawings of growing curves. Ten a second show the growth; more
would only delay training."""


@final
class SchedulerState(Enum):
    """The states of a `FrameScheduler`."""

    EMPTY = "there is no scene"
    BUILDING = "panels are made, one in each turn of the event loop; the last picture stays"
    FETCHING = "a thread computes the data of the frame; the last frame stays on the stage"
    DRAWN = "the stage shows the frame, which is not painted yet; training is paused"
    PAINTED = "the frame is on the screen"


@final
class FrameScheduler(QObject):
    """Decides when the frame of the player is drawn, when it is painted, and when training waits.

    ::

        EMPTY ──show_scene──► BUILDING ──last panel made──┐
                                 ▲                        ▼
                                 │         ┌─────────── draw ◄──────────┐
                                 │    data │ missing  data │ available  │
                                 │         ▼               ▼            │
                                 │      FETCHING ─fetched► DRAWN ─painted► PAINTED
                                 │         │               │ ▲          │     │
                                 └─────────┴───────────────┘ └──resized─┼─────┘
                                    show_scene, from every state        │
                                                                        │
                   index, options or curves have changed, from every state

    - BUILDING, drawing the new panels and painting them take turns of the event loop, between
      which the window answers; painting is paused until a turn after the drawing. A scene whose
      panels are those of the scene before is drawn immediately, without BUILDING.
    - A request to draw while BUILDING makes the remaining panels and draws them immediately. So
      does a scene that replaces another while BUILDING: otherwise nothing would be drawn as long
      as one scene follows another.
    - While FETCHING, the frame that was fetched is drawn even if the player has moved on, so that
      a scene that is played advances with frames left out; the state stays FETCHING then.
    - Training is paused from DRAWN to PAINTED, and while the stage is laid out for another size.

    Parameters
    ----------
    view : StageView
    player : Player
    trainer : Trainer
    view_model : ViewModel
    parent : QObject

    Attributes
    ----------
    state : SchedulerState

    Signals
    -------
    drawn(int)
        The stage shows the frames of this index, whose data are cached.
    """

    drawn = Signal(int)

    def __init__(
        self,
        view: StageView,
        player: Player,
        trainer: Trainer,
        view_model: ViewModel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._player = player
        self._trainer = trainer
        self._view_model = view_model
        self._scene: Scene | None = None
        self.state = SchedulerState.EMPTY
        self._version: tuple[int, bool] | None = None
        self._building: Iterator[None] = iter(())
        self._is_changing_scene = False
        self._build_timer = configured(
            QTimer(self, singleShot=True, interval=0), timeout=self._build_next
        )
        # QTimer.singleShot would fire in the same turn.
        self._paint_timer = configured(
            QTimer(self, singleShot=True, interval=0), timeout=view.resume_painting
        )
        self._growth_timer = configured(
            QTimer(self, singleShot=True, interval=GROWTH_MILLISECONDS), timeout=self.draw
        )
        configured(player, index_changed=self.draw, last_index_changed=self._draw_growth)
        view_model.changed.connect(self.draw)
        trainer.fetched.connect(self._on_fetched)
        # Queued, so that the rest of the window is painted before training continues.
        view.painted.connect(self._on_painted, Qt.ConnectionType.QueuedConnection)
        view.resized.connect(self._on_resized)

    @property
    def is_behind(self) -> bool:
        """Whether the current frame is not drawn yet, or must not be painted yet."""
        is_pending = self.state in (SchedulerState.BUILDING, SchedulerState.FETCHING)
        return is_pending or self._view.is_painting_paused

    def show_scene(self, scene: Scene, index: int) -> None:
        """Play another scene from an index on, and draw it."""
        is_overtaking = self.state is SchedulerState.BUILDING
        self._scene = scene
        self._view_model.replace(what_if=None)
        building = self._view.stage.build(scene)
        if building is not None:
            self._building = building
            self.state = SchedulerState.BUILDING
            self._growth_timer.stop()
            self._paint_timer.stop()
            self._build_timer.start()
            self._view.is_painting_paused = True
        self._is_changing_scene = True
        self._player.set_scene(scene, index)
        self._is_changing_scene = False
        if building is None or is_overtaking:
            self.draw()

    def show_changes(self) -> None:
        """Draw the scene after changes of its experiment that change no number."""
        if self._scene is not None:
            self._view.stage.show_scene(self._scene)
            self.draw()

    def finish(self) -> None:
        """Make and draw remaining panels now, and allow painting."""
        if self.state is SchedulerState.BUILDING:
            self._draw_new_panels()
        self._view.resume_painting()

    @Slot()
    def draw(self) -> None:
        """Draw the frame of the player, and the curves computed so far, as soon as possible."""
        if self._is_changing_scene:
            return
        if self.state is SchedulerState.BUILDING:
            self._draw_new_panels()
        else:
            self._draw_or_fetch()

    def draw_changes(self) -> None:
        """Draw if frames that were drawn have changed, or the scene has become complete."""
        scene = self._scene
        is_changed = scene is not None and (scene.revision, scene.is_complete) != self._version
        if is_changed and self.state is not SchedulerState.BUILDING:
            self.draw()

    @Slot()
    def _build_next(self) -> None:
        """Make the next panel, or draw all after the last one."""
        if next(self._building, self) is self:
            self._draw_new_panels()
        else:
            self._build_timer.start()

    def _draw_new_panels(self) -> None:
        self._build_timer.stop()
        deque(self._building, maxlen=0)
        if self._view_model.options.selected not in self._view.stage.parameters:
            self._view_model.replace(selected=None)
        self._paint_timer.start()
        self._draw_or_fetch()

    def _draw_or_fetch(self) -> None:
        self._growth_timer.stop()
        scene, index, stage = self._scene, self._player.index, self._view.stage
        if scene is None or self._player.last_index < 0:
            return
        self._version = scene.revision, scene.is_complete
        if stage.takes_long(index):
            self.state = SchedulerState.FETCHING
            preparation = stage.preparation(index, self._view_model.options)
            self._trainer.fetch(scene, index, preparation)
        else:
            self._draw(scene, index)
            self.state = SchedulerState.DRAWN

    @Slot()
    def _draw_growth(self) -> None:
        """Draw soon: the curves have grown."""
        is_building = self.state is SchedulerState.BUILDING  # new panels show it anyway
        if not is_building and not self._growth_timer.isActive():
            self._growth_timer.start()

    @Slot(Scene, int)
    def _on_fetched(self, scene: Scene, index: int) -> None:
        if self.state is SchedulerState.FETCHING and scene is self._scene:
            self._draw(scene, index)
            if index == self._player.index:
                self.state = SchedulerState.DRAWN

    def _draw(self, scene: Scene, index: int) -> None:
        self._trainer.pause()
        state = resolve_view_state(scene, index, self._view_model.options)
        if state.what_if is None:  # that of another frame is over
            self._view_model.replace(what_if=None)
        self._view.stage.draw(state)
        self.drawn.emit(index)

    @Slot()
    def _on_painted(self) -> None:
        self._trainer.resume()
        if self.state is SchedulerState.DRAWN and not self._view.is_painting_paused:
            self.state = SchedulerState.PAINTED

    @Slot()
    def _on_resized(self) -> None:
        self._trainer.pause()
        if self.state is SchedulerState.PAINTED:
            self.state = SchedulerState.DRAWN
