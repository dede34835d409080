"""Opens what a user names: a built-in experiment, or a file that contains one."""

import logging
import os.path
import re
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from engine import UsageError, error_prefix
from engine.editing.data import with_file
from engine.experiment import Experiment
from engine.io.text_file import open_regular_file, read_text
from engine.library.built_ins import BUILT_INS, built_in
from engine.library.experiment_file import parse_experiment, read_experiment
from engine.points import SUFFIXES

SUFFIX = ".toml"
"""The suffix of experiment files."""

log = logging.getLogger(__name__)


def open_experiment(name: str | Path) -> Experiment:
    """Return the experiment of this name.

    Parameters
    ----------
    name : str or Path
        The name of a built-in experiment, a TOML file, a file exported by Initscope, or a file of
        points, which gives the default experiment fitted to them. A string that names a built-in
        experiment is not a file; ./name and a Path are.

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
    if path.suffix.lower() != SUFFIX and os.path.exists(path):
        from gui.export.formats.registry import ALL_FORMATS  # loads PyAV
        from gui.export.recipe import read_recipe

        if path.suffix.lower() in ALL_FORMATS or os.path.isdir(path):
            return parse_experiment(read_recipe(path), str(path))
    if path.suffix.lower() in SUFFIXES and not _is_experiment(path):
        imported = with_file(Experiment(title=path.stem or "Points"), path)
        log.warning("%s", imported.message)
        return imported.experiment
    return read_experiment(path)


class Opened(NamedTuple):
    """An experiment, and the file that it was read from, if it can be saved there.

    Attributes
    ----------
    experiment : Experiment
    path : Path or None
        The absolute path of the file. None for a built-in experiment, and for an exported video or
        picture, which saving must not replace by an experiment.
    version : str or None
        The version of the text that was read; see `version_of`.
    """

    experiment: Experiment
    path: Path | None = None
    version: str | None = None


def open_document(name: str | Path) -> Opened:
    """Return the experiment of this name with its file; raise `UsageError` as `open_to_show`."""
    path = Path(name)
    if path.suffix.lower() != SUFFIX or not path.is_file():
        return Opened(open_to_show(name))
    text = read_text(path)
    experiment = parse_experiment(text, str(path), path.parent)
    return Opened(_to_show(experiment, name), path.absolute(), version_of(text))


def version_of(text: str) -> str:
    """Return a digest of the text of a file, by which a change of the file is noticed.

    Times cannot do that: a file may change between reading it and asking for its time, twice
    within the resolution of the clock, or while the clock goes backwards.
    """
    return sha256(text.encode()).hexdigest()


def _is_experiment(path: Path) -> bool:
    """Whether a file of text is an experiment, which begins with its format."""
    with open_regular_file(path) as file:
        return re.search(rb"^\s*format\s*=", file.read(65536), re.MULTILINE) is not None


def open_to_show(name: str | Path) -> Experiment:
    """Return the experiment of this name; raise `UsageError` also for unknown panels."""
    return _to_show(open_experiment(name), name)


def _to_show(experiment: Experiment, name: str | Path) -> Experiment:
    if experiment.panels:
        from gui.stage.catalogue import check_panels  # loads Qt

        with error_prefix(f"{name}: "):
            check_panels(experiment)
    return experiment
