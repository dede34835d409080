"""A comparison: the runs of an experiment side by side, trained and diagnosed."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import final

from engine.experiment.experiment import Experiment
from engine.training.diagnostics import Diagnostics
from engine.training.events import Event, EventLog
from engine.training.recording import Finish, Frame
from engine.training.scene import TRAINING, Scene
from engine.training.training import Training, never

EVENTS_SECONDS = 0.02
"""Events are looked for at most so often while runs train."""


@final
class Comparison(Scene):
    """An experiment's recordings with their diagnostics and events; it grows while it trains.

    Making one trains nothing. One thread may iterate `chunks` while another reads.

    Attributes
    ----------
    experiment : Experiment
    recordings : tuple of Recording
        One for each run, in order.
    diagnostics : tuple of Diagnostics
        One for each run.
    events : tuple of Event
        Of all runs so far, by frame.
    """

    kind = TRAINING

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._training = Training(experiment)
        self.recordings = tuple(self._training.recordings)
        self.diagnostics = tuple(Diagnostics(recording) for recording in self.recordings)
        self._training.observers = [diagnosed.observe for diagnosed in self.diagnostics]
        self.events: tuple[Event, ...] = ()
        self._logs = [EventLog(run, diagnosed) for run, diagnosed in enumerate(self.diagnostics)]
        self._is_complete = False

    def chunks(self, cancelled: Callable[[], bool] = never) -> Iterator[None]:
        """Train and diagnose, yielding after every chunk; see `Training.chunks`."""
        training = self._training.chunks(cancelled)
        collected = -EVENTS_SECONDS
        try:
            for _ in training:
                if perf_counter() - collected >= EVENTS_SECONDS or self._have_ended():
                    self._collect_events()
                    collected = perf_counter()
                yield
        finally:
            training.close()
            self._collect_events()

    @property
    def last_index(self) -> int:
        """The greatest frame index that can be shown now; −1 before the first chunk.

        While runs train, the least last frame over those; in the end the greatest over all.
        """
        lasts = [len(diagnosed) - 1 for diagnosed in self.diagnostics]
        training = [
            last
            for last, recording in zip(lasts, self.recordings, strict=True)
            if recording.finish is Finish.TRAINING
        ]
        return min(training) if training else max(lasts)

    @property
    def is_complete(self) -> bool:
        """Whether no run trains any more, and all events are known."""
        return self._is_complete

    @property
    def planned_index(self) -> int:
        return self.experiment.training.steps

    @property
    def lanes(self) -> int:
        return len(self.recordings)

    def shown(self, run: int, index: int) -> int:
        """Return the frame of a run that is shown at an index: its last one where it is over."""
        return min(index, len(self.diagnostics[run]) - 1)

    def frames(self, index: int) -> tuple[Frame, ...]:
        """Return every run's frame that is shown at an index."""
        return tuple(
            recording[self.shown(run, index)] for run, recording in enumerate(self.recordings)
        )

    def frame_for(self, run: int, index: int) -> int:
        """Return the frame of a run that an index stands for, be it still to come.

        A training that was cancelled may be replaced by one that goes on.
        """
        has_ended = self.recordings[run].finish in (Finish.COMPLETED, Finish.DIVERGED)
        return self.shown(run, index) if has_ended else index

    def seconds_for(self, index: int) -> float:
        """Return about how long `prepare` takes."""
        return sum(
            recording.seconds_for(self.shown(run, index))
            for run, recording in enumerate(self.recordings)
        )

    @property
    def seconds_for_pass(self) -> float:
        """About how long it takes to pass the examples through the network of every run."""
        return sum(each.layout.seconds_for(each.data.examples) for each in self.recordings)

    def prepare(self, index: int) -> None:
        """Have every run's frame that is shown at an index at hand; may be called in any thread."""
        self.frames(index)

    def _collect_events(self) -> None:
        for log in self._logs:
            log.extend()
        events = [event for log in self._logs for event in log.events]
        self.events = tuple(sorted(events, key=lambda event: (event.frame, event.run)))
        self._is_complete = self._have_ended()

    def _have_ended(self) -> bool:
        return all(recording.finish is not Finish.TRAINING for recording in self.recordings)


def compare(experiment: Experiment) -> Comparison:
    """Train and diagnose every run to its end; raise `UsageError` as `train` does."""
    comparison = Comparison(experiment)
    for _ in comparison.chunks():
        pass
    return comparison
