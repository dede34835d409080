"""From an experiment to its recordings, at once or as a stream."""

from collections.abc import Callable, Generator, Sequence
from typing import final

import numpy as np

from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.nn.datasets import Data
from engine.training.descent import Descent
from engine.training.recording import Finish, Recording
from engine.types import Array

CHUNK_SECONDS = 1e-3
"""About how long a chunk takes, where a single step is not longer."""
BLOCK_SECONDS = 4e-3
LONGEST_BLOCK = 256
"""So many frames, or so long a time, are recorded together: singly they would cost more."""
SMALL_BATCH = 16
"""Up to so many examples, runs train fastest as one stack, beyond it one after another."""

Observer = Callable[[Array, Array, Sequence[Array]], None]
"""Is given what the passes of a run's new frames left: theta (size, frames), gradient (size,
frames), and A (n_l, m, frames) by layer, A[0] being empty. They are overwritten afterwards."""


def never() -> bool:
    """Return False: nobody cancels."""
    return False


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
    for _ in training.chunks():
        pass
    return training.recordings


@final
class Training:
    """The training of an experiment as a stream: recordings that grow chunk by chunk.

    Runs with the same network take their steps together; all runs stay in lockstep.

    Attributes
    ----------
    recordings : list of Recording
        One for each run, in order.
    observers : list of Observer
        None, or one for each run: called whenever its recording has grown.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._data = experiment.load_data()
        self.recordings = [Recording(experiment, run, self._data) for run in experiment.runs]
        self.observers: list[Observer] = []

    def chunks(self, cancelled: Callable[[], bool] = never) -> Generator[None, None, None]:
        """Train, yielding after every chunk; stop within a step once `cancelled()`.

        The first chunk records frame 0 alone, so that there is something to show at once; from
        then on some chunks make a block, which is recorded at its end. To be iterated once; when
        it is left early, what still trains counts as cancelled.
        """
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
            while groups and not cancelled():
                for group in groups:
                    group.train(frames, block, cancelled)
                groups = [group for group in groups if group.is_training]
                yield
                frames = max(1, int(CHUNK_SECONDS / seconds))
        finally:
            for recording in self.recordings:
                if recording.finish is Finish.TRAINING:
                    recording.finish = Finish.CANCELLED


def _alike(recordings: Sequence[Recording], data: Data) -> list[list[int]]:
    """Group the runs that can be one stack, where that is faster."""
    if data.examples > SMALL_BATCH:
        return [[run] for run in range(len(recordings))]
    groups: dict[object, list[int]] = {}
    for run, recording in enumerate(recordings):
        groups.setdefault(recording.phases, []).append(run)
    return list(groups.values())


@final
class _Group:
    """Recordings that are filled by one descent."""

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
        at = self._descent.at
        self.seconds_per_step = at.layout.seconds_for(data.examples, at.n)
        # What each frame of a block leaves; activations and gradients only if someone looks.
        self._sources = [at.Z[-1], *([at.gradient, *at.A[1:]] if observers else [])]
        self._make_room(1)
        self._start, self._held = 0, 0  # the block's first frame, and how many it has so far
        self._descent.begin()

    def _make_room(self, frames: int) -> None:
        self._theta = np.empty((frames, *self._descent.at.theta.shape))
        self._traces = [np.empty((frames, *source.shape)) for source in self._sources]

    @property
    def is_training(self) -> bool:
        """Whether any of the runs has not ended yet."""
        return any(recording.finish is Finish.TRAINING for recording in self._recordings)

    def train(self, frames: int, block: int, cancelled: Callable[[], bool]) -> None:
        """Train so many frames, if the block and the steps are not over before.

        The first frame, and a block that is full or has the last frame, are recorded. What a
        cancelled training has not recorded yet is lost.
        """
        descent, at = self._descent, self._descent.at
        if self._start and len(self._theta) < block:
            self._make_room(block)
        # A block has one set of activations: whoever looks at it need not ask.
        whole = min(len(self._theta), self._recordings[0].end_of_phase(self._start) - self._start)
        stop = min(self._held + frames, whole)
        theta, traces = self._theta, list(zip(self._traces, self._sources, strict=True))
        # Not held across a yield: what numpy does with errors is the business of its caller.
        with np.errstate(all="ignore"):
            for i in range(self._held, stop):
                theta[i] = at.theta
                descent.evaluate()
                for trace, source in traces:
                    trace[i] = source
                if self._start + i < self._last:  # no step leads on from the last frame
                    descent.step()
                if cancelled():
                    return
        self._held = stop
        if stop == whole:
            self._record(stop)

    def _record(self, count: int) -> None:
        """Record the block of so many frames, and begin the next."""
        with np.errstate(all="ignore"):
            losses = self._descent.at.losses(np.moveaxis(self._traces[0][:count], 0, -1))
        for column, recording in enumerate(self._recordings):
            if recording.finish is Finish.TRAINING:
                self._extend(recording, self._theta[:count, :, column], losses[column], column)
        self._start, self._held = self._start + count, 0

    def _extend(self, recording: Recording, theta: Array, losses: Array, column: int) -> None:
        """Append what is finite of theta (frames, size) and losses (frames,), and end the run."""
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
            # Copied into the order in which whoever looks will go through them: frames last.
            parameters, gradient, *activations = (
                np.ascontiguousarray(np.moveaxis(trace[:count], 0, -1))
                for trace in (theta, *(trace[..., column] for trace in self._traces[1:]))
            )
            self._observers[column](parameters, gradient, [self._descent.at.Z[0], *activations])
        if count < len(finite):
            what = "the loss" if parameters_finite[count] else "a parameter"
            # At once, it is the start that was too large for the rate.
            remedy = "smaller first weights, or a smaller" if step == 1 else "a smaller"
            recording.reason = (
                f"diverged at step {step}: {what} is no longer finite; try {remedy} learning rate"
            )
            recording.finish = Finish.DIVERGED
        elif step == recording.capacity:
            recording.finish = Finish.COMPLETED
