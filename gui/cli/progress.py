"""How far long work is, told by a line on the terminal, or to the window."""

import json
import sys
from time import monotonic
from types import TracebackType
from typing import Self, final

_EVERY = 0.1


@final
class Progress:
    """Shows `label 45 %` on standard error while it is open, if that is a terminal.

    For a window, it prints lines of JSON on standard output instead, as an export does.

    Parameters
    ----------
    label : str
        What is being done.
    total : int
        The amount of work, in whatever `show` counts.
    as_json : bool
        Whether it is for a window.
    """

    def __init__(self, label: str, total: int, *, as_json: bool = False) -> None:
        self._label = label
        self._total = max(total, 1)
        self._as_json = as_json
        self._is_shown = not as_json and sys.stderr is not None and sys.stderr.isatty()
        self._started = monotonic()
        self._next = self._started + _EVERY  # quick work need not flash by

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, done: int, more: str = "") -> None:
        """Show that `done` of the total is done; not more often than the eye can follow."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        if self._as_json:
            left = (now - self._started) * (self._total / max(done, 1) - 1.0)
            line = {"stage": self._label, "done": done, "total": self._total, "seconds_left": left}
            print(json.dumps(line), flush=True)
        elif self._is_shown:
            share = f"{100 * done // self._total} %"
            text = f"{self._label} {share} {more}".rstrip()
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
