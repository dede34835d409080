"""Titles, notes and names with HTML or Markdown are shown as text; nothing is loaded."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QHelpEvent, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMessageBox,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.editing.paths import edited
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.experiment_file import write_experiment
from engine.nn.initializers import Normal
from gui.export.dialogs.animation_dialog import AnimationDialog
from gui.main_window import MainWindow
from tests.gui.windows import Open, act, timeline, wait_for_training

MARK = "<b>mine</b>"
IN_OPEN = 0x20


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture in a separate folder, which no untrusted file may make the program load."""
    from PySide6.QtGui import QPixmap

    path = tmp_path / "watched" / "picture.png"
    path.parent.mkdir()
    pixmap = QPixmap(9, 9)
    pixmap.fill(Qt.GlobalColor.red)
    assert pixmap.save(str(path))
    return path


@pytest.fixture
def openings(picture: Path) -> Iterator[Callable[[], bytes]]:
    """Return a function that reports which files beside the picture were opened."""
    if sys.platform != "linux":
        pytest.skip("only Linux reports which files are opened")
    libc = ctypes.CDLL(None)
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(descriptor, bytes(picture.parent), IN_OPEN) >= 0

    def reported() -> bytes:
        try:
            return os.read(descriptor, 4096)
        except BlockingIOError:
            return b""

    yield reported
    os.close(descriptor)


@pytest.fixture
def urls(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """Return what the program asks the desktop to open."""
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)
    return asked


def hostile(picture: Path) -> Experiment:
    url = QUrl.fromLocalFile(str(picture)).toString()
    tags = (
        f"<img src='{url}'><a href='{url}'>x</a><script>alert(1)</script><img src='http://x.y/z'>"
    )
    notes = (
        f"{MARK} {tags} ![shot]({url}) ![]({picture}) ![late][r] [words]({url}) <http://x.y>\n\n"
        f"[![both]({url})]({url})\n\n<style>p {{ background-image: url({url}) }}</style>\n\n"
        f"`{MARK}`\n\n[r]: {url}\n"
    )
    start = Normal(scale=1.0, seed=3)
    return Experiment(
        title=f"{MARK}{tags}",
        notes=notes,
        data=DataSpec(name="xor"),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        training=TrainingSpec(steps=40, learning_rate=0.1),
        runs=tuple(Run(name=f"{MARK}{tags}{i}", init=start, learning_rate=10.0**i) for i in (0, 3)),
    )


def seen_in(text: str, text_format: Qt.TextFormat = Qt.TextFormat.AutoText) -> str:
    """What a reader sees of a text; where it is HTML, there may be no picture and no link in it."""
    rich = text_format is Qt.TextFormat.RichText
    if text_format is Qt.TextFormat.MarkdownText:
        raise AssertionError("Markdown that a label reads may hold HTML and pictures")
    if not rich and not (text_format is Qt.TextFormat.AutoText and GuiQt.mightBeRichText(text)):
        return text
    document = QTextDocument()
    document.setHtml(text)
    html = document.toHtml()
    assert "<img" not in html, text
    assert "<a " not in html or "x.y" not in html, text
    return document.toPlainText()


def check_all(window: QWidget) -> int:
    """Check every label and every tool tip; return how many of them show the mark."""
    marked = 0
    for label in window.findChildren(QLabel):
        assert not label.openExternalLinks()
        text = seen_in(label.text(), label.textFormat())
        assert "mine" not in text or MARK in text, label.text()
        marked += MARK in text
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    tips += [action.toolTip() for action in window.findChildren(QAction)]
    for tip in tips:
        text = seen_in(tip)
        assert "mine" not in text or MARK in text, tip
        marked += MARK in text
    return marked


def hover(window: MainWindow) -> Iterator[str]:
    """Point at the whole stage and at the timeline, and yield what the tool tips say."""
    view = window.view.viewport()
    places = [(view, QPoint(x, y)) for x in range(4, view.width(), 24) for y in range(4, 700, 24)]
    line = timeline(window)
    places += [(line, QPoint(x, 8)) for x in range(0, line.width(), 9)]
    for widget, place in places:
        if not widget.rect().contains(place):
            continue
        there = widget.mapToGlobal(place)
        QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, place, there))
        if QToolTip.isVisible():
            yield QToolTip.text()
    QToolTip.hideText()


def test_markup_in_an_experiment_is_shown_as_text(
    open_window: Open,
    qtbot: QtBot,
    tmp_path: Path,
    picture: Path,
    urls: list[QUrl],
    openings: Callable[[], bytes],
) -> None:
    window = open_window(asks=True)
    file = tmp_path / f"{MARK.replace('/', '_')}.toml"
    write_experiment(hostile(picture), file)
    window.open_file(str(file))
    wait_for_training(window, qtbot)
    about = window.findChild(QToolButton, "about")
    notes = window.findChild(QLabel, "notes")
    assert about
    assert notes
    QTest.mouseClick(about, Qt.MouseButton.LeftButton)
    assert notes.isVisible()
    qtbot.wait(50)  # it is painted
    for x in range(0, notes.width(), 12):
        for y in range(0, notes.height(), 12):
            QTest.mouseClick(notes, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert check_all(window) >= 2  # the notes, and what the menu would undo
    tips = [seen_in(tip) for tip in hover(window)]
    assert len(tips) > 20
    assert all("mine" not in tip or MARK in tip for tip in tips)

    act(window, "export")
    dialog = window.findChild(AnimationDialog)
    assert dialog
    qtbot.waitUntil(lambda: not dialog.preview.picture.pixmap().isNull(), timeout=5000)
    check_all(dialog)
    dialog.close()

    reported: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        reported.append(box.text())
        box.button(QMessageBox.StandardButton.Discard).click()

    window.document.apply(edited(hostile(picture), {("training", "steps"): 3}), f"Change {MARK}")
    check_all(window)
    QTimer.singleShot(0, answer)
    assert window.close()
    assert MARK in seen_in(reported[0])
    assert not urls
    assert not openings()


def test_the_watcher_sees_the_opening_of_a_file(
    picture: Path, openings: Callable[[], bytes]
) -> None:
    picture.read_bytes()
    assert openings()
