"""A scenario that runs in the event loop of the whole program, in a separate process.

Only there are memory and lateness what they are for a user: without a loop nothing that is to be
deleted later ever is.
"""

import ctypes
import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from tests.processes import processes
from tests.trust.programs import ROOT, ended, surroundings

Figures = dict[str, Any]
Wait = Generator[None, None, None]
Story = Generator[None, None, Figures]
"""It gets its turn again and again, and returns what it found."""
ONE_HEAP = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(2**17)}
"""Surroundings in which memory can be weighed. Of the heaps of threads, the GNU allocator keeps
megabytes at their ends that it gives back only from the main one; and what was freed among what is
still used it keeps as well, unless large arrays stay apart, as they do here."""


def run_story(
    name: str,
    number: int,
    *words: str | Path,
    seconds: float = 120,
    is_forked: bool = True,
    **variables: str,
) -> Figures:
    """Run a scenario in a separate process that exits with 0; return its results.

    What was written to standard error is among it, but for what the offscreen platform lacks.
    The variables are those of its surroundings besides.
    """
    command = [sys.executable, "-m", "tests.trust.stories", name, str(number), *map(str, words)]
    process = processes.start(
        command if is_forked else ["env", *command],
        cwd=ROOT,
        env=surroundings(QT_QPA_PLATFORM="offscreen", **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    done = ended(process, seconds)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines(keepends=True)
    error = "".join(line for line in lines if not line.startswith("This plugin does not support"))
    figures: Figures = json.loads(done.stdout)
    return figures | {"error": error}


def trained(window: MainWindow) -> Wait:
    while window.trainer.is_training or window.scene is None or window.scheduler.is_behind:
        yield


def passed(seconds: float) -> Wait:
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        yield


def left(window: MainWindow) -> Figures:
    """Return how much there is of what must not become more."""
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    return {
        "megabytes": megabytes(),
        "top-level widgets": len(QApplication.topLevelWidgets()),
        "objects": len(window.findChildren(QObject)),
        "timers": len(timers),
        "threads": threading.active_count(),
    }


def megabytes() -> float:
    """Return the memory of this process, without what its allocator keeps for later."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@final
class Lateness:
    """How late the event loop comes to what it was asked to do every few milliseconds."""

    INTERVAL = 0.005

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(round(1000 * self.INTERVAL))
        self._timer.timeout.connect(self._note)
        self._last = 0.0
        self._gaps: list[float] = []

    def start(self) -> None:
        self._last, self._gaps = time.perf_counter(), []
        self._timer.start()

    def stop(self) -> Figures:
        """Return the most, and what 99 of 100 do not exceed, in milliseconds."""
        self._note()
        self._timer.stop()
        late = sorted(1000 * (gap - self.INTERVAL) for gap in self._gaps)
        return {"most": round(late[-1]), "99 %": round(late[len(late) * 99 // 100])}

    def _note(self) -> None:
        now = time.perf_counter()
        self._gaps.append(now - self._last)
        self._last = now
