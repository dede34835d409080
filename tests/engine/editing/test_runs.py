"""What can be done to the runs of an experiment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.editing import runs
from engine.editing.runs import run_after, without_run
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Constant
from engine.studies.base.study import StudyKind
from engine.studies.catalogue import STUDIES
from engine.studies.symmetry_breaking.study import BreakingSpec


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


NAMED = tuple(Run(name=name, init=Constant(value=0.5)) for name in "abcd")


@given(data=st.data())
def test_runs_are_followed_when_some_side_by_side_are_added_or_removed(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, 3))
    last = data.draw(st.integers(first + 1, 4))
    fewer = NAMED[:first] + NAMED[last:]
    for run, each in enumerate(NAMED):
        left = fewer.index(each) if each in fewer else None
        assert run_after(NAMED, fewer, run) == left
        if left is not None:
            assert run_after(fewer, NAMED, left) == run


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_scenes_follow_the_runs_that_they_declare_to_refer_to(study: StudyKind) -> None:
    """A parameter that is called run, or ends in it, is such a reference."""
    names = [name for name in study.spec.__struct_fields__ if name.split("_")[-1] == "run"]
    assert set(names) == set(study.spec.run_references)


def test_a_scene_follows_its_run_or_is_removed_with_it() -> None:
    scene = BreakingSpec(run=2, step=3)
    experiment = Experiment(runs=NAMED, scene=scene)
    assert without_run(experiment, 0).scene == scene.replace(run=1)
    assert without_run(experiment, 3).scene == scene
    training = without_run(experiment, 2)
    assert (training.scene, training.runs) == (None, NAMED[:2] + NAMED[3:])
