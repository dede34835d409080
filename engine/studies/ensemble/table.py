"""The networks of an ensemble as a table for other programs: a row for each, as .npz or .csv."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.ensemble import SweepCell
from engine.io.staged_output import StagedFile
from engine.io.tables import NpzWriter, TableValue, check_table, open_csv, table_suffix
from engine.studies.ensemble.study import EnsembleStudy

COLUMNS = ("solved", "diverged", "loss", "accuracy", "plateau", "distinct", "saturated")
"""The results of every network, as in `TrainingResults`: a step that was not reached is −1."""
ROWS = 10_000
"""The number of rows that are converted at a time."""


def write_networks(study: EnsembleStudy, path: str | Path) -> None:
    """Write the results of every network in the format that the suffix of `path` names.

    A .csv has the columns run, name, (value,) seed, solved, diverged, loss, accuracy, plateau,
    distinct, saturated. A .npz has them as `run0/seed`, `run0/solved`, …; those of a sweep begin
    with an axis over the values, which are `values`. Numbers read back to the same bits.

    Raises
    ------
    UsageError
        If the name has no suffix of a table.
    InitscopeError
        If the file cannot be written; an older file is left unchanged.
    """
    check_table(path)
    with StagedFile(path, overwrite=True) as staged:
        if table_suffix(path) == ".npz":
            _write_npz(study, staged.path)
        else:
            swept = ["value"] if study.spec.values else []
            with open_csv(staged.path, ["run", "name", *swept, "seed", *COLUMNS]) as write_rows:
                for cell in study.cells:
                    write_rows(_rows(study, cell))


def _columns(study: EnsembleStudy, cell: SweepCell) -> dict[str, np.ndarray]:
    """Return the columns of a cell, with a row for every seed."""
    results = study.summaries[cell].results
    # One network represents all seeds of a run that draws nothing.
    return {name: np.broadcast_to(getattr(results, name), study.spec.seeds) for name in COLUMNS}


def _rows(study: EnsembleStudy, cell: SweepCell) -> Iterator[list[TableValue]]:
    head: list[TableValue] = [cell.run, study.experiment.runs[cell.run].name]
    head += [study.spec.values[cell.value]] if study.spec.values else []
    columns = _columns(study, cell).values()
    for first in range(0, study.spec.seeds, ROWS):
        block = zip(*(column[first : first + ROWS].tolist() for column in columns), strict=True)
        for seed, row in enumerate(block, first):
            yield [*head, seed, *row]


def _write_npz(study: EnsembleStudy, path: Path) -> None:
    with NpzWriter.open(path) as archive:
        for run in range(len(study.experiment.runs)):
            of_run = [_columns(study, cell) for cell in study.cells if cell.run == run]
            for name in COLUMNS:
                columns = [columns[name] for columns in of_run]
                values = np.stack(columns) if study.spec.values else columns[0]
                archive.add(f"run{run}/{name}", values)
            archive.add(f"run{run}/seed", np.arange(study.spec.seeds))
        if study.spec.values:
            archive.add("values", np.array(study.spec.values))
