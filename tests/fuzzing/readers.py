"""Readers of untrusted files: each accepts any bytes, and reads or refuses them in one sentence."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.experiment.toml_writer import format_experiment
from engine.library.experiment_file import parse_experiment
from engine.points import decode, parse_points_file
from gui.export.recipe import read_recipe

CORPUS = Path(__file__).parent / "corpus"
LONGEST_SENTENCE = 1000
_FOLDER = tempfile.TemporaryDirectory(prefix="initscope-fuzzing-")


def read_experiment(data: bytes) -> None:
    """Read an experiment's text; what is read must be written as a text that reads the same."""
    experiment = parse_experiment(data.decode("utf-8", "replace"))
    assert isinstance(experiment, Experiment)
    assert parse_experiment(format_experiment(experiment)) == experiment


def read_points(data: bytes) -> None:
    """Read a table of points."""
    points = parse_points_file(decode(data)).points
    assert len({len(point) for point in points}) == 1


def read_exported(data: bytes) -> None:
    """Read the recipe out of a picture or a video."""
    path = Path(_FOLDER.name, "exported")
    path.write_bytes(data)
    read_recipe(path)


READERS: dict[str, Callable[[bytes], None]] = {
    "experiment": read_experiment,
    "points": read_points,
    "exported": read_exported,
}


def try_reading(name: str, data: bytes) -> None:
    """Have a reader try; whatever it raises but a plain refusal is its fault."""
    try:
        READERS[name](data)
    except InitscopeError as error:
        sentence = str(error)
        if len(sentence.splitlines()) != 1 or len(sentence) > LONGEST_SENTENCE:
            raise AssertionError(f"not one plain sentence: {sentence!r}") from error
