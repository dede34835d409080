"""An ensemble equals its single runs to the bit, however it is divided."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.ensemble.shards import (
    Shard,
    SweepCell,
    cells,
    iterate_shard,
    sampling_for,
    shards,
    single,
    train_shard,
)
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, HeNormal, Initializer, Normal, Perturbed, XavierFanIn
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy, SweepSpec
from engine.training.diagnostics import Diagnostics, count_distinct, parameters_of_units
from engine.training.recording import Finish
from engine.training.training import train

inits = st.one_of(
    st.floats(0.01, 3.0).map(lambda scale: Normal(scale=scale)),
    st.just(XavierFanIn(bias=Normal(scale=0.3))),
    st.just(Perturbed(base=Constant(value=0.5), epsilon=0.1)),
)


@st.composite
def ensembles(draw: st.DrawFn) -> Experiment:
    """Small ensembles of every kind of data, network and training."""
    hidden = draw(st.lists(st.integers(1, 4), min_size=0, max_size=2))
    flip = draw(st.sampled_from([0.0, 0.3]))
    samples = draw(st.integers(2, 9))
    moons = DataSpec(name="moons", samples=samples, seed=3, flip=flip)
    data = draw(st.sampled_from([moons, DataSpec(flip=flip)]))
    loss = draw(st.sampled_from(["cross-entropy", "mean-squared-error"]))
    return Experiment(
        data=data,
        network=NetworkSpec(
            layers=(2, *hidden, 1),
            hidden=draw(st.sampled_from(["tanh", "sigmoid", "relu"])),
            loss=loss,
        ),
        training=TrainingSpec(
            learning_rate=draw(st.floats(0.1, 3.0)),
            steps=draw(st.integers(0, 30)),
            batch_size=draw(st.one_of(st.none(), st.integers(1, 9))),
        ),
        runs=tuple(Run(name=str(i), init=draw(inits)) for i in range(draw(st.integers(1, 2)))),
        scene=EnsembleSpec(
            seeds=draw(st.integers(1, 9)),
            draw="weights-and-data" if data.depends_on_seed and draw(st.booleans()) else "weights",
            below=draw(st.floats(0.2, 0.8)),
        ),
    )


def equal(one: TrainingResults, other: TrainingResults) -> None:
    for field in fields(TrainingResults):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        assert mine.tobytes() == theirs.tobytes(), field.name


@settings(max_examples=60, deadline=None)
@given(ensembles(), st.data())
def test_network_of_a_seed_equals_the_single_run(
    experiment: Experiment, data: st.DataObject
) -> None:
    cell = data.draw(st.sampled_from(cells(experiment)))
    assert isinstance(experiment.scene, EnsembleSpec)
    seeds, below = experiment.scene.seeds, experiment.scene.below
    results = train_shard(experiment, Shard(cell, 0, seeds))
    seed = data.draw(st.integers(0, seeds - 1))
    (recording,) = train(single(experiment, cell, seed))
    assert recording.finish is Finish.COMPLETED
    last, losses = recording[-1], recording.losses
    assert results.loss[seed] == losses[-1]
    assert results.diverged[seed] == NOT_REACHED
    sampling = sampling_for(experiment, cell)
    fell = np.flatnonzero(losses < below)
    assert results.solved[seed] == (fell[0] if len(fell) else NOT_REACHED)
    np.testing.assert_array_equal(results.losses[seed], losses[sampling.moments].astype(np.float32))
    pictured = [recording.parameters(at, at + 1)[0] for at in sampling.picture_moments.tolist()]
    np.testing.assert_array_equal(results.theta[seed], pictured)
    right = (last.A[-1] > 0.5) == (recording.data.Y > 0.5)
    assert results.accuracy[seed] == right.mean()
    units = [
        parameters_of_units(recording.layout, pictured[-1][:, None], layer)
        for layer in range(1, recording.layout.depth)
    ]
    assert results.distinct[seed] == sum(int(count_distinct(each)[0]) for each in units)


@settings(max_examples=40, deadline=None)
@given(ensembles(), st.data())
def test_results_do_not_depend_on_the_division(experiment: Experiment, data: st.DataObject) -> None:
    assert isinstance(experiment.scene, EnsembleSpec)
    seeds = experiment.scene.seeds
    cell = cells(experiment)[-1]
    ends = sorted(data.draw(st.sets(st.integers(1, seeds), max_size=4)) | {seeds})
    parts = [
        train_shard(experiment, Shard(cell, first, end - first))
        for first, end in zip([0, *ends], ends, strict=False)
    ]
    equal(TrainingResults.joined(parts), train_shard(experiment, Shard(cell, 0, seeds)))


def xor(init: Initializer, seeds: int = 50, **training: float) -> Experiment:
    return Experiment(
        runs=(Run(init=init),),
        training=TrainingSpec(**{"learning_rate": 2.0, "steps": 300, **training}),  # type: ignore[arg-type]
        scene=EnsembleSpec(seeds=seeds),
    )


def test_divergence_is_recorded_as_by_the_single_run() -> None:
    experiment = Experiment(
        network=NetworkSpec(hidden="relu", output="linear", loss="mean-squared-error"),
        training=TrainingSpec(learning_rate=0.9, steps=120),
        runs=(Run(init=Normal(scale=1.5)),),
        scene=EnsembleSpec(seeds=40),
    )
    results = train_shard(experiment, Shard(SweepCell(0), 0, 40))
    assert 5 < (results.diverged != NOT_REACHED).sum() < 40
    for seed in range(40):
        (recording,) = train(single(experiment, SweepCell(0), seed))
        diverged = recording.finish is Finish.DIVERGED
        assert results.diverged[seed] == (len(recording) if diverged else NOT_REACHED)
        assert results.loss[seed] == recording.losses[-1]
        assert np.isnan(results.accuracy[seed]) == diverged


def test_divergence_with_mini_batches_is_recorded_as_by_the_single_run() -> None:
    """Between the epochs, too, where losses are not looked at unless there is need."""
    points = ((0.5, 1.0, 2.0), (1.0, -3.0, 1.0), (2.0, 2.0, -1.0))
    experiment = Experiment(
        data=DataSpec(points=points),
        network=NetworkSpec(
            layers=(2, 3, 1), hidden="linear", output="linear", loss="mean-squared-error"
        ),
        training=TrainingSpec(learning_rate=0.2, steps=300, batch_size=2),
        runs=(Run(init=Normal(scale=0.5)),),
        scene=EnsembleSpec(seeds=16),
    )
    results = train_shard(experiment, Shard(SweepCell(0), 0, 16))
    ends = set()
    for seed in range(16):
        (recording,) = train(single(experiment, SweepCell(0), seed))
        diverged = recording.finish is Finish.DIVERGED
        assert results.diverged[seed] == (len(recording) if diverged else NOT_REACHED)
        assert results.loss[seed] == recording.losses[-1]
        if diverged:
            ends.add(len(recording) % 2)  # an epoch has two steps
    assert ends == {0, 1}


def test_network_that_is_solved_between_two_epochs_is_solved() -> None:
    """Its loss is below the limit in frame 11 alone, and an epoch has two steps."""
    points = ((0.5, 1.0, 1.0), (1.0, -1.0, 0.0), (2.0, 0.25, 1.0), (-1.0, 1.0, 0.3))
    experiment = Experiment(
        data=DataSpec(points=points),
        network=NetworkSpec(layers=(2, 3, 1), beta=2.0),
        training=TrainingSpec(learning_rate=2.0, steps=12, batch_size=3),
        scene=EnsembleSpec(seeds=3, below=0.69),
    )
    (recording,) = train(single(experiment, SweepCell(0), 0))
    assert np.flatnonzero(recording.losses < 0.69).tolist() == [11]
    assert recording.losses[11] == pytest.approx(0.6819, abs=5e-5)
    study = EnsembleStudy(experiment)
    study.compute_all()
    summary = study.summaries[SweepCell(0)]
    assert (summary.solved, summary.networks) == (3, 3)
    assert summary.solved_by([10, 11, 12]).tolist() == [0, 3, 3]


def test_infinite_initial_loss_of_one_network_is_no_error() -> None:
    experiment = Experiment(
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        runs=(Run(init=Normal(scale=1e12)),),
        training=TrainingSpec(steps=60, learning_rate=1e12),
        scene=EnsembleSpec(seeds=4),
    )
    results = train_shard(experiment, Shard(SweepCell(0), 0, 4))
    assert (results.diverged > 0).all()
    assert np.isfinite(results.loss).all()


def test_solved_by_accuracy_needs_all_examples_correct() -> None:
    experiment = xor(XavierFanIn())
    by_accuracy = experiment.replace(scene=EnsembleSpec(seeds=50, solved="accuracy"))
    results = train_shard(by_accuracy, Shard(SweepCell(0), 0, 50))
    for seed in range(10):
        (recording,) = train(single(by_accuracy, SweepCell(0), seed))
        diagnosed = Diagnostics(recording)
        passes = recording.passes(0, len(recording))
        right = ((passes.A[-1] > 0.5) == (recording.data.Y[..., None] > 0.5)).all(axis=(0, 1))
        assert diagnosed.recording is recording
        assert results.solved[seed] == (right.argmax() if right.any() else NOT_REACHED)


def test_edits_apply_to_every_network() -> None:
    edits = (
        Edit(step=0, parameter="W1", index=(0, 0), value=0.25),
        Edit(step=7, parameter="b2", index=(0,), value=-3.0),
    )
    experiment = xor(XavierFanIn(), steps=20).replace(runs=(Run(init=XavierFanIn(), edits=edits),))
    results = train_shard(experiment, Shard(SweepCell(0), 0, 5))
    (recording,) = train(single(experiment, SweepCell(0), 4))
    assert recording[0].W[1][0, 0] == 0.25
    assert results.loss[4] == recording.losses[-1]


def test_shards_contain_each_network_once_and_start_with_every_cell() -> None:
    experiment = Experiment(
        runs=(Run(init=Normal()), Run(init=Constant()), Run(init=HeNormal())),
        scene=EnsembleSpec(seeds=50_000),
    )
    cut = shards(experiment)
    assert [shard.cell.run for shard in cut[:3]] == [0, 1, 2]
    for run, count in ((0, 50_000), (1, 1), (2, 50_000)):  # a constant start draws nothing
        ranges = sorted((s.first, s.first + s.count) for s in cut if s.cell.run == run)
        assert ranges[0][0] == 0
        assert ranges[-1][1] == count
        assert all(end == first for (_, end), (first, _) in pairwise(ranges))


def test_sweep_has_a_cell_for_each_value() -> None:
    experiment = Experiment(
        runs=(Run(init=Normal()), Run(init=HeNormal())),
        scene=SweepSpec(field="network.width", start=1, stop=3, count=3, logarithmic=False),
    )
    assert cells(experiment) == [SweepCell(run, value) for run in (0, 1) for value in (0, 1, 2)]
    assert single(experiment, SweepCell(1, 2), 7).network.layers == (2, 3, 1)
    assert single(experiment, SweepCell(1, 2), 7).runs[0].init == HeNormal(seed=7)


def test_iterate_shard_yields_often_enough_for_a_window() -> None:
    experiment = Experiment(
        data=DataSpec(name="moons", samples=200),
        network=NetworkSpec(layers=(2, 8, 1)),
        runs=(Run(init=XavierFanIn()),),
        scene=EnsembleSpec(seeds=20),
    )
    assert sum(1 for _ in iterate_shard(experiment, Shard(SweepCell(0), 0, 20))) > 20


@pytest.mark.parametrize(
    ("hidden", "rate", "targets", "scheme", "share"),
    [
        ("tanh", 2.0, True, Normal(scale=0.1), 0.965),
        ("tanh", 2.0, True, XavierFanIn(), 0.708),
        ("tanh", 2.0, False, HeNormal(), 0.477),
        ("tanh", 2.0, True, Normal(scale=10.0), 0.098),
        ("sigmoid", 5.0, True, XavierFanIn(), 0.850),
        ("sigmoid", 5.0, False, Normal(scale=10.0), 0.250),
        ("relu", 0.5, True, HeNormal(), 0.253),
        ("relu", 0.5, False, Normal(scale=0.01), 0.182),
    ],
)
def test_solved_shares_equal_independent_measurements(
    hidden: str, rate: float, targets: bool, scheme: Initializer, share: float
) -> None:
    """Shares of 400 networks each, counted before by another program on other seeds."""
    low = -1.0 if targets else 0.0
    points = tuple((a, b, float(a != b)) for a in (low, 1.0) for b in (low, 1.0))
    experiment = Experiment(
        data=DataSpec(points=points),
        network=NetworkSpec(hidden=hidden),
        training=TrainingSpec(learning_rate=rate, steps=4000),
        runs=(Run(init=scheme),),
        scene=EnsembleSpec(seeds=400),
    )
    results = train_shard(experiment, Shard(SweepCell(0), 0, 400))
    error = np.sqrt(2.0 * share * (1.0 - share) / 400)
    assert abs((results.solved != NOT_REACHED).mean() - share) < 3.0 * error
