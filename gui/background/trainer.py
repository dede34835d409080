"""The trainer, which computes scenes on a thread, at a pace that keeps the window smooth."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from engine import InitscopeError
from engine.experiment import Experiment
from engine.studies.catalogue import open_scene
from engine.training import Scene
from gui.background import garbage
from gui.background.background_call import BackgroundCall

GRACE_SECONDS = 0.08
"""A scene that is computed within this time is shown only once it is complete."""
LONGEST_GRACE_SECONDS = 0.5
"""The same, while the frame to be shown first is not computed yet."""
PATIENCE_SECONDS = 0.2
"""How long training waits for `Trainer.resume` before it continues all the same."""
BREATH_SECONDS = 0.0002
"""Slept after every chunk, so that a window that waits for the interpreter gets it."""
COLLECT_MILLISECONDS = 500
"""The interval of garbage collection while a thread runs."""

log = logging.getLogger(__name__)


@final
@dataclass(frozen=True, eq=False)
class _Report:
    """What a training thread has to say: a scene, or why there is none; the last ends it."""

    training: "_Training"
    content: Scene | str
    is_last: bool


@final
class _Training:
    """The computation of one experiment: its thread, and the way to cancel it."""

    def __init__(
        self,
        experiment: Experiment,
        index: int,
        may_run: threading.Event,
        reported: SignalInstance,
    ) -> None:
        self.cancelled = threading.Event()
        self._experiment = experiment
        self._index = index
        self._may_run = may_run
        self._reported = reported
        # A daemon thread, so that a program that fails to stop it can still exit.
        self.thread = threading.Thread(target=self._run, name="training", daemon=True)

    def _run(self) -> None:
        try:
            scene = self._train()
        except InitscopeError as error:
            self._report(str(error))
        except MemoryError:
            self._report("training: not enough memory; use fewer steps or smaller layers")
        except Exception as error:
            log.exception("training failed")
            self._report(f"training stopped: {str(error) or type(error).__name__}")
        else:
            self._report(scene)

    def _train(self) -> Scene:
        scene = open_scene(self._experiment)
        started = perf_counter()
        is_shown = False
        patience = PATIENCE_SECONDS
        for _ in scene.compute(self.cancelled.is_set):
            if not is_shown and scene.last_index >= 0:
                has_frame = scene.last_index >= self._index
                grace = GRACE_SECONDS if has_frame else LONGEST_GRACE_SECONDS
                is_shown = perf_counter() - started > grace
                if is_shown:
                    scene.prepare(min(self._index, scene.last_index))  # not in the window's thread
                    self._may_run.clear()  # until the first picture of the scene is painted
                    self._report(scene, is_last=False)
            self.cancelled.wait(BREATH_SECONDS)
            # A hidden window paints nothing; training waits for it only once.
            patience = PATIENCE_SECONDS if self._may_run.wait(patience) else 0.0
        if not is_shown:
            self._report(scene, is_last=False)
        return scene

    def _report(self, content: Scene | str, *, is_last: bool = True) -> None:
        if not self.cancelled.is_set():
            with suppress(RuntimeError):  # the trainer is being deleted
                self._reported.emit(_Report(self, content, is_last))


@final
class Trainer(QObject):
    """Computes one scene at a time on a thread; a new experiment cancels the one before.

    A Python thread that never releases the interpreter makes a frame cost several times as much,
    because the window releases the interpreter at each call into Qt and has to queue for it. So
    the thread computes in chunks of about a millisecond, and starts none between `pause` and
    `resume`, between which the window draws and paints.

    Signals
    -------
    started(Scene)
        There are frames to show, of every run. Until then the scene before stays on the screen.
    finished(Scene)
        The scene is complete.
    failed(str)
        It could not be computed, for the reason given.
    fetched(Scene, int)
        The data that `fetch` requested are cached.

    Each is emitted in the thread of the trainer, and the first three never for an experiment that
    has been replaced or stopped.
    """

    started = Signal(Scene)
    finished = Signal(Scene)
    failed = Signal(str)
    fetched = Signal(Scene, int)
    _reported = Signal(_Report)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training: _Training | None = None
        self._cancelled: list[_Training] = []
        self._may_run = threading.Event()
        self._may_run.set()
        self._reported.connect(self._on_reported)
        self._fetching: tuple[BackgroundCall, Scene, int] | None = None
        self._next_fetch: tuple[Scene, int, Callable[[], object]] | None = None
        self._collections = QTimer(self, interval=COLLECT_MILLISECONDS)
        self._collections.timeout.connect(self._collect)

    @property
    def is_training(self) -> bool:
        """Whether an experiment has been started that has neither finished nor failed."""
        return self._training is not None

    @property
    def is_paused(self) -> bool:
        """Whether no chunk may start."""
        return not self._may_run.is_set()

    @property
    def thread_of_training(self) -> threading.Thread | None:
        """The thread that trains; None without a training."""
        return None if self._training is None else self._training.thread

    def start(self, experiment: Experiment, index: int = 0) -> None:
        """Compute an experiment in place of the current one; frame `index` is shown first."""
        self._cancel()
        self._training = _Training(experiment, index, self._may_run, self._reported)
        self.destroyed.connect(self._training.cancelled.set)
        self._collect_regularly()
        self._training.thread.start()

    def stop(self) -> None:
        """Cancel the training; return when its thread has ended."""
        self._cancel()
        for training in self._cancelled:
            training.thread.join()
        self._collect()

    def close(self) -> None:
        """Cancel everything; return when every thread of the trainer has ended."""
        self._next_fetch = None
        if self._fetching is not None:
            self._fetching[0].is_over(None)
        self.stop()

    def pause(self) -> None:
        """Start no chunk until `resume`, or for `PATIENCE_SECONDS` if that never comes."""
        self._may_run.clear()

    @Slot()
    def resume(self) -> None:
        """Continue training."""
        self._may_run.set()

    def fetch(self, scene: Scene, index: int, prepare: Callable[[], object]) -> None:
        """Call `prepare`, which caches the data of an index, on a thread; then emit `fetched`.

        Of several requests during a call, only the last is carried out. An error in `prepare` is
        ignored, because it occurs again where the data are drawn.
        """
        self._next_fetch = scene, index, prepare
        if self._fetching is None:
            self._fetch_next()

    def _fetch_next(self) -> None:
        if self._next_fetch is None:
            return
        (scene, index, prepare), self._next_fetch = self._next_fetch, None
        self._collect_regularly()
        call = BackgroundCall(prepare, "frames")
        self._fetching = call, scene, index
        call.finished.connect(self._on_fetched)

    @Slot()
    def _on_fetched(self) -> None:
        assert self._fetching is not None
        (_, scene, index), self._fetching = self._fetching, None
        self.fetched.emit(scene, index)
        if self._fetching is None:
            self._fetch_next()
        self._collect()

    def _cancel(self) -> None:
        if self._training is not None:
            self.destroyed.disconnect(self._training.cancelled.set)
            self._training.cancelled.set()
            self._may_run.set()  # so that it notices without waiting
            self._cancelled.append(self._training)
            self._training = None

    def _collect_regularly(self) -> None:
        garbage.hold(self)
        self._collections.start()

    @Slot()
    def _collect(self) -> None:
        """Collect garbage in this thread; Python does it again once no thread is left."""
        garbage.collect_what_is_due()
        self._cancelled = [each for each in self._cancelled if each.thread.is_alive()]
        if self._training is None and self._fetching is None and not self._cancelled:
            self._collections.stop()
            garbage.release(self)

    @Slot(_Report)
    def _on_reported(self, report: _Report) -> None:
        if report.training is not self._training:
            return  # it was replaced while the report was queued
        if not report.is_last:
            self.started.emit(report.content)
            return
        self._cancel()
        report.training.thread.join()  # the report was its last action
        self._collect()
        signal = self.failed if isinstance(report.content, str) else self.finished
        signal.emit(report.content)
