"""One frame as text: a table for a spreadsheet, or arrays for NumPy."""

from engine import InitscopeError, code_characters, require
from engine.codegen.pieces import array_text
from engine.training import Scene


def frame_table(scene: Scene, index: int) -> str:
    """Return the numbers of a frame as tab-separated text, with a header row.

    See `Scene.text_table` for the rows. In a cell, each run of white space is one space.

    Raises
    ------
    InitscopeError
        If the scene has no rows before it is complete.
    """
    rows = scene.text_table(index)
    require(rows, "there are no numbers to copy yet: wait until all is computed", InitscopeError)
    lines = ("\t".join(_in_one_line(cell) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def frame_arrays(scene: Scene, index: int) -> str:
    """Return the arrays of a frame as Python text, for each run one after the other."""
    parts = ["import numpy as np"]
    for run, frame in zip(scene.experiment.runs, scene.frames_at(index), strict=True):
        name = _in_one_line(run.name or run.init.scheme)
        parts.append(f"\n# {name}, frame {frame.index}: loss {frame.loss!r}")
        parts += (
            array_text(f"{kind}{layer}", getattr(frame, kind)[layer])
            for layer in range(1, len(frame.W))
            for kind in ("W", "b", "Z", "A", "dZ", "dW", "db")
        )
    return "\n".join(parts) + "\n"


def _in_one_line(text: str) -> str:
    return " ".join(code_characters(text).split())
