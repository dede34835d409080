"""The contract of every study, tested on the built-in experiments that have one."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from engine.ensemble.spec import SeedsSpec
from engine.experiment.experiment import MAX_SCHEMES
from engine.library.built_ins import BUILT_INS, built_in
from engine.studies.base.study import Study
from engine.studies.catalogue import STUDIES, open_scene
from engine.studies.ensemble.study import SweepSpec
from engine.studies.variance.study import VarianceSpec

STORIES = [name for name in BUILT_INS if built_in(name).scene is not None]


@pytest.fixture(autouse=True)
def _one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train ensembles in this process: to start workers takes longer."""
    monkeypatch.setattr("engine.studies.ensemble.study.usable_processors", lambda: 1)


def new_study(name: str) -> Study:
    """Open the study of an experiment, with fewer networks or sums where it has thousands."""
    experiment = built_in(name)
    match experiment.scene:
        case SweepSpec() as spec:
            experiment = experiment.replace(scene=spec.replace(seeds=12, count=3))
        case SeedsSpec() as spec:
            experiment = experiment.replace(scene=spec.replace(seeds=12))
        case VarianceSpec() as spec:
            experiment = experiment.replace(scene=spec.replace(sums=200))
    scene = open_scene(experiment)
    assert isinstance(scene, Study)
    return scene


@cache
def computed_study(name: str) -> Study:
    study = new_study(name)
    study.compute_all()
    return study


def test_every_study_has_a_built_in_experiment() -> None:
    assert {built_in(name).kind for name in STORIES} == set(STUDIES)


@pytest.mark.parametrize("kind", STUDIES)
def test_every_parameter_has_a_description(kind: str) -> None:
    spec = STUDIES[kind].spec
    assert set(spec.about) == set(spec.__struct_fields__)
    assert set(spec.choices) | set(spec.shown_only) <= set(spec.__struct_fields__)


@pytest.mark.parametrize("name", STORIES)
def test_a_new_study_has_no_frames_and_computes_the_same_bits_each_time(name: str) -> None:
    one, other = new_study(name), computed_study(name)
    assert (one.last_index, one.is_complete, one.events) == (-1, False, ())
    before = -1
    for _ in one.compute():
        assert before <= one.last_index <= one.planned_index
        before = one.last_index
    assert one.is_complete
    assert other.is_complete
    assert one.last_index == other.last_index >= 1
    assert one.events == other.events
    assert one.findings() == other.findings()
    for index in (0, one.last_index // 2, one.last_index):
        assert repr(one.table(index)) == repr(other.table(index))


@pytest.mark.parametrize("name", STORIES)
def test_every_frame_has_a_caption_and_rows_with_the_same_columns(name: str) -> None:
    study = computed_study(name)
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
def test_a_cancelled_study_is_not_complete(name: str) -> None:
    study = new_study(name)
    chunks = study.compute(lambda: True)
    list(chunks)
    assert not study.is_complete


@pytest.mark.parametrize("name", STORIES)
def test_table_of_a_study_is_written_as_csv_and_npz(name: str, tmp_path: Path) -> None:
    study = computed_study(name)
    study.write_table(tmp_path / "x.csv")
    study.write_table(tmp_path / "x.npz")
    with (tmp_path / "x.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    arrays = np.load(tmp_path / "x.npz")
    assert list(rows[0]) == list(arrays) == list(study.table(0)[0])
    assert int(rows[-1]["frame"]) == study.last_index == arrays["frame"][-1]
