"""How far an export has come, told to a person at a terminal or to the window."""

import json
import sys
from time import monotonic
from typing import final

_EVERY = 0.1


@final
class ExportProgress:
    """Tells frames done and the time left; not more often than the eye can follow.

    Parameters
    ----------
    as_json : bool
        Whether to print lines of JSON on standard output, for a program, instead of one changing
        line on standard error, for a terminal.
    """

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._is_terminal = not as_json and sys.stderr is not None and sys.stderr.isatty()
        self._started = monotonic()
        self._next = self._started

    def train(self, done: int, total: int) -> None:
        """Tell how many steps of training are done."""
        if self._is_due(done >= total):
            self._tell("training", done, total, None)

    def render(self, done: int, total: int) -> None:
        """Tell how many frames are rendered."""
        if self._is_due(done == total):
            self._tell("rendering", done, total, self._seconds_left(done, total))

    def restart(self) -> None:
        """Begin to measure the time anew."""
        self._started = monotonic()

    def clear(self) -> None:
        """Remove the line from the terminal."""
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _is_due(self, is_last: bool) -> bool:
        if not (self._as_json or self._is_terminal):
            return False
        now = monotonic()
        if now < self._next and not is_last:
            return False
        self._next = now + _EVERY
        return True

    def _seconds_left(self, done: int, total: int) -> float:
        return (monotonic() - self._started) / done * (total - done)

    def _tell(self, stage: str, done: int, total: int, left: float | None) -> None:
        if self._as_json:
            line = {"stage": stage, "done": done, "total": total, "seconds_left": left}
            print(json.dumps(line), flush=True)
        elif left is None:
            text = f"{stage}: step {done:,} of {total:,}"
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            text = f"{stage}: {done:,} of {total:,} frames, {time_text(left)} left"
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def time_text(seconds: float) -> str:
    """Write a duration for people.

    >>> time_text(0.4), time_text(61), time_text(4000)
    ('1 s', '1 min 1 s', '1 h 7 min')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {round(whole % 3600 / 60)} min"
