"""The file of finished shards is complete and checked, and never executed."""

import pickle
import sqlite3
from pathlib import Path

import pytest

from engine.ensemble.results import TrainingResults
from engine.ensemble.shards import shards, train_shard
from engine.ensemble.store import Store, holds_shards, store_path
from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Normal, Zeros
from engine.studies.ensemble.study import EnsembleSpec, EnsembleStudy
from tests.engine.ensemble.test_shards import equal

EXPERIMENT = Experiment(
    runs=(Run(init=Normal(scale=0.5)), Run(init=Zeros())),
    training=TrainingSpec(steps=40),
    scene=EnsembleSpec(seeds=20),
)


def test_added_shards_are_read_again(tmp_path: Path) -> None:
    path = store_path(tmp_path / "x.npz")
    assert path.name == "x.npz.shards"
    trained = {shard: train_shard(EXPERIMENT, shard) for shard in shards(EXPERIMENT)}
    with Store(path, EXPERIMENT) as store:
        for shard, results in trained.items():
            store.add(shard, results)
    with Store(path, EXPERIMENT) as store:
        assert len(store) == len(trained)
        for shard, results in store.finished():
            equal(results, trained[shard])
        store.remove()
    assert not path.exists()


def test_only_missing_shards_are_trained(tmp_path: Path) -> None:
    whole = EnsembleStudy(EXPERIMENT)
    whole.compute_all()
    with Store(tmp_path / "s", EXPERIMENT) as store:
        first = shards(EXPERIMENT)[0]
        store.add(first, train_shard(EXPERIMENT, first))
        resumed = EnsembleStudy(EXPERIMENT, store=store)
        resumed.compute_all()
        assert resumed.done == whole.done - first.count
        assert len(store) == len(shards(EXPERIMENT))
    for cell in whole.cells:
        equal(resumed.summaries[cell].results, whole.summaries[cell].results)


def test_shards_of_another_experiment_are_refused(tmp_path: Path) -> None:
    Store(tmp_path / "s", EXPERIMENT).__exit__()
    other = EXPERIMENT.replace(scene=EnsembleSpec(seeds=21))
    with pytest.raises(UsageError, match="another experiment"):
        Store(tmp_path / "s", other)


def test_shards_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "s", EXPERIMENT).__exit__()
    monkeypatch.setattr("engine.ensemble.store.fingerprint", lambda: "NumPy 9.9, engine new")
    with pytest.raises(UsageError, match="of another version of Initscope or NumPy"):
        Store(tmp_path / "s", EXPERIMENT)


def test_a_file_that_cannot_be_initialised_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("engine.ensemble.store.format_experiment", full)
    for begun in (False, True):
        if begun:
            (tmp_path / "s").touch()  # as a full disk left it
        assert not holds_shards(tmp_path / "s")
        with pytest.raises(InitscopeError, match="disk is full"):
            Store(tmp_path / "s", EXPERIMENT)
        assert not (tmp_path / "s").exists()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a file"):
        Store(tmp_path, EXPERIMENT)


class Canary:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path("canary").touch, ())


def test_other_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "s"
    path.write_bytes(b"not a database, but long enough to look like one" * 50)
    with pytest.raises(UsageError, match="delete the file"):
        Store(path, EXPERIMENT)
    path.unlink()
    Store(path, EXPERIMENT).__exit__()
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO shard VALUES (0, 0, 0, 20, ?)", (pickle.dumps(Canary()),))
    database.close()
    with Store(path, EXPERIMENT) as store, pytest.raises(UsageError, match="delete the file"):
        list(store.finished())
    assert not (tmp_path / "canary").exists()


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Store(path, EXPERIMENT) as store:
        for shard in shards(EXPERIMENT):
            store.add(shard, train_shard(EXPERIMENT, shard))
    content = path.read_bytes()
    for twentieth in range(1, 20):
        path.write_bytes(content[: len(content) * twentieth // 20])
        found: list[TrainingResults] = []
        with pytest.raises(UsageError, match="delete the file"), Store(path, EXPERIMENT) as store:
            found += [results for _, results in store.finished()]
