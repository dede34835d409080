"""What is played: a scene has frames by their index, and grows while it is computed."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import ClassVar

from engine.experiment.experiment import Experiment
from engine.training.events import Event
from engine.training.training import never

TRAINING = "training"
"""The kind of an experiment that names no scene."""


class Scene(ABC):
    """An experiment's frames and events. Making one computes nothing.

    One thread may iterate `chunks` while another reads.

    Attributes
    ----------
    experiment : Experiment
    events : tuple of Event
        What happened so far, by frame; the event's `run` is the lane it stands in.
    """

    kind: ClassVar[str]
    experiment: Experiment
    events: tuple[Event, ...]

    @abstractmethod
    def chunks(self, cancelled: Callable[[], bool] = never) -> Iterator[None]:
        """Compute, yielding after every chunk of about a millisecond; stop once cancelled."""

    @property
    @abstractmethod
    def last_index(self) -> int:
        """The greatest index that can be shown now; −1 before there is a frame."""

    @property
    @abstractmethod
    def is_complete(self) -> bool:
        """Whether nothing more will come."""

    @property
    @abstractmethod
    def planned_index(self) -> int:
        """The greatest index there will be, unless it ends before."""

    @property
    def progress(self) -> str:
        """How far it has come, in a few words."""
        return f"{100 * (self.last_index + 1) // (self.planned_index + 1)} %"

    @property
    def pace(self) -> str:
        """How fast it goes on, and how long it will take, where that can be told."""
        return ""

    @property
    def revision(self) -> int:
        """A number that grows when frames that could be shown already have become different."""
        return 0

    @property
    @abstractmethod
    def lanes(self) -> int:
        """How many things happen side by side, at most four: runs, or what is varied."""


Cell = str | int | float
"""A value in a table of a study's frames."""


class Study(Scene):
    """A scene that is no training: its frames show what happens as something else is varied.

    A subclass computes in `compute`, and sets `_last_index` to how far it has come.
    """

    per_run_panels: int
    """How many there are of each panel that shows one of several."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.events = ()
        self._last_index = -1
        self._is_complete = False

    @abstractmethod
    def compute(self) -> Generator[None, None, None]:
        """Compute every frame, yielding after every chunk."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """What it is about, in half a line: the settings that matter."""

    @abstractmethod
    def caption(self, index: int) -> str:
        """Return what a frame is, such as `n = 37`."""

    @abstractmethod
    def table(self, index: int) -> list[dict[str, Cell]]:
        """Return the numbers of a frame, row by row, each with the same columns."""

    @property
    def table_indices(self) -> Sequence[int]:
        """The frames that a table of all has, the last one among them."""
        return range(self.last_index + 1)

    @abstractmethod
    def findings(self) -> list[str]:
        """Return what came out, in sentences; for when it is complete."""

    def chunks(self, cancelled: Callable[[], bool] = never) -> Iterator[None]:
        if self._is_complete:
            return
        with closing(self.compute()) as computing:
            for _ in computing:
                yield
                if cancelled():
                    return
        self._is_complete = True
        yield  # whoever watches sees that it is complete

    @property
    def last_index(self) -> int:
        return self._last_index

    @property
    def is_complete(self) -> bool:
        return self._is_complete
