"""How long the losses of many networks stay flat, told while they come in."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from engine.training.events import PLATEAU_CHANGE, PLATEAU_FRAMES, PLATEAU_LOSS
from engine.types import Array


@final
class PlateauCount:
    """Counts the looks at each of n networks that lie on a plateau, as `EventLog` defines it.

    A look lies on one if any stretch of `PLATEAU_FRAMES` frames in which it is, is flat; so it is
    decided only as many frames later. `add` is given the losses block by block.

    Parameters
    ----------
    n : int
    every : int
        How many frames lie between two looks.
    """

    def __init__(self, n: int, every: int) -> None:
        self._reach = max(1, PLATEAU_FRAMES // every)
        self._count = np.zeros(n, dtype=np.int32)
        self._losses = np.zeros((0, n))
        self._flat_ends = np.zeros((0, n), dtype=bool)  # of the last PLATEAU_FRAMES frames

    def add(self, losses: Array) -> None:
        """Go on with the losses (looks, n) of the looks that follow."""
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
        """Return the counts (n,), now that no more losses come."""
        self._settle(self._flat_ends, 0)
        return self._count

    def _settle(self, ends: NDArray[np.bool_], wait: int) -> None:
        """Count all looks but the last `wait`, given where flat stretches end."""
        settled = max(0, len(ends) - wait)
        if settled and ends.any():
            beyond = np.zeros((self._reach, ends.shape[1]), dtype=bool)
            covered = _of_windows(np.logical_or, np.concatenate([ends, beyond]), self._reach + 1)
            self._count += covered[:settled].sum(axis=0, dtype=np.int32)
        self._flat_ends = ends[settled:].copy()

    def _are_flat(self, losses: Array) -> NDArray[np.bool_]:
        """Tell of every stretch of looks whether it is flat, (stretches, n)."""
        width = self._reach + 1
        lowest, highest = (_of_windows(each, losses, width) for each in (np.minimum, np.maximum))
        flat: NDArray[np.bool_] = (lowest >= PLATEAU_LOSS) & (
            highest - lowest < PLATEAU_CHANGE * highest
        )
        return flat


def _of_windows(combine: np.ufunc, rows: NDArray[Any], width: int) -> NDArray[Any]:
    """Combine every `width` rows in a row, by doubling the stretch."""
    done = 1
    while 2 * done <= width:
        rows, done = combine(rows[:-done], rows[done:]), 2 * done
    rest = width - done
    result: NDArray[Any] = combine(rows[: len(rows) - rest], rows[rest:]) if rest else rows
    return result
