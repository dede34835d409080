"""The built-in experiments: every TOML file in assets/experiments is one, named by its stem.

Those at the top are stories. Those in a folder below are scenarios: small, of one run each, for
one thing that happens.
"""

import tomllib
from functools import cache
from pathlib import Path

from engine.errors import unknown_name
from engine.experiment.experiment import Experiment
from engine.io.resources import asset
from engine.library.experiment_file import read_experiment

DEFAULT = "zero-vs-random"
"""What the program shows before anything is chosen."""

_FOLDER = asset("experiments")


def _rank(file: Path) -> tuple[bool, int, str]:
    return file.stem != DEFAULT, len(file.relative_to(_FOLDER).parts), file.stem


_FILES = {file.stem: file for file in sorted(_FOLDER.rglob("*.toml"), key=_rank)}

BUILT_INS: tuple[str, ...] = tuple(_FILES)
"""Their names: the default first, then the stories by alphabet, then the scenarios."""


@cache
def built_in(name: str) -> Experiment:
    """Return a built-in experiment; raise `UsageError` for an unknown name."""
    if name not in _FILES:
        raise unknown_name("experiment", name, BUILT_INS)
    return read_experiment(_FILES[name])


def titles() -> dict[str, str]:
    """Return the title of every built-in experiment by its name, in the order of `BUILT_INS`."""
    # Not by `built_in`: the window shows the titles before it needs any other experiment.
    texts = {name: file.read_text(encoding="utf-8") for name, file in _FILES.items()}
    return {name: str(tomllib.loads(text)["title"]) for name, text in texts.items()}
