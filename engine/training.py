"""From an experiment to its recordings, at once or as a stream."""

from collections.abc import Callable, Generator, Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.datasets import Data
from engine.descent import Descent
from engine.errors import UsageError
from engine.experiment import Experiment
from engine.recording import Finish, Recording

Array = NDArray[np.float64]

CHUNK_SECONDS = 1e-3
"""About how long a chunk takes, where a single step is not longer."""
SECONDS_PER_LAYER = 6e-6
SECONDS_PER_PRODUCT = 1e-9
"""What a step costs: so much for each layer, and for each product of weight and activation."""
LONGEST_CHUNK = 128
SMALL_BATCH = 16
"""Up to so many examples, runs train fastest as one stack, beyond it one after another."""


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
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._data = experiment.load_data()
        self.recordings = [Recording(experiment, run, self._data) for run in experiment.runs]

    def chunks(self, cancelled: Callable[[], bool] = never) -> Generator[None, None, None]:
        """Train, yielding after every chunk; stop within a step once `cancelled()`.

        The first chunk is frame 0 alone, so that there is something to show at once. To be
        iterated once; when it is left early, what still trains counts as cancelled.
        """
        try:
            groups = [
                _Group(self.experiment, recordings, self._data)
                for recordings in _alike(self.recordings, self._data)
            ]
            frames = 1
            while groups and not cancelled():
                for group in groups:
                    group.train(frames, cancelled)
                groups = [group for group in groups if group.is_training]
                yield
                seconds = sum(group.seconds_per_step for group in groups)
                frames = int(np.clip(CHUNK_SECONDS / max(seconds, 1e-9), 1, LONGEST_CHUNK))
        finally:
            for recording in self.recordings:
                if recording.finish is Finish.TRAINING:
                    recording.finish = Finish.CANCELLED


def _alike(recordings: Sequence[Recording], data: Data) -> list[list[Recording]]:
    """Group the recordings whose runs can be one stack, where that is faster."""
    if data.examples > SMALL_BATCH:
        return [[recording] for recording in recordings]
    groups: dict[object, list[Recording]] = {}
    for recording in recordings:
        groups.setdefault(recording.spec, []).append(recording)
    return list(groups.values())


@final
class _Group:
    """Recordings that are filled by one descent."""

    def __init__(self, experiment: Experiment, recordings: list[Recording], data: Data) -> None:
        self._recordings = recordings
        self._descent = Descent(experiment, [recording.run for recording in recordings], data)
        self._last = experiment.training.steps
        at = self._descent.at
        self.seconds_per_step = (
            SECONDS_PER_LAYER * at.layout.depth
            + SECONDS_PER_PRODUCT * 3 * at.theta.size * data.examples
        )
        self._theta = np.empty((1, *at.theta.shape))
        self._logits = np.empty((1, *at.Z[-1].shape))
        self._descent.begin()

    @property
    def is_training(self) -> bool:
        """Whether any of the runs has not ended yet."""
        return any(recording.finish is Finish.TRAINING for recording in self._recordings)

    def train(self, frames: int, cancelled: Callable[[], bool]) -> None:
        """Append so many frames, or up to the last one; none if it is cancelled meanwhile."""
        descent, at = self._descent, self._descent.at
        start = descent.frame
        count = min(frames, self._last + 1 - start)
        if count > len(self._theta):
            self._theta = np.empty((count, *at.theta.shape))
            self._logits = np.empty((count, *at.Z[-1].shape))
        theta, logits = self._theta, self._logits
        # Not held across a yield: what numpy does with errors is the business of its caller.
        with np.errstate(all="ignore"):
            for i in range(min(count, self._last - start)):
                theta[i] = at.theta
                descent.step()
                logits[i] = at.Z[-1]
                if cancelled():
                    return
            if start + count > self._last:  # no step leads on from the last frame
                theta[count - 1] = at.theta
                at.forward()
                logits[count - 1] = at.Z[-1]
            losses = at.losses(np.moveaxis(logits[:count], 0, -1))
        for column, recording in enumerate(self._recordings):
            if recording.finish is Finish.TRAINING:
                self._extend(recording, theta[:count, :, column], losses[column])

    def _extend(self, recording: Recording, theta: Array, losses: Array) -> None:
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
        if count < len(finite):
            what = "the loss" if parameters_finite[count] else "a parameter"
            recording.reason = (
                f"diverged at step {step}: {what} is no longer finite; try a smaller learning rate"
            )
            recording.finish = Finish.DIVERGED
        elif step == recording.capacity:
            recording.finish = Finish.COMPLETED
