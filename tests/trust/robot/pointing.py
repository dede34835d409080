"""Actions of the mouse: on the stage, on the timeline, anywhere; and the size of the window."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.windows import timeline
from tests.trust.robot.actions import action
from tests.trust.robot.session import Session

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def somewhere(session: Session, widget: QWidget) -> QPoint:
    size = widget.size()
    return QPoint(session.rng.randrange(size.width() + 1), session.rng.randrange(size.height() + 1))


def parameter_place(session: Session) -> QPoint | None:
    """Return where a parameter is drawn, in the viewport."""
    view = session.window.view
    parameters = view.stage.parameters
    if not parameters:
        return None
    found = view.stage.position_of(session.rng.choice(parameters))
    return None if found is None else view.mapFromScene(found[0])


@action(5)
def click_stage(session: Session) -> str:
    viewport, rng = session.window.view.viewport(), session.rng
    place = somewhere(session, viewport)
    button, modifier = rng.choice([LEFT, LEFT, RIGHT]), rng.choice([NO_KEY, NO_KEY, SHIFT])
    QTest.mouseMove(viewport, place)
    QTest.mouseClick(viewport, button, modifier, place)
    return f"{place.x()}, {place.y()}"


@action(5)
def click_parameter(session: Session) -> str:
    place = parameter_place(session)
    if place is None:
        return "nothing"
    QTest.mouseClick(session.window.view.viewport(), LEFT, NO_KEY, place)
    return f"{place.x()}, {place.y()}"


@action(6)
def drag_stage(session: Session) -> str:
    """Drag a parameter or something else; sometimes something happens in between."""
    viewport, rng = session.window.view.viewport(), session.rng
    start = parameter_place(session) if rng.random() < 0.6 else None
    start = start or somewhere(session, viewport)
    end = start + QPoint(rng.randint(-200, 200), rng.randint(-200, 200))
    QTest.mousePress(viewport, LEFT, NO_KEY, start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * share)
        if rng.random() < 0.15:
            rng.choice([session.window.document.undo, session.window.player.play])()
        QTest.qWait(rng.choice([0, 0, 5]))
    QTest.mouseRelease(viewport, LEFT, NO_KEY, end)
    return f"{start.toTuple()} to {end.toTuple()}"


@action(5)
def scrub(session: Session) -> str:
    bar, rng = timeline(session.window), session.rng
    places = [somewhere(session, bar) for _ in range(rng.randint(1, 4))]
    QTest.mousePress(bar, LEFT, NO_KEY, places[0])
    for place in places[1:]:
        QTest.mouseMove(bar, place)
    QTest.mouseRelease(bar, LEFT, NO_KEY, places[-1])
    return str([place.x() for place in places])


@action(3)
def wheel(session: Session) -> str:
    window, rng = session.window, session.rng
    place = somewhere(session, window)
    target = window.childAt(place) or window
    inside = target.mapFrom(window, place)
    turn = QPoint(0, rng.choice([-360, -120, 120, 240]))
    session.forget_typed(QApplication.focusWidget())
    event = QWheelEvent(
        QPointF(inside),
        QPointF(target.mapToGlobal(inside)),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        NO_KEY,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)
    return f"{turn.y()} over {type(target).__name__}"


@action(3)
def hover(session: Session) -> str:
    viewport = session.window.view.viewport()
    for _ in range(4):
        QTest.mouseMove(viewport, somewhere(session, viewport))
        QTest.qWait(1)
    return ""


@action(2)
def resize(session: Session) -> str:
    width, height = session.rng.randint(300, 1700), session.rng.randint(200, 1100)
    session.window.showNormal()
    session.window.resize(width, height)
    return f"{width} × {height}"


@action(6)
def wait(session: Session) -> str:
    milliseconds = session.rng.choice([0, 1, 10, 60, 200, 400])
    QTest.qWait(milliseconds)
    return f"{milliseconds} ms"
