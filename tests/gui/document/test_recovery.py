"""Recovery: unsaved work survives SIGKILL in sessions that are processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import DataSpec, Experiment
from engine.library.experiment_file import read_experiment, write_experiment
from gui.document import recovery
from gui.document.document import Document
from gui.document.opening import Opened
from gui.document.recovery import Recovery
from gui.document.unsaved_copy import UnsavedCopy, find_copies
from tests.processes import processes

ROOT = Path(__file__).parents[3]
SESSION = """
import json, sys
from PySide6.QtCore import QTimer
from engine.experiment.experiment import Experiment
from gui import app
from engine.editing.paths import edited
from gui.main_window import MainWindow
from gui.widgets.message_bar import MessageBar

application = app.make_application()
orders = iter(sys.argv[2:])

def next_order():
    windows = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow)]
    if not windows or windows[0].scene is None or windows[0].trainer.is_training:
        return
    window, order = windows[0], next(orders, None)
    document = window.document
    if order is None:
        timer.stop()
        reported = dict(title=document.experiment.title, path=str(document.path or ""),
                    modified=window.isWindowModified(), message=window.message,
                    role=window.findChild(MessageBar).property("role"), undo=document.undo_text)
        print(json.dumps(reported), flush=True)
    elif order.startswith("title="):
        changed = edited(document.experiment, {("title",): order[6:]})
        document.apply(changed, "Change title")
    elif order.startswith("open="):
        document.open(order[5:])
    elif order == "close":
        window.close_without_asking()
    else:
        getattr(document, order)()

timer = QTimer()
timer.timeout.connect(next_order)
timer.start(20)
sys.exit(app.open_window(sys.argv[1]))
"""


class Session:
    """The program in a separate process."""

    def __init__(self, home: Path, experiment: str | Path, *orders: str) -> None:
        environment = {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            environment[f"XDG_{name}_HOME"] = str(home / name.lower())
        self.home = home
        self._process = processes.start(
            [sys.executable, "-c", SESSION, str(experiment), *orders],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def state(self) -> dict[str, Any]:
        """What the window shows once it has done what was ordered."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        state: dict[str, Any] = json.loads(line)
        return state

    def kill(self, number: int = signal.SIGKILL) -> int:
        self._process.send_signal(number)
        return self.end()

    def end(self) -> int:
        self._process.communicate(timeout=30)
        return self._process.wait()


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Any]:
    """Start sessions; kill what is left of them."""
    started: list[Session] = []

    def start(*arguments: Any) -> Session:
        started.append(Session(tmp_path, *arguments))
        return started[-1]

    yield start
    for session in started:
        with suppress(ProcessLookupError):
            session.kill()


def copies(home: Path) -> list[Path]:
    return sorted((home / "data" / "initscope" / "unsaved").glob("[!.]*.toml"))


def wait_for_copy(qtbot: QtBot, home: Path, title: str) -> None:
    """Wait for the copy of a change: ten seconds are what may be lost."""

    def is_there() -> bool:
        return any(f'title = "{title}"' in file.read_text() for file in copies(home))

    qtbot.waitUntil(is_there, timeout=10_000)


def test_unsaved_work_survives_being_killed(sessions: Any, qtbot: QtBot, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    write_experiment(Experiment(title="saved"), mine)
    killed = sessions(mine, "title=changed")
    assert killed.state()["modified"]
    wait_for_copy(qtbot, tmp_path, "changed")
    killed.kill()

    again = sessions("constant")
    state = again.state()
    assert (state["title"], state["path"], state["modified"]) == ("changed", str(mine), True)
    assert "Recovered “changed”" in state["message"]
    assert state["role"] == "note"  # nothing went wrong
    assert state["undo"] == "Recover changed"
    assert read_experiment(mine).title == "saved"
    again.kill()  # before anything was done: it is still there

    undone = sessions("constant", "undo")
    state = undone.state()
    assert (state["path"], state["modified"]) == ("", False)
    undone.kill()

    saved = sessions("constant", "save", "close")
    assert saved.end() == 0
    assert read_experiment(mine).title == "changed"
    assert not copies(tmp_path)


def test_crashed_sessions_are_recovered_one_at_each_start_and_running_ones_are_not(
    sessions: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second = sessions("constant", "title=first"), sessions("constant", "title=second")
    running = sessions("constant", "title=running")
    for session, title in ((first, "first"), (second, "second"), (running, "running")):
        assert session.state()["title"] == title
        wait_for_copy(qtbot, tmp_path, title)
    first.kill()
    second.kill()
    titles = set()
    for others in ("one more copy was found", ""):
        again = sessions("constant")
        state = again.state()
        titles.add(state["title"])
        assert others in state["message"]
    assert titles == {"first", "second"}
    last = sessions("constant")
    assert not last.state()["message"]


def test_unsaved_experiments_that_are_not_shown_are_recovered(
    sessions: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    killed = sessions("constant", "title=first", "open=constant", "title=second")
    assert killed.state()["title"] == "second"
    for title in ("first", "second"):
        wait_for_copy(qtbot, tmp_path, title)
    killed.kill()
    assert {sessions("constant").state()["title"] for _ in range(2)} == {"first", "second"}


def test_a_signal_keeps_unsaved_changes(sessions: Any, tmp_path: Path) -> None:
    ended = sessions("constant", "title=not saved")
    ended.state()
    assert ended.kill(signal.SIGTERM) == 143  # immediately, before the copy is written
    assert sessions("constant").state()["title"] == "not saved"


def test_a_clean_exit_leaves_no_copies(sessions: Any, qtbot: QtBot, tmp_path: Path) -> None:
    session = sessions("constant", "title=x", "undo", "title=y", "close")
    assert session.end() == 0
    assert not copies(tmp_path)
    assert not sessions("constant").state()["message"]


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(Experiment(title="start"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "DELAY_MILLISECONDS", 10)


@pytest.mark.usefixtures("quick")
def test_a_copy_exists_while_there_are_unsaved_changes(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    writer = Recovery(document, tmp_path / "copies", document)
    document.apply(Experiment(title="one"), "One")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("copies/[!.]*.toml"))) == 1)
    document.undo()
    qtbot.waitUntil(lambda: not list(tmp_path.glob("copies/[!.]*.toml")))
    document.redo()
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("copies/[!.]*.toml"))) == 1)
    document.save(tmp_path / "saved.toml")
    qtbot.waitUntil(lambda: not list(tmp_path.glob("copies/[!.]*.toml")))
    writer.close(was_asked=True)
    assert not list((tmp_path / "copies").iterdir())


@pytest.mark.usefixtures("quick")
def test_the_copy_of_a_recovery_that_was_undone_stays(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    before = Document(Experiment(title="before"), document)
    writer = Recovery(before, tmp_path, before)
    before.apply(Experiment(title="lost"), "Change")
    writer.close(was_asked=False)

    writer = Recovery(document, tmp_path, document)
    writer.recover()
    assert document.experiment.title == "lost"
    document.undo()
    document.apply(Experiment(title="other"), "Change")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("[!.]*.toml"))) == 2)
    writer.close(was_asked=True)  # about the other one
    recovered = find_copies(tmp_path).recovered
    assert recovered
    assert recovered.content.experiment.title == "lost"
    recovered.copy.close()


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.usefixtures("quick")
def test_recovery_reports_info_and_broken_copies_report_an_error(
    document: Document, tmp_path: Path, broken: bool
) -> None:
    before = Document(Experiment(title="before"), document)
    writer = Recovery(before, tmp_path, before)
    before.apply(Experiment(title="lost"), "Change")
    writer.close(was_asked=False)
    (copy,) = tmp_path.glob("[!.]*.toml")
    if broken:
        copy.write_text("title = ")
    writer = Recovery(document, tmp_path, document)
    reported: list[str] = []
    infos: list[str] = []
    writer.error_reported.connect(reported.append)
    writer.info_reported.connect(infos.append)
    writer.recover()
    assert (len(reported), len(infos)) == ((1, 0) if broken else (0, 1))
    assert document.experiment.title == ("start" if broken else "lost")
    writer.close(was_asked=True)


@pytest.mark.parametrize(
    ("sessions_left", "ending"),
    [
        (1, "leads back to what you opened"),
        (2, "; one more copy was found and will be opened at the next start"),
        (3, "; 2 more copies were found and will be opened one at each start"),
    ],
)
def test_the_number_of_other_copies_is_reported(
    document: Document, tmp_path: Path, sessions_left: int, ending: str
) -> None:
    for _ in range(sessions_left):
        copy = UnsavedCopy(tmp_path)
        copy.write(Opened(Experiment(title="lost")))
        copy.close(keep=True)
    writer = Recovery(document, tmp_path, document)
    infos: list[str] = []
    writer.info_reported.connect(infos.append)
    writer.recover()
    assert infos[0].endswith(ending)
    writer.close(was_asked=True)


@pytest.mark.usefixtures("quick")
def test_each_opened_experiment_has_its_own_copy(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    writer = Recovery(document, tmp_path, document)
    document.apply(Experiment(title="left"), "Change")
    document.open("constant")
    document.apply(Experiment(title="shown"), "Change")

    def titles() -> set[str]:
        return {read_experiment(file).title for file in tmp_path.glob("[!.]*.toml")}

    qtbot.waitUntil(lambda: titles() == {"left", "shown"})
    (tmp_path / "saved").mkdir()
    document.save(tmp_path / "saved" / "shown.toml")
    qtbot.waitUntil(lambda: titles() == {"left"})
    writer.close(was_asked=False)
    assert titles() == {"left"}
    recovered = find_copies(tmp_path).recovered
    assert recovered
    recovered.copy.close()


@pytest.mark.usefixtures("quick")
def test_a_folder_that_cannot_be_written_is_reported_once(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    writer = Recovery(document, tmp_path / "file" / "copies", document)
    reported: list[str] = []
    writer.error_reported.connect(reported.append)
    for title in ("one", "two", "three"):
        document.apply(Experiment(title=title), "Change")
        qtbot.wait(60)
    assert len(reported) == 1
    assert reported[0].startswith("unsaved changes cannot be protected from a crash: cannot write")
    writer.close(was_asked=False)


@pytest.mark.usefixtures("quick")
def test_a_copy_is_written_when_the_folder_becomes_writable(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    writer = Recovery(document, tmp_path / "file" / "copies", document)
    with qtbot.waitSignal(writer.error_reported):
        document.apply(Experiment(title="later"), "Change")
    (tmp_path / "file").unlink()
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("file/copies/[!.]*.toml"))) == 1)
    writer.close(was_asked=True)


@pytest.mark.usefixtures("quick")
def test_many_points_are_written_in_a_thread(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    points = tuple((float(i), 0.5 * i, float(i % 2)) for i in range(100_000))
    writer = Recovery(document, tmp_path, document)
    document.apply(Experiment(title="many", data=DataSpec(points=points)), "Change")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("[!.]*.toml"))) == 1, timeout=10_000)
    writer.close(was_asked=False)
    recovered = find_copies(tmp_path).recovered
    assert recovered
    assert recovered.content.experiment == document.experiment
    recovered.copy.close()
