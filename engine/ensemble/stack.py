"""Trains a stack of networks to the end, and notes what becomes of each."""

from collections.abc import Generator
from dataclasses import dataclass
from math import isfinite
from time import perf_counter
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.ensemble.plateaus import PlateauCount
from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.experiment.experiment import NetworkSpec
from engine.training.descent import Descent
from engine.training.diagnostics import count_distinct, parameters_of_units
from engine.training.training import CHUNK_SECONDS
from engine.types import Array

BLOCK = 32
"""Losses are kept for so many looks, and then judged together."""


@final
@dataclass(frozen=True, eq=False)
class Sampling:
    """What is looked at while a stack trains.

    Attributes
    ----------
    below : float or None
        The loss below which a network is solved; None: once all examples are right.
    every : int
        Losses are looked at in every so many frames, and in the last.
    moments : array of int
        The frames whose losses are kept, ascending; all of them are looked at.
    traced : int
        Of how many networks, from the first, the losses are kept.
    pictured : int
        Of how many the parameters are kept as well, at `picture_moments`.
    picture_moments : array of int
    """

    below: float | None
    every: int
    moments: NDArray[np.intp]
    traced: int
    pictured: int
    picture_moments: NDArray[np.intp]


class NotFinite(Exception):
    """A network has left the finite numbers: train again, with care."""


def trained(
    descent: Descent,
    spec: NetworkSpec,
    targets: Array,
    steps: int,
    watch: Sampling,
    n: int,
    with_care: bool = False,
) -> Generator[None, None, TrainingResults]:
    """Train n networks that stand on frame 0 for so many steps; return what became of them.

    Whether a network is solved is asked in every frame; with mini-batches, where that would cost
    as much as many steps, only where losses are looked at. Yields about every millisecond.

    Raises
    ------
    NotFinite
        If a network diverges. With care, at some cost, it is noted when and from where.
    """
    at = descent.at
    notes = _Notes(descent, spec, targets, watch, n, with_care)
    frame = 0
    while frame <= steps:
        began = perf_counter()
        # Not held across a yield: what NumPy does with errors is the business of the caller.
        with np.errstate(all="ignore"):
            while frame <= steps and perf_counter() - began < CHUNK_SECONDS:
                is_looked_at = frame % watch.every == 0 or frame == steps
                if descent.batches is None:
                    descent.evaluate()
                elif is_looked_at or with_care:
                    at.forward()
                if with_care:
                    notes.note_divergence(frame)
                if descent.batches is None or is_looked_at:
                    notes.glance(frame)
                if is_looked_at:
                    notes.evaluate(frame)
                if frame < steps:
                    descent.step()
                frame += 1
        yield
    with np.errstate(all="ignore"):
        return notes.results(steps + 1)


@final
class _Notes:
    """What is seen of a stack of n networks, frame after frame."""

    def __init__(
        self,
        descent: Descent,
        spec: NetworkSpec,
        targets: Array,
        watch: Sampling,
        n: int,
        with_care: bool,
    ) -> None:
        self._at = descent.at
        self._with_care = with_care
        self._spec = spec
        self._watch = watch
        self._n = n
        self._is_one = (targets if targets.ndim == 3 else targets[..., None]) > 0.5
        self._has_classes = bool(np.isin(targets, (0.0, 1.0)).all())
        self._solved = np.full(n, NOT_REACHED, dtype=np.int32)
        self._diverged = np.full(n, NOT_REACHED, dtype=np.int32)
        self._unsolved = np.ones(n, dtype=bool)
        self._all_solved = False
        self._last = np.full(n, np.nan)  # finite loss, of those that diverged
        self._block = np.empty((BLOCK, n))
        self._held = 0
        self._plateaus = PlateauCount(n, watch.every)
        self._saturated = np.full(n, np.nan)
        traced, pictured = min(watch.traced, n), min(watch.pictured, n)
        self._traced = np.empty((len(watch.moments), traced), dtype=np.float32)
        size = descent.at.layout.size
        self._pictured = np.empty((len(watch.picture_moments), size, pictured))
        self._next_moment = self._next_picture = 0

    def glance(self, frame: int) -> None:
        """Note of a frame, whose forward pass is done, who is solved and who left the numbers."""
        at = self._at
        # A sum of squares tells that all are finite, squared errors too. Parameters that are not
        # stay so, and are looked for in `look`.
        if not self._with_care and not isfinite(_square(at.Z[-1])):
            raise NotFinite
        if self._all_solved:
            return
        below = self._watch.below
        solved = self._right() if below is None else at.is_loss_below(below)[: self._n]
        new = solved & self._unsolved
        if new.any():
            self._solved[new] = frame
            self._unsolved &= ~new
            self._all_solved = not self._unsolved.any()

    def evaluate(self, frame: int) -> None:
        """Note the losses of a frame, after `glance`."""
        at, n, watch = self._at, self._n, self._watch
        if frame == 0:
            self._note_start()
        if not self._with_care and not isfinite(_square(at.theta)):
            raise NotFinite
        losses = self._block[self._held]
        losses[:] = at.losses(at.Z[-1])[:n]
        self._held += 1
        if _is_next(watch.moments, self._next_moment, frame):
            self._traced[self._next_moment] = losses[: self._traced.shape[1]]
            self._next_moment += 1
        if _is_next(watch.picture_moments, self._next_picture, frame):
            self._pictured[self._next_picture] = at.theta[:, : self._pictured.shape[2]]
            self._next_picture += 1
        if self._held == BLOCK:
            self._plateaus.add(self._block)
            self._held = 0

    def note_divergence(self, frame: int) -> None:
        """Note which networks have just left the finite numbers, to which none returns.

        The forward pass of the frame is done.
        """
        at, n = self._at, self._n
        losses = at.losses(at.Z[-1])[:n]
        bad = ~(np.isfinite(losses) & np.isfinite(at.theta[:, :n]).all(axis=0))
        self._diverged[bad & (self._diverged == NOT_REACHED)] = frame
        well = self._diverged == NOT_REACHED
        self._last[well] = losses[well]

    def results(self, frames: int) -> TrainingResults:
        """Return what became of the networks, after the last of so many frames."""
        at, n = self._at, self._n
        self._plateaus.add(self._block[: self._held])
        went_well = self._diverged == NOT_REACHED
        accuracy = np.full(n, np.nan)
        if self._has_classes:
            right = ((at.A[-1] > 0.5) == self._is_one).all(axis=0).mean(axis=0)[:n]
            accuracy[went_well] = right[went_well]
        distinct = np.zeros(n, dtype=np.int32)
        for layer in range(1, at.layout.depth):
            units = parameters_of_units(at.layout, at.theta[:, :n], layer)
            distinct += count_distinct(units).astype(np.int32)
        return TrainingResults(
            solved=self._solved,
            diverged=self._diverged,
            loss=np.where(went_well, at.losses(at.Z[-1])[:n], self._last),
            accuracy=accuracy,
            plateau=np.minimum(self._plateaus.total() * np.int32(self._watch.every), frames),
            distinct=np.where(went_well, distinct, 0).astype(np.int32),
            saturated=self._saturated,
            losses=np.ascontiguousarray(self._traced.T),
            theta=np.ascontiguousarray(np.moveaxis(self._pictured, 2, 0)),
        )

    def _note_start(self) -> None:
        count, total = 0, np.zeros(self._n)
        for layer, unit in enumerate(self._spec.hidden_activations, start=1):
            saturated = unit.saturated(self._at.A[layer])[..., : self._n]
            total += saturated.sum(axis=(0, 1))
            count += saturated.shape[0] * saturated.shape[1]
        if count:
            self._saturated = total / count

    def _right(self) -> NDArray[np.bool_]:
        """Tell which networks have all examples right."""
        right = (self._at.A[-1] > 0.5) == self._is_one
        return np.asarray(right.all(axis=(0, 1))[: self._n])


def _square(array: Array) -> float:
    """Return the sum of squares; not by BLAS, whose threads would be in one another's way."""
    flat = array.reshape(-1)
    return float(np.einsum("i,i->", flat, flat))


def _is_next(frames: NDArray[np.intp], number: int, frame: int) -> bool:
    return number < len(frames) and bool(frames[number] == frame)
