"""Helpers that find and click items of a window's network diagram."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from engine.editing.parameters import Parameter
from engine.editing.resizing import Resizing
from engine.training.recording import Recording
from gui.editing.weight_editor import WeightEditor
from gui.main_window import MainWindow
from gui.panels.base.interactions import Interaction, NetworkResized, ParameterClicked
from gui.panels.network_diagram.network import NetworkPanel
from gui.stage.stage_view import StageView

Wanted = Parameter | Resizing | Interaction

LEFT = Qt.MouseButton.LeftButton
COARSE, FINE = 16, 3
"""Distances in pixels between the points at which an item of the diagram is looked for."""


def network(window: MainWindow, run: int = 0) -> NetworkPanel:
    (found,) = [
        item for item in window.stage.items() if isinstance(item, NetworkPanel) and item.run == run
    ]
    return found


def view(window: MainWindow) -> StageView:
    found = window.findChild(StageView)
    assert isinstance(found, StageView)
    return found


def recording(window: MainWindow, run: int = 0) -> Recording:
    assert window.scene is not None
    return window.scene.recordings[run]


def place(window: MainWindow, wanted: Wanted, run: int = 0) -> QPoint:
    """Return where in the view something is that can be clicked, not at the rim of it."""
    panel = network(window, run)
    if isinstance(wanted, Parameter):
        wanted = ParameterClicked(wanted)
    elif isinstance(wanted, Resizing):
        wanted = NetworkResized(wanted)

    def middle_of(area: QRectF, step: int) -> QPointF | None:
        xs = range(int(area.left()), int(area.right()), step)
        ys = range(int(area.top()), int(area.bottom()), step)
        points = (QPointF(x, y) for x in xs for y in ys)
        found = [point for point in points if panel.interaction_at(point) == wanted]
        centre = sum(found, QPointF()) / max(1, len(found))
        return min(found, key=lambda at: (at - centre).manhattanLength(), default=None)

    area = panel.rect.adjusted(4.0, 4.0, 0.0, 0.0)
    near = middle_of(area, COARSE)
    if near is not None:  # the middle of what is around it, not of the whole diagram
        area &= QRectF(near, near).adjusted(-COARSE, -COARSE, COARSE, COARSE)
    point = middle_of(area, FINE)
    if point is None:
        raise LookupError(f"the diagram offers no {wanted}")
    return view(window).mapFromScene(panel.mapToScene(point))


def hover(window: MainWindow, run: int = 0) -> None:
    """Move the pointer over the diagram."""
    panel = network(window, run)
    at = view(window).mapFromScene(panel.mapToScene(panel.rect.center()))
    for offset in (QPoint(0, 0), QPoint(2, 0)):
        QTest.mouseMove(view(window).viewport(), at + offset)
    QTest.qWait(50)  # on a display, the pointer itself comes after


def click(window: MainWindow, wanted: Wanted, run: int = 0) -> None:
    QTest.mouseClick(view(window).viewport(), LEFT, pos=place(window, wanted, run))


def touch(window: MainWindow, wanted: Parameter) -> WeightEditor:
    """Click on a parameter."""
    click(window, wanted, wanted.run)
    return opened_editor(window)


def opened_editor(window: MainWindow) -> WeightEditor:
    editor = window.findChild(WeightEditor)
    assert isinstance(editor, WeightEditor)
    return editor


def key(window: MainWindow, *keys: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Press keys one after the other on the stage."""
    if not window.isActiveWindow():  # without which there are no shortcuts
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 2000)
    for each in keys:
        QTest.keyClick(view(window), each, held or Qt.KeyboardModifier.NoModifier)


def choose(window: QWidget, menu: str, text: str) -> None:
    """Choose the entry of an open menu that begins with a text."""
    opened = window.findChild(QMenu, menu)
    assert isinstance(opened, QMenu)
    (action,) = [each for each in opened.actions() if each.text().startswith(text)]
    opened.setActiveAction(action)
    QTest.keyClick(opened, Qt.Key.Key_Return)
