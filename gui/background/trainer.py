"""The trainer: the one place where a thread runs the engine, paced to keep the window smooth."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.studies.catalogue import open_scene
from engine.training.scene import Scene
from gui.background import garbage

GRACE_SECONDS = 0.08
"""A scene that is trained or computed within this time is shown only once it is complete."""
LONGEST_GRACE_SECONDS = 0.5
"""As long as that it is not shown either, as long as there is no frame that is to be shown."""
PATIENCE_SECONDS = 0.2
"""How long training waits for a picture, before it goes on all the same."""
BREATH_SECONDS = 0.0002
"""Slept after every chunk, so that a window that waits for the interpreter gets it."""
COLLECT_MILLISECONDS = 500
"""How often garbage is looked for while a thread trains."""

log = logging.getLogger(__name__)


@final
class Trainer(QObject):
    """Trains one experiment at a time on a worker thread; a new one cancels the one before.

    An experiment that is another scene than a training is computed in the same way.

    A Python thread that never lets go of the interpreter makes a frame cost several times as
    much, because the window gives the interpreter away at each call into Qt and has to queue for
    it. So the worker trains in chunks of about a millisecond, and none begins between `hold` and
    `let_go`, between which the window draws and paints.

    Signals
    -------
    began(Scene)
        There are frames to show, of every run. Until then whoever shows something keeps showing it.
    ended(Scene)
        The scene is complete.
    failed(str)
        It could not be trained; the sentence says why.
    fetched(Scene, int)
        What was asked for by `fetch` is at hand.

    Each is emitted in the thread of the trainer, and the first three never for an experiment that
    has been replaced since or stopped.
    """

    started = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    fetched = Signal(object, int)
    _reported = Signal(object, str, object)
    _got = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: _Work | None = None
        self._ending: list[_Work] = []
        self._free = threading.Event()
        self._free.set()
        self._reported.connect(self._report)
        self._fetching: threading.Thread | None = None
        self._to_fetch: tuple[Scene, int, Callable[[], object]] | None = None
        self._got.connect(self._on_got)
        self._collections = QTimer(self)
        self._collections.setInterval(COLLECT_MILLISECONDS)
        self._collections.timeout.connect(self._collect)

    @property
    def is_training(self) -> bool:
        """Whether an experiment has been started that neither ended nor failed yet."""
        return self._work is not None

    def start(self, experiment: Experiment, index: int = 0) -> None:
        """Train `experiment`, in place of what trains now; frame `index` is to be shown first."""
        self._cancel()
        self._work = _Work(experiment, index, self._free, self._reported)
        self.destroyed.connect(self._work.cancelled.set)
        garbage.hold(self)
        self._collections.start()
        self._work.thread.start()

    def stop(self) -> None:
        """Cancel what trains; return when it trains no more."""
        self._cancel()
        for work in self._ending:
            work.thread.join()
        self._collect()

    def close(self) -> None:
        """Cancel everything; return when no thread of the trainer is left."""
        self._to_fetch = None
        if self._fetching is not None:
            self._fetching.join()
        self.stop()

    def pause(self) -> None:
        """Let no chunk begin until `let_go`, or for `PATIENCE_SECONDS` if that never comes."""
        self._free.clear()

    @Slot()
    def resume(self) -> None:
        """Let training go on."""
        self._free.set()

    def fetch(self, scene: Scene, index: int, prepare: Callable[[], object]) -> None:
        """Have `prepare` called in a thread; `fetched` tells when an index is thus at hand.

        What is asked for meanwhile is fetched next, but only the last of it.
        """
        self._to_fetch = scene, index, prepare
        if self._fetching is None:
            self._fetch_next()

    def _fetch_next(self) -> None:
        if self._to_fetch is not None:
            self._fetching = threading.Thread(
                target=self._fetch, args=self._to_fetch, name="frames", daemon=True
            )
            self._to_fetch = None
            garbage.hold(self)
            self._collections.start()
            self._fetching.start()

    def _fetch(self, scene: Scene, index: int, prepare: Callable[[], object]) -> None:
        """Prepare, in the thread. What goes wrong does so again where it is drawn."""
        with suppress(Exception):
            prepare()
        with suppress(RuntimeError):  # the trainer is being deleted
            self._got.emit(scene, index)

    @Slot(object, int)
    def _on_got(self, scene: Scene, index: int) -> None:
        if self._fetching is not None:
            self._fetching.join()  # this was its last word
            self._fetching = None
        self.fetched.emit(scene, index)
        self._fetch_next()
        self._collect()

    def _cancel(self) -> None:
        if self._work is not None:
            self.destroyed.disconnect(self._work.cancelled.set)
            self._work.cancelled.set()
            self._free.set()  # it need not wait to find that out
            self._ending.append(self._work)
            self._work = None

    @Slot()
    def _collect(self) -> None:
        """Collect garbage by hand; once no thread is left, Python may do it again."""
        garbage.collect_what_is_due()
        self._ending = [work for work in self._ending if work.thread.is_alive()]
        if self._work is None and self._fetching is None and not self._ending:
            self._collections.stop()
            garbage.release(self)

    @Slot(object, str, object)
    def _report(self, work: "_Work", what: str, content: object) -> None:
        if work is not self._work:
            return  # stale: it has been replaced while this was on its way
        if what == "began":
            self.started.emit(content)
            return
        self._cancel()
        work.thread.join()  # this was its last word
        self._collect()
        if what == "ended":
            self.finished.emit(content)
        else:
            self.failed.emit(content)


@final
class _Work:
    """The training of one experiment: its thread, and the way to cancel it."""

    def __init__(
        self,
        experiment: Experiment,
        index: int,
        free: threading.Event,
        reported: SignalInstance,
    ) -> None:
        self.cancelled = threading.Event()
        self._experiment = experiment
        self._index = index
        self._free = free
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
        patience = PATIENCE_SECONDS
        for _ in scene.compute(self.cancelled.is_set):
            if not shown and scene.last_index >= 0:
                is_there = scene.last_index >= self._index
                grace = GRACE_SECONDS if is_there else LONGEST_GRACE_SECONDS
                shown = perf_counter() - started > grace
                if shown:
                    # The window need not compute it.
                    scene.prepare(min(self._index, scene.last_index))
                    self._free.clear()  # until the first picture of it has been painted
                    self._tell("began", scene)
            self.cancelled.wait(BREATH_SECONDS)
            # A window that nobody sees paints nothing, and is waited for only once.
            patience = PATIENCE_SECONDS if self._free.wait(patience) else 0.0
        if not shown:
            self._tell("began", scene)
        return scene

    def _tell(self, what: str, content: object) -> None:
        if not self.cancelled.is_set():
            with suppress(RuntimeError):  # the trainer is being deleted
                self._reported.emit(self, what, content)
