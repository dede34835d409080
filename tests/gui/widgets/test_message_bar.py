"""The message bar is shown over the stage without moving it."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.widgets.message_bar import MessageBar
from tests.gui.windows import Open, act, wait_for_training

LONG = "experiment.toml: " + 30 * "the scheme of run 2 does not fit its network, "


def bar(window: MainWindow) -> MessageBar:
    found = window.findChild(MessageBar)
    assert isinstance(found, MessageBar)
    return found


def place(window: MainWindow) -> QRect:
    """Where the bar is, in the view of the stage."""
    found = bar(window)
    return QRect(found.mapTo(window.view, QPoint(0, 0)), found.size())


def test_message_bar_does_not_move_the_stage(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1280, 720)
    qtbot.wait(10)
    moved: list[int] = []
    window.view.resized.connect(lambda: moved.append(1))
    before = window.view.geometry()
    for sentence in ("a sentence", LONG):
        window.show_error(sentence)
        qtbot.wait(10)
        assert bar(window).isVisible()
        assert window.view.geometry() == before
    close = bar(window).findChild(QToolButton)
    assert isinstance(close, QToolButton)
    close.click()
    qtbot.wait(10)
    assert window.message == ""
    assert window.view.geometry() == before
    assert not moved


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_message_bar_is_at_the_lower_edge_and_shows_the_whole_text(
    open_window: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window()
    window.show_error(LONG)
    window.resize(*size)
    qtbot.wait(10)
    view = window.view.rect()
    label = bar(window).findChild(QLabel, "message")
    assert isinstance(label, QLabel)
    assert view.contains(place(window))
    assert place(window).top() > view.center().y()
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()
    long = place(window)
    window.show_info("done")
    qtbot.wait(10)
    assert place(window).width() < long.width()
    assert label.height() < 2 * label.fontMetrics().height()
    assert label.width() >= label.fontMetrics().horizontalAdvance("Done")
    assert view.contains(place(window))


def test_message_bar_is_hidden_when_the_experiment_changes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.show_error("a sentence")
    act(window, "reseed")
    assert bar(window).isHidden()
    wait_for_training(window, qtbot)
