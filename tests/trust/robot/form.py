"""Actions in the form: typing, choosing, and the buttons of runs."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
)

from engine.editing.paths import at
from gui.controls.fields import Field
from gui.controls.run_card import RunCard
from tests.trust.robot.actions import action
from tests.trust.robot.session import Session

WHOLE = ("steps", "seed", "samples", "batch_size", "shuffle_seed", "example", "tosses")
BUTTONS = (
    *("remove_run", "remove_run", "remove_run", "remove_run"),
    *("reseed_run", "add_run", "add_run", "more", "about"),
)
WRONG = ("", "-", "1e", "[[", "9" * 30, "nan", "0x10", "١", "2, 0, 1", "<img src=x>")
SIZES = ("2, 2, 1", "2, 3, 1", "2, 1", "2, 2, 2, 1")


def fields(session: Session) -> list[Field]:
    """Return the fields that can be typed into."""
    every = session.window.controls.fields.values()
    return [each for each in every if each.isVisible() and each.isEnabled()]


def line_of(field: Field) -> QLineEdit | None:
    if isinstance(field.editor, QAbstractSpinBox):
        return field.editor.findChild(QLineEdit)
    return field.editor if isinstance(field.editor, QLineEdit) else None


def valid_text(session: Session, field: Field) -> str | None:
    """Return text for a value that is always accepted; None where no such text is known."""
    rng, name = session.rng, str(field.path[-1])
    if name in ("title", "name"):
        return rng.choice(["A title", "x", "α & β", "«[*]»"]) + str(rng.randrange(100))
    if field.path == ("network", "layers"):
        return rng.choice(SIZES)
    if name == "steps":
        return str(rng.randint(10, 300))
    if name in ("seed", "shuffle_seed"):
        return str(rng.randrange(1000))
    if name in ("learning_rate", "scale", "noise", "epsilon", "beta"):
        return str(rng.randint(1, 40) / 100)
    return None


def type_text(line: QLineEdit, text: str) -> None:
    """Replace the selected text by keys, or by an input method where there is no key."""
    if not text:
        QTest.keyClick(line, Qt.Key.Key_Delete)
    elif text.isascii():
        QTest.keyClicks(line, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(line, event)


@action(20)
def enter(session: Session) -> str:
    """Type a value into a field, and perhaps a key that accepts it."""
    rng = session.rng
    typed = [(field, line_of(field)) for field in fields(session)]
    lines = [(field, line) for field, line in typed if line is not None]
    if not lines:
        return "nothing"
    field, line = rng.choice(lines)
    text = valid_text(session, field)
    is_tracked = text is not None and field.path != ("network", "layers")
    if text is None or rng.random() < 0.15:
        text, is_tracked = rng.choice(WRONG), False
    session.window.controls.ensureWidgetVisible(field)
    field.editor.setFocus()
    line.selectAll()
    session.typed.pop(field.path, None)
    type_text(line, text)
    if is_tracked and field.value() != at(session.window.document.experiment, field.path):
        session.remember_typed(field)
    end = rng.choice([None, None, None, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Up])
    if end is not None:
        if end is Qt.Key.Key_Up:
            session.forget_typed(line)
        QTest.keyClick(line, end)
    return f"{text!r} into {field.objectName()}" + (f", then {end.name}" if end else "")


@action(5)
def choose(session: Session) -> str:
    """Choose the next or the previous entry of a list."""
    boxes = [field for field in fields(session) if isinstance(field.editor, QComboBox)]
    if not boxes:
        return "nothing"
    field = session.rng.choice(boxes)
    code = session.rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Up])
    field.editor.setFocus()
    QTest.keyClick(field.editor, code)
    return f"{code.name} in {field.objectName()}"


@action(14)
def press_button(session: Session) -> str:
    name = session.rng.choice(BUTTONS)
    found = session.window.controls.findChildren(QAbstractButton, name)
    buttons = [each for each in found if each.isVisible() and each.isEnabled()]
    if not buttons:
        return "nothing"
    number = session.rng.randrange(len(buttons))
    session.window.controls.ensureWidgetVisible(buttons[number])
    QTest.mouseClick(buttons[number], Qt.MouseButton.LeftButton)
    return f"{name} {number}"


@action(4)
def choose_run(session: Session) -> str:
    """Click the card of a run."""
    cards = [each for each in session.window.controls.findChildren(RunCard) if each.isVisible()]
    if not cards:
        return "nothing"
    card = session.rng.choice(cards)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    return card.objectName()
