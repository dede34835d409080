"""The window: a step beside plain plots, and frame times while the trainer trains at full speed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import perf_counter
from typing import final

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Slot

from gui.app import SWITCH_SECONDS
from gui.export.offscreen import offscreen_application
from gui.main_window import MainWindow
from gui.stage.stage_view import StageView
from tests.benchmarks.default_stage import SIZE, default_experiment
from tests.benchmarks.plain_plots import PlainPlots
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
    timed,
)

FRAMES = 180
"""Frames in each round, at most 60 a second."""
STEPPED = 40
"""Steps in each round beside plain plots."""
STEPS = 2_000_000
"""More than can be trained while these are shown."""


@final
class Playing(QObject):
    """Shows frame after frame of a window in a running event loop, and times each.

    The time of a frame is from its scheduled time until the event loop continues after painting, so
    it includes what the window waits before it may begin.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._loop = QEventLoop()
        self._begins = self._timer(self._show_next)
        self._ends = self._timer(self._note_time)
        self._due = 0.0
        self._times: list[float] = []
        view = window.findChild(StageView)
        assert view is not None
        view.painted.connect(self._on_painted)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        return timer

    def times(self) -> list[float]:
        """Return the seconds of each of `FRAMES` frames."""
        self._times = []
        self._due = perf_counter()
        self._begins.start(0)
        self._loop.exec()
        return self._times

    @Slot()
    def _on_painted(self) -> None:
        if self._loop.isRunning() and not self._begins.isActive():
            self._ends.start(0)

    @Slot()
    def _show_next(self) -> None:
        self._window.player.seek(1 + len(self._times))

    @Slot()
    def _note_time(self) -> None:
        now = perf_counter()
        self._times.append(now - self._due)
        if len(self._times) == FRAMES:
            self._window.player.seek(0)
            self._loop.quit()
            return
        self._due = max(self._due + 1 / 60, now)
        self._begins.start(max(0, ceil(1e3 * (self._due - now))))


def playing_while_training() -> Measurement:
    """Measure the 95th percentile of frames with a thread that trains, and without."""
    application = offscreen_application()
    speeds: list[float] = []
    experiment = default_experiment(STEPS)
    window = MainWindow(experiment)
    window.resize(*SIZE)
    window.show()
    playing = Playing(window)
    begun = QEventLoop()
    window.trainer.started.connect(begun.quit)
    begun.exec()

    def with_training() -> float:
        window.trainer.start(experiment)
        begun.exec()
        scene = window.scene
        assert scene is not None
        frames, start = scene.last_index, perf_counter()
        result = float(np.percentile(playing.times(), 95))
        assert window.trainer.is_training, "it was over before the frames were: more steps"
        speeds.append((scene.last_index - frames) / (perf_counter() - start))
        window.trainer.stop()
        return result

    def without() -> float:
        # The same frames of what has been trained until now.
        return float(np.percentile(playing.times(), 95))

    with _switching_like_the_window():
        pairs = side_by_side(with_training, without, 3)
    window.close()
    del application
    notes = (
        f"meanwhile {np.median(speeds):,.0f} steps a second were trained, of two networks each",
    )
    return Measurement(milliseconds(pairs), "ms a frame", notes)


@contextmanager
def _switching_like_the_window() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    yield
    sys.setswitchinterval(before)


def window_beside_plain_plots() -> Measurement:
    """Measure a step of the whole window beside a window of six plots of smooth curves."""
    application = offscreen_application()
    window = MainWindow(default_experiment())
    window.resize(*SIZE)
    window.show()
    ended = QEventLoop()
    window.trainer.finished.connect(ended.quit)
    ended.exec()
    view = window.findChild(StageView)
    assert view is not None
    painted: list[None] = []
    view.painted.connect(lambda: painted.append(None))
    plots = PlainPlots(*SIZE)
    plots.smooth = True
    plots.widget.show()
    QCoreApplication.processEvents()  # lays the axes out

    def step() -> None:
        for index in range(1, 1 + STEPPED):
            painted.clear()
            window.player.seek(index)
            while not painted:
                QCoreApplication.processEvents()
            QCoreApplication.processEvents()  # the timeline and the transport

    def draw_plots() -> None:
        for index in range(STEPPED):
            plots.draw(index)
            QCoreApplication.processEvents()

    pairs = side_by_side(lambda: timed(step, STEPPED), lambda: timed(draw_plots, STEPPED), 15)
    plots.widget.close()
    window.close()
    del application
    return Measurement(milliseconds(pairs), "ms a step")


ROWS = (
    Row(
        "window",
        "step of the default experiment in the whole window",
        "a window of six bare pyqtgraph plots of smooth curves",
        Target(Figure.TIME, 1.5),
        window_beside_plain_plots,
    ),
    Row(
        "smooth",
        "95th percentile of frame time while training runs flat out",
        "the same without training",
        Target(Figure.TIME, 1.5),
        playing_while_training,
    ),
)
