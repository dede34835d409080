"""The command `ensemble`: trains every run from many seeds and counts the solved networks."""

import argparse
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from engine import InitscopeError, UsageError, finite_or_none, parse_number, parse_whole
from engine.ensemble import (
    NO_RANDOMNESS,
    ExecutorFactory,
    SeedsSpec,
    Store,
    holds_shards,
    processes,
    step_text,
    store_path,
)
from engine.experiment import Experiment, SceneSpec, field_named
from engine.io.tables import check_table
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy, SweepSpec
from engine.studies.ensemble.table import write_networks
from gui.cli.arguments import add_experiment, add_json
from gui.document.opening import open_experiment
from gui.process.progress import Progress
from gui.process.signals import SignalReceived

MOST_WORKERS = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `ensemble`."""
    add_experiment(parser)
    add = parser.add_argument
    add(
        "--seeds",
        metavar="N",
        help="train every run from the seeds 0 … N − 1 (default: the ensemble's number, or 1000)",
    )
    add(
        "--sweep",
        metavar="FIELD=START:STOP:COUNT[:log]",
        help="repeat for several values of a field, such as init.scale=0.001:10:17:log",
    )
    add(
        "--below",
        metavar="LOSS",
        help="a network is solved when its loss is below this (default: 0.1)",
    )
    add(
        "--solved",
        choices=["loss", "accuracy"],
        help="criterion for a solved network: its loss, or the accuracy of all examples",
    )
    add(
        "--draw",
        choices=["weights", "weights-and-data"],
        help="what is drawn from each seed",
    )
    add("--workers", metavar="N", help="number of processes on this computer that train")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the workers of a Dask cluster, such as tcp://10.0.0.5:8786",
    )
    add(
        "-o",
        "--output",
        metavar="OUT.csv|OUT.npz",
        help="write a row for every network and replace an older file; finished shards are stored "
        "beside it until then",
    )
    add(
        "--resume",
        action="store_true",
        help="continue from the finished shards of an interrupted call",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train the ensemble, write its table if there is an output, and print the result."""
    experiment = as_ensemble(open_experiment(arguments.experiment), arguments)
    make_executor = _executor_factory(arguments)
    target = None if arguments.output is None else Path(arguments.output)
    if target is not None:
        check_table(target)
    if arguments.resume and target is None:
        raise UsageError("--resume: needs -o, beside which finished shards are stored")
    with nullcontext() if target is None else _store(target, experiment, arguments.resume) as store:
        study = _train(experiment, make_executor, store)
        if target is not None and store is not None:
            write_networks(study, target)
            store.remove()
    print(json.dumps(_document(study), indent=2) if arguments.json else _text(study))
    return 0


def as_ensemble(experiment: Experiment, arguments: argparse.Namespace) -> Experiment:
    """Return the ensemble or the sweep of an experiment that the arguments describe.

    Raises
    ------
    UsageError
        If an argument is wrong, or the experiment is another kind of scene.
    """
    scene = experiment.scene
    if scene is not None and not isinstance(scene, SeedsSpec):
        raise UsageError(
            f"{arguments.experiment}: is a {scene.kind} scene, which trains no networks from "
            "seeds; name a training"
        )
    options = {
        "seeds": _whole(arguments.seeds, "--seeds"),
        "below": _number(arguments.below, "--below"),
        "solved": arguments.solved,
        "draw": arguments.draw,
    }
    shared = () if scene is None else SeedsSpec.__struct_fields__
    fields = {name: getattr(scene, name) for name in shared}
    fields |= {name: value for name, value in options.items() if value is not None}
    if arguments.sweep is not None:
        new: SceneSpec = SweepSpec(**fields, **parse_sweep(arguments.sweep))
    elif scene is not None:
        new = scene.replace(**fields)
    else:
        new = EnsembleSpec(**fields)
    return experiment.replace(scene=new, panels=(), example=0)


def parse_sweep(text: str) -> dict[str, Any]:
    """Return the fields of a sweep from the text FIELD=START:STOP:COUNT[:log].

    >>> parse_sweep("scale=0.01:1:5:log")
    {'field': 'scale', 'start': 0.01, 'stop': 1.0, 'count': 5, 'logarithmic': True}
    """
    field, equals, span = text.partition("=")
    parts = span.split(":")
    log = parts[3:] == ["log"]
    if not (field and equals) or len(parts) not in (3, 4) or (len(parts) == 4 and not log):
        raise UsageError(
            f"--sweep: expected FIELD=START:STOP:COUNT[:log], such as init.scale=0.001:10:17:log; "
            f'got "{text}"'
        )
    return {
        "field": field.strip(),
        "start": _number(parts[0], "--sweep START"),
        "stop": _number(parts[1], "--sweep STOP"),
        "count": _whole(parts[2], "--sweep COUNT"),
        "logarithmic": log,
    }


def _number(text: str | None, name: str) -> float | None:
    if text is None:
        return None
    number = parse_number(text)
    if number is None:
        raise UsageError(f'{name}: expected a number, got "{text}"')
    return number


def _whole(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    number = parse_whole(text)
    if number is None:
        raise UsageError(f'{name}: expected a whole number, got "{text}"')
    return number


def _executor_factory(arguments: argparse.Namespace) -> ExecutorFactory | None:
    workers = _whole(arguments.workers, "--workers")
    if arguments.scheduler is not None:
        if workers is not None:
            raise UsageError("--workers: cannot be combined with --scheduler")
        from engine.ensemble.dask_cluster import cluster

        return cluster(arguments.scheduler)
    if workers is None:
        return None
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"--workers: expected 1 to {MOST_WORKERS}, got {workers}")
    return processes(workers)


def _store(target: Path, experiment: Experiment, resume: bool) -> Store:
    """Open the file of finished shards beside a target.

    Raises
    ------
    UsageError
        If there are shards of an interrupted call and `resume` is false: they may be hours of
        work, so they are not deleted without being asked to.
    """
    path = store_path(target)
    if holds_shards(path) and not resume:
        raise UsageError(
            f"{path}: contains the finished shards of an interrupted call; add --resume to "
            "continue from them, or delete the file to start again"
        )
    return Store(path, experiment)


def _train(
    experiment: Experiment, make_executor: ExecutorFactory | None, store: Store | None
) -> EnsembleStudy:
    study = EnsembleStudy(experiment, make_executor, store)
    try:
        with Progress("training", study.total, "networks") as progress:
            for _ in study.compute():
                speed = f"{study.network_steps_per_second:,.0f} network-steps a second"
                progress.report(study.done, details=speed)
    except (SignalReceived, InitscopeError) as error:
        if store is not None and len(store):
            error.add_note("the finished shards are stored: --resume continues from them")
        elif store is not None:
            store.remove()
        raise
    return study


def _document(study: EnsembleStudy) -> dict[str, Any]:
    runs = []
    for cell, summary in study.summaries.items():
        run: dict[str, Any] = {"name": study.experiment.runs[cell.run].name}
        if study.spec.values:
            run |= {
                "field": field_named(study.experiment, study.spec.swept),
                "value": study.spec.values[cell.value],
            }
        run |= {
            "seeds": summary.networks,
            "solved": summary.solved / summary.networks,
            "random": summary.is_random,
            "solved_interval": list(summary.interval) if summary.is_random else None,
            "steps_quantiles": [finite_or_none(q) for q in summary.steps],
            "steps_quantiles_of_all": [finite_or_none(q) for q in summary.steps_of_all],
            "final_loss_quantiles": [finite_or_none(q) for q in summary.losses],
            "diverged": summary.diverged,
        }
        runs.append(run)
    return {
        "title": study.experiment.title,
        "runs": runs,
        "network_steps_per_second": study.network_steps_per_second,
    }


def _text(study: EnsembleStudy) -> str:
    """Return a table with a line for each run, or for each value of each run."""
    swept = [study.spec.swept] if study.spec.values else []
    head = ["run", *swept, "networks", "solved", "95 % interval"]
    steps = ["median step of solved", "10–90 % of solved", "median step of all"]
    lines = [[*head, *steps, "median loss", "diverged"]]
    for cell, summary in study.summaries.items():
        early, median, late = summary.steps
        low, high = summary.interval
        line = [study.name_of(cell.run)]
        if swept:
            line.append(f"{study.spec.values[cell.value]:g}")
        line += [
            f"{summary.networks:,}" if summary.is_random else "1",
            f"{summary.solved / summary.networks:.1%}",
            f"{low:.1%} – {high:.1%}" if summary.is_random else NO_RANDOMNESS,
            f"{median:,.0f}" if summary.solved else "none",
            f"{early:,.0f} – {late:,.0f}" if summary.solved else "",
            step_text(summary.steps_of_all[1], study.planned_index),
            f"{summary.losses[1]:.4g}",
            f"{summary.diverged:,}" if summary.diverged else "",
        ]
        lines.append(line)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(
            f"{cell:{'<' if number == 0 else '>'}{width}}"
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    compared = [line for line in study.findings() if "pairs" in line]
    speed = f"{study.network_steps_per_second:,.0f} network-steps a second"
    return "\n".join([study.experiment.title, study.summary, "", *text, *compared, "", speed])
