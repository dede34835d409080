"""What every scene that is no training promises, on the built-in ones."""

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.ensemble.spec import SeedsSpec
from engine.experiment.experiment import MAX_SCHEMES
from engine.library.built_ins import BUILT_INS, built_in
from engine.studies.base.study import Study
from engine.studies.catalogue import STUDIES, open_scene
from engine.studies.ensemble.spec import SweepSpec

STORIES = [name for name in BUILT_INS if built_in(name).scene is not None]


def begun(name: str) -> Study:
    experiment = built_in(name)
    if isinstance(experiment.scene, SeedsSpec):  # thousands of networks promise nothing else
        count = {"count": 3} if isinstance(experiment.scene, SweepSpec) else {}
        few = experiment.scene.replace(seeds=12, **count)
        experiment = experiment.replace(scene=few)
    scene = open_scene(experiment)
    assert isinstance(scene, Study)
    return scene


def studied(name: str) -> Study:
    study = begun(name)
    study.compute_all()
    return study


def test_every_kind_has_what_computes_it_and_a_story() -> None:
    assert {built_in(name).kind for name in STORIES} == set(STUDIES)


@pytest.mark.parametrize("kind", STUDIES)
def test_every_parameter_is_explained(kind: str) -> None:
    spec = STUDIES[kind].spec
    assert set(spec.about) == set(spec.__struct_fields__)
    assert set(spec.choices) | set(spec.shown_only) <= set(spec.__struct_fields__)


@pytest.mark.parametrize("name", STORIES)
def test_making_one_computes_nothing_and_computing_it_gives_the_same_bits(name: str) -> None:
    one, other = begun(name), begun(name)
    assert (one.last_index, one.is_complete, one.events) == (-1, False, ())
    for study in (one, other):
        before = -1
        for _ in study.compute():
            assert before <= study.last_index <= study.planned_index
            before = study.last_index
        assert study.is_complete
    assert one.last_index == other.last_index >= 1
    assert one.events == other.events
    assert one.findings() == other.findings()
    for index in (0, one.last_index // 2, one.last_index):
        assert repr(one.table(index)) == repr(other.table(index))


@pytest.mark.parametrize("name", STORIES)
def test_a_frame_has_a_caption_and_rows_of_the_same_columns(name: str) -> None:
    study = studied(name)
    columns = list(study.table(0)[0])
    assert columns[0] == "frame"
    for index in (0, 1, study.last_index):
        assert study.caption(index)
        for row in study.table(index):
            assert list(row) == columns
            assert row["frame"] == index
    assert 1 <= study.track_count <= MAX_SCHEMES
    assert study.summary
    assert study.findings()
    for event in study.events:
        assert 0 <= event.frame <= study.last_index
        assert 0 <= event.run < study.track_count


@pytest.mark.parametrize("name", STORIES)
def test_one_that_is_cancelled_stays_as_far_as_it_came(name: str) -> None:
    study = begun(name)
    chunks = study.compute(lambda: True)
    list(chunks)
    assert not study.is_complete


@pytest.mark.parametrize("name", STORIES)
def test_its_table_is_written(name: str, tmp_path: Path) -> None:
    study = studied(name)
    study.write_table(tmp_path / "x.csv")
    study.write_table(tmp_path / "x.npz")
    with (tmp_path / "x.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    arrays = np.load(tmp_path / "x.npz")
    assert list(rows[0]) == list(arrays) == list(study.table(0)[0])
    assert int(rows[-1]["frame"]) == study.last_index == arrays["frame"][-1]
