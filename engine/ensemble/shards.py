"""Divides an ensemble into shards of networks, each a pure function of the experiment.

No number depends on the division, so it is chosen for speed: stacks fit into the caches of the
processor, and shards take a fraction of a second.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from math import ceil
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import drain
from engine.ensemble.results import TrainingResults
from engine.ensemble.spec import SeedsSpec
from engine.ensemble.stack import NotFinite, Sampling, train_stack
from engine.experiment import Experiment, Run, field_named, with_value
from engine.nn import Data
from engine.training import Descent

STACK_NUMBERS = 48_000
"""The approximate number of activations of a layer, over all networks of a stack."""
LARGEST_STACK = 2048
SHARD_SECONDS = 0.25
SECONDS_PER_DRAW = 2e-5
SECONDS_PER_PRODUCT = 3e-9
"""The approximate time of a step for each parameter and example."""
FIRST_SECONDS = 0.03
"""The time of the first shards, which are short so that results appear soon."""
MOST_MOMENTS = 256
EVERY = 5
"""The number of frames between two samples of the losses, in long trainings."""
LONG = 100
"""The number of steps of a long training."""
TRACED = 2000
"""The number of networks of a cell, from the first, whose losses are recorded."""
PICTURED = 60
"""The number of networks whose parameters are recorded for drawing, over all runs."""
PICTURE_NUMBERS = 2_000_000
"""The largest number of parameters recorded for drawing, in a cell."""


@final
@dataclass(frozen=True, order=True)
class SweepCell:
    """A run, and the index of a value of the swept field; 0 without a sweep."""

    run: int
    value: int = 0


@final
@dataclass(frozen=True, order=True)
class Shard:
    """Networks of a cell with the seeds first, first + 1, …"""

    cell: SweepCell
    first: int
    count: int


def seeds_spec(experiment: Experiment) -> SeedsSpec:
    """Return the scene of an experiment that is an ensemble or a sweep."""
    assert isinstance(experiment.scene, SeedsSpec)
    return experiment.scene


def cells(experiment: Experiment) -> list[SweepCell]:
    """Return the cells of an ensemble or a sweep, run by run."""
    values = range(max(1, len(seeds_spec(experiment).values)))
    return [SweepCell(run, value) for run in range(len(experiment.runs)) for value in values]


@lru_cache(maxsize=64)
def cell_experiment(experiment: Experiment, cell: SweepCell) -> Experiment:
    """Return the training of a cell: one run with the value of the swept field."""
    spec = seeds_spec(experiment)
    plain = experiment.replace(scene=None, panels=(), runs=(experiment.runs[cell.run],))
    if spec.values:
        plain = with_value(plain, field_named(experiment, spec.swept), spec.values[cell.value])
    return plain


def single(experiment: Experiment, cell: SweepCell, seed: int) -> Experiment:
    """Return the training of one network, to be opened and stepped through."""
    plain = cell_experiment(experiment, cell)
    run = _seeded(plain.runs[0], seed)
    name = f"{run.name or run.init.scheme}, seed {seed}"
    changes: dict[str, object] = {"runs": (run.replace(name=name),)}
    if seeds_spec(experiment).draws_data:
        changes["data"] = plain.data.replace(seed=seed)
    return plain.replace(**changes)


def needed(experiment: Experiment, cell: SweepCell) -> int:
    """Return the number of networks to train: one if no random numbers are drawn."""
    return seeds_spec(experiment).seeds if is_random(experiment, cell) else 1


def is_random(experiment: Experiment, cell: SweepCell) -> bool:
    """Return whether another seed gives another network."""
    draws_data = seeds_spec(experiment).draws_data
    return draws_data or cell_experiment(experiment, cell).runs[0].init.draws


def shards(experiment: Experiment) -> list[Shard]:
    """Return all shards, taking the cells in turns; the first shard of each cell is small."""
    queues: list[list[Shard]] = []
    for cell in cells(experiment):
        plain = cell_experiment(experiment, cell)
        total, size = needed(experiment, cell), shard_size(plain)
        first_size = min(size, max(2, ceil(FIRST_SECONDS / seconds_per_network(plain))))
        ends = [*range(first_size, total, size), total]
        queues.append([Shard(cell, a, b - a) for a, b in pairwise([0, *ends])])
    return [shard for turn in zip_longest(*queues) for shard in turn if shard is not None]


def stack_size(plain: Experiment) -> int:
    """Return the number of networks to train as one stack."""
    examples = min(plain.training.batch_size or plain.data.count, plain.data.count)
    numbers = examples * max(plain.network.layers[1:])
    return int(np.clip(STACK_NUMBERS // numbers, 2, LARGEST_STACK))


def shard_size(plain: Experiment) -> int:
    """Return the number of networks to train as one shard, in about `SHARD_SECONDS`."""
    stack = stack_size(plain)
    return max(1, round(SHARD_SECONDS / seconds_per_network(plain) / stack)) * stack


def seconds_per_network(plain: Experiment) -> float:
    """Return the approximate time of training a network in a large stack."""
    count = plain.data.count
    examples: float = min(plain.training.batch_size or count, count)
    if examples < count:
        examples += count / 3.0  # the loss of all examples, whose forward pass is a third of a step
    products = examples * plain.network.parameter_count
    return SECONDS_PER_DRAW + SECONDS_PER_PRODUCT * products * (plain.training.steps + 1)


def sampling_for(experiment: Experiment, cell: SweepCell) -> Sampling:
    """Return what is recorded of the networks of a cell."""
    spec, plain = seeds_spec(experiment), cell_experiment(experiment, cell)
    every = sampling_interval(plain)
    frames = moments(plain)
    is_sweep = bool(spec.values)
    size = plain.network.parameter_count
    pictured = max(1, PICTURED // len(experiment.runs))
    if is_sweep or plain.network.layers[0] != 2:
        pictured = 0
    count = min(len(frames), PICTURE_NUMBERS // (max(1, pictured) * size))
    if count < min(2, len(frames)):
        pictured, count = 0, 0
    return Sampling(
        below=spec.below if spec.solved == "loss" else None,
        every=every,
        moments=frames,
        traced=0 if is_sweep else TRACED,
        pictured=pictured,
        picture_moments=_spread(frames, count) if pictured else frames[:0],
    )


def sampling_interval(plain: Experiment) -> int:
    """Return the number of frames between two samples of the losses: an epoch of mini-batches."""
    size, count = plain.training.batch_size, plain.data.count
    if size is not None and size < count:
        return ceil(count / size)
    return EVERY if plain.training.steps >= LONG else 1


def moments(plain: Experiment) -> NDArray[np.intp]:
    """Return the frames whose losses are recorded: evenly spaced, with the first and the last."""
    steps = plain.training.steps
    frames = np.arange(0, steps + 1, sampling_interval(plain))
    if frames[-1] != steps:
        frames = np.append(frames, steps)
    return _spread(frames, MOST_MOMENTS)


def train_shard(experiment: Experiment, shard: Shard) -> TrainingResults:
    """Train the networks of a shard; the results depend on the arguments alone."""
    return drain(iterate_shard(experiment, shard))


def iterate_shard(experiment: Experiment, shard: Shard) -> Generator[None, None, TrainingResults]:
    """Train as `train_shard` does, yielding about every millisecond."""
    plain = cell_experiment(experiment, shard.cell)
    sampling = sampling_for(experiment, shard.cell)
    parts = []
    size, last = stack_size(plain), shard.first + shard.count
    for first in range(shard.first, last, size):
        # Only the first networks of the cell are recorded, whichever stack they are in.
        of_stack = replace(
            sampling,
            traced=max(0, sampling.traced - first),
            pictured=max(0, sampling.pictured - first),
        )
        seeds = range(first, min(first + size, last))
        parts.append((yield from _train_stack(experiment, plain, seeds, of_stack)))
    return TrainingResults.joined(parts)


def _train_stack(
    experiment: Experiment, plain: Experiment, seeds: range, sampling: Sampling
) -> Generator[None, None, TrainingResults]:
    runs = [_seeded(plain.runs[0], seed) for seed in seeds]
    data = _data(experiment, plain, seeds)
    descent = Descent(plain, runs, data)
    arguments = plain.network_for(runs[0]), data.Y, plain.training.steps, sampling, len(seeds)
    descent.begin()
    try:
        return (yield from train_stack(descent, *arguments))
    except NotFinite:
        descent.begin()
        return (yield from train_stack(descent, *arguments, checked=True))


def _data(experiment: Experiment, plain: Experiment, seeds: range) -> Data:
    """Return the examples of all networks, or those of each seed along a third axis."""
    if not seeds_spec(experiment).draws_data:
        return plain.load_data()
    layers = plain.network.layers
    each = [plain.data.replace(seed=seed).load(layers[0], layers[-1]) for seed in seeds]
    X, Y = (np.stack([getattr(data, name) for data in each], axis=2) for name in "XY")
    return Data(X, Y)


def _seeded(run: Run, seed: int) -> Run:
    return run.replace(init=run.init.replace(seed=seed))


def _spread(frames: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Return at most `most` frames, evenly spaced, with the first and the last."""
    if len(frames) <= most:
        return frames
    return frames[np.rint(np.linspace(0, len(frames) - 1, most)).astype(np.intp)]
