"""A file that has changed since it was read, by whomever, is not replaced without a question."""

import os
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment
from engine.library import experiment_file
from engine.library.experiment_file import read_experiment, write_experiment
from gui.document import opening
from gui.document.document import Document
from gui.document.opening import open_document
from gui.document.recovery import Recovery
from gui.main_window import MainWindow
from tests.gui.windows import Open, act

MINE, THEIRS = Experiment(title="mine!"), Experiment(title="theirs")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shared.toml"
    write_experiment(MINE, path)
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions, which are answered with No."""
    questions: list[str] = []

    def question(_: object, __: str, text: str, *___: object) -> QMessageBox.StandardButton:
        questions.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    return questions


def edit_and_save(window: MainWindow) -> None:
    window.document.edit(lambda old: old.replace(notes="edited"), "Change notes")
    act(window, "save")


def test_a_change_between_reading_and_showing_is_noticed(
    open_window: Open, path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the thread that reads, after it has read."""
    parse = experiment_file.parse_experiment

    def changed_meanwhile(*arguments: object) -> Experiment:
        found = parse(*arguments)  # type: ignore[arg-type]
        write_experiment(THEIRS, path)
        return found

    window = open_window()
    with monkeypatch.context() as patch:
        patch.setattr(opening, "parse_experiment", changed_meanwhile)
        window.open_file(str(path))
    assert window.document.experiment == MINE
    edit_and_save(window)
    assert len(asked) == 1
    assert read_experiment(path) == THEIRS


def test_a_change_before_the_window_is_shown_is_noticed(
    open_window: Open, path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_document(str(path))
    write_experiment(THEIRS, path)
    window = open_window(opened.experiment)
    window.document.name_file(opened)
    edit_and_save(window)
    assert len(asked) == 1
    assert read_experiment(path) == THEIRS


def test_a_change_of_equal_size_and_time_is_noticed(
    open_window: Open, path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clocks are coarse, and can go backwards."""
    window = open_window()
    window.open_file(str(path))
    before = path.stat()
    path.write_text(path.read_text().replace("mine!", "yours"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    edit_and_save(window)
    assert len(asked) == 1


def test_a_file_that_is_only_touched_is_saved_without_a_question(
    open_window: Open, path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.open_file(str(path))
    os.utime(path, (0, 0))
    edit_and_save(window)
    assert asked == []
    assert read_experiment(path).notes == "edited"


def test_two_windows_that_save_in_turn_do_not_undo_each_other(
    open_window: Open, path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = open_window(), open_window()
    for window in (one, other):
        window.open_file(str(path))
    edit_and_save(one)
    act(one, "save")  # again: its own save is no change by another program
    assert asked == []
    other.document.edit(lambda old: old.replace(title="other"), "Change title")
    act(other, "save")
    assert len(asked) == 1
    assert read_experiment(path).title == "mine!"
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    act(other, "save")
    assert read_experiment(path).title == "other"
    monkeypatch.undo()


def test_two_openings_of_one_file_do_not_undo_each_other(
    open_window: Open, path: Path, asked: list[str]
) -> None:
    window = open_window()
    window.open_file(str(path))
    window.open_file(str(path))
    edit_and_save(window)
    while window.document.is_modified or window.document.experiment.notes == "edited":
        act(window, "undo")  # to the first opening, which is as it was read
    act(window, "save")
    assert len(asked) == 1
    assert read_experiment(path).notes == "edited"


def test_a_recovered_document_has_the_version_that_its_session_has_read(
    qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    """What another program wrote between the crash and the recovery is not replaced."""
    document = Document(Experiment())
    writer = Recovery(document, tmp_path / "unsaved", document)
    document.open(path)
    document.apply(MINE.replace(notes="not saved"), "Change notes")
    writer.close(was_asked=False)
    write_experiment(THEIRS, path)
    later = Document(Experiment())
    recovery = Recovery(later, tmp_path / "unsaved", later)
    recovery.recover()
    assert (later.experiment.notes, later.path) == ("not saved", path)
    assert later.is_overtaken(later.state)
    recovery.close(was_asked=True)


def test_a_clock_that_goes_backwards_loses_no_copy(qtbot: QtBot, tmp_path: Path) -> None:
    """Two sessions end; the later one's copy seems to be older, or to be from the future."""
    for number, time in enumerate((2_000_000_000, 1_000_000_000)):
        document = Document(Experiment())
        writer = Recovery(document, tmp_path, document)
        document.apply(Experiment(title=f"session {number}"), "Change title")
        writer.close(was_asked=False)
        for file in tmp_path.glob("[!.]*.toml"):
            os.utime(file, (time, time))
    found = set()
    for _ in range(2):
        document = Document(Experiment())
        recovery = Recovery(document, tmp_path, document)
        recovery.recover()
        found.add(document.experiment.title)
        recovery.close(was_asked=True)
    assert found == {"session 0", "session 1"}


def has_copy(folder: Path, title: str) -> bool:
    copies = [file.read_text() for file in folder.glob("[!.]*.toml")]
    return any(f'title = "{title}"' in copy for copy in copies)


def test_autosave_goes_on_while_the_clock_goes_backwards(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its delay is measured by a clock that never goes backwards."""
    import time

    from gui.document import recovery as recovery_module

    monkeypatch.setattr(recovery_module, "DELAY_MILLISECONDS", 30)
    start = time.time()
    ticks = iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: start - 3600.0 * next(ticks))
    document = Document(Experiment())
    writer = Recovery(document, tmp_path, document)
    for title in ("one", "two", "three"):
        document.apply(Experiment(title=title), "Change title")
        written = partial(has_copy, tmp_path, title)
        qtbot.waitUntil(written)
    writer.close(was_asked=True)
    assert list(tmp_path.glob("[!.]*.toml")) == []
