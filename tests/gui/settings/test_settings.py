"""The window's settings are read back as written, and broken ones never prevent the start."""

import json
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "green"},
        {"geometry": [1, 2]},
        {"geometry": [0, 0, 1e300, 3]},
        {"speed": "fast"},
        {"recent": [1]},
        {"maximized": None},
        {"invented_later": {"a": [1, 2]}},
    ],
)
def test_valid_settings_are_read_beside_others(tmp_path: Path, wrong: dict[str, object]) -> None:
    """Such as those of a newer version, and one that is out of range."""
    path = tmp_path / "window.json"
    stored = {"folder": "/here", "loop": True, "colour_scale": "frame"}
    path.write_text(json.dumps(stored | wrong))
    settings = read_settings(path)
    assert settings == Settings(folder="/here", loop=True, colour_scale="frame")
    assert [file.name for file in tmp_path.iterdir()] == ["window.json"]
    write_settings(settings.replaced(folder="/there"), path)
    written = json.loads(path.read_text())
    assert wrong.items() <= written.items()
    assert written["folder"] == "/there"


def test_a_setting_that_was_changed_replaces_one_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"theme": "green"}')
    write_settings(Settings(theme="dark"), path)
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
