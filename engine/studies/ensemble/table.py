"""The networks of an ensemble as a table for other programs: a row for each, as .npz or .csv."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.ensemble.results import TrainingResults
from engine.ensemble.shards import SweepCell
from engine.io.staged_output import StagedFile
from engine.io.tables import check_table
from engine.studies.ensemble.study import EnsembleStudy

COLUMNS = ("solved", "diverged", "loss", "accuracy", "plateau", "distinct", "saturated")
"""Of every network, as `Fates` tells them: a step that never came is −1."""
ROWS = 10_000
"""Rows are written so many at a time."""


def write_results(study: EnsembleStudy, path: str | Path) -> None:
    """Write what became of every network, in the format that the suffix of `path` names.

    A .csv has the columns run, name, (value,) seed, solved, diverged, loss, accuracy, plateau,
    distinct, saturated. A .npz has them as `run0/seed`, `run0/solved`, …; a sweep's begin with
    an axis over the values, which are `values`. Numbers read back to the same bits.

    Raises
    ------
    UsageError
        If the suffix is none of a table.
    InitscopeError
        If the file cannot be written; then an older one stays as it was.
    """
    check_table(path)
    with StagedFile(path, overwrite=True) as staged:
        if Path(path).suffix.lower() == ".csv":
            _write_csv(study, staged.path)
        else:
            _write_npz(study, staged.path)


def _whole(study: EnsembleStudy, cell: SweepCell) -> dict[str, np.ndarray]:
    """Return the columns of a cell, with a row for every seed."""
    results: TrainingResults = study.summaries[cell].results
    seeds = study.spec.seeds
    # Of a run that draws nothing, one network stands for all.
    return {name: np.broadcast_to(getattr(results, name), seeds) for name in COLUMNS}


def _write_csv(study: EnsembleStudy, part: Path) -> None:
    swept = ["value"] if study.spec.values else []
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["run", "name", *swept, "seed", *COLUMNS])
        for cell in study.cells:
            head: list[object] = [cell.run, study.experiment.runs[cell.run].name]
            if swept:
                head.append(study.spec.values[cell.value])
            for rows in _rows(study, cell):
                writer.writerows([*head, *row] for row in rows)


def _rows(study: EnsembleStudy, cell: SweepCell) -> Iterator[list[tuple[float, ...]]]:
    columns = _whole(study, cell)
    for first in range(0, study.spec.seeds, ROWS):
        last = min(first + ROWS, study.spec.seeds)
        parts = [columns[name][first:last].tolist() for name in COLUMNS]
        yield list(zip(range(first, last), *parts, strict=True))


def _write_npz(study: EnsembleStudy, part: Path) -> None:
    arrays: dict[str, np.ndarray] = {}
    for run in range(len(study.experiment.runs)):
        of_run = [_whole(study, cell) for cell in study.cells if cell.run == run]
        for name in COLUMNS:
            columns = [columns[name] for columns in of_run]
            arrays[f"run{run}/{name}"] = np.stack(columns) if study.spec.values else columns[0]
        arrays[f"run{run}/seed"] = np.arange(study.spec.seeds)
    if study.spec.values:
        arrays["values"] = np.array(study.spec.values)
    with part.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
