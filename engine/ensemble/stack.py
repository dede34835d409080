"""Trains a stack of networks and records the result of each."""

from collections.abc import Generator
from dataclasses import dataclass
from math import isfinite
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.ensemble.plateaus import PlateauCount
from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.experiment import NetworkSpec
from engine.training import Descent, count_distinct, in_chunks, parameters_of_units

BLOCK = 32
"""The number of samples of the losses that are evaluated together."""


@final
@dataclass(frozen=True, eq=False)
class Sampling:
    """What is recorded while a stack trains.

    Attributes
    ----------
    below : float or None
        The loss below which a network is solved; if None, it is solved once all examples are
        classified correctly.
    every : int
        The number of frames between two samples of the losses; the last frame is always sampled.
    moments : array of int
        The frames whose losses are recorded, ascending; all of them are sampled.
    traced : int
        The number of networks, from the first, whose losses are recorded.
    pictured : int
        The number of networks whose parameters are recorded, at `picture_moments`.
    picture_moments : array of int
    """

    below: float | None
    every: int
    moments: NDArray[np.intp]
    traced: int
    pictured: int
    picture_moments: NDArray[np.intp]


class NotFinite(Exception):
    """A network diverged: the stack has to be trained again with checks."""


def train_stack(
    descent: Descent,
    spec: NetworkSpec,
    targets: Array,
    steps: int,
    sampling: Sampling,
    n: int,
    checked: bool = False,
) -> Generator[None, None, TrainingResults]:
    """Train n networks from frame 0; yield about every millisecond and return the results.

    Whether a network is solved is checked in every frame, by the loss of all examples, as singly.
    With mini-batches this costs up to as much as a training with all examples, until every
    network is solved.

    Raises
    ------
    NotFinite
        If a network diverges, unless `checked`, which records divergence and takes longer.
    """
    observer = _Observer(descent, spec, targets, sampling, n, checked)

    def train(frame: int) -> None:
        is_sampled = frame % sampling.every == 0 or frame == steps
        is_examined = is_sampled or checked or observer.is_waiting
        if descent.batches is None:
            descent.evaluate()
        elif is_examined:
            descent.stack.forward()
        if checked:
            observer.record_divergence(frame)
        if descent.batches is None or is_examined:
            observer.check_solved(frame)
        if is_sampled:
            observer.sample_losses(frame)
        if frame < steps:
            descent.step()

    yield from in_chunks(train, steps + 1)
    with np.errstate(all="ignore"):
        return observer.results(steps + 1)


@final
class _Observer:
    """Records the results of a stack of n networks frame by frame."""

    def __init__(
        self,
        descent: Descent,
        spec: NetworkSpec,
        targets: Array,
        sampling: Sampling,
        n: int,
        checked: bool,
    ) -> None:
        self._at = descent.stack
        self._checked = checked
        self._spec = spec
        self._sampling = sampling
        self._n = n
        self._head = spec.head
        targets = targets if targets.ndim == 3 else targets[..., None]
        self._classes = self._head.classes(targets)
        self._has_classes = bool(np.isin(targets, (0.0, 1.0)).all())
        self._solved = np.full(n, NOT_REACHED, dtype=np.int32)
        self._diverged = np.full(n, NOT_REACHED, dtype=np.int32)
        self._unsolved = np.ones(n, dtype=bool)
        self._all_solved = False
        self._last = np.full(n, np.nan)  # finite loss, of those that diverged
        self._block = np.empty((BLOCK, n))
        self._held = 0
        self._plateaus = PlateauCount(n, sampling.every)
        self._saturated = np.full(n, np.nan)
        traced, pictured = min(sampling.traced, n), min(sampling.pictured, n)
        self._traced = np.empty((len(sampling.moments), traced), dtype=np.float32)
        size = descent.stack.layout.size
        self._pictured = np.empty((len(sampling.picture_moments), size, pictured))
        self._moments, self._picture_moments = (
            {frame: number for number, frame in enumerate(frames.tolist())}
            for frames in (sampling.moments, sampling.picture_moments)
        )

    @property
    def is_waiting(self) -> bool:
        """Whether a network is not solved yet."""
        return not self._all_solved

    def check_solved(self, frame: int) -> None:
        """Record the networks that are solved in a frame, after its forward pass."""
        at = self._at
        # A finite sum of squares means that every number is finite. Parameters that are not finite
        # remain so, and are checked in `sample_losses`.
        if not self._checked and not isfinite(_square(at.Z[-1])):
            raise NotFinite
        if self._all_solved:
            return
        below = self._sampling.below
        solved = self._right().all(axis=0) if below is None else at.is_loss_below(below)[: self._n]
        new = solved & self._unsolved
        if new.any():
            self._solved[new] = frame
            self._unsolved &= ~new
            self._all_solved = not self._unsolved.any()

    def sample_losses(self, frame: int) -> None:
        """Record the losses of a frame, after `check_solved`."""
        at, n = self._at, self._n
        if frame == 0:
            self._record_start()
        if not self._checked and not isfinite(_square(at.theta)):
            raise NotFinite
        losses = self._block[self._held]
        losses[:] = at.losses(at.Z[-1])[:n]
        self._held += 1
        if frame in self._moments:
            self._traced[self._moments[frame]] = losses[: self._traced.shape[1]]
        if frame in self._picture_moments:
            pictured = self._pictured[self._picture_moments[frame]]
            pictured[:] = at.theta[:, : pictured.shape[1]]
        if self._held == BLOCK:
            self._plateaus.add(self._block)
            self._held = 0

    def record_divergence(self, frame: int) -> None:
        """Record the networks that diverge in a frame, after its forward pass."""
        at, n = self._at, self._n
        losses = at.losses(at.Z[-1])[:n]
        bad = ~(np.isfinite(losses) & np.isfinite(at.theta[:, :n]).all(axis=0))
        self._diverged[bad & (self._diverged == NOT_REACHED)] = frame
        is_finite = self._diverged == NOT_REACHED
        self._last[is_finite] = losses[is_finite]

    def results(self, frames: int) -> TrainingResults:
        """Return the results after the last frame, given the number of frames."""
        at, n = self._at, self._n
        self._plateaus.add(self._block[: self._held])
        finite = self._diverged == NOT_REACHED
        accuracy = np.full(n, np.nan)
        if self._has_classes:
            accuracy[finite] = self._right().mean(axis=0)[finite]
        distinct = np.zeros(n, dtype=np.int32)
        for layer in range(1, at.layout.depth):
            units = parameters_of_units(at.layout, at.theta[:, :n], layer)
            distinct += count_distinct(units).astype(np.int32)
        return TrainingResults(
            solved=self._solved,
            diverged=self._diverged,
            loss=np.where(finite, at.losses(at.Z[-1])[:n], self._last),
            accuracy=accuracy,
            plateau=np.minimum(self._plateaus.total() * np.int32(self._sampling.every), frames),
            distinct=np.where(finite, distinct, 0).astype(np.int32),
            saturated=self._saturated,
            losses=np.ascontiguousarray(self._traced.T),
            theta=np.ascontiguousarray(np.moveaxis(self._pictured, 2, 0)),
        )

    def _record_start(self) -> None:
        hidden = zip(self._spec.hidden_activations, self._at.A[1:], strict=False)
        saturated = [unit.saturated(a)[..., : self._n] for unit, a in hidden]
        if saturated:
            self._saturated = np.concatenate(saturated).mean(axis=(0, 1))

    def _right(self) -> NDArray[np.bool_]:
        """Return which examples each network classifies correctly, (m, n)."""
        right = self._head.classes(self._at.A[-1]) == self._classes
        return np.asarray(right.all(axis=0)[:, : self._n])


def _square(array: Array) -> float:
    """Return the sum of squares; without BLAS, whose threads would compete."""
    flat = array.reshape(-1)
    return float(np.einsum("i,i->", flat, flat))
