"""The base class and the registry of studies, whose frames vary something other than the step."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from engine import counted
from engine.experiment import SceneSpec
from engine.io.staged_output import StagedFile
from engine.io.tables import NpzWriter, OnProgress, TableValue, check_table, open_csv, table_suffix
from engine.nn import Registry
from engine.training import IsCancelled, Scene


class Study(Scene):
    """A scene computed from the parameters of its spec, of the class it is registered for.

    A subclass computes its frames in `compute_frames` and sets `last_index` as they appear.
    """

    last_index = -1

    @property
    def spec(self) -> SceneSpec:
        """The parameters of the study."""
        assert self.experiment.scene is not None
        return self.experiment.scene

    @abstractmethod
    def compute_frames(self) -> Generator[None, None, None]:
        """Compute every frame, yielding about every millisecond."""

    @abstractmethod
    def table(self, index: int) -> list[dict[str, TableValue]]:
        """Return the numbers of a frame as rows, all with the same columns."""

    @property
    def table_indices(self) -> Sequence[int]:
        """The frames that the table of the whole study has, ending with the last one."""
        return range(self.last_index + 1)

    @abstractmethod
    def findings(self) -> list[str]:
        """Return the results of a complete study in sentences."""

    def compute(self, is_cancelled: IsCancelled = None) -> Generator[None, None, None]:
        if self.is_complete:
            return
        with closing(self.compute_frames()) as steps:
            for _ in steps:
                yield
                if is_cancelled is not None and is_cancelled():
                    return
        self.is_complete = True
        yield  # once more, so that callers see it complete

    def text_table(self, index: int) -> list[list[str]]:
        rows = self.table(index)
        return [list(rows[0]), *(list(map(str, row.values())) for row in rows)] if rows else []

    def write_table(self, path: str | Path, on_progress: OnProgress | None = None) -> None:
        """Write the rows of every frame; an .npz file has one array for each column."""
        check_table(path)
        rows: list[dict[str, TableValue]] = []
        for index in self.table_indices:
            rows += self.table(index)
            if on_progress is not None:
                on_progress(index + 1)
        columns = list(rows[0])
        with StagedFile(path, overwrite=True) as staged:
            if table_suffix(path) == ".npz":
                with NpzWriter.open(staged.path) as archive:
                    for name in columns:
                        archive.add(name, np.array([row[name] for row in rows]))
            else:
                with open_csv(staged.path, columns) as write_rows:
                    write_rows(list(row.values()) for row in rows)

    def report(self) -> dict[str, Any]:
        return {
            "title": self.experiment.title,
            "scene": self.experiment.kind,
            "frames": self.last_index + 1,
            "findings": self.findings(),
            "events": [
                {"frame": event.frame, "kind": event.kind.value, "text": event.text}
                for event in self.events
            ],
        }

    def report_text(self) -> str:
        computed = f"{self.experiment.kind}: {counted(self.last_index + 1, 'frame')}"
        return "\n".join([self.experiment.title, "", computed, *self.findings()])


StudyClass = TypeVar("StudyClass", bound=type[Study])


class StudyKind(NamedTuple):
    """A kind of study: the class of its parameters, and the class that computes its frames."""

    spec: type[SceneSpec]
    study: type[Study]


STUDIES: Registry[StudyKind] = Registry("scene")
"""Every kind of study by its name in experiment files; `engine.studies.catalogue` fills it."""


def register_study(*specs: type[SceneSpec]) -> Callable[[StudyClass], StudyClass]:
    """Return a class decorator that registers a study for the specs whose frames it computes."""

    def register(study: StudyClass) -> StudyClass:
        for spec in specs:
            STUDIES[str(spec.__struct_config__.tag)] = StudyKind(spec, study)
        return study

    return register
