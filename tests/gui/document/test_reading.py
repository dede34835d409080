"""What takes long to read comes later, and only if nothing else was asked for since."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment
from gui.document import reading as module
from gui.document.opening import open_to_show
from gui.document.reading import Reading

OTHER = Experiment(title="other")
Gated = tuple[dict[str, threading.Event], Reading]


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Gated:
    """The gates of files that are read only once theirs opens, by their names, and who reads."""
    gates = {name: threading.Event() for name in ("slow", "wrong", "broken")}
    errors = {"wrong": UsageError("wrong: is empty"), "broken": ZeroDivisionError("by nought")}

    def read(name: str) -> Experiment:
        gates[name].wait(20)
        if name in errors:
            raise errors[name]
        return OTHER

    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    return gates, Reading(read)


def test_what_is_read_at_once_is_there_at_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 20.0)
    reading = Reading(open_to_show)
    path = tmp_path / "x.toml"
    path.write_text('format = 1\ntitle = "other"')
    with qtbot.assertNotEmitted(reading.came, wait=50):
        assert reading.read(str(path)) == OTHER
        with pytest.raises(InitscopeError, match="no such file"):
            reading.read(str(tmp_path / "none.toml"))


def test_what_takes_long_comes_later(qtbot: QtBot, gated: Gated) -> None:
    gates, reading = gated
    with qtbot.waitSignal(reading.slow_reported) as told:
        assert reading.read("slow") is None
    assert told.args == ["reading slow …"]
    with qtbot.waitSignal(reading.came) as came:
        gates["slow"].set()
    assert came.args == ["slow", OTHER]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("wrong", "wrong: is empty"), ("broken", "broken: cannot be read: by nought")],
)
def test_what_goes_wrong_later_is_told(
    qtbot: QtBot, gated: Gated, name: str, sentence: str
) -> None:
    gates, reading = gated
    assert reading.read(name) is None
    with qtbot.waitSignal(reading.failed) as failed:
        gates[name].set()
    assert failed.args == [sentence]


def test_what_was_replaced_says_nothing_more(qtbot: QtBot, gated: Gated) -> None:
    gates, reading = gated
    assert reading.read("wrong") is None
    assert reading.read("slow") is None
    with qtbot.assertNotEmitted(reading.failed, wait=100):
        gates["wrong"].set()
    with qtbot.waitSignal(reading.came) as came:
        gates["slow"].set()
    assert came.args == ["slow", OTHER]
    assert reading.read("broken") is None
    reading.drop()
    with qtbot.assertNotEmitted(reading.failed, wait=100):
        gates["broken"].set()
    assert not [each for each in threading.enumerate() if each.name == "reading"]
