"""Disposed widgets free their memory, and reusable objects are created once."""

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import partial
from itertools import cycle

import pytest
from PySide6.QtCore import SIGNAL, QEvent
from PySide6.QtGui import QAction, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter
from engine.library.built_ins import built_in
from gui.controls.controls import Controls
from gui.editing.weight_editor import WeightEditor
from gui.main_window import MainWindow
from gui.style.icons import icon
from gui.style.style_sheet import dress_application
from gui.style.theme import THEMES
from gui.widgets.actions import ActionButton
from gui.widgets.builders import dispose_widget
from tests.gui.windows import act

FEW_BYTES = 400
"""Bytes that a box may leave; without the remedy Qt leaves 1000."""


class _Heap(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def allocated() -> int:
    """Return the bytes that are allocated and not freed."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallinfo2"):
        pytest.skip("only the GNU C library reports allocated memory")
    libc.mallinfo2.restype = _Heap
    gc.collect()
    heap = libc.mallinfo2()
    return int(heap.uordblks + heap.hblkhd)


def grown(undo_text: Callable[[], object], times: int) -> float:
    """Return the bytes that an action leaves behind each time, after many repetitions."""
    begin = 0
    for number in range(-2 * times, times):
        if number == 0:
            begin = allocated()
        undo_text()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return (allocated() - begin) / times


def choice() -> QComboBox:
    box = QComboBox()
    box.addItems(["a", "b"])
    return box


@pytest.mark.parametrize("make", [QSpinBox, choice])
def test_style_sheet_stores_nothing_of_disposed_boxes(
    qtbot: QtBot, make: Callable[[], QWidget]
) -> None:
    dress_application(THEMES["light"])

    def discard_many() -> None:
        for box in [make() for _ in range(100)]:  # of one at a time, the next has the address
            box.ensurePolished()
            dispose_widget(box)

    assert grown(discard_many, 3) < 100 * FEW_BYTES


@pytest.mark.slow
def test_changed_form_frees_its_old_fields(qtbot: QtBot) -> None:
    dress_application(THEMES["light"])
    controls = Controls(THEMES["light"], QAction())
    qtbot.addWidget(controls)
    controls.show()
    names = cycle(("zero-vs-random", "constant", "deep-tanh", "saturation-scale"))
    assert grown(lambda: controls.show_experiment(built_in(next(names))), 40) < FEW_BYTES


@pytest.mark.slow
def test_closed_dialog_frees_its_memory(window: MainWindow) -> None:
    def open_and_close(name: str) -> None:
        act(window, name)
        QApplication.processEvents()
        for dialog in window.findChildren(QDialog):
            dialog.close()

    def edit_weight() -> None:
        assert window.scene
        editor = WeightEditor(window.scene, Parameter(0, "W1", 0, 0), 3, window)
        editor.show()
        editor.close()

    names = ("export", "export_frame", "export_numbers", "explain")
    actions = {name: partial(open_and_close, name) for name in names} | {"weight": edit_weight}
    left = {name: grown(undo_text, 20) for name, undo_text in actions.items()}
    assert {name: count for name, count in left.items() if count > FEW_BYTES} == {}


def test_file_dialog_is_created_once(window: MainWindow) -> None:
    for number, name in enumerate(("open", "save_as", "import_points", "export_points"), 1):
        for _ in range(2):
            act(window, name)
            (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
            QPixmapCache.insert("painted meanwhile", QPixmap(1, 1))
            dialog.close()
            assert not QPixmapCache.find("painted meanwhile", QPixmap())
            assert len(window.findChildren(QFileDialog)) == number, name


def test_action_button_shows_and_triggers_its_action(qtbot: QtBot) -> None:
    action = QAction("Stop && train…", checkable=True, toolTip="stops")
    button = ActionButton(action)
    qtbot.addWidget(button)
    assert (button.text(), button.toolTip()) == ("Stop && train", "stops")
    assert button.isCheckable()
    for checked in (True, False):
        button.click()
        assert action.isChecked() is button.isChecked() is checked
    action.setText("Train")
    action.setIcon(icon("play", THEMES["light"]))
    action.setChecked(True)
    action.setEnabled(False)
    assert (button.text(), button.isChecked(), button.isEnabled()) == ("Train", True, False)
    assert button.icon().cacheKey() == action.icon().cacheKey()
    button.click()
    assert action.isChecked()


def test_action_button_is_connected_once(window: MainWindow) -> None:
    for action in window.actions_by_name.values():
        before = action.receivers(SIGNAL("changed()"))
        for number in range(5):
            action.setText(str(number))
        assert action.receivers(SIGNAL("changed()")) == before, action.objectName()


def test_icon_is_drawn_once() -> None:
    light, dark = THEMES["light"], THEMES["dark"]
    assert icon("play", light).cacheKey() == icon("play", light).cacheKey()
    assert icon("play", light).cacheKey() != icon("play", dark).cacheKey()
