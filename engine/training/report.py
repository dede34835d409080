"""The settings and the results of a training as text and as a JSON document."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from engine import Array, finite_or_none, plain_text
from engine.experiment import Experiment
from engine.training.diagnostics import Diagnostics
from engine.training.events import Event
from engine.training.recording import Finish


def settings_text(experiment: Experiment) -> str:
    """Return the settings that the runs of a training share, in one line."""
    network, data, training = experiment.network, experiment.data, experiment.training
    hidden = " + ".join(dict.fromkeys(network.hidden_names)) or "no hidden layer"
    parts = [
        f"{data.set_name}, {100.0 * data.flip:g} % flipped" if data.flip else data.set_name,
        sizes_text(network.layers),
        hidden if network.beta == 1.0 else f"{hidden}, β = {plain_text(network.beta, 6)}",
        f"η = {plain_text(training.learning_rate, 6)}",
        network.loss if network.head.activation else f"{network.output}, {network.loss}",
    ]
    if training.batch_size is not None:
        parts.append(f"batches of {training.batch_size:,}")
    return "  ·  ".join(parts)


def sizes_text(sizes: Sequence[int]) -> str:
    """Return layer sizes as text; three or more equal ones in a row are written once.

    >>> sizes_text((2, 2, 1)), sizes_text((2, 10, 10, 10, 10, 1))
    ('2-2-1', '2-(4 × 10)-1')
    """
    groups = [(size, len(list(same))) for size, same in groupby(sizes)]
    return "-".join(
        f"({count} × {size})" if count > 2 else "-".join([str(size)] * count)
        for size, count in groups
    )


def training_report(
    experiment: Experiment, diagnostics: Sequence[Diagnostics], events: Sequence[Event]
) -> dict[str, Any]:
    """Return the result of every run as a JSON document."""
    runs = [
        {
            "run": number,
            "name": each.recording.run.name,
            "frames": len(each.recording),
            "finish": each.recording.finish.value,
            "reason": each.recording.reason,
            "loss": _first_and_last(each.recording.losses),
            "accuracy": _first_and_last(each.accuracy),
            "events": [
                {"frame": event.frame, "kind": event.kind.value, "text": event.text}
                for event in events
                if event.run == number
            ],
        }
        for number, each in enumerate(diagnostics)
    ]
    return {"title": experiment.title, "runs": runs}


def _first_and_last(values: Array) -> dict[str, float | None]:
    return {"first": finite_or_none(values[0]), "last": finite_or_none(values[-1])}


def report_text(report: dict[str, Any]) -> str:
    """Return a training's report as lines of text."""
    lines = [report["title"]]
    for run in report["runs"]:
        letter = chr(ord("A") + run["run"])
        loss, accuracy = run["loss"], run["accuracy"]
        lines += [
            "",
            f"{letter}  {run['name']}",
            f"   frames    {run['frames']}"
            + (f", {run['finish']}" if run["finish"] != Finish.COMPLETED.value else ""),
            f"   loss      {loss['first']:.6g} at first, {loss['last']:.6g} at the end",
        ]
        if accuracy["first"] is not None:  # undefined unless all targets are 0 or 1
            lines.append(
                f"   accuracy  {accuracy['first']:.1%} at first, {accuracy['last']:.1%} at the end"
            )
        lines += [f"   frame {event['frame']:>6}  {event['text']}" for event in run["events"]]
    return "\n".join(lines)
