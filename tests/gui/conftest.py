"""Fixtures that open windows."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment
from gui.document import file_reader
from gui.explain import card
from gui.main_window import MainWindow
from tests.gui.windows import EXPERIMENT, LONG, Open, wait_for_training


@pytest.fixture
def open_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return what opens a window; it is trained to the end unless it takes too long.

    It waits for what it reads and explains, however slow the machine is.
    """
    monkeypatch.setattr(file_reader, "PATIENCE_SECONDS", 20.0)
    monkeypatch.setattr(card, "PATIENCE_SECONDS", 20.0)

    def open_window(experiment: Experiment = EXPERIMENT, **options: Any) -> MainWindow:
        window = MainWindow(experiment, **options)
        # A question at the end of a test that failed would wait for ever.
        qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
        with qtbot.waitExposed(window):
            window.show()
        qtbot.waitUntil(lambda: window.scene is not None and not window.scheduler.is_behind)
        if experiment is not LONG:
            wait_for_training(window, qtbot)
        return window

    return open_window


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    return open_window()
