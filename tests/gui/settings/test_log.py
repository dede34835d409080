"""The log is stored in its folder, and a report contains versions and the end of the log."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtGui import QGuiApplication

from gui.main_window import MainWindow
from gui.settings.log import LARGEST, TAIL, log_path, logging_to_file, report_text
from tests.gui.windows import act


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "ünï state"))
    return log_path()


def test_log_entries_and_warnings_of_qt_are_written(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(logging.getLogger().handlers)
    with logging_to_file():
        logging.getLogger("gui.test").error("broken: %s", "ünï")
        qWarning("a warning of Qt")
    text = path.read_text(encoding="utf-8")
    assert "ERROR gui.test: broken: ünï" in text
    assert "WARNING Qt: a warning of Qt" in text
    assert "broken: ünï" in capsys.readouterr().err
    assert logging.getLogger().handlers == before


def test_the_size_of_the_log_is_limited(path: Path) -> None:
    with logging_to_file():
        for number in range(4000):
            logging.getLogger("gui.test").debug("not stored")
            logging.getLogger("gui.test").warning("%d %s", number, "x" * 200)
    files = list(path.parent.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size <= LARGEST for file in files)
    assert "3999 xxx" in path.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_no_error(path: Path) -> None:
    path.parent.parent.mkdir()
    path.parent.write_text("a file where the folder should be")
    with logging_to_file():
        logging.getLogger("gui.test").warning("still printed on the terminal")
    assert "cannot be read" in report_text()


def test_a_report_contains_versions_and_the_end_of_the_log(
    path: Path, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    with logging_to_file():
        for number in range(2 * TAIL):
            logging.getLogger("gui.test").warning("%d in /home/somebody/x.toml", number)
    act(window, "report")
    text = QGuiApplication.clipboard().text()
    assert "numpy 2." in text
    assert f"{2 * TAIL - 1} in ~/x.toml" in text
    assert f" {TAIL - 1} in" not in text
    assert "somebody" not in text
    assert "Copied the versions" in window.message
