"""The lanes of the timeline: one for each run, or one if there are no events."""

from pytestqt.qtbot import QtBot

from engine.training.events import Event, EventKind
from gui.playback.timeline import Timeline
from gui.style.theme import THEMES


def test_a_scene_in_which_nothing_happens_has_one_lane(qtbot: QtBot) -> None:
    timeline = Timeline(THEMES["light"])
    qtbot.addWidget(timeline)
    timeline.set_span(101, 1)
    single = timeline.sizeHint().height()
    timeline.set_span(101, 3)
    timeline.set_trained(60, ())
    assert timeline.sizeHint().height() > single  # something may happen yet
    timeline.set_trained(100, ())
    assert timeline.sizeHint().height() == single
    timeline.set_trained(100, (Event(7, 2, EventKind.DIVERGED, "diverged"),))
    assert timeline.sizeHint().height() > single
