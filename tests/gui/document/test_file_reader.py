"""The file reader: quick files are reported immediately, slow ones later unless replaced."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from gui.document import file_reader as module
from gui.document.file_reader import FileReader
from gui.document.opening import open_to_show

OTHER = Experiment(title="other")
Gated = tuple[dict[str, threading.Event], FileReader]


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Gated:
    """A reader, and for each file the event that it waits for."""
    gates = {name: threading.Event() for name in ("slow", "wrong", "broken")}
    errors = {"wrong": UsageError("wrong: is empty"), "broken": ZeroDivisionError("by nought")}

    def read(name: str) -> Experiment:
        gates[name].wait(20)
        if name in errors:
            raise errors[name]
        return OTHER

    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    return gates, FileReader(read)


def test_quick_files_are_reported_immediately(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 20.0)
    reader = FileReader(open_to_show)
    path = tmp_path / "x.toml"
    path.write_text('format = 1\ntitle = "other"')
    contents: list[object] = []
    errors: list[str] = []
    reader.finished.connect(lambda name: contents.append((name, reader.content)))
    reader.failed.connect(errors.append)
    reader.read(str(path))
    assert contents == [(str(path), OTHER)]
    assert not errors
    reader.read(str(tmp_path / "none.toml"))
    assert len(contents) == len(errors) == 1
    assert "no such file" in errors[0]


def test_slow_files_are_reported_later_and_once(qtbot: QtBot, gated: Gated) -> None:
    gates, reader = gated
    with qtbot.waitSignal(reader.slow_reported) as notice:
        reader.read("slow")
    assert notice.args == ["reading slow …"]
    with qtbot.waitSignal(reader.finished) as finished:
        gates["slow"].set()
    assert (finished.args[0], reader.content) == ("slow", OTHER)
    with qtbot.assertNotEmitted(reader.finished, wait=50):
        pass


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("wrong", "wrong: is empty"), ("broken", "broken: cannot be read: by nought")],
)
def test_errors_of_slow_files_are_reported(
    qtbot: QtBot, gated: Gated, name: str, sentence: str
) -> None:
    gates, reader = gated
    reader.read(name)
    with qtbot.waitSignal(reader.failed) as failed:
        gates[name].set()
    assert failed.args == [sentence]


def test_replaced_and_cancelled_files_emit_no_signals(qtbot: QtBot, gated: Gated) -> None:
    gates, reader = gated
    reader.read("wrong")
    reader.read("slow")
    with qtbot.assertNotEmitted(reader.failed, wait=100):
        gates["wrong"].set()
    with qtbot.waitSignal(reader.finished) as finished:
        gates["slow"].set()
    assert (finished.args[0], reader.content) == ("slow", OTHER)
    reader.read("broken")
    reader.cancel()
    with qtbot.assertNotEmitted(reader.failed, wait=100):
        gates["broken"].set()
    assert not [each for each in threading.enumerate() if each.name == "reading"]
