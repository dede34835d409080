"""Smoothness: how long frames take at worst while the trainer trains flat out, and without it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import perf_counter
from typing import final

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Slot

from engine.comparison import Comparison
from gui.app import SWITCH_SECONDS
from gui.export.offscreen import offscreen_application
from gui.stage import Stage
from gui.stage_view import StageView
from gui.trainer import Trainer
from tests.benchmarks.default_stage import SIZE, default_experiment, default_stage
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
)

FRAMES = 180
"""Frames in each round, at most 60 a second."""
STEPS = 2_000_000
"""More than can be trained while these are shown."""


@final
class Playing(QObject):
    """Shows frame after frame in a running event loop, as playing does, and times each.

    The time of a frame is from when it is due until the event loop goes on after painting it, so
    it includes what the window waits before it may begin.
    """

    def __init__(self, stage: Stage, view: StageView) -> None:
        super().__init__()
        self._stage = stage
        self._loop = QEventLoop()
        self._begins = self._timer(self._show_next)
        self._ends = self._timer(self._note_time)
        self._due = 0.0
        self._times: list[float] = []
        view.viewport().installEventFilter(self)

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._ends.start(0)
        return False

    @Slot()
    def _show_next(self) -> None:
        self._stage.draw(len(self._times))

    @Slot()
    def _note_time(self) -> None:
        if not self._loop.isRunning() or self._begins.isActive():
            return  # the window was painted for another reason
        now = perf_counter()
        self._times.append(now - self._due)
        if len(self._times) == FRAMES:
            self._loop.quit()
            return
        self._due = max(self._due + 1 / 60, now)
        self._begins.start(max(0, ceil(1e3 * (self._due - now))))


def playing_while_training() -> Measurement:
    """Measure the 95th percentile of frames with a thread that trains, and without."""
    application = offscreen_application()
    speeds: list[float] = []
    shown: list[Comparison] = []
    experiment = default_experiment(STEPS)
    stage = default_stage(Comparison(experiment))
    view = StageView(stage)
    view.resize(*SIZE)
    view.show()
    playing, trainer = Playing(stage, view), Trainer()
    trainer.began.connect(shown.append)
    waiting = QEventLoop()
    trainer.began.connect(waiting.quit)

    def with_training() -> float:
        trainer.start(experiment)
        waiting.exec()
        stage.show_comparison(shown[-1])
        frames, start = shown[-1].last_index, perf_counter()
        result = float(np.percentile(playing.times(), 95))
        assert trainer.is_training, "it was over before the frames were: give it more steps"
        speeds.append((shown[-1].last_index - frames) / (perf_counter() - start))
        trainer.stop()
        return result

    def without() -> float:
        # The same frames of what has been trained until now.
        return float(np.percentile(playing.times(), 95))

    with _switching_like_the_window():
        pairs = side_by_side(with_training, without, 3)
    view.close()
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


ROWS = (
    Row(
        "smooth",
        "95th percentile of frame time while training runs flat out",
        "the same without training",
        Target(Figure.TIME, 1.5),
        playing_while_training,
    ),
)
