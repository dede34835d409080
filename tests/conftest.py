"""Fixtures of all tests: no display, no home folder, fixed random cases and no leaked widgets."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

# Before Qt is imported. A display is used only when INITSCOPE_TEST_DISPLAY=1 asks for it.
_HOME = tempfile.TemporaryDirectory(prefix="initscope-tests-", ignore_cleanup_errors=True)
os.environ["HOME"] = _HOME.name
for _folder in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME"):
    os.environ[f"XDG_{_folder}"] = str(Path(_HOME.name, _folder.lower()))
if not os.environ.get("INITSCOPE_TEST_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["XDG_RUNTIME_DIR"] = _HOME.name

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _top_level_widgets() -> "set[QWidget]":
    if "PySide6.QtWidgets" not in sys.modules:
        return set()
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return set()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {widget for widget in QApplication.topLevelWidgets() if widget.parent() is None}


@pytest.fixture(autouse=True)
def _no_widget_left_alive() -> Iterator[None]:
    """Fail a test that leaves a top-level widget behind: the next test would meet it."""
    before = _top_level_widgets()
    yield
    if _top_level_widgets() - before:
        gc.collect()  # what only a cycle of references holds is no leak
    left = _top_level_widgets() - before
    assert not left, f"top-level widgets left alive: {left}"
