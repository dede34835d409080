"""The built-in experiments: every TOML file in assets/experiments is one, named by its stem."""

from functools import cache
from pathlib import Path

from engine.errors import unknown_name
from engine.experiment import Experiment
from engine.experiment_file import read_experiment

DEFAULT = "zero-vs-random"
"""What the program shows before anything is chosen."""

_FOLDER = Path(__file__).parents[1] / "assets" / "experiments"

BUILT_INS: tuple[str, ...] = tuple(
    sorted((file.stem for file in _FOLDER.glob("*.toml")), key=lambda name: (name != DEFAULT, name))
)
"""Their names, the default first, then by alphabet."""


@cache
def built_in(name: str) -> Experiment:
    """Return a built-in experiment; raise `UsageError` for an unknown name."""
    if name not in BUILT_INS:
        raise unknown_name("experiment", name, BUILT_INS)
    return read_experiment(_FOLDER / f"{name}.toml")


def titles() -> dict[str, str]:
    """Return the title of every built-in experiment by its name, in the order of `BUILT_INS`."""
    return {name: built_in(name).title for name in BUILT_INS}
