"""Collects what must never happen: exceptions, errors in the log, and warnings of Qt."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

ROOT = Path(__file__).parents[3]
IGNORED = "This plugin does not support"
"""The offscreen platform lacks window hints."""


class Fault(Exception):
    """Something that must not happen. `kind` identifies it: two faults of a kind are the same."""

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(f"{kind}\n{text}" if text else kind)
        self.kind = kind


def fault_of(error: BaseException) -> Fault:
    """Return the fault of an exception: its type, and the function of the program that raised."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if is_own(each.filename)] or list(frames)
    where = f" in {Path(own[-1].filename).stem}.{own[-1].name}" if own else ""
    text = "".join(traceback.format_exception(error))
    return Fault(f"{type(error).__name__}{where}", text)


def is_own(name: str) -> bool:
    """Return whether a file is part of the program."""
    path = Path(name)
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ("gui", "engine")


@final
class _Log(logging.Handler):
    """Collects the exceptions in the log, which the program handles by a message."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._faults.append(fault_of(error) if error else Fault(f"log: {record.getMessage()}"))


@contextmanager
def collecting() -> Iterator[list[Fault]]:
    """Yield a list, to which all faults are added until the end."""
    faults: list[Fault] = []

    def on_exception(
        kind: type[BaseException], error: BaseException, _: TracebackType | None
    ) -> None:
        faults.append(fault_of(error))

    def on_thread_exception(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            faults.append(fault_of(arguments.exc_value))

    def on_message(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(IGNORED):
            faults.append(Fault(f"Qt: {text}"))

    hooks = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = on_exception, on_thread_exception
    former = qInstallMessageHandler(on_message)
    handler = _Log(faults)
    logging.getLogger().addHandler(handler)
    try:
        yield faults
    finally:
        logging.getLogger().removeHandler(handler)
        qInstallMessageHandler(former)
        sys.excepthook, threading.excepthook = hooks
