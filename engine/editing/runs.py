"""What can be done to the runs of an experiment: add, copy, remove, draw anew."""

import re
import secrets
from collections.abc import Iterable
from itertools import chain, count

from engine.errors import UsageError
from engine.experiment.experiment import MAX_RUNS, Change, Experiment, Run
from engine.nn.initializers import Explicit, Initializer, Normal, initialize_parameters

SEEDS = 10_000
"""New seeds are below this: short enough to be read out in a lecture."""


def added(experiment: Experiment) -> Experiment:
    """Return the experiment with one more run, of small random weights."""
    run = Run(name="random", init=Normal(scale=0.1, seed=secrets.randbelow(SEEDS)))
    return experiment.replace(runs=(*experiment.runs, run))


def forked(experiment: Experiment, run: int, step: int = 0) -> Experiment:
    """Return the experiment with a copy of one run at the end, which goes its own way from a frame.

    A copy that shares frames says anew, as a change at the last of them, which learning rate it
    has: that is where it branches off, and what there is to change.

    Raises
    ------
    UsageError
        If there are as many runs as there may be.
    """
    most = experiment.most_runs
    if len(experiment.runs) >= most:
        raise UsageError(f"there are {most} runs already; remove one first")
    old = experiment.runs[run]
    changes = list(old.changes)
    if step > 0 and all(change.step != step for change in changes):
        changes.append(Change(step=step, learning_rate=experiment.learning_rate_for(old, step)))
        changes.sort(key=lambda change: change.step)
    copy = old.replace(name=_free_name(experiment, old.name), changes=tuple(changes))
    return experiment.replace(runs=(*experiment.runs, copy))


def without_change(experiment: Experiment, run: int, number: int) -> Experiment:
    """Return the experiment with one change of a run less."""
    old = experiment.runs[run]
    changes = old.changes[:number] + old.changes[number + 1 :]
    return experiment.with_run(run, old.replace(changes=changes))


def removed(experiment: Experiment, run: int) -> Experiment:
    """Return the experiment without one run."""
    return experiment.replace(runs=experiment.runs[:run] + experiment.runs[run + 1 :])


def random_runs(experiment: Experiment) -> list[int]:
    """Return the numbers of the runs that another seed would change."""
    return [number for number, run in enumerate(experiment.runs) if run.init.draws]


def reseeded(experiment: Experiment, runs: Iterable[int]) -> Experiment:
    """Return the experiment with a new seed for each of some runs.

    Runs that shared a seed share the new one: they were meant to start alike.
    """
    result = list(experiment.runs)
    seeds: dict[int, int] = {}
    for number in runs:
        old = result[number].init
        if old.seed not in seeds:
            # Never the one it had.
            seeds[old.seed] = (old.seed + 1 + secrets.randbelow(SEEDS - 1)) % SEEDS
        init = old.replace(seed=seeds[old.seed])
        result[number] = result[number].replace(init=init)
    return experiment.replace(runs=tuple(result))


def as_training(experiment: Experiment) -> Experiment:
    """Return another scene as a training of one network for each run; four of them at most."""
    return experiment.replace(scene=None, panels=(), runs=experiment.runs[:MAX_RUNS])


def as_numbers(experiment: Experiment, scheme: Initializer) -> Explicit:
    """Return the scheme's first parameters as numbers, to be changed one by one."""
    parameters = initialize_parameters(experiment.network.layers, scheme)
    layers = range(1, len(experiment.network.layers))
    return Explicit(
        W=tuple(tuple(map(tuple, parameters[f"W{layer}"].tolist())) for layer in layers),
        b=tuple(tuple(parameters[f"b{layer}"][:, 0].tolist()) for layer in layers),
    )


def _free_name(experiment: Experiment, name: str) -> str:
    """Return "name (2)", or the first number above that no run has.

    In brackets, for a bare number may be read as a setting, such as another seed.
    """
    stem = re.sub(r"\s*\([0-9]+\)$", "", name)
    taken = {run.name for run in experiment.runs}
    names = chain([] if stem else ["copy"], (f"{stem or 'copy'} ({n})" for n in count(2)))
    return next(free for free in names if free not in taken)
