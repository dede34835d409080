"""The playback actions, keys and the timeline in a window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.panels.base.interactions import FrameRequested
from gui.widgets.actions import key_texts
from tests.gui.windows import LONG, Open, act, picture, timeline

STEPS = [
    (["step_forward"], 101),
    (["step_back", "step_back"], 98),
    (["forward_10"], 110),
    (["back_10", "step_back"], 89),
    (["first_frame"], 0),
    (["last_frame"], 400),
    (["last_frame", "step_forward"], 400),
    (["first_frame", "step_back"], 0),
]


def test_steps_move_by_exact_numbers_of_frames(window: MainWindow) -> None:
    spin = window.findChild(QSpinBox, "frame")
    assert spin
    for names, index in STEPS:
        window.player.seek(100)
        for name in names:
            act(window, name)
        shown = (window.player.index, timeline(window).value(), spin.value())
        assert shown == (index, index, index), names


def test_event_actions_visit_each_event(window: MainWindow) -> None:
    assert window.scene
    frames = sorted({event.frame for event in window.scene.events})
    assert len(frames) > 1
    act(window, "first_frame")
    seen = [0] if frames[0] == 0 else []
    for _ in frames[len(seen) :]:
        act(window, "next_event")
        seen.append(window.player.index)
        here = [event.text for event in window.scene.events if event.frame == seen[-1]]
        assert here
        assert all(text in window.message for text in here)
    assert seen == frames
    act(window, "step_back")
    assert window.message == ""
    act(window, "last_frame")
    assert window.message == ""
    window.player.seek(frames[-1])
    act(window, "next_event")
    assert window.player.index == frames[-1]
    for frame in reversed(frames[:-1]):
        act(window, "previous_event")
        assert window.player.index == frame


KEYS = [
    (Qt.Key.Key_Right, 101),
    (Qt.Key.Key_Left, 99),
    (Qt.Key.Key_L, 110),
    (Qt.Key.Key_J, 90),
    (Qt.Key.Key_Period, 101),
    (Qt.Key.Key_Comma, 99),
    (Qt.Key.Key_Home, 0),
    (Qt.Key.Key_End, 400),
]


@pytest.mark.parametrize("focus", ["view", "timeline", "chooser"])
def test_playback_keys_work_from_every_focus(window: MainWindow, focus: str) -> None:
    widget = window.view if focus == "view" else window.findChild(QWidget, focus)
    assert widget
    for key, index in KEYS:
        widget.setFocus()
        window.player.seek(100)
        QTest.keyClick(widget, key)
        assert window.player.index == index, key


def is_playing(window: MainWindow) -> bool:
    return window.player.is_playing


def test_space_and_k_toggle_playback(window: MainWindow, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Space, Qt.Key.Key_K):
        QTest.keyClick(window.view, key)
        assert is_playing(window)
        qtbot.waitUntil(lambda: window.player.index > 3)
        QTest.keyClick(window.view, key)
        assert not is_playing(window)
        window.player.seek(0)


def test_keys_go_to_a_field_while_typing(window: MainWindow) -> None:
    line = window.controls.fields[("title",)].editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "just k l 0")
    QTest.keyClick(line, Qt.Key.Key_Home)
    QTest.keyClick(line, Qt.Key.Key_Right)
    assert line.text() == "just k l 0"
    assert not window.player.is_playing
    assert timeline(window).value() == 0
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert window.document.experiment.title == "just k l 0"
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert window.player.index == 1


def test_no_key_has_two_actions(window: MainWindow) -> None:
    keys = [key for action in window.actions() for key in key_texts(action)]
    assert len(keys) == len(set(keys))


def test_timeline_seeks(window: MainWindow) -> None:
    timeline(window).setValue(250)
    assert window.player.index == 250


def test_typed_frame_is_shown(window: MainWindow) -> None:
    spin = window.findChild(QSpinBox, "frame")
    assert spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "123")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert window.player.index == 123


def test_picture_of_a_frame_is_the_same_however_it_is_reached(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.player.seek(37)
    sought = picture(window)
    window.player.seek(38)
    assert picture(window) != sought
    act(window, "step_back")
    assert picture(window) == sought
    timeline(window).setValue(300)
    timeline(window).setValue(37)
    assert picture(window) == sought
    act(window, "first_frame")
    window.player.set_speed(4.0)
    window.player.index_changed.connect(lambda index: index >= 36 and window.player.pause())
    act(window, "play_pause")
    qtbot.waitUntil(lambda: not window.player.is_playing)
    window.player.step(37 - window.player.index)
    assert picture(window) == sought


def test_follow_shows_the_newest_frame(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(LONG)
    assert timeline(window).maximum() == 3_000_000
    act(window, "follow")
    before = window.player.index
    qtbot.waitUntil(lambda: window.player.index > before + 100)
    state = window.findChild(QLabel, "state")
    assert state
    assert state.text().startswith("training…")
    act(window, "step_back")
    assert not window.player.follow


def test_scrub_beyond_the_last_frame_stops_there(open_window: Open) -> None:
    window = open_window(LONG)
    timeline(window).setValue(2_999_999)
    assert timeline(window).value() == window.player.index <= window.player.last_index < 2_999_999


def test_requested_frame_seeks(window: MainWindow) -> None:
    window.player.seek(10)
    window.stage.interacted.emit(FrameRequested(250))
    assert (window.player.index, timeline(window).value()) == (250, 250)
