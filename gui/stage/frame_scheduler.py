"""Has the stage draw what is to be shown, once it is due and at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.training.scene import Scene
from gui.background.trainer import Trainer
from gui.playback.player import Player
from gui.stage.stage_view import StageView

GROWTH_MILLISECONDS = 100
"""How often curves that grow are drawn anew. To see them grow, ten pictures a second do; more
would only keep the training waiting."""


@final
class FrameScheduler(QObject):
    """Has the stage draw the frame that the player is at.

    One that takes long to compute, of a large network or of many examples, is drawn as soon as
    the trainer has fetched it. Until then the one before stays; where the player goes on faster,
    frames in between are left out.

    To make panels, and to draw and to paint them first, each takes its time. So they happen in
    turns of their own, between which the window answers.

    Signals
    -------
    drawn(int)
        The stage shows the frames of this index, which are at hand.
    """

    drawn = Signal(int)

    def __init__(self, view: StageView, player: Player, trainer: Trainer, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._player = player
        self._trainer = trainer
        self._scene: Scene | None = None
        self._drawn: tuple[int, bool] | None = None
        self._awaits = False
        self._making: Iterator[None] | None = None
        self._defers = False
        self._has_overtaken = False
        self._turns = QTimer(self, singleShot=True, interval=0)
        self._turns.timeout.connect(self._take_turn)
        self._growths = QTimer(self, singleShot=True, interval=GROWTH_MILLISECONDS)
        self._growths.timeout.connect(self.draw)
        trainer.fetched.connect(self._on_fetched)

    @property
    def is_behind(self) -> bool:
        """Whether what is to be shown is not drawn yet, or may not be painted yet."""
        return self._making is not None or self._awaits or self._view.is_held

    def show_scene(self, scene: Scene) -> None:
        """Show another comparison, or other scene, from the next `draw` on."""
        self._scene = scene
        self._drawn = None
        self._awaits = False
        self._has_overtaken = self._making is not None
        self._making = self._view.stage.change_to(scene)
        if self._making is not None:
            self._view.hold()

    @contextmanager
    def in_next_turn(self) -> Iterator[None]:
        """Draw new panels in turns of the event loop, whoever asks for it in this context.

        Who asks after it has them drawn at once. So are those that have overtaken others: else
        nothing would be drawn as long as one experiment follows the other.
        """
        self._defers = True
        try:
            yield
        finally:
            self._defers = False
            if self._making is not None and self._has_overtaken:
                self._draw_new_panels()
            elif self._making is not None:
                self._turns.start()

    def finish(self) -> None:
        """Have all drawn that is to be shown, and let it be painted at any time."""
        if self._making is not None:
            self._draw_new_panels()
        self._view.let_paint()

    @Slot()
    def draw(self) -> None:
        """Draw the frame that the player is at, and what there is of the curves by now."""
        if self._making is None:
            self._draw_or_fetch()
        elif not self._defers:
            self._draw_new_panels()

    @Slot()
    def _take_turn(self) -> None:
        """Make the next panel, or draw them all."""
        if self._making is not None and next(self._making, self) is not self:
            self._turns.start()
        else:
            self._draw_new_panels()

    def _draw_new_panels(self) -> None:
        self._turns.stop()
        for _ in self._making or ():
            pass
        self._making = None
        self._view.paint_later()
        self._draw_or_fetch()

    def _draw_or_fetch(self) -> None:
        self._growths.stop()
        scene, index = self._scene, self._player.index
        if scene is None or self._player.last_index < 0:
            return
        self._drawn = scene.revision, scene.is_complete
        if self._view.stage.takes_long(index):
            self._awaits = True
            self._trainer.fetch(scene, index, self._view.stage.preparation(index))
        else:
            self._awaits = False
            self._draw(index)

    @Slot()
    def draw_growth(self) -> None:
        """Draw soon: the curves have grown. An index that changes draws them anyway."""
        if not self._growths.isActive():
            self._growths.start()

    def draw_change(self) -> None:
        """Draw if frames that were shown have become different, or the scene complete."""
        scene = self._scene
        is_other = scene is not None and (scene.revision, scene.is_complete) != self._drawn
        if is_other and self._making is None:  # else new panels are drawn soon
            self.draw()

    @Slot(object, int)
    def _on_fetched(self, scene: Scene, index: int) -> None:
        if self._awaits and scene is self._scene:
            self._awaits = index != self._player.index
            self._draw(index)

    def _draw(self, index: int) -> None:
        self._trainer.pause()  # until it has been painted
        self._view.stage.draw(index)
        self.drawn.emit(index)
