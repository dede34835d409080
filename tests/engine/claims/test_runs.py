"""The measurements that claims share: ensembles and statistics over all of their networks."""

from dataclasses import replace

import numpy as np
import pytest

from engine.claims.runs import ensemble, first_below, median_step, share_solved
from engine.ensemble.results import NOT_REACHED
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, XavierFanIn
from engine.training.comparison import compare

NETWORK = NetworkSpec(layers=(2, 2, 1))
EDITS = (Edit(step=0, parameter="W1", index=(0, 1), value=0.5),)


def test_ensemble_equals_the_runs_of_its_seeds() -> None:
    results = ensemble("zero-tanh-xor", NETWORK, XavierFanIn(), 4, 2.0, 60, 0.2, EDITS)
    experiment = Experiment(
        data=DataSpec(name="xor"),
        network=NETWORK,
        training=TrainingSpec(learning_rate=2.0, steps=60),
        runs=tuple(Run(init=XavierFanIn(seed=seed), edits=EDITS) for seed in range(4)),
    )
    losses = [recording.losses for recording in compare(experiment).recordings]
    assert results.solved.tolist() == [first_below(losses_of_run, 0.2) for losses_of_run in losses]
    assert len(set(results.solved)) > 2
    np.testing.assert_array_equal(results.loss, [losses_of_run[-1] for losses_of_run in losses])


def test_ensemble_trains_one_network_where_nothing_is_drawn() -> None:
    results = ensemble("zero-tanh-xor", NETWORK, Constant(value=0.5), 400, 2.0, 10)
    assert (len(results), share_solved(results), median_step(results)) == (1, 0.0, NOT_REACHED)


@pytest.mark.parametrize(
    ("solved", "share", "median"),
    [
        ([7, NOT_REACHED, 3], 2 / 3, 7.0),
        ([7, NOT_REACHED, NOT_REACHED], 1 / 3, NOT_REACHED),
        ([5, 9, NOT_REACHED, NOT_REACHED], 1 / 2, 9.0),
        ([0], 1.0, 0.0),
    ],
)
def test_unsolved_networks_count_in_the_median(
    solved: list[int], share: float, median: float
) -> None:
    one = ensemble("zero-tanh-xor", NETWORK, Constant(), 1, 2.0, 1)
    results = replace(one, solved=np.array(solved, dtype=np.int32))
    assert (share_solved(results), median_step(results)) == (share, median)
