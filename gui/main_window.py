"""The main window: the stage, the transport and the controls, and the actions that join them."""

from functools import partial
from typing import final

from PySide6.QtCore import QRect, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from engine.experiment.experiment import Experiment
from engine.studies.catalogue import open_scene
from engine.training.scene import Scene
from gui.background.trainer import Trainer
from gui.claims.side import ClaimsSide
from gui.controls.controls import Controls
from gui.document.data_files import DataFiles
from gui.document.document import Document
from gui.document.files import Files
from gui.editing.data_drawing import DataDrawing
from gui.editing.diagram_controller import DiagramController
from gui.editing.experiment_actions import ExperimentActions
from gui.editing.interaction_controller import InteractionController
from gui.editing.parameter_editor import ParameterEditor
from gui.editing.resize_controller import ResizeController
from gui.explain.controller import ExplanationController
from gui.playback.playback_actions import PlaybackActions
from gui.playback.player import SPEEDS, Player
from gui.playback.transport import Transport
from gui.settings.settings import Settings, on_a_screen
from gui.stage.appearance import Appearance
from gui.stage.frame_scheduler import FrameScheduler
from gui.stage.stage import Stage
from gui.stage.stage_view import StageView
from gui.stage.view_model import ViewModel
from gui.style.style_sheet import dress_application
from gui.style.theme import load_fonts
from gui.widgets.actions import draw_icons, fill_menus, make_actions, tool_tip
from gui.widgets.message_bar import MessageBar
from gui.widgets.plain_text import window_title
from gui.window.clipboard_actions import ClipboardActions
from gui.window.dialog_actions import DialogActions
from gui.window.side_panes import SidePanes

SIZE = (1280, 760)
EVERYTHING = QRect(0, 0, -1, -1)
STATE_MILLISECONDS = 100
"""How often what grows is shown anew."""


@final
class MainWindow(QMainWindow):
    """Shows and edits an experiment: each change of the document is trained, then shown.

    `asks` tells whether closing asks what to do with unsaved changes.
    """

    def __init__(
        self, experiment: Experiment, settings: Settings | None = None, *, asks: bool = False
    ) -> None:
        super().__init__()
        load_fonts()
        self._settings = settings or Settings()
        self._asks = asks
        self._scene: Scene | None = None
        self._trained: Experiment | None = None
        self._opening: int | None = None
        self._next_index: int | None = 0  # None keeps the one that is shown
        self.document = Document(experiment, self)
        self.player = Player(self)
        self.trainer = Trainer(self)
        self.actions_by_name = make_actions(self)
        self._appearance = Appearance(self._settings, self)
        theme = self._appearance.theme
        dress_application(theme)  # before there are widgets, which take their fonts from it
        self._playback_actions = PlaybackActions(self.player, self.actions_by_name, theme, self)
        self._files = Files(self.document, self.actions_by_name, self._settings, self)
        self._view = StageView(self.stage)
        view_model = self.view_model
        self._scheduler = FrameScheduler(self._view, self.player, self.trainer, view_model, self)
        self._message_bar = MessageBar(theme, self._view)
        self._view.setAcceptDrops(False)  # the window takes them: see Files
        self._transport = Transport(self.actions_by_name, theme)
        # Before anything is trained, so that the stage need not change its size then.
        scene = open_scene(experiment)
        self._transport.timeline.set_span(scene.planned_index + 1, scene.track_count)
        self._controls = Controls(theme)
        actions = self.actions_by_name
        controls, appearance = self._controls, self._appearance
        self._experiment_actions = ExperimentActions(
            self.document, controls, self.player, actions, self
        )
        self._clipboard_actions = ClipboardActions(self.player, controls, appearance, actions, self)
        self._dialog_actions = DialogActions(self.player, self._appearance, actions, self)
        self.parameter_editor = ParameterEditor(view_model, self.player, self.document, self)
        touched = self.parameter_editor, self._view, view_model, self.document, self._controls
        self._diagram_controller = DiagramController(*touched, actions, self)
        self._resize_controller = ResizeController(self.document, self)
        self._drawing = DataDrawing(self.stage, view_model, self.document, actions, self)
        self._data_files = DataFiles(self.document, actions, self)
        self._controls.set_data_action(actions["edit_data"])
        self._explanation_controller = ExplanationController(
            self.document, self._scheduler, self._appearance, actions, self
        )
        diagram, resizer = self._diagram_controller, self._resize_controller
        explain = self._explanation_controller
        InteractionController(
            self.stage, self.player, self.document, diagram, resizer, explain, self
        )
        self._followers = (
            self._playback_actions,
            self._clipboard_actions,
            self._dialog_actions,
            self._explanation_controller,
            self._diagram_controller,
            self._resize_controller,
            self._drawing,
            self._experiment_actions,
        )
        self._claims = ClaimsSide(theme)
        self._states = QTimer(self)
        self._states.setInterval(STATE_MILLISECONDS)
        self._states.timeout.connect(self._show_state)
        self._lay_out()
        sides = {"controls": self._controls, "claims": self._claims}
        self._side_panes = SidePanes(self, self.actions_by_name, sides)
        menus = fill_menus(self.menuBar(), self.actions_by_name)
        self._appearance.fill_menu(menus["View"])
        self._files.fill_menu(menus["File"])
        self._connect()
        self._restore()
        draw_icons(self.actions_by_name, theme)
        self._on_document_changed()
        self._view.setFocus()

    @property
    def stage(self) -> Stage:
        """The picture."""
        return self._appearance.stage

    @property
    def view_model(self) -> ViewModel:
        """The options of the picture, such as its colour scale and the selected parameter."""
        return self._appearance.view_model

    @property
    def scene(self) -> Scene | None:
        """What is shown; None until the first frames of the first experiment exist."""
        return self._scene

    @property
    def message(self) -> str:
        """What the message bar tells; empty if nothing."""
        return self._message_bar.text

    @property
    def settings(self) -> Settings:
        """What to remember of the window."""
        shown = self.normalGeometry()
        return self._files.remembered(self._appearance.remembered(self._settings)).replaced(
            geometry=(shown.x(), shown.y(), shown.width(), shown.height()),
            maximized=self.isMaximized(),
            controls_shown=self.actions_by_name["controls"].isChecked(),
            speed=self.player.speed,
            loop=self.player.loop,
        )

    @Slot(str)
    def tell(self, sentence: str) -> None:
        """Tell across the window what went wrong."""
        self._message_bar.tell(sentence)

    @Slot(str)
    def note(self, sentence: str) -> None:
        """Tell across the window what was done."""
        self._message_bar.tell(sentence, is_wrong=False)

    @Slot(str)
    def open_file(self, name: str) -> None:
        """Open a built-in experiment or a file; tell why if that cannot be done."""
        self._files.open(name)

    @Slot(str, int)
    def open_at(self, name: str, index: int) -> None:
        """Open an experiment, and show this frame of it as soon as there is one so far on."""
        if not self._files.open(name):
            return
        scene = self._scene
        if scene is not None and scene.experiment.computes_like(self.document.experiment):
            self.player.set_scene(scene, index)
        else:
            self._next_index = index

    def grab(self, rectangle: QRect = EVERYTHING) -> QPixmap:
        """Return a picture of the window, with all that is to be shown."""
        self._scheduler.finish()
        return super().grab(rectangle)

    def close_without_asking(self) -> None:
        """Close, whether there are unsaved changes or not."""
        self._asks = False
        self.close()

    # How it is put together

    def _lay_out(self) -> None:
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._claims.banner)
        column.addWidget(self._view, 1)
        column.addWidget(self._transport)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._claims, 26)  # per cent, within its own limits
        row.addWidget(main, 74)
        row.addWidget(self._controls)
        self.setCentralWidget(centre)
        self.setMinimumSize(min(1024, self.screen().availableGeometry().width()), 480)

    def _connect(self) -> None:
        self.actions_by_name["quit"].triggered.connect(self.close)
        self.actions_by_name["stop"].triggered.connect(self._stop_or_train)
        self.player.index_changed.connect(self._transport.show_index)
        self.player.speed_changed.connect(self._transport.show_speed)
        self._transport.sought.connect(self._on_sought)
        self._transport.speed_chosen.connect(self.player.set_speed)
        self._controls.edited.connect(self.document.apply)
        self._controls.continued.connect(partial(self.document.apply, goes_on=True))
        self._controls.opened.connect(self._files.open)
        self._controls.chosen.connect(self.document.choose)
        self._claims.asked.connect(self.open_at)
        self._claims.wanted.connect(self._side_panes.bring)
        self._files.points_dropped.connect(self._data_files.import_from)
        files = self._files, self._data_files
        both = *files, self.parameter_editor, self._resize_controller
        for source in (*both, self._experiment_actions, self._drawing, self._controls):
            source.error_reported.connect(self.tell)
        self._explanation_controller.change_requested.connect(self._diagram_controller.open_editor)
        self._diagram_controller.removal_requested.connect(self._resize_controller.resize)
        for noted in (*both, self._clipboard_actions, self._dialog_actions):
            noted.info_reported.connect(self.note)
        self.document.changed.connect(self._on_document_changed)
        self._view.resized.connect(self._message_bar.place)
        self.trainer.started.connect(self._on_began)
        self.trainer.finished.connect(self._on_ended)
        for slot in (self.tell, self.parameter_editor.cancel_preview, self._show_state):
            self.trainer.failed.connect(slot)
        self._appearance.theme_changed.connect(self._apply_theme)
        self._appearance.edited.connect(self.document.apply)

    def _restore(self) -> None:
        kept = self._settings
        if kept.geometry:
            self.setGeometry(on_a_screen(QRect(*kept.geometry)))
        else:
            self.resize(on_a_screen(QRect(0, 0, *SIZE)).size())
        if kept.maximized:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        self.actions_by_name["controls"].setChecked(kept.controls_shown)
        self._controls.setVisible(kept.controls_shown)
        self.player.set_loop(kept.loop)
        if kept.speed in SPEEDS:
            self.player.set_speed(kept.speed)
        self._transport.show_speed(self.player.speed)

    # What changes what is shown

    @Slot()
    def _on_document_changed(self) -> None:
        document = self.document
        experiment = document.experiment
        self.setWindowTitle(window_title(experiment.title))
        self.setWindowModified(document.is_modified)
        self._experiment_actions.show_experiment(experiment)
        self._message_bar.hide()  # what it told is over; whoever changes it may tell anew
        opened = document.opening != self._opening
        if opened:
            self._controls.clear_refused()
        self._controls.show_experiment(experiment, document.chosen)
        self._appearance.show_experiment(experiment)
        self._claims.show_source(document.source)
        if not opened and self._trained and experiment.computes_like(self._trained):
            self._trained = experiment
            self._say_anew(experiment)
        elif experiment != self._trained:
            # Another experiment begins at its start; a changed one stays where it is looked at.
            self._next_index = 0 if opened else None
            self._trained = experiment
            self.trainer.start(experiment, self._first_index)
            self._show_state()
        self._opening = document.opening

    @property
    def _first_index(self) -> int:
        """The frame at which what trains now is to be shown first."""
        return self.player.wanted if self._next_index is None else self._next_index

    def _say_anew(self, experiment: Experiment) -> None:
        """Show what the experiment says besides its numbers, which stay."""
        scene = self._scene
        if scene is not None and experiment.computes_like(scene.experiment):
            scene.experiment = experiment
            self._scheduler.show_changes()

    @Slot(object)
    def _on_began(self, scene: Scene) -> None:
        if self._trained is not None:
            scene.experiment = self._trained  # its title may have changed since it started
        self._scene = scene
        for follower in self._followers:
            follower.show_scene(scene)
        self._scheduler.show_scene(scene, self._first_index)
        self._next_index = None
        self._show_state()
        if not scene.is_complete:
            self._states.start()

    @Slot(object)
    def _on_ended(self, scene: Scene) -> None:
        self.player.poll()
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        trains, scene = self.trainer.is_training, self._scene
        is_former = scene is not None and scene.experiment != self._trained
        action = self.actions_by_name["stop"]
        action.setText("Stop training" if trains else "Train anew")
        action.setToolTip(tool_tip(action))
        action.setEnabled(trains or scene is None or is_former or not scene.is_complete)
        if not trains:
            self._states.stop()
        if scene is not None:
            self._scheduler.draw_changes()
            self._transport.show_scene(scene, self.player.index, not trains, is_former)

    @Slot(int)
    def _on_sought(self, index: int) -> None:
        self.player.seek(index)
        self._transport.show_index(self.player.index)

    @Slot()
    def _apply_theme(self) -> None:
        theme = self._appearance.theme
        dress_application(theme)
        draw_icons(self.actions_by_name, theme)
        self._playback_actions.set_theme(theme)
        for part in (self._message_bar, self._transport, self._controls, self._claims):
            part.set_theme(theme)

    # What the other actions do

    @Slot()
    def _stop_or_train(self) -> None:
        """Stop training where it is, or begin anew what was stopped."""
        if self.trainer.is_training:
            self.trainer.stop()
            self.player.seek(self.player.index)  # what it was to show will not come
            self.parameter_editor.cancel_preview()  # what was set is not trained now
        elif self._trained is not None:
            self.trainer.start(self._trained, self._first_index)
        self._show_state()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks and not (self._files.may_close() and self._dialog_actions.may_close()):
            event.ignore()
            return
        for dialog in self.findChildren(QDialog):
            dialog.done(0)  # an export that runs is cancelled, and leaves nothing partial
        self.player.pause()
        self.trainer.close()
        self._claims.stop()
        event.accept()
