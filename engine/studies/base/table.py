"""The frames of a scene as a table for other programs: tidy rows, as .npz or .csv."""

import csv
from pathlib import Path

import numpy as np

from engine.io.atomic import replacing
from engine.training.scene import Cell, Study
from engine.training.tables import Progress, check_table


def write_study(study: Study, path: str | Path, progress: Progress = lambda frames: None) -> None:
    """Write the rows of every frame in the format that the suffix of `path` names.

    A .npz holds an array for each column, one entry for each row. Numbers are written so that
    they read back to the same bits.

    Raises
    ------
    UsageError
        If the suffix is none of a table.
    InitscopeError
        If the file cannot be written; then an older one stays as it was.
    """
    check_table(path)
    rows: list[dict[str, Cell]] = []
    for index in study.table_indices:
        rows += study.table(index)
        progress(index + 1)
    with replacing(path) as part:
        if Path(path).suffix.lower() == ".csv":
            with part.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        else:
            columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
            with part.open("wb") as file:
                np.savez(file, **columns)  # type: ignore[arg-type]
