"""The window's settings are read back as written, and broken ones never prevent the start."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from gui.settings.settings import (
    Settings,
    on_a_screen,
    read_settings,
    settings_path,
    write_settings,
)

SETTINGS = Settings(geometry=(10, 20, 1280, 720), theme="dark", speed=0.25, loop=True)


def test_written_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "window.json"
    write_settings(SETTINGS, path)
    assert read_settings(path) == SETTINGS
    assert [file.name for file in path.parent.iterdir()] == ["window.json"]


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "window.json") == Settings()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"theme": "green"}',
        b'{"geometry": [1, 2]}',
        b'{"geometry": [0, 0, 1e300, 3]}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_is_renamed(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_settings(path) == Settings()
    assert (tmp_path / "window.json.bad").read_bytes() == content
    assert "broken" in caplog.text
    write_settings(SETTINGS, path)
    assert read_settings(path) == SETTINGS


def test_unknown_keys_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"theme": "dark", "invented_later": [1, 2]}')
    assert read_settings(path).theme == "dark"


def test_a_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    write_settings(SETTINGS, tmp_path / "file" / "window.json")
    assert "settings" in caplog.text


def test_the_file_is_in_the_configuration_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_path() == tmp_path / "initscope" / "window.json"


@pytest.mark.parametrize(
    "rectangle", [QRect(-5000, -5000, 900, 700), QRect(9000, 30, 900, 700), QRect(0, 0, 9999, 9999)]
)
def test_a_window_on_a_missing_screen_moves_to_another(qapp: object, rectangle: QRect) -> None:
    from PySide6.QtGui import QGuiApplication

    free = QGuiApplication.primaryScreen().availableGeometry()
    placed = on_a_screen(rectangle)
    assert free.contains(placed)
    assert placed.width() == min(rectangle.width(), free.width())
