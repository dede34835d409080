"""Recordings as tables: every frame of every run, as arrays or as rows."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import prod
from pathlib import Path
from tempfile import SpooledTemporaryFile

import numpy as np
from numpy.typing import NDArray

from engine.io.staged_output import StagedFile
from engine.io.tables import NpzWriter, OnProgress, check_table, open_csv, table_suffix
from engine.training.recording import Recording

Block = dict[str, NDArray[np.float64]]
"""Consecutive frames: W1 (n, n1, n0), b1 (n, n1, 1), W2, …, then dW1, db1, …"""

_IN_MEMORY = 64 * 2**20
"""Bytes of the arrays of one run that are collected in memory; larger ones go to the disk."""
_PIECE = 2**20


def write_recordings(
    recordings: Sequence[Recording], path: str | Path, on_progress: OnProgress | None = None
) -> None:
    """Write every frame of some runs in the format that the end of `path` names.

    The same recordings give the same bytes. `on_progress` gets the number of frames over all
    runs. See `Scene.write_table` for the errors.
    """
    check_table(path)
    with StagedFile(path, overwrite=True) as staged:
        _WRITERS[table_suffix(path)](recordings, staged.path, on_progress or (lambda frames: None))


def _write_npz(recordings: Sequence[Recording], path: Path, on_progress: OnProgress) -> None:
    """Write the keys run0/step, run0/loss, run0/W1, …, run0/dW1, …, run1/step, …

    An .npz file holds one array after another, but each block of frames has a piece of every
    array; so the arrays of a run are collected in a spool first.
    """
    written = 0
    with NpzWriter.open(path) as archive:
        for run, recording in enumerate(recordings):
            count = len(recording)
            archive.add(f"run{run}/step", np.arange(count, dtype="<i8"))
            archive.add(f"run{run}/loss", recording.losses)
            shapes = _shapes(recording)
            sizes = {name: 8 * count * prod(shape) for name, shape in shapes.items()}
            starts = dict(zip(sizes, accumulate(sizes.values(), initial=0), strict=False))
            with SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(path.parent)) as spool:
                for first, block in _blocks(recording):
                    for name, array in block.items():
                        spool.seek(starts[name] + first * array[0].nbytes)
                        spool.write(np.ascontiguousarray(array).data.cast("B"))
                    on_progress(written + first + len(block["W1"]))
                for name, size in sizes.items():
                    spool.seek(starts[name])
                    pieces = (spool.read(min(_PIECE, size - at)) for at in range(0, size, _PIECE))
                    archive.add_pieces(f"run{run}/{name}", (count, *shapes[name]), pieces)
            written += count


def _write_csv(recordings: Sequence[Recording], path: Path, on_progress: OnProgress) -> None:
    """Write one row a run and frame: run,step,loss,"W1[0,0]",…,"b1[0,0]",…,"dW1[0,0]",…"""
    columns = [
        f"{name}[{row},{column}]"
        for name, shape in _shapes(recordings[0]).items()
        for row, column in np.ndindex(shape)
    ]
    with open_csv(path, ["run", "step", "loss", *columns]) as write_rows:
        for run, recording, first, block in _numbered_blocks(recordings, on_progress):
            numbers = _side_by_side(list(block.values()))
            losses = recording.losses[first : first + len(numbers)].tolist()
            write_rows(
                [run, step, loss, *row]
                for step, (loss, row) in enumerate(zip(losses, numbers, strict=True), first)
            )


def _write_tidy(recordings: Sequence[Recording], path: Path, on_progress: OnProgress) -> None:
    """Write one row a run, frame and parameter: run,step,parameter,row,column,value,gradient.

    The columns are the same for all layer sizes, as programs for statistics and plots expect.
    """
    columns = ["run", "step", "parameter", "row", "column", "value", "gradient"]
    with open_csv(path, columns) as write_rows:
        for run, recording, first, block in _numbered_blocks(recordings, on_progress):
            shapes = {name: s for name, s in _shapes(recording).items() if name[0] != "d"}
            places = [(name, *place) for name, s in shapes.items() for place in np.ndindex(s)]
            values, gradients = (
                _side_by_side([block[prefix + name] for name in shapes]) for prefix in ("", "d")
            )
            for step, rows in enumerate(zip(values, gradients, strict=True), first):
                write_rows(
                    (run, step, *place, value, gradient)
                    for place, value, gradient in zip(places, *rows, strict=True)
                )


_WRITERS: dict[str, Callable[[Sequence[Recording], Path, OnProgress], None]] = {
    ".csv": _write_csv,
    ".tidy.csv": _write_tidy,
    ".npz": _write_npz,
}


def _numbered_blocks(
    recordings: Sequence[Recording], on_progress: OnProgress
) -> Iterator[tuple[int, Recording, int, Block]]:
    """Yield run, recording, first frame and frames of every block; report each one written."""
    written = 0
    for run, recording in enumerate(recordings):
        for first, block in _blocks(recording):
            yield run, recording, first, block
            on_progress(written + first + len(block["W1"]))
        written += len(recording)


def _side_by_side(arrays: Sequence[NDArray[np.float64]]) -> list[list[float]]:
    """Return the numbers of every frame in a list, array after array."""
    rows: list[list[float]] = np.hstack([each.reshape(len(each), -1) for each in arrays]).tolist()
    return rows


def _shapes(recording: Recording) -> dict[str, tuple[int, ...]]:
    """Return the shape of every parameter, then of every gradient, by its name."""
    parameters = recording.layout.view(np.empty(recording.layout.size))
    shapes = {name: array.shape for name, array in parameters.items()}
    return shapes | {f"d{name}": shape for name, shape in shapes.items()}


def _blocks(recording: Recording) -> Iterator[tuple[int, Block]]:
    """Yield all frames block by block, each with the index of its first frame."""
    for first, last in recording.blocks(0, len(recording)):
        done, count = recording.passes(first, last), last - first
        block = {}
        for prefix, vectors in (("", done.theta), ("d", done.gradient)):
            for name, array in recording.layout.view(vectors[:, :count]).items():
                block[prefix + name] = np.moveaxis(array, -1, 0)
        yield first, block
