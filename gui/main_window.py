"""The main window, in which the parts of the program are constructed and connected."""

from functools import partial
from typing import final

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QMainWindow

from engine.experiment import Experiment
from engine.library.experiment_file import parse_experiment
from engine.studies.catalogue import open_scene
from engine.training import Scene
from gui.background.trainer import Trainer
from gui.claims.side import ClaimsSide
from gui.controls.controls import Controls
from gui.document.data_files import DataFiles
from gui.document.document import Document
from gui.document.files import Files
from gui.editing.diagram_controller import DiagramController
from gui.editing.experiment_actions import ExperimentActions
from gui.editing.interaction_controller import InteractionController
from gui.editing.parameter_editor import ParameterEditor
from gui.editing.resize_controller import ResizeController
from gui.explain.controller import ExplanationController
from gui.playback.player import SPEEDS, Player
from gui.playback.transport import Transport
from gui.settings.settings import Settings, on_a_screen
from gui.stage.appearance import Appearance, with_panels
from gui.stage.frame_scheduler import FrameScheduler
from gui.stage.stage_view import StageView
from gui.style.style_sheet import dress_application
from gui.style.theme import Theme, load_fonts
from gui.widgets import (
    MessageBar,
    column,
    draw_icons,
    fill_menus,
    make_actions,
    row,
    widget_of,
    window_title,
)
from gui.window.clipboard_actions import ClipboardActions
from gui.window.dialog_actions import DialogActions
from gui.window.playback_actions import PlaybackActions
from gui.window.scene_controller import SceneController
from gui.window.side_panes import SidePanes
from gui.workspace.workspace import Workspace

SIZE = (1280, 760)
EVERYTHING = QRect(0, 0, -1, -1)


@final
class MainWindow(QMainWindow):
    """Shows and edits an experiment: each change of the document is trained, then shown.

    `asks` is whether closing asks what to do with unsaved changes.

    Attributes
    ----------
    stage : Stage
        The picture.
    view_model : ViewModel
        The options of the picture, such as its colour scale and the selected parameter.
    """

    def __init__(
        self, experiment: Experiment, settings: Settings | None = None, *, asks: bool = False
    ) -> None:
        super().__init__()
        load_fonts()
        self._settings = settings or Settings()
        self._asks = asks
        self.document = Document(experiment, self)
        self.player = Player(self)
        self.trainer = Trainer(self)
        self.actions_by_name = make_actions(self, self._commit_entries)
        self._appearance = Appearance(self._settings, self)
        self.stage, self.view_model = self._appearance.stage, self._appearance.view_model
        theme = self._appearance.theme
        dress_application(theme)  # before there are widgets, which take their fonts from it
        self.view = StageView(self.stage)
        self.view.setAcceptDrops(False)  # the window takes them: see Files
        self.controls = Controls(theme, self.actions_by_name["edit_data"])
        self.claims = ClaimsSide(theme)
        self._message_bar = MessageBar(theme, self.view)
        self._transport = Transport(self.actions_by_name, theme)
        # Before the first scene, so that the stage does not change its size then.
        scene = open_scene(experiment)
        self._transport.timeline.set_span(scene.planned_index + 1, scene.track_count)
        self._make_controllers()
        self._lay_out()
        self._side_panes = SidePanes(
            self, self.actions_by_name, {"controls": self.controls, "claims": self.claims}
        )
        menus = fill_menus(self.menuBar(), self.actions_by_name)
        self._appearance.fill_menu(menus["View"])
        self.files.fill_menu(menus["File"])
        self._connect()
        self._restore()
        draw_icons(self.actions_by_name, theme)
        self._on_document_changed()
        self.view.setFocus()

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown; None before the first frames of the first experiment."""
        return self._workspace.scene

    @property
    def message(self) -> str:
        """The text of the message bar; empty while it is hidden."""
        return self._message_bar.text

    @property
    def settings(self) -> Settings:
        """The settings to store for the next window."""
        shown = self.normalGeometry()
        return self.files.remembered(self._appearance.remembered(self._settings)).replaced(
            geometry=(shown.x(), shown.y(), shown.width(), shown.height()),
            maximized=self.isMaximized(),
            controls_shown=self.actions_by_name["controls"].isChecked(),
            speed=self.player.speed,
            loop=self.player.loop,
        )

    @Slot(str)
    def show_error(self, sentence: str) -> None:
        """Show in the message bar what went wrong."""
        self._message_bar.show_message(sentence)

    @Slot(str)
    def show_info(self, sentence: str) -> None:
        """Show in the message bar what was done."""
        self._message_bar.show_message(sentence, is_error=False)

    @Slot(str)
    def open_file(self, name: str) -> None:
        """Open a built-in experiment or a file; show why if that is impossible."""
        self.files.open(name)

    @Slot(str, int)
    def open_at(self, name: str, index: int) -> None:
        """Open an experiment, and show this frame of it as soon as it is computed."""
        if self.files.open(name):
            self.scene_controller.show_frame(index)

    @Slot(str)
    def open_text(self, text: str) -> None:
        """Open the experiment of a TOML text; its opening can be undone."""
        experiment = parse_experiment(text)
        self.document.apply(experiment, f"Open {experiment.title}")

    def grab(self, rectangle: QRect = EVERYTHING) -> QPixmap:
        """Return a picture of the window, after everything pending has been drawn."""
        self.scheduler.finish()
        return super().grab(rectangle)

    def close_without_asking(self) -> None:
        """Close, whether there are unsaved changes or not."""
        self._asks = False
        self.close()

    # Construction

    def _make_controllers(self) -> None:
        actions, document = self.actions_by_name, self.document
        self.scheduler = FrameScheduler(self.view, self.player, self.trainer, self.view_model, self)
        self._workspace = workspace = Workspace(
            self,
            actions,
            document,
            self.player,
            self.trainer,
            self.controls,
            self._appearance,
            self.view,
            self.scheduler,
            self._message_bar,
        )
        self.scene_controller = SceneController(workspace, self._transport)
        self.files = Files(document, actions, self._settings, self)
        self._data_files = DataFiles(document, actions, self)
        self._playback_actions = PlaybackActions(workspace)
        self._experiment_actions = ExperimentActions(workspace)
        self.clipboard_actions = ClipboardActions(workspace)
        self._dialog_actions = DialogActions(workspace)
        self.parameter_editor = ParameterEditor(workspace)
        self._diagram = DiagramController(workspace, self.parameter_editor)
        self._resizer = ResizeController(workspace)
        self._explanation = ExplanationController(workspace)
        InteractionController(workspace, self._diagram, self._resizer, self._explanation)

    def _lay_out(self) -> None:
        main = widget_of(column(self.claims.banner, (self.view, 1), self._transport, spacing=0))
        # The claims take 26 per cent, within their own limits.
        centre = row((self.claims, 26), (main, 74), self.controls, spacing=0)
        self.setCentralWidget(widget_of(centre))
        self.setMinimumSize(min(1024, self.screen().availableGeometry().width()), 480)

    def _connect(self) -> None:
        document, player, transport = self.document, self.player, self._transport
        self.actions_by_name["quit"].invoked.connect(self.close)
        player.index_changed.connect(transport.show_index)
        player.speed_changed.connect(transport.show_speed)
        transport.frame_requested.connect(self._on_frame_requested)
        transport.speed_chosen.connect(player.set_speed)
        transport.timeline.event_clicked.connect(self._playback_actions.name_events)
        self.controls.edited.connect(document.apply)
        self.controls.continued.connect(partial(document.apply, merge=True))
        self.controls.opened.connect(self.files.open)
        self.controls.chosen.connect(document.choose)
        self.claims.experiment_requested.connect(self.open_at)
        self.claims.experiment_opened.connect(self.open_text)
        self.claims.pane_requested.connect(self._side_panes.bring)
        self.files.points_dropped.connect(self._data_files.import_from)
        self._explanation.change_requested.connect(self._diagram.open_editor)
        self._diagram.removal_requested.connect(self._resizer.resize)
        self.controls.term_requested.connect(self._dialog_actions.show_term)
        document.changed.connect(self._on_document_changed)
        self.view.resized.connect(self._message_bar.place)
        self._appearance.theme_changed.connect(self._apply_theme)
        self._appearance.panels_chosen.connect(
            lambda names, undo_text: document.edit(partial(with_panels, names=names), undo_text)
        )
        document.about_to_change.connect(self.controls.commit_entries)
        document.about_to_change.connect(transport.commit_entries)
        for follower in (self._explanation, self._diagram):
            self.scene_controller.scene_changed.connect(follower.show_scene)
        self.scene_controller.abandoned.connect(self.parameter_editor.cancel_preview)
        for files in (self.files, self._data_files):
            files.error_reported.connect(self.show_error)
            files.info_reported.connect(self.show_info)
        self.controls.error_reported.connect(self.show_error)
        self.trainer.failed.connect(self.show_error)

    def _restore(self) -> None:
        settings = self._settings
        if settings.geometry:
            self.setGeometry(on_a_screen(QRect(*settings.geometry)))
        else:
            self.resize(on_a_screen(QRect(0, 0, *SIZE)).size())
        if settings.maximized:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        self.actions_by_name["controls"].setChecked(settings.controls_shown)
        self.controls.setVisible(settings.controls_shown)
        self.player.set_loop(settings.loop)
        if settings.speed in SPEEDS:
            self.player.set_speed(settings.speed)
        self._transport.show_speed(self.player.speed)

    # Changes

    def _commit_entries(self) -> bool:
        """Apply what is being typed; show why that is impossible, and return whether it is done."""
        refused = self.controls.commit_entries()
        self.document.about_to_change.emit()
        if refused:
            self.show_error(f"{refused}; nothing was done yet")
        return not refused

    @Slot()
    def _on_document_changed(self) -> None:
        document, experiment = self.document, self.document.experiment
        self.setWindowTitle(window_title(experiment.title))
        self.setWindowModified(document.is_modified)
        self._experiment_actions.show_experiment(experiment)
        self._message_bar.hide()  # the message was about the experiment before
        if self.scene_controller.is_opening:
            self.controls.clear_refused()
        self.controls.show_experiment(experiment, document.state.chosen, document.state.source)
        self._appearance.show_experiment(experiment)
        self.claims.show_source(document.state.source)
        self.scene_controller.update()

    @Slot(int)
    def _on_frame_requested(self, index: int) -> None:
        self.player.seek(index)
        self._transport.show_index(self.player.index)  # which may be another

    @Slot(Theme)
    def _apply_theme(self, theme: Theme) -> None:
        dress_application(theme)
        draw_icons(self.actions_by_name, theme)
        self._playback_actions.show_playing()
        timeline = self._transport.timeline
        for part in (self._message_bar, timeline, self.controls, self.claims):
            part.set_theme(theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        is_refused = not self._commit_entries()
        if self._asks and (
            is_refused or not (self.files.may_close() and self._dialog_actions.may_close())
        ):
            event.ignore()
            return
        for dialog in self.findChildren(QDialog):
            dialog.done(0)  # a running export is cancelled, and leaves no partial file
        self.player.pause()
        self.trainer.close()
        self.claims.stop()
        event.accept()
