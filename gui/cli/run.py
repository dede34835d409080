"""The command `run`: trains an experiment, writes its table, prints a summary. It needs no Qt."""

import argparse
import json
from pathlib import Path

from engine.experiment import Experiment
from engine.io.tables import check_table
from engine.studies.catalogue import open_scene
from engine.training import Scene
from gui.cli.arguments import add_experiment, add_progress
from gui.document.opening import open_experiment
from gui.process.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `run`."""
    add_experiment(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT.npz|OUT.csv|OUT.tidy.csv",
        type=Path,
        help="write every frame of every run to this file and replace an older one: as arrays, "
        "as one row for each frame, or as one row for each frame and parameter",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    add_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train an experiment, write its table if there is an output, and print a summary."""
    experiment = open_experiment(arguments.experiment)
    scene = compute(experiment, arguments.output, as_json=arguments.progress == "json")
    print(json.dumps(scene.report(), indent=2) if arguments.json else scene.report_text())
    return 0


def compute(experiment: Experiment, output: Path | None, *, as_json: bool) -> Scene:
    """Compute every frame of an experiment, and write them to a table if there is an output.

    Parameters
    ----------
    experiment : Experiment
    output : Path, optional
    as_json : bool
        Whether to report the progress as JSON.

    Raises
    ------
    UsageError, InitscopeError
        If the table cannot be written; found before the computation where possible.
    """
    if output is not None:
        check_table(output)
    scene = open_scene(experiment)
    with Progress(
        scene.activity, scene.planned_index, scene.progress_unit, as_json=as_json
    ) as progress:
        for _ in scene.compute():
            progress.report(scene.last_index)
    if output is not None:
        with Progress("writing", scene.table_length, "frames", as_json=as_json) as progress:
            scene.write_table(output, progress.report)
    return scene
