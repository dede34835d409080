"""The registry of studies: the spec and the computation of every kind."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from engine.experiment import SceneSpec
from engine.nn import Registry
from engine.studies.base.study import Study

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
