"""The actions of the window, a table of their names, texts, keys and menus, and their buttons."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple, final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolButton, QWidget

from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets.builders import configured
from gui.widgets.plain_text import as_it_stands


@final
class Needs(Enum):
    """What an action is computed from, besides the document."""

    NOTHING = "it is always possible"
    SCENE = "the scene of the document's experiment, which is not computed at once"
    TRAINING = "such a scene that is a training"


SCENE, TRAINING = Needs.SCENE, Needs.TRAINING


class Command(NamedTuple):
    """One action; `ends_group` adds a separator below it in its menu."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    ends_group: bool = False
    needs: Needs = Needs.NOTHING


COMMANDS = (
    Command("open", "File", "Open…", ("Ctrl+O",)),
    Command("save", "File", "Save", ("Ctrl+S",)),
    Command("save_as", "File", "Save as…", ("Ctrl+Shift+S",), ends_group=True),
    Command("export", "File", "Export the animation…", ("Ctrl+E",), needs=SCENE),
    Command("export_frame", "File", "Export this frame…", ("Ctrl+Shift+E",), needs=SCENE),
    Command("export_numbers", "File", "Export the numbers…", needs=SCENE),
    Command("import_points", "File", "Import points…"),
    Command("export_points", "File", "Export points…"),
    Command("copy_picture", "File", "Copy the picture", ("Ctrl+Shift+C",), needs=SCENE),
    Command("copy_numbers", "File", "Copy the numbers of this frame", ("Ctrl+Alt+C",), needs=SCENE),
    Command("copy_arrays", "File", "Copy this frame as NumPy arrays", needs=TRAINING),
    Command("copy_experiment", "File", "Copy the experiment as text"),
    Command("copy_numpy", "File", "Copy the chosen run as NumPy code", needs=TRAINING),
    Command("copy_torch", "File", "Copy the chosen run as PyTorch code", needs=TRAINING),
    Command("copy_jax", "File", "Copy the chosen run as JAX code", ends_group=True, needs=TRAINING),
    Command("quit", "File", "Quit", ("Ctrl+Q",)),
    Command("undo", "Edit", "Undo", ("Ctrl+Z",)),
    Command("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), ends_group=True),
    Command("edit_data", "Edit", "Edit the data", ("D",), "", True),
    Command("draw_0", "Edit", "Draw y = 0 with the left button", ("1",), "", True),
    Command("draw_1", "Edit", "Draw y = 1 with the left button", ("2",), "", True),
    Command("delete_point", "Edit", "Delete the ringed point", ("Del",), ends_group=True),
    Command("reseed", "Edit", "New seed for every random run", ("R",), "dice"),
    Command("fork", "Edit", "Fork the chosen run here", ("Ctrl+D",), "fork"),
    Command("break_symmetry", "Edit", "Break the symmetry: nudge a weight by 10⁻¹²", ("S",)),
    Command("break_in_fork", "Edit", "Break the symmetry in a fork of the run", ("Shift+S",)),
    Command("many_seeds", "Edit", "Train every run from many seeds", ("M",), "many"),
    Command("nudges", "Edit", "How small a nudge breaks the symmetry?", ("H",)),
    Command("stop", "Edit", "Stop training", ("X",), "stop"),
    Command("play_pause", "Playback", "Play", ("Space", "K"), "play"),
    Command("step_forward", "Playback", "Next frame", ("Right", "."), "step-forward"),
    Command("step_back", "Playback", "Previous frame", ("Left", ","), "step-back"),
    Command("forward_10", "Playback", "10 frames forward", ("L", "Shift+Right")),
    Command("back_10", "Playback", "10 frames back", ("J", "Shift+Left")),
    Command("first_frame", "Playback", "First frame", ("Home", "0"), "first"),
    Command("last_frame", "Playback", "Last frame", ("End",), "last", ends_group=True),
    Command("next_event", "Playback", "Next event", ("N", "PgDown"), "next-event"),
    Command(
        "previous_event",
        "Playback",
        "Previous event",
        ("P", "PgUp"),
        "previous-event",
        ends_group=True,
    ),
    Command("faster", "Playback", "Faster", ("+", "]", ">")),
    Command("slower", "Playback", "Slower", ("-", "[", "<")),
    Command("normal_speed", "Playback", "Normal speed", ("Backspace",), ends_group=True),
    Command("loop", "Playback", "Loop", ("O",), "loop", True),
    Command("follow", "Playback", "Follow the training", ("T",), "follow", True),
    Command("controls", "View", "Controls", ("C", "F9"), "controls", True),
    Command("claims", "View", "Claims about initial weights", ("B", "F8"), "claims", True),
    Command("explain", "View", "Explain a number…", ("E",), needs=TRAINING),
    Command("full_screen", "View", "Full screen", ("F11", "F"), "", True),
    Command("leave_full_screen", "View", "Leave full screen", ("Escape",), ends_group=True),
    Command("help", "Help", "Keys", ("F1", "?")),
    Command("glossary", "Help", "Glossary", ("G",)),
    Command("report", "Help", "Report a problem"),
)


@final
class Action(QAction):
    """An action of the window. Its handlers are connected to `invoked`, not to `triggered`.

    Parameters
    ----------
    text : str
    owner : QWidget
    may_start : callable
        Commits what is being typed, and returns whether the action may be carried out.

    Signals
    -------
    invoked()
        It was triggered, nothing is being typed any more, and it is still enabled.
    """

    invoked = Signal()

    def __init__(self, text: str, owner: QWidget, may_start: Callable[[], bool]) -> None:
        super().__init__(text, owner)
        self._may_start = may_start
        self.triggered.connect(self._start)

    @Slot()
    def _start(self) -> None:
        if self._may_start() and self.isEnabled():
            self.invoked.emit()


def make_actions(owner: QWidget, may_start: Callable[[], bool] = lambda: True) -> dict[str, Action]:
    """Create the actions of `COMMANDS` in order, with their names as object names.

    They are added to `owner`, so that their keys work while the menu bar is hidden. For
    `may_start`, see `Action`.
    """
    actions = {}
    for command in COMMANDS:
        action = configured(
            Action(command.text, owner, may_start),
            objectName=command.name,
            checkable=command.checkable,
            autoRepeat=command.name in _REPEATED,
        )
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setToolTip(tool_tip(action))
        owner.addAction(action)
        actions[command.name] = action
    return actions


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """Add the actions to their menus in `COMMANDS`; return the menus by their names."""
    menus: dict[str, QMenu] = {}
    for command in COMMANDS:
        if command.menu not in menus:
            menus[command.menu] = bar.addMenu(command.menu)
        menus[command.menu].addAction(actions[command.name])
        if command.ends_group:
            menus[command.menu].addSeparator()
    return menus


_REPEATED = {"step_forward", "step_back", "forward_10", "back_10", "undo", "redo"}
"""The actions that repeat while their key is held down."""


def tool_tip(action: QAction) -> str:
    """Return the action's text with its keys."""
    text = words(action)
    keys = ", ".join(key_texts(action))
    return as_it_stands(f"{text}  ({keys})" if keys else text)


def words(action: QAction) -> str:
    """Return the text of an action as it is displayed."""
    return action.text().rstrip("…").replace("&&", "&")


def key_texts(action: QAction) -> list[str]:
    """Return the keys of an action in the notation of this system."""
    native = QKeySequence.SequenceFormat.NativeText
    return [keys.toString(native) for keys in action.shortcuts()]


def draw_icons(actions: Mapping[str, QAction], theme: Theme) -> None:
    """Give the actions their icons in the colours of the theme."""
    for command in COMMANDS:
        if command.icon:
            actions[command.name].setIcon(icon(command.icon, theme))
            actions[command.name].setIconVisibleInMenu(False)


@final
class ActionButton(QToolButton):
    """Shows the text, icon and state of an action, and triggers it.

    It replaces the default action of a tool button: at every change of the default action, Qt 6.11
    connects the button to it once more, so each change takes longer than the last.

    Parameters
    ----------
    action : QAction
    """

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        action.changed.connect(self._show)
        self._show()

    def nextCheckState(self) -> None:
        """Trigger the action, which then updates the check state."""
        self._action.trigger()

    @Slot()
    def _show(self) -> None:
        action = self._action
        configured(
            self,
            text=action.iconText().replace("&", "&&"),
            icon=action.icon(),
            toolTip=action.toolTip(),
            checkable=action.isCheckable(),
            checked=action.isChecked(),
            enabled=action.isEnabled(),
        )
