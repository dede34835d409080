"""The commands that need no window and no Qt: list and run."""

import argparse
import json
import math
from typing import Any

from engine.library.built_ins import titles
from engine.studies.base.table import write_study
from engine.studies.catalogue import open_scene
from engine.text import counted
from engine.training.comparison import Comparison
from engine.training.recording import Finish
from engine.training.scene import Study
from engine.training.tables import check_table, write_table
from gui.cli.progress import Progress
from gui.document.opening import open_experiment

EXPERIMENT_HELP = (
    "the name of a built-in experiment, a TOML file, or a file that Initscope exported"
)


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `list` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def list_experiments(arguments: argparse.Namespace) -> int:
    """Print the name and the title of every built-in experiment."""
    known = titles()
    if arguments.json:
        document = [{"name": name, "title": title} for name, title in known.items()]
        print(json.dumps(document, indent=2))
    else:
        width = max(map(len, known))
        for name, title in known.items():
            print(f"{name:{width}}  {title}")
    return 0


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `run` takes."""
    parser.add_argument("experiment", metavar="EXPERIMENT", help=EXPERIMENT_HELP)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT.npz|OUT.csv|OUT.tidy.csv",
        help="write every frame of every run to this file, in place of an older one: as arrays, "
        "as one row for each frame, or as one row for each frame and parameter",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument(
        "--progress", choices=["text", "json"], default="text", help=argparse.SUPPRESS
    )


def run(arguments: argparse.Namespace) -> int:
    """Train an experiment, write its table if one is asked for, and print a summary."""
    experiment = open_experiment(arguments.experiment)
    if arguments.output is not None:
        check_table(arguments.output)
    scene = open_scene(experiment)
    label, as_json = "computing" if experiment.scene else "training", _for_window(arguments)
    with Progress(label, scene.planned_index, as_json=as_json) as progress:
        for _ in scene.chunks():
            progress.show(scene.last_index)
    if isinstance(scene, Study):
        return _finish_study(scene, arguments)
    assert isinstance(scene, Comparison)
    comparison = scene
    if arguments.output is not None:
        frames = sum(map(len, comparison.recordings))
        with Progress("writing", frames, as_json=as_json) as progress:
            write_table(comparison.recordings, arguments.output, progress.show)
    summary = _summary(comparison)
    print(json.dumps(summary, indent=2) if arguments.json else _text(summary))
    return 0


def _for_window(arguments: argparse.Namespace) -> bool:
    return bool(arguments.progress == "json")


def _finish_study(study: Study, arguments: argparse.Namespace) -> int:
    """Write the table of a scene that is no training, if asked for, and print what came out."""
    if arguments.output is not None:
        frames, as_json = study.planned_index + 1, _for_window(arguments)
        with Progress("writing", frames, as_json=as_json) as progress:
            write_study(study, arguments.output, progress.show)
    title, findings = study.experiment.title, study.findings()
    if arguments.json:
        document = {
            "title": title,
            "scene": study.kind,
            "frames": study.last_index + 1,
            "findings": findings,
            "events": [
                {"frame": event.frame, "kind": event.kind.value, "text": event.text}
                for event in study.events
            ],
        }
        print(json.dumps(document, indent=2))
    else:
        computed = f"{study.kind}: {counted(study.last_index + 1, 'frame')}"
        print("\n".join([title, "", computed, *findings]))
    return 0


def _summary(comparison: Comparison) -> dict[str, Any]:
    """Return what happened, as JSON has it."""
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
                    "first": _number(recording.losses[0]),
                    "last": _number(recording.losses[-1]),
                },
                "accuracy": {"first": _number(accuracy[0]), "last": _number(accuracy[-1])},
                "events": [
                    {"frame": event.frame, "kind": event.kind.value, "text": event.text}
                    for event in comparison.events
                    if event.run == number
                ],
            }
        )
    return {"title": comparison.experiment.title, "runs": runs}


def _number(value: float) -> float | None:
    """Return a number that JSON has."""
    return float(value) if math.isfinite(value) else None


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
        if accuracy["first"] is not None:  # where targets are other than 0 and 1, there is none
            lines.append(
                f"   accuracy  {accuracy['first']:.1%} at first, {accuracy['last']:.1%} at last"
            )
        lines += [f"   frame {event['frame']:>6}  {event['text']}" for event in run["events"]]
    return "\n".join(lines)
