"""How the program ends: its exit codes, its one sentence on failure, and what signals do."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from engine.errors import InitscopeError, UsageError

DONE, COULD_NOT, WRONG_CALL = 0, 1, 2
DEBUG = "INITSCOPE_DEBUG"
"""The environment variable that asks for the traceback of an unexpected error."""

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class SignalReceived(BaseException):
    """A signal asked the program to end; its number is the argument."""


def run_to_end(command: Callable[[], int]) -> int:
    """Run a command and return the exit code; whatever goes wrong is told in one sentence.

    The notes of an exception are part of it.

    While it runs, a signal to end raises `Stopped` wherever the command is, so that files are
    closed and partial ones removed on the way out; the code is then 128 + its number.
    """
    try:
        stop_on_signals()
        if sys.stdout is not None:  # as it is without a console
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        code = _code(command)
        _flush()
        return code
    except SignalReceived as stopped:
        return _told("cancelled", 128 + int(stopped.args[0]), stopped)
    except UsageError as error:
        return _told(str(error), WRONG_CALL, error)
    except InitscopeError as error:
        return _told(str(error), COULD_NOT, error)
    except BrokenPipeError:  # whoever read the output has seen enough
        _discard_output()
        return COULD_NOT
    except OSError as error:
        _discard_output()
        where = f"{error.filename}: " if error.filename else ""
        return _told(f"{where}{error.strerror or error}", COULD_NOT, error)
    except MemoryError as error:
        return _told("out of memory: use fewer steps, examples or units", COULD_NOT, error)
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exc()
        kind = type(error).__name__
        return _told(
            f"unexpected error ({kind}: {error}); please report it, with what {DEBUG}=1 shows",
            COULD_NOT,
            error,
        )


def _code(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as stop:  # argparse, after --help and --version
        return stop.code if isinstance(stop.code, int) else DONE


def stop_on_signals() -> None:
    """Raise `Stopped` where a signal asks the program to end, unless such signals are ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def die_of_signals() -> None:
    """Let signals end the process at once: in an event loop, no exception would end it."""
    for number in _SIGNALS:
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def stopping_between_steps() -> Iterator[Callable[[], None]]:
    """Let signals wait, and yield the function that raises `Stopped` if there was one.

    For work within Qt: an exception that is raised in a method Qt has called is lost there, or
    brings the process down.
    """
    waiting: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        waiting.append(number)

    def check() -> None:
        if waiting:
            raise SignalReceived(waiting[0])

    taken = [number for number in _SIGNALS if signal.getsignal(number) is _stop]
    for number in taken:
        signal.signal(number, note)
    try:
        yield check
    finally:
        for number in taken:
            signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SignalReceived(number)


def _told(sentence: str, code: int, error: BaseException) -> int:
    sentence = "; ".join([sentence, *getattr(error, "__notes__", [])])
    _flush()
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"initscope: {' '.join(sentence.split())}", file=sys.stderr, flush=True)
    return code


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _discard_output() -> None:
    """Send what could not be written nowhere, or Python would try once more at the very end."""
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
