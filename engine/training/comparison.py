"""The comparison of an experiment's runs: trained, diagnosed and searched for events."""

from collections.abc import Generator
from pathlib import Path
from time import perf_counter
from typing import Any, final

from engine.experiment import Experiment
from engine.io.tables import OnProgress
from engine.training.diagnostics import Diagnostics
from engine.training.events import EventLog, ordered
from engine.training.recording import Finish, Frame
from engine.training.report import report_text, settings_text, training_report
from engine.training.scene import Scene
from engine.training.tables import write_recordings
from engine.training.training import IsCancelled, Training

EVENTS_SECONDS = 0.02
"""The least time between two searches for events while runs train."""


@final
class Comparison(Scene):
    """The recordings of a training with their diagnostics and events, which grow while it trains.

    See `Scene` for the attributes.
    """

    activity = "training"
    progress_unit = "steps"
    has_run_rows = True

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self._training = Training(experiment)
        self.recordings = tuple(self._training.recordings)
        self.diagnostics = tuple(Diagnostics(recording) for recording in self.recordings)
        self._training.observers = [diagnosed.observe for diagnosed in self.diagnostics]
        self.track_count = len(self.recordings)
        self.seconds_for_pass = sum(
            each.layout.seconds_for(each.data.examples) for each in self.recordings
        )
        self._logs = [EventLog(run, diagnosed) for run, diagnosed in enumerate(self.diagnostics)]

    def compute(self, is_cancelled: IsCancelled = None) -> Generator[None, None, None]:
        training = self._training.train(is_cancelled)
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
        """The greatest frame index that can be shown now; −1 before the first frame.

        While runs train, the least last frame of those runs; at the end the greatest of all.
        """
        lasts = [len(diagnosed) - 1 for diagnosed in self.diagnostics]
        training = [
            last
            for last, recording in zip(lasts, self.recordings, strict=True)
            if recording.finish is Finish.TRAINING
        ]
        return min(training) if training else max(lasts)

    @property
    def summary(self) -> str:
        return settings_text(self.experiment)

    def caption(self, index: int) -> str:
        return f"frame {index:,} / {self.planned_index:,}"

    def clamped_index(self, run: int, index: int) -> int:
        """Return the index of the run's frame at an index: of its last frame where it ended."""
        return min(index, len(self.diagnostics[run]) - 1)

    def frames_at(self, index: int) -> tuple[Frame, ...]:
        return tuple(
            recording[self.clamped_index(run, index)]
            for run, recording in enumerate(self.recordings)
        )

    def frame_for(self, run: int, index: int) -> int:
        # A cancelled training may be replaced by one that continues.
        has_ended = self.recordings[run].finish in (Finish.COMPLETED, Finish.DIVERGED)
        return self.clamped_index(run, index) if has_ended else index

    def seconds_for(self, index: int) -> float:
        return sum(
            recording.seconds_for(self.clamped_index(run, index))
            for run, recording in enumerate(self.recordings)
        )

    def text_table(self, index: int) -> list[list[str]]:
        """Return a row for each parameter and gradient, and a column for each run."""
        columns = [frame.entries() for frame in self.frames_at(index)]
        # All runs have the same layers and so the same entries.
        rows = [["", *(run.name or run.init.scheme for run in self.experiment.runs)]]
        return rows + [[name, *(repr(each[name]) for each in columns)] for name in columns[0]]

    @property
    def table_length(self) -> int:
        return sum(map(len, self.recordings))

    def write_table(self, path: str | Path, on_progress: OnProgress | None = None) -> None:
        write_recordings(self.recordings, path, on_progress)

    def report(self) -> dict[str, Any]:
        return training_report(self.experiment, self.diagnostics, self.events)

    def report_text(self) -> str:
        return report_text(self.report())

    def _collect_events(self) -> None:
        for log in self._logs:
            log.extend()
        self.events = ordered(event for log in self._logs for event in log.events)
        self.is_complete = self._have_ended()

    def _have_ended(self) -> bool:
        return all(recording.finish is not Finish.TRAINING for recording in self.recordings)


def compare(experiment: Experiment) -> Comparison:
    """Train and diagnose every run to its end; raise `UsageError` as `train` does."""
    comparison = Comparison(experiment)
    comparison.compute_all()
    return comparison
