"""The timeline: clicks, marks and tool tips."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from engine.training.events import Event, EventKind, events_text
from gui.playback.timeline import Timeline
from gui.style.theme import THEMES

EVENTS = (
    Event(0, 1, EventKind.SYMMETRY_BROKEN, "units differ from the start"),
    Event(100, 0, EventKind.PLATEAU_ENTERED, "plateau"),
    Event(300, 1, EventKind.DIVERGED, "diverged"),
)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    timeline = Timeline(THEMES["light"])
    timeline.set_span(401, 2)
    timeline.set_trained(400, EVENTS)
    timeline.resize(860, timeline.sizeHint().height())
    qtbot.addWidget(timeline)
    with qtbot.waitExposed(timeline):
        timeline.show()
    return timeline


def centre_of(timeline: Timeline, event: Event) -> QPoint:
    return timeline.position_of(event).toPoint()


def test_click_on_the_track_jumps(timeline: Timeline, qtbot: QtBot) -> None:
    y = timeline.height() - 10
    for x, value in ((timeline.x_of(200), 200), (timeline.x_of(0), 0), (859.0, 400), (0.0, 0)):
        QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(round(x), y))
        assert abs(timeline.value() - value) <= 1


def test_drag_scrubs(timeline: Timeline, qtbot: QtBot) -> None:
    y = timeline.height() - 10
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(100, y))
    seen = [timeline.value()]
    for x in (300, 500, 200):
        QTest.mouseMove(timeline, QPoint(x, y))
        seen.append(timeline.value())
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(200, y))
    assert seen == [timeline.frame_at(x) for x in (100, 300, 500, 200)]


@pytest.mark.parametrize("event", EVENTS)
def test_click_on_a_mark_jumps_to_its_frame(timeline: Timeline, qtbot: QtBot, event: Event) -> None:
    timeline.setValue(50)
    spot = centre_of(timeline, event) + QPoint(2, 1)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=spot)
    assert timeline.value() == event.frame


def test_marks_in_one_frame_are_all_listed(timeline: Timeline, qtbot: QtBot) -> None:
    same = Event(100, 1, EventKind.UNIT_ACTIVE, "unit active again")
    twice = Event(100, 0, EventKind.SOLVED, "all examples right")
    events = (*EVENTS[:2], twice, same, EVENTS[2])
    timeline.set_trained(400, events)
    spot = centre_of(timeline, EVENTS[1])
    assert timeline.events_at(spot.x(), spot.y()) == [EVENTS[1], twice, same]
    assert events_text([twice, same], "AB") == [
        "A · frame 100: all examples right",
        "B · frame 100: unit active again",
    ]
    with qtbot.waitSignal(timeline.event_clicked) as clicked:
        QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=spot)
    assert clicked.args == [100]


def test_mark_is_in_the_lane_of_its_run(timeline: Timeline) -> None:
    spot = centre_of(timeline, EVENTS[1])
    assert timeline.event_at(spot.x(), spot.y()) == EVENTS[1]
    in_other_lane = timeline.position_of(replace(EVENTS[1], run=1))
    assert timeline.event_at(spot.x(), in_other_lane.y()) is None


def test_tool_tip_names_the_event(
    timeline: Timeline, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication

    texts: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, widget: texts.append(text))
    for spot in (centre_of(timeline, EVENTS[2]), QPoint(round(timeline.x_of(200)), 30)):
        event = QHelpEvent(QEvent.Type.ToolTip, spot, timeline.mapToGlobal(spot))
        QApplication.sendEvent(timeline, event)
    named, plain = texts
    assert named.startswith("B · frame 300: diverged\n\ndiverged: ")  # with its definition
    assert plain == "frame 200"


def test_marks_are_painted_in_their_lanes(timeline: Timeline) -> None:
    image = timeline.grab().toImage()
    theme = THEMES["light"]
    ratio = image.devicePixelRatio()

    def colour(event: Event) -> str:
        spot = centre_of(timeline, event) * ratio
        return QColor(image.pixel(spot)).name()

    assert colour(EVENTS[2]) == theme.alarm
    timeline.setValue(200)  # away from the mark at the start
    image = timeline.grab().toImage()
    assert colour(EVENTS[0]) == theme.accent


def test_untrained_frames_are_painted_differently(timeline: Timeline) -> None:
    whole = timeline.grab().toImage()
    timeline.set_trained(100, EVENTS)
    assert timeline.grab().toImage() != whole


def test_more_runs_need_more_height(timeline: Timeline) -> None:
    two = timeline.sizeHint().height()
    timeline.set_span(401, 4)
    assert timeline.sizeHint().height() > two


def test_single_frame_divides_by_no_zero(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.set_span(1, 1)
    timeline.set_trained(0, ())
    timeline.grab()
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(400, timeline.height() - 8))
    assert timeline.value() == 0
