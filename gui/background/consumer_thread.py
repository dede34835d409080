"""A thread that consumes items while the next ones are produced."""

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event
from typing import Generic, Protocol, Self, TypeVar, final

from gui.background import garbage
from gui.background.background_call import BackgroundCall

CAPACITY = 4
"""Items that may wait: enough to balance the two threads, and 33 MB of frames of 1920x1080."""
_POLL_SECONDS = 0.05
"""How often a thread that waits checks whether the other one has failed or was aborted."""

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Consumer(Protocol[T_contra]):
    """Takes items one by one, and is then finished or aborted, all in one thread."""

    def add(self, item: T_contra, /) -> None:
        """Take one item."""

    def finish(self) -> None:
        """Complete the output."""

    def abort(self) -> None:
        """Discard the output."""


@final
class ConsumerThread(Generic[T]):
    """Passes items to a consumer in a background thread.

    Used as a context manager: it finishes the consumer at the end of the block, and aborts it if
    an exception leaves the block. The thread has ended in either case. The next call raises what
    went wrong in the thread.

    Parameters
    ----------
    consumer : Consumer
        From now on used only by the thread.
    name : str
        The name of the thread.
    interrupt : callable
        Called while the thread is waited for. What it raises ends the waiting and the consumer.
    """

    def __init__(
        self, consumer: Consumer[T], name: str, interrupt: Callable[[], None] = lambda: None
    ) -> None:
        self._consumer = consumer
        self._name = name
        self._interrupt = interrupt
        self._queue: Queue[T] = Queue(CAPACITY)
        self._is_complete = Event()
        self._is_aborted = Event()
        self._is_finished = False

    def __enter__(self) -> Self:
        self._call = BackgroundCall(self._run, self._name)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                self.end()
                self._wait()
        finally:
            self._abort()
        if error is None:
            self._call.result()

    @property
    def has_room(self) -> bool:
        """Whether `add` would not wait."""
        return not self._queue.full()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `end` or because of an error."""
        return self._call.is_over()

    def end(self) -> None:
        """Let the consumer finish; nothing may be added any more."""
        self._is_complete.set()

    def add(self, item: T) -> None:
        """Pass an item, which may no longer be changed; wait while the queue is full."""
        garbage.collect_what_is_due()
        while True:
            if self.has_ended:
                self._call.result()
            self._interrupt()
            with suppress(Full):
                self._queue.put(item, timeout=_POLL_SECONDS)
                return

    def _wait(self) -> None:
        """Wait until the consumer is finished; after that it is not aborted."""
        try:
            while not self.has_ended:
                self._interrupt()
                self._call.is_over(_POLL_SECONDS)  # returns often, so that signals are handled
        except BaseException:
            self._abort()
            if not self._is_finished:
                raise

    def _abort(self) -> None:
        self._is_aborted.set()
        self._call.is_over(None)

    def _run(self) -> None:
        try:
            while not self._is_aborted.is_set():
                try:
                    item = self._queue.get(timeout=_POLL_SECONDS)
                except Empty:
                    if self._is_complete.is_set() and self._queue.empty():
                        self._consumer.finish()
                        self._is_finished = True
                        return
                else:
                    self._consumer.add(item)
            self._consumer.abort()
        except BaseException:
            self._consumer.abort()
            raise
