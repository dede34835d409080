"""The trainer: the one place where a thread runs the engine, paced to keep the window smooth."""

import logging
import threading
from contextlib import suppress
from time import perf_counter
from typing import final

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Signal, SignalInstance, Slot

from engine.errors import InitscopeError
from engine.experiment import Experiment
from engine.scenes.opening import open_scene
from engine.scenes.scene import Scene

GRACE_SECONDS = 0.08
"""A scene that is trained or computed within this time is shown only once it is complete."""
PATIENCE_SECONDS = 0.005
"""How long a chunk waits for a busy window before it trains all the same."""
BREATH_SECONDS = 0.0002
"""Slept after every chunk, so that a window that waits for the interpreter can say it is awake."""

log = logging.getLogger(__name__)


@final
class Trainer(QObject):
    """Trains one experiment at a time on a worker thread; a new one cancels the one before.

    An experiment that is another scene than a training is computed in the same way.

    A Python thread that never lets go of the interpreter triples what a frame costs, because the
    window gives the interpreter away at each call into Qt and has to queue for it. So the worker
    trains in chunks of about a millisecond, and only while the window's event loop sleeps; a
    window that never sleeps is made to share after `PATIENCE_SECONDS`.

    Signals
    -------
    began(Scene)
        Frame 0 exists, of every run. Until then whoever shows something keeps showing it.
    ended(Scene)
        The scene is complete.
    failed(str)
        It could not be trained; the sentence says why.

    Each is emitted in the thread of the trainer, and never for an experiment that has been
    replaced since or stopped.
    """

    began = Signal(object)
    ended = Signal(object)
    failed = Signal(str)
    _reported = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: _Work | None = None
        self._ending: list[_Work] = []
        self._window_sleeps = threading.Event()
        self._window_sleeps.set()
        self._watched: QAbstractEventDispatcher | None = None
        self._reported.connect(self._report)

    @property
    def is_training(self) -> bool:
        """Whether an experiment has been started that neither ended nor failed yet."""
        return self._work is not None

    def start(self, experiment: Experiment) -> None:
        """Train `experiment`, in place of what trains now."""
        self._cancel()
        self._work = _Work(experiment, self._window_sleeps, self._reported)
        self.destroyed.connect(self._work.cancelled.set)
        self._watch_event_loop()
        self._work.thread.start()

    def stop(self) -> None:
        """Cancel what trains; return when no thread of the trainer is left."""
        self._cancel()
        for work in self._ending:
            work.thread.join()
        self._ending.clear()

    def _cancel(self) -> None:
        self._leave_event_loop()
        if self._work is not None:
            self.destroyed.disconnect(self._work.cancelled.set)
            self._work.cancelled.set()
            self._ending.append(self._work)
            self._work = None
        self._ending = [work for work in self._ending if work.thread.is_alive()]

    @Slot(object, str, object)
    def _report(self, work: "_Work", what: str, content: object) -> None:
        if work is not self._work:
            return  # stale: it has been replaced while this was on its way
        if what == "began":
            self.began.emit(content)
            return
        self._cancel()
        if what == "ended":
            self.ended.emit(content)
        else:
            self.failed.emit(content)

    def _watch_event_loop(self) -> None:
        self._watched = QAbstractEventDispatcher.instance()
        if self._watched is not None:
            self._watched.aboutToBlock.connect(self._on_sleep)
            self._watched.awake.connect(self._on_wake)

    def _leave_event_loop(self) -> None:
        if self._watched is not None:
            self._watched.aboutToBlock.disconnect(self._on_sleep)
            self._watched.awake.disconnect(self._on_wake)
            self._watched = None
        self._window_sleeps.set()

    @Slot()
    def _on_sleep(self) -> None:
        self._window_sleeps.set()

    @Slot()
    def _on_wake(self) -> None:
        self._window_sleeps.clear()


@final
class _Work:
    """The training of one experiment: its thread, and the way to cancel it."""

    def __init__(
        self, experiment: Experiment, window_sleeps: threading.Event, reported: SignalInstance
    ) -> None:
        self.cancelled = threading.Event()
        self._experiment = experiment
        self._window_sleeps = window_sleeps
        self._reported = reported
        # A daemon, so that a program that fails to stop it can still end.
        self.thread = threading.Thread(target=self._run, name="training", daemon=True)

    def _run(self) -> None:
        try:
            scene = self._train()
        except InitscopeError as error:
            self._tell("failed", str(error))
        except MemoryError:
            self._tell("failed", "training: not enough memory; use fewer steps or smaller layers")
        except Exception as error:
            log.exception("training failed")
            self._tell("failed", f"training stopped: {str(error) or type(error).__name__}")
        else:
            self._tell("ended", scene)

    def _train(self) -> Scene:
        scene = open_scene(self._experiment)
        started = perf_counter()
        shown = False
        for _ in scene.chunks(self.cancelled.is_set):
            if not shown and scene.last_index >= 0:
                shown = perf_counter() - started > GRACE_SECONDS
                if shown:
                    self._tell("began", scene)
            self.cancelled.wait(BREATH_SECONDS)
            self._window_sleeps.wait(PATIENCE_SECONDS)
        if not shown:
            self._tell("began", scene)
        return scene

    def _tell(self, what: str, content: object) -> None:
        if not self.cancelled.is_set():
            with suppress(RuntimeError):  # the trainer is being deleted
                self._reported.emit(self, what, content)
