"""Recordings as tables for other programs: every frame of every run, as arrays or as rows."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import UsageError
from engine.io.atomic import check_target, replacing
from engine.training.recording import Recording

Block = dict[str, NDArray[np.float64]]
"""Consecutive frames: W1 (n, n1, n0), b1 (n, n1, 1), W2, …, then dW1, db1, …"""
Progress = Callable[[int], None]
"""Told how many frames have been written so far, over all runs."""

_IN_MEMORY = 64 * 2**20
"""Bytes of one run's table that are gathered in memory; beyond it they go to the disk."""


def write_table(
    recordings: Sequence[Recording], path: str | Path, progress: Progress = lambda frames: None
) -> None:
    """Write every frame of some runs in the format that the end of `path` names.

    The same recordings give the same bytes. A run that diverged is as long as it got.

    Raises
    ------
    UsageError
        If the name does not end in one of `TABLES`.
    InitscopeError
        If the file cannot be written; then an older one stays as it was.
    """
    check_table(path)
    with replacing(path) as part:
        TABLES[table_suffix(path)].write(recordings, part, progress)


def check_table(path: str | Path) -> None:
    """Raise what `write_table` would raise, as far as that is known beforehand."""
    if not Path(path).name:
        raise UsageError("the output has no name; give one that ends in .csv or .npz")
    if not table_suffix(path):
        *others, last = TABLES
        raise UsageError(f"{path}: a table ends in {', '.join(others)} or {last}")
    check_target(path)


def table_suffix(path: str | Path) -> str:
    """Return which of `TABLES` a file's name ends in; empty for none.

    >>> table_suffix("a.csv"), table_suffix("a.tidy.csv"), table_suffix("a.txt")
    ('.csv', '.tidy.csv', '')
    """
    name = Path(path).name.lower()
    return max(
        (end for end in TABLES if name.removesuffix(end) not in ("", name)), key=len, default=""
    )


def write_npz(recordings: Sequence[Recording], path: Path, progress: Progress) -> None:
    """Write NumPy's .npz with the keys run0/step, run0/loss, run0/W1, …, run0/dW1, …, run1/step.

    A .npz holds array after array, but frames come block by block, each with a piece of every
    array; so a run's arrays are gathered in a spool first.
    """
    written = 0
    with zipfile.ZipFile(path, "w") as archive:
        for run, recording in enumerate(recordings):
            count = len(recording)
            _add(archive, f"run{run}/step", (count,), [np.arange(count).tobytes()], "<i8")
            _add(archive, f"run{run}/loss", (count,), [recording.losses.tobytes()])
            shapes = _shapes(recording)
            starts = _starts(shapes, count)
            with SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(path.parent)) as spool:
                for first, block in _blocks(recording):
                    for name, array in block.items():
                        spool.seek(starts[name] + first * array[0].nbytes)
                        spool.write(np.ascontiguousarray(array).data.cast("B"))
                    progress(written + first + len(block["W1"]))
                for name, shape in shapes.items():
                    spool.seek(starts[name])
                    size = 8 * count * int(np.prod(shape))
                    pieces = (spool.read(min(2**20, size - at)) for at in range(0, size, 2**20))
                    _add(archive, f"run{run}/{name}", (count, *shape), pieces)
            written += count


def _add(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int, ...],
    pieces: Sequence[bytes] | Iterator[bytes],
    kind: str = "<f8",
) -> None:
    """Add an array to the archive, given as bytes in C order."""
    entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, whenever it is written
    entry.create_system = 3  # and of one kind, whatever the system
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    with archive.open(entry, "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for piece in pieces:
            file.write(piece)


def _starts(shapes: Mapping[str, tuple[int, int]], count: int) -> dict[str, int]:
    """Lay out arrays of `count` entries of these shapes one after another, in bytes."""
    sizes = [8 * count * int(np.prod(shape)) for shape in shapes.values()]
    return dict(zip(shapes, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))


def write_csv(recordings: Sequence[Recording], path: Path, progress: Progress) -> None:
    """Write one row a run and frame: run,step,loss,"W1[0,0]",…,"b1[0,0]",…,"dW1[0,0]",…

    Numbers are written so that they read back to the same bits, with a decimal point.
    """
    written = 0
    with path.open("w", encoding="ascii", newline="\n") as file:
        columns = [
            f'"{name}[{row},{column}]"'  # quoted, because of the comma
            for name, shape in _shapes(recordings[0]).items()
            for row, column in np.ndindex(shape)
        ]
        file.write(",".join(["run", "step", "loss", *columns]) + "\n")
        for run, recording in enumerate(recordings):
            losses = recording.losses
            for first, block in _blocks(recording):
                table = _side_by_side(list(block.values()))
                for step, row in enumerate(table, start=first):
                    numbers = map(repr, chain([float(losses[step])], row))
                    file.write(f"{run},{step},{','.join(numbers)}\n")
                progress(written + first + len(table))
            written += len(recording)


def write_tidy(recordings: Sequence[Recording], path: Path, progress: Progress) -> None:
    """Write one row a run, frame and parameter: run,step,parameter,row,column,value,gradient.

    So whatever the layers, the columns are the same, as programs for statistics and plots like it.
    """
    written = 0
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write("run,step,parameter,row,column,value,gradient\n")
        for run, recording in enumerate(recordings):
            shapes = {name: s for name, s in _shapes(recording).items() if name[0] != "d"}
            places = [
                f"{name},{j},{i}" for name, shape in shapes.items() for j, i in np.ndindex(shape)
            ]
            for first, block in _blocks(recording):
                values, gradients = (
                    _side_by_side([block[prefix + name] for name in shapes]) for prefix in ("", "d")
                )
                for step, rows in enumerate(zip(values, gradients, strict=True), start=first):
                    file.writelines(
                        f"{run},{step},{place},{value!r},{gradient!r}\n"
                        for place, value, gradient in zip(places, *rows, strict=True)
                    )
                progress(written + first + len(values))
            written += len(recording)


def _side_by_side(arrays: Sequence[NDArray[np.float64]]) -> list[list[float]]:
    """Return the numbers of every frame in a list, array after array."""
    rows: list[list[float]] = np.hstack([each.reshape(len(each), -1) for each in arrays]).tolist()
    return rows


def _shapes(recording: Recording) -> dict[str, tuple[int, int]]:
    """Return the shape of every parameter, then of every gradient, by its name."""
    sizes = recording.spec.layers
    shapes = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        shapes[f"W{layer}"] = (n_out, n_in)
        shapes[f"b{layer}"] = (n_out, 1)
    return shapes | {f"d{name}": shape for name, shape in shapes.items()}


def _blocks(recording: Recording) -> Iterator[tuple[int, Block]]:
    """Yield all frames, a block at a time, with the index of the block's first."""
    for first, last in recording.blocks(0, len(recording)):
        done, count = recording.passes(first, last), last - first
        block = {}
        for prefix, vectors in (("", done.theta), ("d", done.gradient)):
            for name, array in recording.layout.view(vectors[:, :count]).items():
                block[prefix + name] = np.moveaxis(array, -1, 0)
        yield first, block


class Table(NamedTuple):
    """A format of tables: what users call it, what is in it, and what writes it."""

    title: str
    contents: str
    write: Callable[[Sequence[Recording], Path, Progress], None]


TABLES: dict[str, Table] = {
    ".csv": Table("CSV", "one row a frame", write_csv),
    ".tidy.csv": Table("Tidy CSV", "one row a frame and parameter", write_tidy),
    ".npz": Table("NumPy", "an array a parameter", write_npz),
}
"""Every format by the end of a file's name, in the order in which users are offered them."""
