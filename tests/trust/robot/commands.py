"""Actions of menus and keys, undo, dialogs and the clipboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QMenu, QWidget

from engine.experiment.toml_writer import format_experiment
from gui.widgets.actions import COMMANDS
from tests.trust.robot.actions import action
from tests.trust.robot.faults import Fault
from tests.trust.robot.session import Session

EDITS = (
    *("fork", "fork", "fork", "nudges", "nudges", "nudges", "break_symmetry", "break_symmetry"),
    *("break_in_fork", "reseed", "stop", "save", "save", "undo", "undo"),
)
PLAYBACK = tuple(each.name for each in COMMANDS if each.menu == "Playback")
COPIES = tuple(each.name for each in COMMANDS if each.name.startswith("copy_"))
DIALOGS = ("open", "save_as", "export", "export_frame", "export_numbers", "help", "import_points")
NEVER = ("quit", "many_seeds")
"""One ends the session, the other trains thousands of networks."""
CODES = [
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left),
    *(Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F1),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_F8, Qt.Key.Key_F9),
]
TYPES = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Escape)
"""Keys that change no text."""
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def trigger(session: Session, name: str) -> str:
    found = session.window.actions_by_name[name]
    if found.isEnabled():
        found.trigger()
        return name
    return f"{name}, which is disabled"


@action(24)
def edit(session: Session) -> str:
    return trigger(session, session.rng.choice(EDITS))


@action(6)
def playback(session: Session) -> str:
    return trigger(session, session.rng.choice(PLAYBACK))


@action(2)
def copy(session: Session) -> str:
    return trigger(session, session.rng.choice(COPIES))


@action(3)
def dialog(session: Session) -> str:
    return trigger(session, session.rng.choice(DIALOGS))


@action(3)
def menu(session: Session) -> str:
    """Choose anything in the menus, such as a theme, a colour scale or a panel."""
    menus = session.window.menuBar().findChildren(QMenu)
    actions = [each for found in menus for each in found.actions() if each.isEnabled()]
    named = [each for each in actions if each.objectName() not in NEVER and each.menu() is None]
    chosen: QAction = session.rng.choice([each for each in named if not each.isSeparator()])
    text = chosen.text()
    chosen.trigger()
    return text


@action(10)
def key(session: Session) -> str:
    """Press a key where the focus is."""
    rng = session.rng
    code = rng.choice([*CODES, *(Qt.Key(number) for number in range(0x30, 0x5B))])
    modifier = rng.choice(MODIFIERS)
    if (code, modifier) == (Qt.Key.Key_Q, MODIFIERS[-1]) or code == Qt.Key.Key_M:
        return "nothing"
    target = QApplication.focusWidget() or session.window
    if code not in TYPES and modifier != MODIFIERS[-1]:
        session.forget_typed(target)
    QTest.keyClick(target, code, modifier)
    return f"{modifier.name} {code.name}"


@action(3)
def paste(session: Session) -> str:
    text = session.rng.choice(["", "0.5", "zeros\n", "[[1, 2, 1]]", "<b>\u202e", "x" * 3000, "\0"])
    QGuiApplication.clipboard().setText(text)
    target = QApplication.focusWidget() or session.window
    session.forget_typed(target)
    QTest.keyClick(target, Qt.Key.Key_V, MODIFIERS[-1])
    return repr(text[:20])


@action(2)
def undo_storm(session: Session) -> str:
    document, count = session.window.document, session.rng.randint(2, 30)
    for number in range(count):
        session.window.actions_by_name["undo" if number < 0.6 * count else "redo"].trigger()
        QTest.qWait(session.rng.choice([0, 0, 0, 20]))
    return f"{count} times; then {document.undo_text!r} can be undone"


@action(1)
def undo_all(session: Session) -> str:
    """Undo to the start, where the first experiment is, and redo everything."""
    document = session.window.document
    session.rest()
    before = document.experiment
    times = to_start(session)
    for _ in range(times):
        document.redo()
        QTest.qWait(0)
    if format_experiment(document.experiment) != format_experiment(before):
        raise Fault("undo and redo changed the experiment")
    return f"{times} times"


def to_start(session: Session) -> int:
    """Undo everything, and return the number of edits."""
    document, times = session.window.document, 0
    while document.undo_text:
        document.undo()
        QTest.qWait(0)
        times += 1
    first = session.seen[0]
    if format_experiment(document.experiment) != format_experiment(first):
        raise Fault("undo to the start does not give the first experiment")
    return times


def answer_popup(session: Session, popup: QWidget) -> str:
    """Choose an entry of a menu, or leave a popup."""
    entries = [each for each in popup.actions() if each.isEnabled() and not each.isSeparator()]
    if isinstance(popup, QMenu) and entries and session.rng.random() < 0.7:
        chosen = session.rng.choice(entries)
        text = chosen.text()
        popup.setActiveAction(chosen)
        QTest.keyClick(popup, Qt.Key.Key_Return)
        return f"{text} in a menu"
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    popup.close()
    return "leave a popup"


def answer_dialog(session: Session, modal: QWidget) -> str:
    """Choose a file or click a button in a dialog that blocks the window; or leave it."""
    rng = session.rng
    if isinstance(modal, QFileDialog):
        saves = modal.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        suffix = "*.csv" if "oint" in modal.windowTitle() else "*.toml"
        name = rng.choice(sorted(session.folder.glob(suffix))).name
        if saves:
            name = rng.choice([name, f"new-{rng.randrange(3)}.{suffix[2:]}"])
        if rng.random() < 0.8:
            session.changed_files.pop(session.folder / name, None)  # Qt asks whether to replace it
            modal.selectFile(str(session.folder / name))
            modal.done(QFileDialog.DialogCode.Accepted)
            # As Qt does after a name was typed; `accept` would ask whether to replace a file.
            modal.fileSelected.emit(str(session.folder / name))
            return f"{modal.windowTitle()}: {name}"
    modal.close()
    return f"leave {modal.windowTitle()!r}"


@action(3)
def in_dialog(session: Session) -> str:
    """Click a button in a dialog that is open beside the window, or leave it."""
    dialogs = [each for each in session.window.findChildren(QDialog) if each.isVisible()]
    if not dialogs:
        return "nothing"
    chosen = session.rng.choice(dialogs)
    buttons = [each for each in chosen.findChildren(QAbstractButton) if each.isVisible()]
    safe = [each for each in buttons if each.isEnabled() and "xport" not in each.text()]
    if safe and session.rng.random() < 0.5:
        button = session.rng.choice(safe)
        text = button.text() or button.objectName()
        button.click()
        return f"{text!r} of {chosen.windowTitle()!r}"
    QTest.keyClick(chosen, Qt.Key.Key_Escape)
    return f"Escape in {chosen.windowTitle()!r}"


@action(1)
def close(session: Session) -> str:
    """Close the window, which asks if anything would be lost."""
    window, questions = session.window, session.questions
    would_lose = bool(window.document.unsaved) or bool(session.typed)
    session.is_closing = True
    window.actions_by_name["quit"].trigger()
    session.is_closing = False
    session.is_closed = not window.isVisible()
    if session.is_closed and would_lose and session.questions == questions:
        raise Fault("closing loses changes without a question")
    return "closed" if session.is_closed else "not closed"
