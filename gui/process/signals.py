"""What SIGINT, SIGTERM and SIGHUP do while the program runs."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class SignalReceived(BaseException):
    """A signal asked the program to end; its number is the argument."""


def raise_on_signals() -> None:
    """Raise `SignalReceived` when a signal asks the program to end, unless it is ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def restore_default_signals() -> None:
    """Let signals end the process immediately: an exception would not end an event loop."""
    for number in _SIGNALS:
        if signal.getsignal(number) is _raise:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def deferred_signals() -> Iterator[Callable[[], None]]:
    """Defer signals, and yield a function that raises `SignalReceived` if there was one.

    For work inside Qt: an exception raised in a method that Qt calls is lost, or ends the process.
    """
    received: list[int] = []

    def record(number: int, frame: FrameType | None) -> None:
        received.append(number)

    def check() -> None:
        if received:
            raise SignalReceived(received[0])

    deferred = [number for number in _SIGNALS if signal.getsignal(number) is _raise]
    for number in deferred:
        signal.signal(number, record)
    try:
        yield check
    finally:
        for number in deferred:
            signal.signal(number, _raise)


def _raise(number: int, frame: FrameType | None) -> None:
    raise SignalReceived(number)
