"""A line on the terminal that tells how far long work is."""

import sys
from time import monotonic
from types import TracebackType
from typing import Self, final

_EVERY = 0.1


@final
class Progress:
    """Shows `label 45 %` on standard error while it is open, if that is a terminal.

    Parameters
    ----------
    label : str
        What is being done.
    total : int
        The amount of work, in whatever `show` counts.
    """

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = max(total, 1)
        self._is_shown = sys.stderr is not None and sys.stderr.isatty()
        self._next = monotonic() + _EVERY  # quick work need not flash by

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
        if self._is_shown and monotonic() >= self._next:
            self._next = monotonic() + _EVERY
            share = f"{100 * done // self._total} %"
            text = f"{self._label} {share} {more}".rstrip()
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
