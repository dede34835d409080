"""What can be done to the runs of an experiment."""

import pytest

from engine.editing import runs
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run, TrainingSpec


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("zeros", "zeros (2)", "zeros (3)"),
        ("zeros, seed 0", "zeros, seed 0 (2)", "zeros, seed 0 (3)"),
        ("constant 0.5", "constant 0.5 (2)", "constant 0.5 (3)"),
        ("zeros (2)", "zeros (3)", "zeros (4)"),
        ("", "copy", "copy (2)"),
    ],
)
def test_name_of_a_fork_is_numbered_in_brackets(name: str, first: str, second: str) -> None:
    experiment = Experiment(training=TrainingSpec(steps=1), runs=(Run(name=name),))
    once = runs.with_fork(experiment, 0)
    assert once.runs[1].name == first
    assert runs.with_fork(once, 1).runs[2].name == second


def test_fifth_run_is_rejected() -> None:
    experiment = Experiment(training=TrainingSpec(steps=1), runs=(Run(),) * 4)
    with pytest.raises(UsageError, match=r"^there are 4 runs already; remove one first$"):
        runs.with_fork(experiment, 0)
