"""Helpers for tests of the whole window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QSlider
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.built_ins import built_in
from gui.main_window import MainWindow

EXPERIMENT = built_in("zero-vs-random")
LONG = Experiment(title="long", training=TrainingSpec(steps=3_000_000))

Open = Callable[..., MainWindow]


def wait_for_training(window: MainWindow, qtbot: QtBot) -> None:
    def is_shown() -> bool:
        return not window.trainer.is_training and not window.scheduler.is_behind

    qtbot.waitUntil(is_shown, timeout=20_000)


def act(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action
    action.trigger()


def timeline(window: MainWindow) -> QSlider:
    slider = window.findChild(QSlider, "timeline")
    assert slider
    return slider


def choose_files(monkeypatch: pytest.MonkeyPatch, *names: Path | None) -> list[str]:
    """Let dialogs choose these files, one each, None to cancel; return what they propose."""
    proposed: list[str] = []
    chosen = iter(names)
    selected = QFileDialog.selectedFiles
    now: list[Path | None] = [None]

    def execute(dialog: QFileDialog) -> bool:
        proposed.extend(selected(dialog))
        now[0] = next(chosen)
        return now[0] is not None

    monkeypatch.setattr(QFileDialog, "exec", execute)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(now[0])])
    return proposed


def picture(window: MainWindow) -> Any:
    return window.view.grab().toImage()
