"""Opening and saving in the window; an error changes nothing."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMenu,
    QMessageBox,
)
from pytestqt.qtbot import QtBot

from engine.editing.paths import edited
from engine.library.built_ins import built_in
from engine.library.experiment_file import read_experiment, write_experiment
from gui.document import file_reader, files
from gui.document.opening import Opened, open_document
from gui.main_window import MainWindow
from tests.gui.windows import EXPERIMENT, Open, act, choose_files, picture


def test_an_opened_experiment_starts_at_frame_0(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "other.toml"
    write_experiment(edited(EXPERIMENT, {("title",): "Other"}), path)
    window.player.seek(50)
    with qtbot.waitSignal(window.trainer.finished):
        window.open_file(str(path))
    assert window.windowTitle().startswith("Other")
    assert window.player.index == 0
    assert window.settings.folder == str(tmp_path)


BROKEN = (None, b"", b"\x00\xff", b"title = [", b"[network]\nlayers = [2]", b"[data]\nn = 1")


def test_a_broken_file_changes_nothing(window: MainWindow, tmp_path: Path) -> None:
    window.player.seek(70)
    before, shown = window.scene, picture(window).size()
    for number, content in enumerate(BROKEN):
        path = tmp_path / f"bad{number}.toml"
        if content is not None:
            path.write_bytes(content)
        window.open_file(str(path))
        assert path.name in window.message
        assert window.scene is before
        assert (window.player.index, window.document.experiment) == (70, EXPERIMENT)
        assert shown.width() == picture(window).width()


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *buttons)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    dropped = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *buttons)
    QApplication.sendEvent(window, dropped)


def test_a_dropped_file_is_opened(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dropped.toml"
    write_experiment(edited(EXPERIMENT, {("title",): "Dropped"}), path)
    drop(window, path)
    assert window.document.experiment.title == "Dropped"


def test_dropped_points_are_imported(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "points.CSV"
    path.write_text("x1,x2,y\n1,0,1\n0,1,0\n")
    drop(window, path)
    experiment = window.document.experiment
    assert experiment.title == EXPERIMENT.title
    assert experiment.data.points == ((1.0, 0.0, 1.0), (0.0, 1.0, 0.0))
    assert not window.settings.recent  # no experiment


def recent_menu(window: MainWindow) -> QMenu:
    """Return the menu of recent files, filled as when it is opened."""
    menu = window.findChild(QMenu, "recent_files")
    assert menu
    menu.aboutToShow.emit()
    return menu


def recent_texts(window: MainWindow) -> list[str]:
    return [each.text() for each in recent_menu(window).actions() if not each.isSeparator()]


def test_a_built_in_replaces_a_file_that_is_being_read(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def read(name: str) -> Opened:
        if name != "slow.toml":
            return open_document(name)
        assert gate.wait(20)
        return Opened(edited(EXPERIMENT, {("title",): "Slow"}))

    monkeypatch.setattr(files, "open_document", read)
    monkeypatch.setattr(file_reader, "PATIENCE_SECONDS", 0.0)
    window = open_window()
    window.open_file("slow.toml")
    window.open_file("constant")
    assert window.document.experiment == built_in("constant")
    gate.set()
    qtbot.waitUntil(lambda: "reading" not in {each.name for each in threading.enumerate()})
    qtbot.wait(10)  # what it has to tell would have come by now
    assert window.document.experiment == built_in("constant")


def test_recent_files_are_listed_opened_and_cleared(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    assert recent_texts(window) == ["No files yet", "Clear the list"]
    paths = [tmp_path / name for name in ("a/x.toml", "b/x.toml", "R&D.toml")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        write_experiment(edited(EXPERIMENT, {("title",): str(path)}), path)
        window.open_file(str(path))
    window.open_file(str(paths[0]))
    window.open_file(str(tmp_path / "missing.toml"))
    assert recent_texts(window) == ["x.toml — a", "R&&D.toml", "x.toml — b", "Clear the list"]
    paths[2].unlink()
    assert recent_texts(window) == ["x.toml — a", "x.toml — b", "Clear the list"]
    recent_menu(window).actions()[1].trigger()
    assert window.document.path == paths[1]
    assert window.settings.recent == tuple(str(paths[n]) for n in (1, 0, 2))
    again = open_window(settings=window.settings)
    assert recent_texts(again)[0] == "x.toml — b"
    recent_menu(again).actions()[-1].trigger()
    assert recent_texts(again) == ["No files yet", "Clear the list"]
    assert not again.settings.recent


def test_exported_files_are_listed_as_recent(
    open_window: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    from gui.export.plan import ExportPlan, parse_frames
    from gui.export.renderer import export_frames

    window = open_window()
    assert window.scene
    path = tmp_path / "frame.png"
    export_frames(window.scene, ExportPlan(path, frames=parse_frames("5")))
    drop(window, path)
    window.files.save_to(str(tmp_path / "saved"))
    assert recent_texts(window)[:2] == ["saved.toml", "frame.png"]
    assert window.document.path == tmp_path / "saved.toml"


def test_save_as_and_open_show_file_dialogs(window: MainWindow, tmp_path: Path) -> None:
    act(window, "save")  # it has no file yet, so this asks too
    dialog = window.findChild(QFileDialog)
    assert dialog
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(tmp_path / "mine"))
    dialog.done(QDialog.DialogCode.Accepted)
    assert read_experiment(tmp_path / "mine.toml") == EXPERIMENT
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    act(window, "save")
    assert read_experiment(tmp_path / "mine.toml").title == "Mine"
    assert not window.isWindowModified()


@pytest.mark.parametrize(
    ("chosen", "written"),
    [("run v1.5", "run v1.5.toml"), (".toml", "experiment.toml"), ("a.TOML", "a.TOML")],
)
def test_a_saved_file_can_be_opened_again(
    window: MainWindow, tmp_path: Path, chosen: str, written: str
) -> None:
    window.files.save_to(str(tmp_path / chosen))
    assert [file.name for file in tmp_path.iterdir()] == [written]
    assert read_experiment(tmp_path / written) == EXPERIMENT
    assert str(tmp_path / written) in window.settings.recent


def test_a_file_that_only_the_suffix_names_is_not_replaced_without_a_question(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog has asked about the name without the suffix, if at all."""
    path = tmp_path / "run v1.5.toml"
    write_experiment(built_in("moons"), path)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    window.files.save_to(str(tmp_path / "run v1.5"))
    assert read_experiment(path) == built_in("moons")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    window.files.save_to(str(tmp_path / "run v1.5"))
    assert read_experiment(path) == EXPERIMENT


@pytest.mark.parametrize("title", ["", "→ ?!", "..."])
def test_a_title_without_letters_proposes_a_name(window: MainWindow, title: str) -> None:
    window.document.apply(edited(EXPERIMENT, {("title",): title}), "Change title")
    act(window, "save_as")
    dialog = window.findChild(QFileDialog)
    assert dialog
    assert [Path(name).name for name in dialog.selectedFiles()] == ["experiment.toml"]
    dialog.done(QDialog.DialogCode.Rejected)


def test_a_failed_save_is_reported(window: MainWindow, tmp_path: Path) -> None:
    window.files.save_to(str(tmp_path / "missing" / "a.toml"))
    assert "there is no folder" in window.message
    assert window.document.path is None


@pytest.mark.parametrize(
    ("button", "closes", "saved"),
    [
        (QMessageBox.StandardButton.Cancel, False, False),
        (QMessageBox.StandardButton.Discard, True, False),
        (QMessageBox.StandardButton.Save, True, True),
    ],
)
def test_closing_asks_about_unsaved_changes(
    open_window: Open,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    button: QMessageBox.StandardButton,
    closes: bool,
    saved: bool,
) -> None:
    window = open_window(asks=True)
    path = tmp_path / "mine.toml"
    window.document.save(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    assert window.close() == closes
    assert (read_experiment(path).title == "Mine") == saved
    window.close_without_asking()


def test_closing_without_changes_asks_nothing(open_window: Open) -> None:
    assert open_window(asks=True).close()


def test_a_failed_save_at_closing_asks_for_another_file(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(asks=True)
    gone = tmp_path / "gone"
    gone.mkdir()
    window.document.save(gone / "mine.toml")
    (gone / "mine.toml").unlink()
    gone.rmdir()
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    questions: list[str] = []
    names = None, gone / "again.toml", tmp_path / "elsewhere.toml"

    def answer(*arguments: object) -> QMessageBox.StandardButton:
        questions.append(str(arguments[2]))
        return QMessageBox.StandardButton.Save

    monkeypatch.setattr(QMessageBox, "question", answer)
    choose_files(monkeypatch, *names)
    assert not window.close()  # no name was given
    assert window.isVisible()
    assert "there is no folder" in questions[1]
    assert questions[1].endswith("Save the changes elsewhere?")
    assert window.close()
    assert read_experiment(tmp_path / "elsewhere.toml").title == "Mine"


def test_closing_asks_about_every_opened_experiment(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(asks=True)
    for name in ("first", "second"):  # the first has a file, the second none yet
        window.document.apply(edited(EXPERIMENT, {("title",): f"My {name}"}), "Change title")
        if name == "first":
            window.document.save(tmp_path / "first.toml")
            window.document.apply(edited(EXPERIMENT, {("title",): "Changed"}), "Change title")
        window.document.open("constant")
    questions: list[str] = []
    answers = iter([QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Save])

    def answer(*arguments: object) -> QMessageBox.StandardButton:
        questions.append(str(arguments[2]))
        return next(answers)

    second = tmp_path / "second.toml"
    monkeypatch.setattr(QMessageBox, "question", answer)
    choose_files(monkeypatch, second)
    assert not window.close()
    assert window.close()
    assert questions == ["Save the changes to “Changed” and “My second”?"] * 2
    assert read_experiment(tmp_path / "first.toml").title == "Changed"
    assert read_experiment(second).title == "My second"


def test_two_versions_of_one_file_are_saved_to_two_files(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(asks=True)
    path, other = tmp_path / "mine.toml", tmp_path / "other.toml"
    window.document.save(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "One"}), "Change title")
    window.document.open(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "Two"}), "Change title")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Save)
    proposed = choose_files(monkeypatch, path, other)
    assert window.close()
    assert [read_experiment(file).title for file in (path, other)] == ["Two", "One"]
    assert proposed[0] == str(tmp_path / "mine-2.toml")


def test_closing_does_not_ask_about_an_experiment_saved_later(
    open_window: Open, tmp_path: Path
) -> None:
    window = open_window(asks=True)
    path = tmp_path / "mine.toml"
    window.document.save(path)
    window.document.open("constant")
    window.document.open(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    window.document.save()
    assert window.close()
    assert read_experiment(path).title == "Mine"


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_saving_asks_before_it_replaces_changes_of_another_program(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    window = open_window()
    path = tmp_path / "mine.toml"
    window.document.save(path)
    window.document.apply(edited(EXPERIMENT, {("title",): "Mine"}), "Change title")
    write_experiment(edited(EXPERIMENT, {("title",): "Of somebody else"}), path)
    questions: list[str] = []

    def ask(*arguments: object) -> QMessageBox.StandardButton:
        questions.append(str(arguments[2]))
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", ask)
    act(window, "save")
    assert questions == ["mine.toml has changed on disk since it was opened. Replace it?"]
    found = read_experiment(path).title
    if answer == "Yes":
        assert found == "Mine"
        act(window, "save")  # it is known now
        assert len(questions) == 1
    else:
        assert found == "Of somebody else"
        dialog = window.findChild(QFileDialog)
        assert dialog is not None
        dialog.reject()
