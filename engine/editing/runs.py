"""Edits of the runs: add, fork, remove, give new seeds."""

import re
import secrets
from collections.abc import Iterable, Sequence
from itertools import chain, count, takewhile

from engine import require
from engine.experiment import MAX_RUNS, Change, Experiment, Run
from engine.nn import Explicit, Initializer, Normal, initialize_parameters

SEEDS = 10_000
"""New seeds are below this number, short enough to be read out in a lecture."""


def with_run_added(experiment: Experiment) -> Experiment:
    """Return the experiment with a run of small random weights appended."""
    run = Run(name="random", init=Normal(scale=0.1, seed=secrets.randbelow(SEEDS)))
    return experiment.replace(runs=(*experiment.runs, run))


def with_fork(experiment: Experiment, run: int, step: int = 0) -> Experiment:
    """Return the experiment with a copy of a run appended, which branches off at a frame.

    A copy that shares frames repeats its learning rate as a change at the last of them: there it
    branches off, and there the user can change it.

    Raises
    ------
    UsageError
        If the experiment has the most runs that it can have.
    """
    most = experiment.most_runs
    require(len(experiment.runs) < most, f"there are {most} runs already; remove one first")
    old = experiment.runs[run]
    changes = list(old.changes)
    if step > 0 and all(change.step != step for change in changes):
        changes.append(Change(step=step, learning_rate=experiment.learning_rate_for(old, step)))
        changes.sort(key=lambda change: change.step)
    copy = old.replace(name=_free_name(experiment, old.name), changes=tuple(changes))
    return experiment.replace(runs=(*experiment.runs, copy))


def without_change(experiment: Experiment, run: int, number: int) -> Experiment:
    """Return the experiment with a change of a run removed."""
    old = experiment.runs[run]
    changes = old.changes[:number] + old.changes[number + 1 :]
    return experiment.with_run(run, old.replace(changes=changes))


def without_run(experiment: Experiment, run: int) -> Experiment:
    """Return the experiment with a run removed.

    A scene that refers to another run by its number refers to the same run afterwards. A scene
    that refers to the removed run is removed with it, so a training of the other runs remains.
    """
    scene, left = experiment.scene, experiment.runs[:run] + experiment.runs[run + 1 :]
    if scene is None:
        return experiment.replace(runs=left)
    references = {name: getattr(scene, name) for name in scene.run_references}
    if run in references.values():
        return as_training(experiment.replace(scene=None, runs=left))
    moved = {name: number - (number > run) for name, number in references.items()}
    return experiment.replace(runs=left, scene=scene.replace(**moved))


def run_after(before: Sequence[Run], after: Sequence[Run], run: int) -> int | None:
    """Return the number of a run after runs were added or removed; None if it was removed.

    Runs that are equal at the beginning and at the end are the same ones. If there are as many
    runs as before, each was at most changed.

    >>> a, b, c = Run(name="a"), Run(name="b"), Run(name="c")
    >>> [run_after((a, b, c), (a, c), run) for run in range(3)]
    [0, None, 1]
    """
    moved = len(after) - len(before)
    if moved == 0:
        return run
    pairs = zip(before, after, strict=False)
    first = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rest = zip(reversed(before[first:]), reversed(after[first:]), strict=False)
    last = len(before) - sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
    if run < first:
        return run
    return run + moved if run >= last else None


def random_runs(experiment: Experiment) -> list[int]:
    """Return the numbers of the runs that depend on their seed."""
    return [number for number, run in enumerate(experiment.runs) if run.init.draws]


def with_new_seeds(experiment: Experiment, runs: Iterable[int]) -> Experiment:
    """Return the experiment with a new seed for each of some runs.

    Runs that shared a seed share the new one, because they are meant to start alike.
    """
    result = list(experiment.runs)
    seeds: dict[int, int] = {}
    for number in runs:
        old = result[number].init
        if old.seed not in seeds:
            # Never the same as before.
            seeds[old.seed] = (old.seed + 1 + secrets.randbelow(SEEDS - 1)) % SEEDS
        result[number] = result[number].replace(init=old.replace(seed=seeds[old.seed]))
    return experiment.replace(runs=tuple(result))


def as_training(experiment: Experiment) -> Experiment:
    """Return a study of runs as a training of these runs, at most four of them."""
    return experiment.replace(scene=None, panels=(), runs=experiment.runs[:MAX_RUNS])


def as_explicit(experiment: Experiment, scheme: Initializer) -> Explicit:
    """Return the first parameters that a scheme draws as an explicit scheme."""
    parameters = initialize_parameters(experiment.network.layers, scheme)
    layers = range(1, len(experiment.network.layers))
    return Explicit(
        W=tuple(tuple(map(tuple, parameters[f"W{layer}"].tolist())) for layer in layers),
        b=tuple(tuple(parameters[f"b{layer}"][:, 0].tolist()) for layer in layers),
    )


def _free_name(experiment: Experiment, name: str) -> str:
    """Return "name (2)", or with the next number that no run has.

    The number is in brackets, because a bare one could be read as a setting, such as a seed.
    """
    stem = re.sub(r"\([0-9]+\)$", "", name).rstrip()
    taken = {run.name for run in experiment.runs}
    names = chain([] if stem else ["copy"], (f"{stem or 'copy'} ({n})" for n in count(2)))
    return next(free for free in names if free not in taken)
