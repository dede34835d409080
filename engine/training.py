"""From an experiment to its recordings, at once or as a stream."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.descent import Descent
from engine.experiment import Experiment, Run
from engine.recording import Finish, Recording

CHUNK_SECONDS_WORK = 2_000_000
"""Multiplications between two looks at the outside; a few milliseconds."""
SMALL_BATCH = 16
"""Up to so many examples, runs train fastest as one stack, beyond it one after another."""


def train(experiment: Experiment) -> list[Recording]:
    """Train every run of an experiment to its end.

    Returns
    -------
    list of Recording
        One for each run, in order. A run that diverges ends at its last finite frame.
    """
    training = Training(experiment)
    for _ in training.chunks():
        pass
    return training.recordings


@final
class Training:
    """The training of an experiment as a stream: recordings that grow chunk by chunk.

    Runs with the same network take their steps together. The chunks of all groups are
    interleaved, so the runs stay in lockstep.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.recordings = [Recording(experiment, run) for run in experiment.runs]

    def chunks(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Train on, yielding after every chunk; stop within a step once `cancelled()`."""
        groups = [
            _Group(self.experiment, recordings).chunks(cancelled)
            for recordings in _alike(self.experiment, self.recordings)
        ]
        while groups:
            groups = [group for group in groups if next(group, False)]
            yield
        for recording in self.recordings:
            if recording.finish is Finish.TRAINING:
                recording.finish = Finish.CANCELLED


def _alike(experiment: Experiment, recordings: Sequence[Recording]) -> list[list[Recording]]:
    """Group the recordings whose runs can be one stack, where that is faster."""
    if experiment.load_data().examples > SMALL_BATCH:
        return [[recording] for recording in recordings]
    groups: dict[object, list[Recording]] = {}
    for recording in recordings:
        groups.setdefault(recording.spec, []).append(recording)
    return list(groups.values())


@final
class _Group:
    """Recordings that are filled by one descent."""

    def __init__(self, experiment: Experiment, recordings: list[Recording]) -> None:
        self._recordings = recordings
        self._descent = Descent(experiment, [recording.run for recording in recordings])
        self._frames = experiment.training.steps + 1
        at = self._descent.at
        work = at.theta.size * at.A[0].shape[1] * 3
        self._chunk = int(np.clip(CHUNK_SECONDS_WORK // work, 1, 128))

    def chunks(self, cancelled: Callable[[], bool]) -> Iterator[bool]:
        """Fill the recordings, yielding True as long as there is more to do."""
        descent, at = self._descent, self._descent.at
        theta = np.empty((self._chunk, *at.theta.shape))
        logits = np.empty((self._chunk, *at.Z[-1].shape))
        # What an update computes beyond the last finite frame is cut off by `_extend`.
        with np.errstate(all="ignore"):
            while descent.frame < self._frames:
                count = min(self._chunk, self._frames - descent.frame)
                for i in range(count):
                    theta[i] = at.theta
                    descent.step()
                    logits[i] = at.Z[-1]
                    if cancelled():
                        return
                if not self._extend(theta[:count], np.moveaxis(logits[:count], 0, -1)):
                    return
                yield True
        for recording in self._recordings:
            if recording.finish is Finish.TRAINING:
                recording.finish = Finish.COMPLETED

    def _extend(self, theta, logits) -> bool:
        ...


@dataclass(frozen=True)
class _Unused:
    run: Run
