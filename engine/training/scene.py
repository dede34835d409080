"""The base class of everything that is played: frames by index, which appear while computed."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from pathlib import Path
from typing import Any, ClassVar

from engine import drain
from engine.experiment import Experiment
from engine.io.tables import OnProgress
from engine.training.diagnostics import Diagnostics
from engine.training.events import Event
from engine.training.recording import Frame, Recording
from engine.training.training import IsCancelled


class Scene(ABC):
    """The frames and events of an experiment. Constructing one computes nothing.

    One thread may iterate `compute` while another reads.

    Attributes
    ----------
    experiment : Experiment
    events : tuple of Event
        The events so far, by frame. The `run` of an event is the number of its track.
    track_count : int
        The number of tracks of the timeline, at most six: runs, or values compared.
    planned_index : int
        The greatest index of a complete scene, unless it ends early.
    revision : int
        A number that grows when frames that were shown before have changed.
    is_complete : bool
        Whether every frame and event is computed.
    activity : str
        The activity of the program while the scene grows, for messages.
    progress_unit : str
        The unit of progress while the scene grows, for messages.
    has_run_rows : bool
        Whether each run has a row of panels with a header on the stage.
    seconds_for_pass : float
        The approximate duration of one pass of all examples through every network.
    recordings : tuple of Recording
        Of a training, one for each run; empty for a study.
    diagnostics : tuple of Diagnostics
        Of a training, one for each run; empty for a study.
    """

    activity: ClassVar[str] = "computing"
    progress_unit: ClassVar[str] = "frames"
    has_run_rows: ClassVar[bool] = False

    track_count = 1
    revision = 0
    is_complete = False
    seconds_for_pass = 0.0
    events: tuple[Event, ...] = ()
    recordings: tuple[Recording, ...] = ()
    diagnostics: tuple[Diagnostics, ...] = ()

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.planned_index = experiment.training.steps

    @abstractmethod
    def compute(self, is_cancelled: IsCancelled = None) -> Generator[None, None, None]:
        """Compute the frames, yielding about every millisecond; stop once cancelled."""

    def compute_all(self) -> None:
        """Compute every frame."""
        drain(self.compute())

    @property
    @abstractmethod
    def last_index(self) -> int:
        """The greatest index that can be shown now; −1 before the first frame."""

    @property
    def progress(self) -> str:
        """The share that is computed, as text."""
        return f"{100 * (self.last_index + 1) // (self.planned_index + 1)} %"

    @property
    def speed(self) -> str:
        """The speed of the computation and the time left, as text; empty where unknown."""
        return ""

    @property
    def per_run_panels(self) -> int:
        """The number of copies of each panel that shows one run."""
        return self.track_count

    @property
    @abstractmethod
    def summary(self) -> str:
        """The settings that matter, in half a line."""

    def caption(self, index: int) -> str:
        """Return the text that identifies a frame, such as `n = 37`."""
        return f"step {index:,} / {self.planned_index:,}"

    def frames_at(self, index: int) -> tuple[Frame, ...]:
        """Return the frame of every run at an index; empty for a study."""
        return ()

    def frame_for(self, run: int, index: int) -> int:
        """Return the frame of a run for an index, which may not be computed yet."""
        return index

    def seconds_for(self, index: int) -> float:
        """Return the approximate duration of `prepare`, in seconds."""
        return 0.0

    def prepare(self, index: int) -> None:
        """Compute and cache the frames at an index; callable from any thread."""
        self.frames_at(index)

    @abstractmethod
    def text_table(self, index: int) -> list[list[str]]:
        """Return the numbers of a frame as rows of text, the header first.

        Numbers read back to the same bits. Empty before the numbers are computed.
        """

    @property
    def table_length(self) -> int:
        """The number of frames that `write_table` reports at its end."""
        return self.planned_index + 1

    @abstractmethod
    def write_table(self, path: str | Path, on_progress: OnProgress | None = None) -> None:
        """Write the numbers of every frame in the format that the end of `path` names.

        Raises
        ------
        UsageError
            If the name has no suffix of a table.
        InitscopeError
            If the file cannot be written; an older file is left unchanged.
        """

    @abstractmethod
    def report(self) -> dict[str, Any]:
        """Return the result of a complete scene as a JSON document."""

    @abstractmethod
    def report_text(self) -> str:
        """Return the result of a complete scene as lines of text."""
