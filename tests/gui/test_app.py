"""Running the program with a window: its errors, signals and settings."""

import ctypes
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError, UsageError
from engine.library.built_ins import built_in
from gui import app
from gui.main_window import MainWindow
from gui.process import display
from gui.settings.settings import Settings, read_settings, settings_path

ROOT = Path(__file__).parents[2]


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start the program with these and no other variables that name a display."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


linux = pytest.mark.skipif(sys.platform != "linux", reason="displays have names on Linux only")


@linux
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "initscope: there is no display to open a window on; use `main.py export`"),
        ({"DISPLAY": ":987"}, "initscope: the display :987 does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-987"}, "initscope: there is no display"),
    ],
)
def test_a_missing_display_is_an_error(environment: dict[str, str], sentence: str) -> None:
    done = run(**environment)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("error", "package"),
    [
        ("libxcb-cursor.so.0: cannot open shared object file: No such file", "libxcb-cursor0"),
        ("libEGL.so.1: cannot open shared object file", "libegl1"),
        ("libxkbcommon-x11.so.0: cannot open shared object file", "libxkbcommon-x11-0"),
        ("libxcb-icccm.so.4: cannot open shared object file", "libxcb-icccm4"),
        ("libglib-2.0.so.0: cannot open shared object file", "libglib2.0-0"),
    ],
)
def test_missing_library_is_reported_with_its_package(error: str, package: str) -> None:
    messages = str(display.missing_library(OSError(error)))
    assert messages.endswith(f"sudo apt-get install {package}")
    assert error.split(":")[0] in messages


@linux
def test_missing_library_is_found_before_qt_aborts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file")

    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", fail)
    with pytest.raises(InitscopeError, match="libxcb-cursor0"):
        display.check_display()


@pytest.fixture
def closing(qapp: QApplication) -> Iterator[list[MainWindow]]:
    """Close every window that opens, and list them."""
    seen: list[MainWindow] = []

    def close() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, MainWindow) and widget.isVisible():
                if widget.scene is None:
                    return
                seen.append(widget)
                messages.append(widget.message)
                widget.close()

    messages: list[str] = []
    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(20)
    yield seen
    timer.stop()


def test_open_window_writes_the_settings(closing: list[MainWindow]) -> None:
    assert app.open_window("constant") == 0
    assert len(closing) == 1
    assert read_settings(settings_path()).geometry is not None
    assert sys.excepthook is sys.__excepthook__


def test_objects_of_the_modules_are_excluded_from_collection(
    closing: list[MainWindow],
) -> None:
    gc.unfreeze()
    app.open_window("constant")
    assert 0 < len(gc.get_objects()) < gc.get_freeze_count()
    gc.unfreeze()


def test_an_unknown_experiment_opens_no_window(closing: list[MainWindow]) -> None:
    with pytest.raises(UsageError, match="constant"):
        app.open_window("constannt")
    assert not closing


def test_a_platform_that_breaks_symmetry_is_reported(
    closing: list[MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[str] = []
    monkeypatch.setattr(app, "keeps_identical_units_identical", lambda: False)
    monkeypatch.setattr(MainWindow, "show_error", lambda self, sentence: messages.append(sentence))
    app.open_window()
    assert "NumPy rounds the sums of identical units differently" in messages[0]


def test_an_unexpected_error_is_reported_and_the_window_stays(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    window = MainWindow(built_in("constant"), Settings())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    try:
        raise ZeroDivisionError("by nought")
    except ZeroDivisionError as error:
        app.show_exception(window, type(error), error, error.__traceback__)
    assert window.message == "Something went wrong; nothing was changed: by nought"
    assert window.isVisible()
    assert "by nought" in caplog.text
    window.close()
