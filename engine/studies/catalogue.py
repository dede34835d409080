"""All studies, and the scene of any experiment: its training, or the study that it names.

A study is a package beside this file whose module `study` registers it. The packages are imported
here by name, in alphabetical order, wherever the import system finds them: in a folder, in a wheel
or in a zip archive. A tool that freezes the program must include `engine.studies` with
all its modules, because it sees no import statement for them.
"""

import pkgutil
from importlib import import_module

import engine.studies
from engine.experiment import Experiment
from engine.studies.base.study import STUDIES
from engine.training import Comparison, Scene

__all__ = ["STUDIES", "import_studies", "open_scene"]


def import_studies() -> None:
    """Import the module `study` of every package of `engine.studies`, which registers it."""
    for name in sorted(module.name for module in pkgutil.iter_modules(engine.studies.__path__)):
        if name not in ("base", "catalogue"):
            import_module(f"engine.studies.{name}.study")


import_studies()


def open_scene(experiment: Experiment) -> Scene:
    """Return the scene of an experiment, with nothing computed yet."""
    if experiment.scene is None:
        return Comparison(experiment)
    return STUDIES.find(experiment.kind).study(experiment)
