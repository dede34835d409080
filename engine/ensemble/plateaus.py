"""Counts the frames on plateaus of the losses of many networks, block by block."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.training import PLATEAU_CHANGE, PLATEAU_FRAMES, PLATEAU_LOSS


@final
class PlateauCount:
    """Counts the samples of the losses of n networks on plateaus, as `EventLog` defines them.

    A sample is on a plateau if it is in a flat window of `PLATEAU_FRAMES` frames, which is known
    only that many frames later.

    Parameters
    ----------
    n : int
    every : int
        The number of frames between two samples.
    """

    def __init__(self, n: int, every: int) -> None:
        self._reach = max(1, PLATEAU_FRAMES // every)
        self._count = np.zeros(n, dtype=np.int32)
        self._losses = np.zeros((0, n))
        self._flat_ends = np.zeros((0, n), dtype=bool)  # of the last PLATEAU_FRAMES frames

    def add(self, losses: Array) -> None:
        """Add the losses (samples, n) that follow."""
        if not len(losses):
            return
        known = np.concatenate([self._losses, losses])
        ends = np.zeros((len(losses), losses.shape[1]), dtype=bool)
        if len(known) > self._reach:
            flat = self._are_flat(known)
            ends[len(ends) - len(flat) :] = flat
        self._losses = known[-self._reach :].copy()
        self._settle(np.concatenate([self._flat_ends, ends]), self._reach)

    def total(self) -> NDArray[np.int32]:
        """Return the counts (n,) after the last block."""
        self._settle(self._flat_ends, 0)
        return self._count

    def _settle(self, ends: NDArray[np.bool_], wait: int) -> None:
        """Count all samples but the last `wait`, given where flat windows end."""
        settled = max(0, len(ends) - wait)
        if settled and ends.any():
            beyond = np.zeros((self._reach, ends.shape[1]), dtype=bool)
            covered = _of_windows(np.logical_or, np.concatenate([ends, beyond]), self._reach + 1)
            self._count += covered[:settled].sum(axis=0, dtype=np.int32)
        self._flat_ends = ends[settled:].copy()

    def _are_flat(self, losses: Array) -> NDArray[np.bool_]:
        """Return whether every window of samples is flat, (windows, n)."""
        width = self._reach + 1
        lowest, highest = (_of_windows(each, losses, width) for each in (np.minimum, np.maximum))
        is_steady = highest - lowest < PLATEAU_CHANGE * highest
        return np.asarray((lowest >= PLATEAU_LOSS) & is_steady)


def _of_windows(combine: np.ufunc, rows: NDArray[Any], width: int) -> NDArray[Any]:
    """Combine every `width` successive rows, by doubling the window."""
    done = 1
    while 2 * done <= width:
        rows, done = combine(rows[:-done], rows[done:]), 2 * done
    rest = width - done
    return np.asarray(combine(rows[: len(rows) - rest], rows[rest:]) if rest else rows)
