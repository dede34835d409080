"""The built-in experiments: the TOML files in assets/experiments, each named by its stem.

The files at the top are stories. Those in the folder below are scenarios: small experiments with
one run, each for one effect.
"""

import tomllib
from functools import cache
from pathlib import Path

from engine import unknown_name
from engine.experiment import Experiment
from engine.io.resources import asset
from engine.library.experiment_file import read_experiment

DEFAULT = "zero-vs-random"
"""The experiment that the program opens by default."""

_FOLDER = asset("experiments")


def _rank(file: Path) -> tuple[bool, int, str]:
    return file.stem != DEFAULT, len(file.relative_to(_FOLDER).parts), file.stem


FILES = {file.stem: file for file in sorted(_FOLDER.rglob("*.toml"), key=_rank)}
"""The file of every built-in experiment by its name."""
BUILT_INS: tuple[str, ...] = tuple(FILES)
"""The names: the default first, then the stories in alphabetical order, then the scenarios."""


@cache
def built_in(name: str) -> Experiment:
    """Return a built-in experiment; raise `UsageError` for an unknown name."""
    if name not in FILES:
        raise unknown_name("experiment", name, BUILT_INS)
    return read_experiment(FILES[name])


@cache
def titles() -> dict[str, str]:
    """Return the title of every built-in experiment by its name, in the order of `BUILT_INS`."""
    # Without `built_in`: the window shows the titles before it needs any other experiment.
    texts = {name: file.read_text(encoding="utf-8") for name, file in FILES.items()}
    return {name: str(tomllib.loads(text)["title"]) for name, text in texts.items()}
