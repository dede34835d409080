"""Reports the progress of long work to a terminal, or as lines of JSON to the window."""

import sys
from time import monotonic
from typing import Self, final

import msgspec

_INTERVAL = 0.1
"""Seconds between two reports."""


class ProgressReport(msgspec.Struct, frozen=True):
    """One line of JSON that a child process prints.

    Attributes
    ----------
    stage : str
        Such as "training" or "rendering".
    done, total : int
    seconds_left : float
        Estimated from the work done so far.
    """

    stage: str
    done: int
    total: int
    seconds_left: float


@final
class Progress:
    """Shows `rendering: 45 of 100 frames, 3 s left` on standard error, if that is a terminal.

    Parameters
    ----------
    stage : str
    total : int
        The amount of work, as far as it is known.
    unit : str
        What `total` counts, such as "frames".
    as_json : bool
        Whether to print each report on standard output as JSON instead.
    """

    def __init__(self, stage: str, total: int, unit: str, *, as_json: bool = False) -> None:
        self._stage = stage
        self._total = max(total, 1)
        self._unit = unit
        self._as_json = as_json
        self._is_shown = not as_json and sys.stderr is not None and sys.stderr.isatty()
        self._started = monotonic()
        self._next = self._started + _INTERVAL  # quick work shows nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._is_shown:
            self._show("")

    def report(self, done: int, total: int | None = None, details: str = "") -> None:
        """Report how much is done, at most ten times a second; as JSON also the end.

        Parameters
        ----------
        done : int
        total : int, optional
            Replaces the amount of work.
        details : str
            Shown on the terminal.
        """
        self._total = self._total if total is None else max(total, 1)
        now = monotonic()
        if now < self._next and not (self._as_json and done >= self._total):
            return
        self._next = now + _INTERVAL
        left = (now - self._started) / max(done, 1) * max(self._total - done, 0)
        if self._as_json:
            line = ProgressReport(self._stage, done, self._total, left)
            print(msgspec.json.encode(line).decode(), flush=True)
        elif self._is_shown:
            counts = f"{done:,} of {self._total:,} {self._unit}"
            parts = [counts, f"{time_text(left)} left", *filter(None, [details])]
            self._show(f"{self._stage}: {', '.join(parts)}")

    def _show(self, text: str) -> None:
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def time_text(seconds: float) -> str:
    """Return a duration as text.

    >>> time_text(0.4), time_text(61), time_text(4000)
    ('1 s', '1 min 1 s', '1 h 7 min')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {round(whole % 3600 / 60)} min"
