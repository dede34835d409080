"""Exit codes, and the one sentence that the program prints when it fails."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

from engine import InitscopeError, UsageError
from gui.process.signals import SignalReceived, raise_on_signals

DONE, FAILED, WRONG_CALL = 0, 1, 2
DEBUG = "INITSCOPE_DEBUG"
"""The environment variable that enables the traceback of an unexpected error."""


def run_to_end(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; print one sentence if it fails.

    The notes of an exception are appended to the sentence.

    While the command runs, a signal raises `SignalReceived` wherever the command is, so that files
    are closed and partial ones are removed; the code is then 128 + its number.
    """
    try:
        raise_on_signals()
        if sys.stdout is not None:  # None without a console
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        code = _code(command)
        _flush()
        return code
    except SignalReceived as received:
        return _report("cancelled", 128 + int(received.args[0]), received)
    except InitscopeError as error:
        code = WRONG_CALL if isinstance(error, UsageError) else FAILED
        return _report(str(error), code, error)
    except BrokenPipeError:  # the reader of the output has closed it
        _discard_output()
        return FAILED
    except OSError as error:
        _discard_output()
        where = f"{error.filename}: " if error.filename else ""
        return _report(f"{where}{error.strerror or error}", FAILED, error)
    except MemoryError as error:
        return _report("out of memory: use fewer steps, examples or units", FAILED, error)
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exc()
        kind = type(error).__name__
        return _report(
            f"unexpected error ({kind}: {error}); please report it with the output of {DEBUG}=1",
            FAILED,
            error,
        )


def _code(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as stop:  # argparse, after --help
        return stop.code if isinstance(stop.code, int) else DONE


def _report(sentence: str, code: int, error: BaseException) -> int:
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
    """Redirect standard output to nowhere, or Python would write the rest again at exit."""
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
