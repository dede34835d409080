"""Trains the runs of an experiment: to the end in one call, or in short steps."""

from collections.abc import Callable, Generator, Sequence
from time import perf_counter
from typing import TypeAlias, final

import numpy as np

from engine import Array, UsageError, drain
from engine.experiment import Experiment
from engine.nn import Data
from engine.training.descent import Descent
from engine.training.recording import Finish, Recording

CHUNK_SECONDS = 1e-3
"""The approximate time between two yields, unless a single step takes longer."""
BLOCK_SECONDS = 4e-3
LONGEST_BLOCK = 256
"""The most frames that are recorded together, which costs less than one by one."""
SMALL_BATCH = 16
"""The most examples for which runs train faster as one stack than one after another."""

Observer = Callable[[Array, Array, Sequence[Array]], None]
"""Receives the passes of the new frames of a run: theta (size, frames), gradient (size, frames),
and A (n_l, m, frames) by layer, where A[0] is X. The arrays are overwritten afterwards."""

IsCancelled: TypeAlias = Callable[[], bool] | None
"""A function that returns whether to cancel a computation; None if it cannot be cancelled."""


def in_chunks(step: Callable[[int], None], count: int) -> Generator[None, None, None]:
    """Call step(0) … step(count − 1), yielding about every millisecond.

    Numbers in a step may overflow. NumPy's error settings are not active across a yield, where
    those of the caller apply.
    """
    done = 0
    while done < count:
        began = perf_counter()
        with np.errstate(all="ignore"):
            while done < count and perf_counter() - began < CHUNK_SECONDS:
                step(done)
                done += 1
        yield


def train(experiment: Experiment) -> list[Recording]:
    """Train every run of an experiment to its end.

    Returns
    -------
    list of Recording
        One for each run, in order. A run that diverges ends at its last finite frame.

    Raises
    ------
    UsageError
        When the first frame of a run has no finite loss.
    """
    training = Training(experiment)
    drain(training.train())
    return training.recordings


@final
class Training:
    """The training of an experiment in short steps: its recordings grow with each of them.

    Runs with the same network are trained as one stack; all runs stay in lockstep.

    Attributes
    ----------
    recordings : list of Recording
        One for each run, in order.
    observers : list of Observer
        None, or one for each run, which is called whenever the recording has grown.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._data = experiment.load_data()
        self.recordings = [Recording(experiment, run, self._data) for run in experiment.runs]
        self.observers: list[Observer] = []

    def train(self, is_cancelled: IsCancelled = None) -> Generator[None, None, None]:
        """Train, yielding about every millisecond; stop within a step once cancelled.

        Frame 0 is recorded before the first yield, so that it can be shown immediately; later
        frames are recorded in blocks. Iterate it once; where it is closed early, the runs that
        still train are cancelled.
        """
        is_cancelled = is_cancelled or (lambda: False)
        try:
            groups = [
                _Group(
                    self.experiment,
                    [self.recordings[run] for run in runs],
                    self._data,
                    [self.observers[run] for run in runs if self.observers],
                )
                for runs in _alike(self.recordings, self._data)
            ]
            seconds = sum(group.seconds_per_step for group in groups)
            block = int(np.clip(BLOCK_SECONDS / seconds, 1, LONGEST_BLOCK))
            frames = 1
            while groups and not is_cancelled():
                for group in groups:
                    group.train(frames, block, is_cancelled)
                groups = [group for group in groups if group.is_training]
                yield
                frames = max(1, int(CHUNK_SECONDS / seconds))
        finally:
            for recording in self.recordings:
                if recording.finish is Finish.TRAINING:
                    recording.finish = Finish.CANCELLED


def _alike(recordings: Sequence[Recording], data: Data) -> list[list[int]]:
    """Return groups of runs that are trained as one stack, because that is faster."""
    if data.examples > SMALL_BATCH:
        return [[run] for run in range(len(recordings))]
    groups: dict[object, list[int]] = {}
    for run, recording in enumerate(recordings):
        groups.setdefault(recording.phases, []).append(run)
    return list(groups.values())


@final
class _Group:
    """Recordings that are filled by one `Descent`."""

    def __init__(
        self,
        experiment: Experiment,
        recordings: list[Recording],
        data: Data,
        observers: list[Observer],
    ) -> None:
        self._recordings = recordings
        self._observers = observers
        self._descent = Descent(experiment, [recording.run for recording in recordings], data)
        self._last = experiment.training.steps
        stack = self._descent.stack
        self.seconds_per_step = stack.layout.seconds_for(data.examples, stack.n)
        # The arrays stored of each frame; activations and gradients for observers only.
        self._sources = [stack.Z[-1], *([stack.gradient, *stack.A[1:]] if observers else [])]
        self._make_room(1)
        self._start, self._held = 0, 0  # the first frame of the block, and its length so far
        self._descent.begin()

    def _make_room(self, frames: int) -> None:
        self._theta = np.empty((frames, *self._descent.stack.theta.shape))
        self._traces = [np.empty((frames, *source.shape)) for source in self._sources]

    @property
    def is_training(self) -> bool:
        """Whether any of the runs has not ended yet."""
        return any(recording.finish is Finish.TRAINING for recording in self._recordings)

    def train(self, frames: int, block: int, is_cancelled: Callable[[], bool]) -> None:
        """Train at most `frames` frames, up to the end of the block or of the training.

        Frame 0 and every finished block are recorded. A cancelled training loses the frames that
        are not recorded yet.
        """
        descent, stack = self._descent, self._descent.stack
        if self._start and len(self._theta) < block:
            self._make_room(block)
        # All frames of a block have the same activations, so observers need not check.
        whole = min(len(self._theta), self._recordings[0].end_of_phase(self._start) - self._start)
        stop = min(self._held + frames, whole)
        theta, traces = self._theta, list(zip(self._traces, self._sources, strict=True))
        # Not across a yield: the caller has error settings too.
        with np.errstate(all="ignore"):
            for i in range(self._held, stop):
                theta[i] = stack.theta
                descent.evaluate()
                for trace, source in traces:
                    trace[i] = source
                if self._start + i < self._last:  # the last frame has no next one
                    descent.step()
                if is_cancelled():
                    return
        self._held = stop
        if stop == whole:
            self._record(stop)

    def _record(self, count: int) -> None:
        """Record the first `count` frames of the block, and start the next block."""
        with np.errstate(all="ignore"):
            losses = self._descent.stack.losses(np.moveaxis(self._traces[0][:count], 0, -1))
        for column, recording in enumerate(self._recordings):
            if recording.finish is Finish.TRAINING:
                self._extend(recording, self._theta[:count, :, column], losses[column], column)
        self._start, self._held = self._start + count, 0

    def _extend(self, recording: Recording, theta: Array, losses: Array, column: int) -> None:
        """Append the finite frames of theta (frames, size) and losses (frames,); set `finish`."""
        parameters_finite = np.asarray(np.isfinite(theta).all(axis=1))
        finite = parameters_finite & np.isfinite(losses)
        count = len(finite) if finite.all() else int(finite.argmin())
        step = len(recording) + count
        if step == 0:
            run = recording.experiment.runs.index(recording.run)
            raise UsageError(
                f"run[{run}].init: the first loss is not finite; use smaller first weights"
            )
        recording.extend(theta[:count], losses[:count])
        if self._observers and count:
            # Copied into the memory order in which observers read them: frames last.
            parameters, gradient, *activations = (
                np.ascontiguousarray(np.moveaxis(trace[:count], 0, -1))
                for trace in (theta, *(trace[..., column] for trace in self._traces[1:]))
            )
            self._observers[column](parameters, gradient, [self._descent.stack.Z[0], *activations])
        if count < len(finite):
            what = "the loss" if parameters_finite[count] else "a parameter"
            # At step 1 the first weights are too large for the rate.
            remedy = "smaller first weights, or a smaller" if step == 1 else "a smaller"
            recording.reason = (
                f"diverged at step {step}: {what} is no longer finite; try {remedy} learning rate"
            )
            recording.finish = Finish.DIVERGED
        elif step == recording.capacity:
            recording.finish = Finish.COMPLETED
