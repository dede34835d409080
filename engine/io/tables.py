"""Tables of numbers for other programs: CSV text and the .npz files of NumPy."""

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine import UsageError, require
from engine.io.staged_output import check_target

TableValue = str | int | float
"""A value in a row of a table. Numbers are written so that they read back to the same bits."""
OnProgress = Callable[[int], None]
"""Is called with the number of frames written so far."""


class TableFormat(NamedTuple):
    """A format of tables: the name and the contents that users are shown."""

    title: str
    contents: str


TABLES: dict[str, TableFormat] = {
    ".csv": TableFormat("CSV", "one row per frame"),
    ".tidy.csv": TableFormat("Tidy CSV", "one row per frame and parameter"),
    ".npz": TableFormat("NumPy", "one array per parameter"),
}
"""Every format by the end of a file's name, in the order in which users are offered them."""


def check_table(path: str | Path) -> None:
    """Raise an error if a table cannot be written to `path`, as far as that is known beforehand.

    Raises
    ------
    UsageError
        If the name does not end in one of `TABLES`.
    InitscopeError
        If no file can be written there.
    """
    require(Path(path).name, "the output has no name; give one that ends in .csv or .npz")
    if not table_suffix(path):
        *others, last = TABLES
        raise UsageError(f"{path}: a table ends in {', '.join(others)} or {last}")
    check_target(path)


def table_suffix(path: str | Path) -> str:
    """Return which of `TABLES` the name of a file ends in; empty for none.

    >>> table_suffix("a.csv"), table_suffix("a.tidy.csv"), table_suffix("a.txt")
    ('.csv', '.tidy.csv', '')
    """
    name = Path(path).name.lower()
    return max(
        (end for end in TABLES if name.removesuffix(end) not in ("", name)), key=len, default=""
    )


WriteRows = Callable[[Iterable[Sequence[TableValue]]], None]


@contextmanager
def open_csv(path: Path, columns: Sequence[str]) -> Iterator[WriteRows]:
    """Open a CSV file with a header row; yield the function that appends rows."""
    # Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        yield writer.writerows


@final
class NpzWriter:
    """Writes arrays into an .npz file; the same arrays give the same bytes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> "Iterator[NpzWriter]":
        """Create a file and write to it until the end of the block."""
        with zipfile.ZipFile(path, "w") as archive:
            yield cls(archive)

    def add(self, name: str, values: NDArray[np.generic]) -> None:
        """Add a whole array."""
        values = np.ascontiguousarray(values)
        self.add_pieces(name, values.shape, [values.tobytes()], values.dtype.str)

    def add_pieces(
        self, name: str, shape: tuple[int, ...], pieces: Iterable[bytes], dtype: str = "<f8"
    ) -> None:
        """Add an array whose bytes, in C order, come in pieces."""
        entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, whenever it is written
        entry.create_system = 3  # the same on every operating system
        header = {"descr": dtype, "fortran_order": False, "shape": shape}
        with self._archive.open(entry, "w", force_zip64=True) as file:
            np.lib.format.write_array_header_1_0(file, header)
            for piece in pieces:
                file.write(piece)
