"""Opens what a user names: a built-in experiment, or a file that contains one."""

import os.path
from difflib import get_close_matches
from pathlib import Path

from engine import UsageError, error_prefix
from engine.experiment import Experiment
from engine.library.built_ins import BUILT_INS, built_in
from engine.library.experiment_file import parse_experiment, read_experiment


def open_experiment(name: str | Path) -> Experiment:
    """Return the experiment of this name.

    Parameters
    ----------
    name : str or Path
        The name of a built-in experiment, a TOML file, or a file exported by Initscope. A string
        that names a built-in experiment is not a file; ./name and a Path are.

    Raises
    ------
    UsageError
        If there is no such experiment or file, or the file contains none.
    """
    if isinstance(name, str) and name in BUILT_INS:
        return built_in(name)
    path = Path(name)
    is_word = isinstance(name, str) and path.name == name and not path.suffix
    if is_word and not (name and os.path.exists(path)):  # False for an impossible name
        close = get_close_matches(str(name), BUILT_INS, n=1)
        hint = (
            f'did you mean "{close[0]}"?'
            if close
            else f"the built-in ones are {', '.join(BUILT_INS)}"
        )
        raise UsageError(f'there is neither a built-in experiment nor a file "{name}": {hint}')
    if path.suffix.lower() != ".toml" and os.path.exists(path):
        from gui.export.formats.registry import ALL_FORMATS  # loads PyAV
        from gui.export.recipe import read_recipe

        if path.suffix.lower() in ALL_FORMATS or os.path.isdir(path):
            return parse_experiment(read_recipe(path), str(path))
    return read_experiment(path)


def open_to_show(name: str | Path) -> Experiment:
    """Return the experiment of this name; raise `UsageError` also for unknown panels."""
    experiment = open_experiment(name)
    if experiment.panels:
        from gui.stage.catalogue import check_panels  # loads Qt

        with error_prefix(f"{name}: "):
            check_panels(experiment)
    return experiment
