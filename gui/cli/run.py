"""The command `run`: trains an experiment, writes its table, prints a summary. It needs no Qt."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine.experiment.experiment import Experiment
from engine.studies.base.table import write_study
from engine.studies.catalogue import open_scene
from engine.text import counted
from engine.training.comparison import Comparison
from engine.training.recording import Finish
from engine.training.scene import Scene, Study
from engine.training.tables import check_table, write_table
from gui.cli.arguments import add_experiment, add_progress, finite_or_none
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
    if isinstance(scene, Study):
        summary = _study_summary(scene)
        text = _study_text(scene)
    else:
        assert isinstance(scene, Comparison)
        summary = _summary(scene)
        text = _text(summary)
    print(json.dumps(summary, indent=2) if arguments.json else text)
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
    stage, unit = ("computing", "frames") if experiment.scene else ("training", "steps")
    with Progress(stage, scene.planned_index, unit, as_json=as_json) as progress:
        for _ in scene.chunks():
            progress.report(scene.last_index)
    if output is None:
        return scene
    if isinstance(scene, Study):
        with Progress("writing", scene.planned_index + 1, "frames", as_json=as_json) as progress:
            write_study(scene, output, progress.report)
    else:
        assert isinstance(scene, Comparison)
        frames = sum(map(len, scene.recordings))
        with Progress("writing", frames, "frames", as_json=as_json) as progress:
            write_table(scene.recordings, output, progress.report)
    return scene


def _study_summary(study: Study) -> dict[str, Any]:
    return {
        "title": study.experiment.title,
        "scene": study.kind,
        "frames": study.last_index + 1,
        "findings": study.findings(),
        "events": [
            {"frame": event.frame, "kind": event.kind.value, "text": event.text}
            for event in study.events
        ],
    }


def _study_text(study: Study) -> str:
    computed = f"{study.kind}: {counted(study.last_index + 1, 'frame')}"
    return "\n".join([study.experiment.title, "", computed, *study.findings()])


def _summary(comparison: Comparison) -> dict[str, Any]:
    """Return the result of a training as a JSON document."""
    runs = []
    for number, recording in enumerate(comparison.recordings):
        accuracy = comparison.diagnostics[number].accuracy
        runs.append(
            {
                "run": number,
                "name": recording.run.name,
                "frames": len(recording),
                "finish": recording.finish.value,
                "reason": recording.reason,
                "loss": {
                    "first": finite_or_none(recording.losses[0]),
                    "last": finite_or_none(recording.losses[-1]),
                },
                "accuracy": {
                    "first": finite_or_none(accuracy[0]),
                    "last": finite_or_none(accuracy[-1]),
                },
                "events": [
                    {"frame": event.frame, "kind": event.kind.value, "text": event.text}
                    for event in comparison.events
                    if event.run == number
                ],
            }
        )
    return {"title": comparison.experiment.title, "runs": runs}


def _text(summary: dict[str, Any]) -> str:
    lines = [summary["title"]]
    for run in summary["runs"]:
        letter = chr(ord("A") + run["run"])
        loss, accuracy = run["loss"], run["accuracy"]
        lines += [
            "",
            f"{letter}  {run['name']}",
            f"   frames    {run['frames']}"
            + (f", {run['finish']}" if run["finish"] != Finish.COMPLETED.value else ""),
            f"   loss      {loss['first']:.6g} at first, {loss['last']:.6g} at last",
        ]
        if accuracy["first"] is not None:  # None where targets are not 0 and 1
            lines.append(
                f"   accuracy  {accuracy['first']:.1%} at first, {accuracy['last']:.1%} at last"
            )
        lines += [f"   frame {event['frame']:>6}  {event['text']}" for event in run["events"]]
    return "\n".join(lines)
