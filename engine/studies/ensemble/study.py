"""The ensemble and the sweep: every run is trained from many seeds.

The frames are the steps of the training of all networks. They can be shown as soon as a few
networks of every run are trained, and become more precise with every further shard.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from math import isfinite
from time import perf_counter
from typing import Annotated, ClassVar, final

import numpy as np
from msgspec import Meta

from engine import Real, counted, require
from engine.ensemble import (
    MOST_NETWORKS,
    ExecutorFactory,
    RankTest,
    SeedsSpec,
    Shard,
    Store,
    Summary,
    SweepCell,
    TrainedShard,
    TrainingResults,
    cell_experiment,
    cells,
    is_random,
    moments,
    needed,
    p_text,
    processes,
    quantiles,
    rank_test,
    sampling_for,
    seconds_per_network,
    train_here,
    train_with,
    usable_processors,
)
from engine.ensemble.shards import shards
from engine.experiment import Experiment, check_values, field_named, values_of
from engine.io.tables import TableValue
from engine.studies.base.study import Study, register_study
from engine.training import Event, EventKind

MOST_VALUES = 200


class EnsembleSpec(SeedsSpec, frozen=True, tag="ensemble"):
    """Every run from many seeds: the share of networks solved by each step, with its interval."""


class SweepSpec(SeedsSpec, frozen=True, tag="sweep"):
    """Every run from many seeds, for each of several values of one field."""

    about: ClassVar[Mapping[str, str]] = {
        **SeedsSpec.about,
        "field": "The field varied, such as init.scale, training.learning_rate or network.width",
        "start": "The first value",
        "stop": "The last value",
        "count": "The number of values",
        "logarithmic": "Whether the values grow by equal factors, as on a logarithmic axis",
    }

    seeds: Annotated[int, Meta(ge=1, le=MOST_NETWORKS)] = 200
    field: Annotated[str, Meta(min_length=1, max_length=60)] = "training.learning_rate"
    start: Real = 0.01
    stop: Real = 100.0
    count: Annotated[int, Meta(ge=1, le=MOST_VALUES)] = 25
    logarithmic: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        require(
            not self.logarithmic or min(self.start, self.stop) > 0.0,
            "start: must be above 0 in a logarithmic range",
        )
        require(self.count <= 1 or self.stop > self.start, "stop: must be above start")

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(values_of(self.start, self.stop, self.count, self.logarithmic))

    @property
    def swept(self) -> str:
        return self.field

    def check(self, experiment: Experiment) -> None:
        super().check(experiment)
        check_values(experiment, field_named(experiment, self.field), self.values)


MANY_SEEDS = "Train every run from many seeds"
"""The undo text of `with_many_seeds`."""


def with_many_seeds(experiment: Experiment) -> Experiment:
    """Return the experiment as an ensemble with the default number of seeds."""
    return experiment.replace(scene=EnsembleSpec(), panels=(), example=0)


TRIAL_SECONDS = 0.4
"""The time that this thread trains alone, to measure its speed and to show first results."""
WORTH_SECONDS = 2.0
"""The least time in one process for which others are started, which takes about a second."""
SUM_UP_SECONDS = 0.15
"""The time between two summaries while networks are trained."""


@register_study(EnsembleSpec, SweepSpec)
@final
class EnsembleStudy(Study):
    """Every run from many seeds, for each value of a field if one is swept.

    Parameters
    ----------
    experiment : Experiment
        Its scene is an ensemble or a sweep.
    make_executor : ExecutorFactory, optional
        Opens the workers. By default this thread trains, and processes of this machine where
        that is faster.
    store : Store, optional
        The file that finished shards are read from and added to.

    Attributes
    ----------
    summaries : dict of SweepCell to Summary
        Replaced as a whole, so another thread may read it.
    done, total : int
        The number of networks trained so far, and in all; without those read from the store.
    rank_tests : dict of int to RankTest
        Of a complete ensemble: every run but the best, compared with the best.
    """

    spec: SeedsSpec

    def __init__(
        self,
        experiment: Experiment,
        make_executor: ExecutorFactory | None = None,
        store: Store | None = None,
    ) -> None:
        super().__init__(experiment)
        self.cells = cells(experiment)
        self.summaries: dict[SweepCell, Summary] = {}
        self.rank_tests: dict[int, RankTest] = {}
        self.best = 0
        self._make_executor = make_executor
        self._store = store
        self._parts: dict[SweepCell, dict[int, TrainingResults]] = {cell: {} for cell in self.cells}
        self._needed = {cell: needed(experiment, cell) for cell in self.cells}
        self._random = {cell for cell in self.cells if is_random(experiment, cell)}
        self.done, self.total = 0, sum(self._needed.values())
        self._started = self._seconds = 0.0
        self.track_count = len(experiment.runs)

    @property
    def network_steps_per_second(self) -> float:
        """The speed: networks trained so far, times their steps, in a second."""
        seconds = self._seconds or perf_counter() - self._started
        return self.done * self.experiment.training.steps / max(seconds, 1e-9)

    @property
    def summary(self) -> str:
        experiment, spec, values = self.experiment, self.spec, self.spec.values
        parts = [
            f"{counted(spec.seeds, 'network')} each",
            *([f"{spec.swept} from {values[0]:g} to {values[-1]:g}"] if values else []),
            experiment.data.set_name,
            "-".join(map(str, experiment.network.layers)),
            f"η = {experiment.training.learning_rate:g}",
            f"solved: {f'loss < {spec.below:g}' if spec.solved == 'loss' else 'all right'}",
        ]
        return "  ·  ".join(parts)

    @property
    def progress(self) -> str:
        return f"{self.done:,} of {self.total:,} networks"

    @property
    def speed(self) -> str:
        if not self.done:
            return ""
        seconds = max(perf_counter() - self._started, 1e-3)
        left = (self.total - self.done) * seconds / self.done
        return f"{self.done / seconds:,.0f} a second · {_duration(left)} left"

    def name_of(self, run: int) -> str:
        """Return the name of a run, or of its scheme if it has none."""
        spec = self.experiment.runs[run]
        return spec.name or spec.init.scheme

    def compute_frames(self) -> Generator[None, None, None]:
        stored = dict(self._store.finished()) if self._store is not None else {}
        for shard, results in stored.items():
            self._parts[shard.cell][shard.first] = results
        missing = [shard for shard in shards(self.experiment) if shard not in stored]
        self.total = sum(shard.count for shard in missing)
        self._started = summarized = perf_counter()
        for trained in self._trained(missing):
            if trained is not None:
                self._take(trained)
                if not self.summaries or perf_counter() - summarized > SUM_UP_SECONDS:
                    self._summarize()
                    summarized = perf_counter()
            yield
        self._seconds = perf_counter() - self._started
        self._summarize()
        self._compare()

    def _trained(self, missing: list[Shard]) -> Iterator[TrainedShard | None]:
        if self._make_executor is not None:
            yield from train_with(self.experiment, missing, self._make_executor)
            return
        done = 0
        for trained in train_here(self.experiment, missing):
            yield trained
            if trained is not None:
                done += 1
                if perf_counter() - self._started > TRIAL_SECONDS:
                    break
        rest = missing[done:]
        number = usable_processors()
        if number > 1 and len(rest) > 1 and self._seconds_for(missing[:done], rest) > WORTH_SECONDS:
            yield from train_with(self.experiment, rest, processes(number))
        else:
            yield from train_here(self.experiment, rest)

    def _seconds_for(self, done: list[Shard], rest: list[Shard]) -> float:
        """Return the expected seconds for the rest here, from the time of the first shards."""

        def expected(some: list[Shard]) -> float:
            plain = (cell_experiment(self.experiment, shard.cell) for shard in some)
            each = [seconds_per_network(experiment) for experiment in plain]
            return sum(s * shard.count for s, shard in zip(each, some, strict=True))

        took = perf_counter() - self._started
        return took * expected(rest) / expected(done) if done else expected(rest)

    def _take(self, trained: TrainedShard) -> None:
        shard, results = trained
        if self._store is not None:
            self._store.add(shard, results)
        self._parts[shard.cell][shard.first] = results
        self.done += shard.count

    def _summarize(self) -> None:
        """Update the summary of every cell."""
        fresh = {}
        for cell, known_parts in self._parts.items():
            parts = _without_gaps(known_parts)
            if not parts:
                continue
            summary = self.summaries.get(cell)
            count = sum(map(len, parts))
            weight = self.spec.seeds if self._needed[cell] == 1 else 1
            if summary is None or summary.networks != count * weight:
                results = TrainingResults.joined(parts)
                seen = sampling_for(self.experiment, cell).moments
                bands = quantiles(results.losses) if len(results.losses) else np.zeros((3, 0))
                is_random = cell in self._random
                summary = Summary(count * weight, results, weight, seen, bands, is_random)
            fresh[cell] = summary
        if not fresh:
            return
        self.summaries = fresh
        self.revision += 1
        self.last_index = self.experiment.training.steps
        self.events = tuple(self._half_solved())

    def _half_solved(self) -> Iterator[Event]:
        """Yield the step at which half of the networks of each run are solved."""
        for cell, summary in self.summaries.items():
            if not self.spec.values and 2 * summary.solved >= summary.networks:
                text = "half of the networks are solved" if summary.is_random else "solved"
                yield Event(int(summary.steps_of_all[1]), cell.run, EventKind.SOLVED, text)

    def _compare(self) -> None:
        """Compare every run with the best one."""
        if self.spec.values or len(self.experiment.runs) < 2:
            return
        each = [self.summaries[cell] for cell in self.cells]
        self.best = min(
            range(len(each)),
            key=lambda run: (
                -each[run].solved,
                each[run].steps[1] if isfinite(each[run].steps[1]) else 0.0,
            ),
        )
        best = each[self.best]
        self.rank_tests = {
            run: rank_test(summary.results.solved, best.results.solved)
            for run, summary in enumerate(each)
            if run != self.best
        }

    @property
    def table_indices(self) -> Sequence[int]:
        frames: list[int] = moments(cell_experiment(self.experiment, self.cells[0])).tolist()
        return frames

    def table(self, index: int) -> list[dict[str, TableValue]]:
        return [
            {
                "frame": index,
                "run": cell.run,
                "name": self.experiment.runs[cell.run].name,
                **({"value": self.spec.values[cell.value]} if self.spec.values else {}),
                "networks": summary.networks,
                "solved": int(summary.solved_by(index)),
                "solved_low": float(summary.intervals_by(index)[0]),
                "solved_high": float(summary.intervals_by(index)[1]),
            }
            for cell, summary in self.summaries.items()
        ]

    def findings(self) -> list[str]:
        lines = []
        for cell, summary in self.summaries.items():
            name = self.name_of(cell.run)
            if self.spec.values:
                name += f", {self.spec.swept} = {self.spec.values[cell.value]:g}"
            lines.append(f"{name}: {summary.outcome(self.planned_index)}")
        for run, against in self.rank_tests.items():
            text = (
                f"{self.name_of(run)} is solved before {self.name_of(self.best)} in "
                f"{against.sooner:.1%} of pairs, ties half"
            )
            if against.p is not None:
                text += f" (Mann–Whitney p {p_text(against.p)})"
            lines.append(text)
        return lines


def _without_gaps(parts: dict[int, TrainingResults]) -> list[TrainingResults]:
    """Return the parts from seed 0 up to the first gap, so that entry k is seed k."""
    result: list[TrainingResults] = []
    seed = 0
    while seed in parts:
        result.append(parts[seed])
        seed += len(parts[seed])
    return result


def _duration(seconds: float) -> str:
    """Return a remaining time as text.

    >>> _duration(3.4), _duration(200.0), _duration(9000.0)
    ('4 s', '4 min', '2.5 h')
    """
    if seconds < 100.0:
        return f"{int(seconds) + 1} s"
    if seconds < 3600.0:
        return f"{int(seconds / 60.0) + 1} min"
    return f"{seconds / 3600.0:.1f} h"
