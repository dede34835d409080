"""Tables hold every frame as the recording does, to the last bit, and the same bytes each time."""

import csv
import locale
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import engine.training.tables
from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.io.tables import TABLES, check_table
from engine.nn.initializers import Constant, Normal
from engine.training.recording import Frame, Recording
from engine.training.tables import write_recordings
from engine.training.training import train

DIVERGING = Experiment(
    data=DataSpec(points=((1.0, 0.5, 2.0), (0.5, -1.0, 3.0))),
    network=NetworkSpec(
        layers=(2, 3, 1), hidden="linear", output="linear", loss="mean-squared-error"
    ),
    training=TrainingSpec(learning_rate=0.05, steps=120),
    runs=(
        Run(name="fine", init=Normal(scale=0.3, seed=1)),
        Run(name="wild", init=Constant(value=1.0), learning_rate=50.0),
    ),
)


@pytest.fixture(scope="module")
def recordings() -> list[Recording]:
    return train(DIVERGING)


def arrays(frame: Frame) -> Iterator[tuple[str, np.ndarray]]:
    for name in ("W", "b", "dW", "db"):
        for layer, array in enumerate(getattr(frame, name)):
            if layer:
                yield f"{name}{layer}", array


def test_npz_contains_every_frame(recordings: list[Recording], tmp_path: Path) -> None:
    file = tmp_path / "out.npz"
    write_recordings(recordings, file)
    assert len(recordings[1]) < len(recordings[0]) == 121
    with np.load(file, allow_pickle=False) as table:
        parts = ["step", "loss", "W1", "b1", "W2", "b2", "dW1", "db1", "dW2", "db2"]
        assert table.files == [f"run{run}/{part}" for run in (0, 1) for part in parts]
        for run, recording in enumerate(recordings):
            count = len(recording)
            assert table[f"run{run}/step"].dtype == np.int64
            assert table[f"run{run}/step"].tolist() == list(range(count))
            assert np.array_equal(table[f"run{run}/loss"], recording.losses)
            assert table[f"run{run}/W1"].shape == (count, 3, 2)
            assert table[f"run{run}/b1"].shape == (count, 3, 1)
            for index, frame in enumerate(recording):
                for name, array in arrays(frame):
                    assert np.array_equal(table[f"run{run}/{name}"][index], array)


def test_csv_contains_every_frame(recordings: list[Recording], tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    write_recordings(recordings, file)
    text = file.read_text("ascii")
    assert text.startswith('run,step,loss,"W1[0,0]","W1[0,1]","W1[1,0]"')
    assert "\r" not in text
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == sum(map(len, recordings))
    frames = [(run, frame) for run, recording in enumerate(recordings) for frame in recording]
    for row, (run, frame) in zip(rows, frames, strict=True):
        expected = {"run": float(run), "step": float(frame.index), "loss": frame.loss}
        for name, array in arrays(frame):
            for (j, i), value in np.ndenumerate(array):
                expected[f"{name}[{j},{i}]"] = float(value)
        assert {name: float(value) for name, value in row.items()} == expected


def test_tidy_csv_contains_every_frame(recordings: list[Recording], tmp_path: Path) -> None:
    file = tmp_path / "out.tidy.csv"
    write_recordings(recordings, file)
    with file.open(newline="") as lines:
        rows = [tuple(row.values()) for row in csv.DictReader(lines)]
    expected = [
        (
            *(str(run), str(frame.index), f"{name}{layer}", str(j), str(i)),
            *(repr(float(value)), repr(float(gradients[layer][j, i]))),
        )
        for run, recording in enumerate(recordings)
        for frame in recording
        for layer in (1, 2)
        for name, values, gradients in (("W", frame.W, frame.dW), ("b", frame.b, frame.db))
        for (j, i), value in np.ndenumerate(values[layer])
    ]
    assert rows == expected
    assert file.read_text("ascii").startswith(
        "run,step,parameter,row,column,value,gradient\n0,0,W1,"
    )


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".tidy.csv", ".NPZ"])
def test_block_size_spool_and_locale_change_no_byte(
    suffix: str, recordings: list[Recording], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_recordings(recordings, tmp_path / f"a{suffix}")
    monkeypatch.setattr(engine.training.tables, "_IN_MEMORY", 100)  # spool on disk
    monkeypatch.setattr(Recording, "block_size", lambda self: 7)
    monkeypatch.setattr("time.localtime", lambda *_: (2001, 2, 3, 4, 5, 6, 0, 0, 0))
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        for name in ("de_DE.UTF-8", "de_DE.utf8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_NUMERIC, name)
                break
            except locale.Error:
                continue
        write_recordings(recordings, tmp_path / f"b{suffix}")
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
    a, b = (tmp_path / f"{name}{suffix}" for name in "ab")
    assert a.read_bytes() == b.read_bytes()
    assert sorted(tmp_path.iterdir()) == [a, b]


def test_sparse_recordings_give_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = Experiment(training=TrainingSpec(steps=200))
    whole = train(experiment)
    monkeypatch.setattr("engine.training.training.Recording", partial(Recording, budget=2000))
    sparse = train(experiment)
    assert sparse[0].stride > 1
    write_recordings(whole, tmp_path / "a.npz")
    write_recordings(sparse, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_table_of_one_example_without_hidden_layer(tmp_path: Path) -> None:
    experiment = Experiment(
        data=DataSpec(points=((1.0, 1.0),)),
        network=NetworkSpec(layers=(1, 1)),
        training=TrainingSpec(steps=0),
    )
    write_recordings(train(experiment), tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz") as table:
        assert table["run1/dW1"].shape == (1, 1, 1)


def test_progress_ends_at_the_number_of_frames(recordings: list[Recording], tmp_path: Path) -> None:
    for suffix in TABLES:
        reported: list[int] = []
        write_recordings(recordings, tmp_path / f"x{suffix}", reported.append)
        assert reported == sorted(reported)
        assert reported[-1] == sum(map(len, recordings))


def test_failed_write_leaves_the_old_file(
    recordings: list[Recording], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.npz"
    file.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "open", full)
    with pytest.raises(InitscopeError, match="no space left"):
        write_recordings(recordings, file)
    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.npz"]


@pytest.mark.parametrize("name", ["out.txt", "out", "out.npz.gz", ".npz"])
def test_unknown_format_is_rejected_before_training(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a table ends in \.csv, \.tidy\.csv or \.npz"):
        check_table(tmp_path / name)


def test_missing_folder_is_rejected_before_training(tmp_path: Path) -> None:
    with pytest.raises(InitscopeError, match="there is no folder"):
        check_table(tmp_path / "missing" / "out.npz")
