"""The command ensemble in a separate process, including one that is killed."""

import csv
import json
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from engine.ensemble.results import NOT_REACHED
from engine.ensemble.shards import SweepCell, single
from engine.library.experiment_file import parse_experiment
from engine.training.training import train
from tests.gui.cli.test_run import MAIN, assert_failed, initscope
from tests.processes import processes

SMALL = """format = 1
title = "small"
[training]
steps = 150
learning_rate = 2.0
[[run]]
name = "zeros"
init = "zeros"
[[run]]
name = "tenth"
init = { scheme = "normal", scale = 0.5 }
"""
LONG = """format = 1
[data]
name = "moons"
samples = 100
[network]
layers = [2, 4, 1]
[training]
steps = 400
[[run]]
name = "Xavier"
init = "xavier-fan-in"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long.toml"
    path.write_text(LONG)
    return path


def test_ensemble_text_has_a_line_for_each_run(small: Path) -> None:
    done = initscope("ensemble", small, "--seeds", "60")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "small"
    assert [line.split()[0] for line in lines[4:6]] == ["zeros", "tenth"]
    assert "no randomness: one network" in lines[4]
    assert "median step of solved" in lines[3]
    assert "median step of all" in lines[3]
    assert lines[-1].endswith("network-steps a second")


def test_json_is_one_document(small: Path) -> None:
    done = initscope("ensemble", small, "--seeds", "60", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["network_steps_per_second"] > 0
    zeros, tenth = document["runs"]
    assert zeros["name"] == "zeros"
    assert zeros["seeds"] == tenth["seeds"] == 60
    assert zeros["solved"] == 0.0
    assert zeros["steps_quantiles"] == [None, None, None]
    assert zeros["final_loss_quantiles"] == pytest.approx([np.log(2.0)] * 3)
    assert (zeros["random"], zeros["solved_interval"]) == (False, None)
    assert (tenth["random"], zeros["steps_quantiles_of_all"]) == (True, [None] * 3)
    low, high = tenth["solved_interval"]
    assert 0.0 < low < tenth["solved"] < high < 1.0
    early, median, late = tenth["steps_quantiles"]
    assert 0 < early <= median <= late <= 150


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_the_table_has_a_row_for_every_network(small: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    out.write_text("older")
    done = initscope("ensemble", small, "--seeds", "25", "-o", out)
    assert done.returncode == 0, done.stderr
    if suffix == "csv":
        with out.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [int(row["seed"]) for row in rows] == [*range(25)] * 2
        losses = [float(row["loss"]) for row in rows[25:]]
    else:
        arrays = np.load(out)
        assert arrays["run0/solved"].tolist() == [NOT_REACHED] * 25
        losses = arrays["run1/loss"].tolist()
    many = initscope("ensemble", small, "--seeds", "25", "--json")
    assert json.loads(many.stdout)["runs"][1]["final_loss_quantiles"][0] in losses
    assert list(tmp_path.glob("*.shards")) == []
    (recording,) = train(_single(SMALL, 7))
    assert losses[7] == recording.losses[-1]


def _single(text: str, seed: int):  # type: ignore[no-untyped-def]
    plain = parse_experiment(text + "\n[scene]\nkind = 'ensemble'\nseeds = 25\n")
    return single(plain, SweepCell(1), seed)


def test_a_sweep_has_an_entry_for_each_value(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.npz"
    words: list[str | Path] = ["ensemble", small, "--seeds", "20", "-o", out]
    words += ["--sweep", "scale=0.01:10:4:log"]
    done = initscope(*words, "--json")
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)["runs"]
    assert [run["value"] for run in runs] == [0.01, 0.1, 1.0, 10.0] * 2
    assert {run["field"] for run in runs} == {"init.scale"}
    arrays = np.load(out)
    assert arrays["values"].tolist() == [0.01, 0.1, 1.0, 10.0]
    assert arrays["run1/solved"].shape == (4, 20)
    assert len(initscope(*words).stdout.splitlines()) == 4 + 8 + 2


@pytest.mark.slow
def test_a_killed_call_is_resumed_with_the_missing_shards(long: Path, tmp_path: Path) -> None:
    out, words = tmp_path / "out.npz", ["ensemble", str(long), "--seeds", "3000", "--workers", "2"]
    stored = tmp_path / "out.npz.shards"
    process = processes.start(
        [*MAIN, *words, "-o", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 50
    while not (stored.exists() and stored.stat().st_size > 300_000):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not out.exists()
    assert_failed(initscope(*words, "-o", out), 2, "add --resume to continue from them")
    assert_failed(
        initscope(*words, "--below", "0.2", "-o", out, "--resume"), 2, "of another experiment"
    )
    done = initscope(*words, "-o", out, "--resume")
    assert done.returncode == 0, done.stderr
    assert not stored.exists()
    other = tmp_path / "other.npz"
    assert initscope(*words[:-2], "-o", other).returncode == 0
    assert out.read_bytes() == other.read_bytes()  # two workers and a death, or none of both


@pytest.mark.slow
def test_an_interrupted_call_stores_the_finished_shards(long: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    process = processes.start(
        [*MAIN, "ensemble", str(long), "--seeds", "100000", "-o", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    stored = tmp_path / "out.csv.shards"
    deadline = time.monotonic() + 50
    while not (stored.exists() and stored.stat().st_size > 50_000):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, reported = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (
        reported
        == "initscope: cancelled; the finished shards are stored: --resume continues from them\n"
    )
    assert not out.exists()
    assert stored.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--seeds", "0"], "seeds: expected a whole number, at least 1"),
        (["--seeds", "1000000000000"], "seeds: expected a whole number, at most 10,000,000"),
        (["--seeds", "1_0"], "--seeds: expected a whole number"),
        (["--seeds", "٣"], "--seeds: expected a whole number"),
        (["--below", "٣"], "--below: expected a number"),
        (["--sweep", "scale=٣:4:2"], "--sweep START: expected a number"),
        (["-o", ""], "the output has no name"),
        (["--seeds", "many"], "--seeds: expected a whole number"),
        (["--sweep", "skale=1:2:3"], 'did you mean "init.scale"'),
        (["--sweep", "scale"], "--sweep: expected FIELD=START:STOP:COUNT[:log]"),
        (["--sweep", "scale=0:2:3:log"], "must be above 0 in a logarithmic range"),
        (["--sweep", "scale=1:2:3:ln"], "--sweep: expected FIELD=START:STOP:COUNT[:log]"),
        (["--workers", "0"], "--workers: expected 1 to 256"),
        (
            ["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"],
            "--workers: cannot be combined with --scheduler",
        ),
        (["--resume"], "--resume: needs -o"),
        (["-o", "out.txt"], "a table ends in .csv, .tidy.csv or .npz"),
        (["--draw", "weights-and-data"], "is the same for every seed"),
        (["--below", "-1"], "below: expected"),
    ],
)
def test_wrong_arguments_are_refused(small: Path, words: list[str], sentence: str) -> None:
    assert_failed(initscope("ensemble", small, *words), 2, sentence)


def test_other_kinds_of_scenes_are_refused() -> None:
    assert_failed(initscope("ensemble", "depth-tanh", "--seeds", "3"), 2, "name a training")


@pytest.mark.slow
def test_an_unreachable_scheduler_is_an_error(small: Path) -> None:
    done = initscope("ensemble", small, "--scheduler", "tcp://127.0.0.1:1")
    assert_failed(done, 1, "no answer from tcp://127.0.0.1:1")


def test_a_built_in_ensemble_is_run_and_exported(tmp_path: Path) -> None:
    done = initscope("ensemble", "ensemble-xor", "--seeds", "50", "--json")
    runs = json.loads(done.stdout)["runs"]
    assert [run["name"] for run in runs] == ["zeros", "ones", "× 0.01", "Xavier", "He"]
    picture = tmp_path / "x.png"
    file = tmp_path / "x.toml"
    file.write_text(SMALL + "\n[scene]\nkind = 'ensemble'\nseeds = 20\n")
    exported = initscope("export", file, "-o", picture, "--frames", "100:101", "--size", "640x360")
    assert exported.returncode == 0, exported.stderr
    assert picture.stat().st_size > 10_000
