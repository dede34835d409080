"""One frame as text: a table for a spreadsheet, or arrays for NumPy."""

from engine.codegen.pieces import array_text
from engine.errors import InitscopeError
from engine.training.comparison import Comparison
from engine.training.recording import Frame
from engine.training.scene import Scene, Study


def frame_table(scene: Scene, index: int) -> str:
    """Return the numbers of a frame as tab-separated text, with a header row.

    Of a training, a row for each parameter and gradient, and a column for each run; of another
    scene, the rows of its table. Numbers read back to the same bits.

    Raises
    ------
    InitscopeError
        If the scene has no rows before it is computed as a whole.
    """
    if isinstance(scene, Study):
        rows = scene.table(index)
        if not rows:
            raise InitscopeError("there are no numbers to copy yet: wait until all is computed")
        lines = [list(rows[0]), *([str(cell) for cell in row.values()] for row in rows)]
    else:
        assert isinstance(scene, Comparison)
        runs = scene.experiment.runs
        columns = [_entries(frame) for frame in scene.frames(index)]
        # Runs share the layers, so they have the same entries.
        lines = [["", *(run.name or run.init.scheme for run in runs)]]
        lines += [[name, *(repr(column[name]) for column in columns)] for name in columns[0]]
    return "".join("\t".join(map(_plain, line)) + "\n" for line in lines)


def frame_arrays(comparison: Comparison, index: int) -> str:
    """Return the arrays of a frame as Python text, for each run one after the other."""
    parts = ["import numpy as np"]
    for run, frame in zip(comparison.experiment.runs, comparison.frames(index), strict=True):
        name = _plain(run.name or run.init.scheme)
        parts.append(f"\n# {name}, frame {frame.index}: loss {frame.loss!r}")
        for layer in range(1, len(frame.W)):
            for kind in ("W", "b", "Z", "A", "dZ", "dW", "db"):
                parts.append(array_text(f"{kind}{layer}", getattr(frame, kind)[layer]))
    return "\n".join(parts) + "\n"


def _entries(frame: Frame) -> dict[str, float]:
    """Return every parameter and gradient by its name, such as W1[0,1]."""
    entries: dict[str, float] = {"frame": frame.index, "loss": frame.loss}
    for prefix in ("", "d"):
        for layer in range(1, len(frame.W)):
            for kind in ("W", "b"):
                array = getattr(frame, prefix + kind)[layer]
                for row, numbers in enumerate(array.tolist()):
                    for column, number in enumerate(numbers):
                        entries[f"{prefix}{kind}{layer}[{row},{column}]"] = number
    return entries


def _plain(text: str) -> str:
    """Return text in one line and one column."""
    return " ".join(text.split())
