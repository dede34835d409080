"""Opens the card that explains a number, and updates it with each frame."""

from typing import TYPE_CHECKING, final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.editing.parameters import Parameter
from engine.editing.paths import edited
from engine.experiment import FIRST, Experiment, Quantity, Question, parse_quantity
from engine.training import Frame, Scene
from gui.stage.catalogue import PANELS, in_order, shown_panels
from gui.widgets import configured
from gui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from gui.explain.card import Card

MILLISECONDS = 30
"""The least interval between two updates of the card."""
BESIDE = ("network", "gradient-rows")
"""The panels of a run that remain beside an explanation, which needs room."""
KEYS = ("play_pause", "step_forward", "step_back", "forward_10", "back_10")
"""The actions whose shortcuts work in the card too."""


@final
class ExplanationController(QObject):
    """Opens the card that explains a number, and shows each frame that is drawn in it.

    It takes the frames that have just been drawn, so that none is computed for the card.

    Signals
    -------
    change_requested(Parameter)
        The weight or bias whose gradient is explained is to be changed.
    """

    change_requested = Signal(Parameter)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._frames: tuple[Frame, ...] = ()
        self._last_index = -1
        self._card: Card | None = None
        self._follow = configured(
            QTimer(self, singleShot=True, interval=MILLISECONDS), timeout=self._show_frames
        )
        workspace.actions["explain"].invoked.connect(self._explain)
        workspace.scheduler.drawn.connect(self._on_drawn)

    def show_scene(self, scene: Scene) -> None:
        """Explain the numbers of this scene; those of a study cannot be explained."""
        self._frames = ()
        if self._card is None:
            return
        question = self._card.choices.question
        run = self._workspace.moved_run(question.run)
        if scene.recordings and run is not None:
            self._card.choices.question = question._replace(run=run)
            self._card.show_scene(scene, ())
        else:
            self._card.close()

    @Slot()
    def _explain(self) -> None:
        """Explain the selected parameter's gradient, or else the experiment's quantity."""
        selected = self._workspace.appearance.view_model.options.selected
        said = self._workspace.document.experiment.explained
        question = Question(0, FIRST if said is None else parse_quantity(said))
        if selected is not None:
            array = "dW" if selected.array[0] == "W" else "db"
            quantity = Quantity(array, selected.layer, selected.row, selected.column)
            question = Question(selected.run, quantity)
        self.open(question)

    def open(self, question: Question) -> None:
        """Explain a number, where a training is shown."""
        workspace, scene = self._workspace, self._workspace.current_scene
        if scene is None or not scene.recordings:
            return
        if self._card is None:
            from gui.explain.card import Card  # only once it is asked for

            card = self._card = configured(
                Card(workspace.appearance.theme, workspace.window),
                stage_requested=self._show_on_stage,
                change_requested=self.change_requested,
                finished=self._on_closed,
            )
            card.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            card.addActions([workspace.actions[name] for name in KEYS])
            workspace.appearance.theme_changed.connect(card.set_theme)
            card.show_scene(scene, self._frames)
        self._card.ask(question)
        self._card.show()
        self._card.raise_()
        self._card.activateWindow()

    @Slot()
    def _on_closed(self) -> None:
        self._card = None

    @Slot(int)
    def _on_drawn(self, index: int) -> None:
        scene = self._workspace.scene
        if scene is None or not scene.recordings:
            return
        before = self._frames, self._last_index
        self._frames, self._last_index = scene.frames_at(index), scene.last_index
        if not before[0]:
            self._show_frames()  # the card still explains the scene before
        elif before != (self._frames, self._last_index) and not self._follow.isActive():
            self._follow.start()

    @Slot()
    def _show_frames(self) -> None:
        if self._card is not None:
            self._card.show_frames(self._frames)

    @Slot(str, str)
    def _show_on_stage(self, name: str, panel: str) -> None:
        def explaining(experiment: Experiment) -> Experiment:
            shown = shown_panels(experiment)
            beside = [name for name in shown if not PANELS[name].per_run or name in BESIDE]
            panels = in_order({*beside, panel})
            return edited(experiment, {("explained",): name, ("panels",): panels})

        if self._workspace.current_scene is not None:  # else the card explains what was before
            self._workspace.document.edit(explaining, f"Show {name} explained")
