"""A thread that encodes while the next frames are rendered."""

from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Self, final

from gui.background import garbage
from gui.export.formats.writer import Pixels, Writer

ROOM = 4
"""Frames that may wait: enough to even out, and 33 MB at 1920x1080."""
_POLL = 0.05
"""Seconds after which one who waits looks whether the other has failed or given up."""


@final
class EncoderThread:
    """Hands frames to a writer, in a thread of its own.

    It is a context: left without an error it finishes the file, else it leaves nothing behind;
    either way the thread has ended then. What goes wrong in the thread is raised by the next call.

    Parameters
    ----------
    writer : Writer
        Taken over: nobody else may call it from now on.
    interrupt : callable
        Called while the encoder is waited for. What it raises ends the waiting and the encoding.
    """

    def __init__(self, writer: Writer, interrupt: Callable[[], None] = lambda: None) -> None:
        self._writer = writer
        self._interrupt = interrupt
        self._queue: Queue[Pixels] = Queue(ROOM)
        self._error: BaseException | None = None
        self._is_full = Event()
        self._is_aborted = Event()
        self._is_finished = False
        self._thread = Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> Self:
        garbage.hold(self)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.end()
                self._wait()
        finally:
            self._give_up()
            garbage.release(self)
        if error is None:
            self._check()

    @property
    def has_room(self) -> bool:
        """Whether `add` need not wait."""
        return not self._queue.full()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `end`, or because of what leaving will raise."""
        return not self._thread.is_alive()

    def end(self) -> None:
        """Have the file finished; nothing can be added any more."""
        self._is_full.set()

    def _wait(self) -> None:
        """Wait until the file is finished; it is no longer given up then."""
        try:
            while self._thread.is_alive():
                self._interrupt()
                self._thread.join(_POLL)  # returns often, so that signals come through
        except BaseException:
            self._give_up()
            if not self._is_finished:
                raise

    def _give_up(self) -> None:
        self._is_aborted.set()
        self._thread.join()

    def add(self, pixels: Pixels) -> None:
        """Append a frame, which nobody may change any more; waits while too many wait."""
        garbage.collect_what_is_due()
        while True:
            self._check()
            self._interrupt()
            try:
                self._queue.put(pixels, timeout=_POLL)
            except Full:
                continue
            return

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        """Encode until all is done, or something fails, or nothing more is wanted."""
        try:
            while not self._is_aborted.is_set():
                try:
                    pixels = self._queue.get(timeout=_POLL)
                except Empty:
                    if self._is_full.is_set() and self._queue.empty():
                        self._writer.finish()
                        self._is_finished = True
                        return
                    continue
                self._writer.add(pixels)
            self._writer.abort()
        except BaseException as error:
            self._error = error
            self._writer.abort()
