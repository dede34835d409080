"""A failed save on a full disk leaves the document modified and the older file unchanged."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from engine.editing.paths import edited
from engine.library.experiment_file import read_experiment
from gui.main_window import MainWindow
from tests.gui.windows import EXPERIMENT, Open, act, choose_files
from tests.trust.programs import names

if sys.platform == "win32":
    pytest.skip("Windows limits no file's size", allow_module_level=True)

import resource

CHANGED = edited(EXPERIMENT, {("title",): "Mine"})


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def unsaved(open_window: Open, tmp_path: Path) -> Iterator[MainWindow]:
    """A window with a change that its file has not."""
    window = open_window(asks=True)
    window.document.save(tmp_path / "mine.toml")
    window.document.apply(CHANGED, "Change title")
    yield window
    window.close_without_asking()


def test_a_failed_save_stays_unsaved(unsaved: MainWindow, tmp_path: Path) -> None:
    before = (tmp_path / "mine.toml").read_bytes()
    with full_disk():
        act(unsaved, "save")
    assert "mine.toml: file too large" in unsaved.message
    assert unsaved.isWindowModified()
    assert (tmp_path / "mine.toml").read_bytes() == before
    assert names(tmp_path) == ["mine.toml"]
    act(unsaved, "save")
    assert not unsaved.isWindowModified()
    assert read_experiment(tmp_path / "mine.toml") == CHANGED


def test_closing_after_a_failed_save_asks_for_another_file(
    unsaved: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    before = (tmp_path / "mine.toml").read_bytes()
    asked: list[str] = []
    button = QMessageBox.StandardButton

    def answer(parent: object, title: str, question: str, *rest: object) -> object:
        asked.append(question)
        return button.Cancel if len(asked) > 2 else button.Save

    monkeypatch.setattr(QMessageBox, "question", answer)
    choose_files(monkeypatch, elsewhere, elsewhere)
    with full_disk():
        assert not unsaved.close()
    assert len(asked) == 3
    assert all("file too large" in question for question in asked[1:])
    assert all("elsewhere?" in question for question in asked[1:])
    assert unsaved.document.is_modified
    assert (tmp_path / "mine.toml").read_bytes() == before
    assert names(tmp_path) == ["mine.toml"]
