"""Notices when the event loop is frozen, and where."""

import signal
from pathlib import Path
from time import perf_counter, thread_time
from types import FrameType
from typing import final

from PySide6.QtCore import QTimer

from tests.trust.robot.faults import is_own

INTERVAL_MILLISECONDS = 5
LOOK_SECONDS = 0.1
"""After this time without a beat, the place of the event loop is recorded."""


@final
class Heartbeat:
    """A timer of the event loop; the time between two beats is a pause in which nothing answers.

    The place is recorded by a signal, which Python handles in this thread: another thread that
    looks at its frames would let painters in them live too long.

    Attributes
    ----------
    busy, waiting : float
        The longest pause in processor time of this thread, and in real time without that in which
        other programs had the processor, as far as the system says so; in seconds.
    place : str
        The function of the program that ran in the last long pause.
    """

    def __init__(self) -> None:
        self.busy = self.waiting = 0.0
        self.place = "Qt"
        self._last = _clocks()
        self._timer = QTimer(interval=INTERVAL_MILLISECONDS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._handler = signal.signal(signal.SIGALRM, self._look)
        self._beat()

    def stop(self) -> None:
        """Stop; the attributes are complete."""
        self._beat()
        self._timer.stop()
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, self._handler)

    def _beat(self) -> None:
        now = _clocks()
        self.waiting = max(self.waiting, now[0] - self._last[0])
        self.busy = max(self.busy, now[1] - self._last[1])
        self._last = now
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS)

    def _look(self, _: int, frame: FrameType | None) -> None:
        while frame is not None and not is_own(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is not None:
            self.place = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}"


def _clocks() -> tuple[float, float]:
    """Return the real time that this thread was not kept from running, and its processor time."""
    try:
        delay = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        delay = 0.0  # the system does not say
    return perf_counter() - delay, thread_time()
