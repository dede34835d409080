"""Comparisons: what can be shown while runs train, and in the end."""

from itertools import pairwise

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, Normal
from engine.training.comparison import Comparison, compare
from engine.training.diagnostics import Diagnostics
from engine.training.events import EventKind, EventLog
from engine.training.recording import Finish
from engine.training.training import train

TWO = Experiment(training=TrainingSpec(steps=2000))
ONE_DIVERGES = Experiment(
    data=DataSpec(points=((1.0, 0.0),)),
    network=NetworkSpec(layers=(1, 1), output="linear", loss="mean-squared-error"),
    training=TrainingSpec(learning_rate=0.1, steps=800),
    runs=(Run(init=Constant(value=1.0), learning_rate=1.0), Run(init=Constant(value=1.0))),
)
LAST_FINITE = 323


def test_comparison_has_the_recordings_of_train() -> None:
    comparison = compare(TWO)
    for recording, expected in zip(comparison.recordings, train(TWO), strict=True):
        np.testing.assert_array_equal(recording.losses, expected.losses)
    assert comparison.is_complete
    assert comparison.last_index == 2000
    for run, diagnostics in enumerate(comparison.diagnostics):
        assert diagnostics.recording is comparison.recordings[run]
        assert len(diagnostics) == 2001
        alone = EventLog(run, diagnostics)
        alone.extend()
        assert [event for event in comparison.events if event.run == run] == list(alone.events)
    order = [(event.frame, event.run) for event in comparison.events]
    assert order == sorted(order)
    assert {event.run for event in comparison.events} == {0, 1}


CURVES = ("gap", "distinct_units", "row_difference", "gradient_norm", "saturated", "accuracy",
          "saturated_from", "symmetric_until", "largest_weight", "largest_gradient")  # fmt: skip


@pytest.mark.parametrize(
    "experiment",
    [
        TWO,
        ONE_DIVERGES,
        Experiment(
            data=DataSpec(name="moons", samples=50),
            network=NetworkSpec(layers=(2, 5, 4, 1), hidden=("relu", "sigmoid")),
            training=TrainingSpec(steps=120),
            runs=(Run(init=Normal(scale=1.0)), Run(init=Constant(), loss="mean-squared-error")),
        ),
    ],
)
def test_diagnosing_while_training_gives_the_same_bits_as_afterwards(
    experiment: Experiment,
) -> None:
    for recording, diagnosed in zip(
        (comparison := compare(experiment)).recordings, comparison.diagnostics, strict=True
    ):
        afterwards = Diagnostics(recording)
        afterwards.extend()
        assert len(diagnosed) == len(afterwards) == len(recording)
        for name in CURVES:
            np.testing.assert_array_equal(getattr(diagnosed, name), getattr(afterwards, name))


def test_constructing_a_comparison_trains_nothing() -> None:
    comparison = Comparison(TWO)
    assert comparison.last_index == -1
    assert not comparison.is_complete
    assert comparison.events == ()
    assert comparison.experiment is TWO


def test_last_index_only_grows() -> None:
    comparison = Comparison(ONE_DIVERGES)
    seen = []
    for _ in comparison.compute():
        last = comparison.last_index
        seen.append(last)
        for run in (0, 1):
            shown = comparison.clamped_index(run, last)
            assert shown <= last
            assert len(comparison.diagnostics[run]) > shown
            assert comparison.recordings[run][shown].index == shown
    assert seen[0] == 0
    assert all(before <= after for before, after in pairwise(seen))
    assert any(LAST_FINITE < last < 800 for last in seen)  # the other run continues
    assert comparison.is_complete
    assert comparison.last_index == seen[-1] == 800


def test_diverged_run_shows_its_last_frame() -> None:
    comparison = compare(ONE_DIVERGES)
    assert len(comparison.recordings[0]) == LAST_FINITE + 1
    assert [comparison.clamped_index(0, index) for index in (0, 300, 323, 324, 800)] == [
        0, 300, 323, 323, 323,
    ]  # fmt: skip
    assert comparison.clamped_index(1, 800) == 800
    diverged = [event for event in comparison.events if event.kind is EventKind.DIVERGED]
    assert [(event.frame, event.run) for event in diverged] == [(LAST_FINITE, 0)]


def test_prepare_caches_the_frame_of_every_run() -> None:
    comparison = compare(Experiment(training=TrainingSpec(steps=20)))
    assert comparison.seconds_for(7) > 0.0
    comparison.prepare(7)
    assert comparison.seconds_for(7) == 0.0
    assert comparison.seconds_for(8) > 0.0


def test_cancelled_comparison_keeps_its_frames() -> None:
    comparison = Comparison(TWO)
    chunks = comparison.compute(lambda: comparison.last_index >= 100)
    for _ in chunks:
        pass
    assert comparison.is_complete
    assert 100 <= comparison.last_index < 2000
    for recording, diagnostics in zip(comparison.recordings, comparison.diagnostics, strict=True):
        assert recording.finish is Finish.CANCELLED
        assert len(diagnostics) == len(recording)


def test_closed_comparison_is_cancelled() -> None:
    comparison = Comparison(TWO)
    chunks = iter(comparison.compute())
    next(chunks)
    del chunks
    assert [recording.finish for recording in comparison.recordings] == [Finish.CANCELLED] * 2


def test_start_without_a_finite_loss_is_an_error() -> None:
    experiment = Experiment(
        network=NetworkSpec(
            layers=(2, *[40] * 30, 1), hidden="linear", output="linear", loss="mean-squared-error"
        ),
        runs=(Run(init=Normal(scale=1e12)),),
    )
    with pytest.raises(UsageError, match="the first loss is not finite"):
        compare(experiment)
