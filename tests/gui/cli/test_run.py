"""Each command of the command line, run in a separate process."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.library.built_ins import BUILT_INS, built_in, titles
from engine.training.training import train
from tests.processes import processes
from tests.processes.processes import Started

ROOT = Path(__file__).parents[3]
MAIN = [sys.executable, str(ROOT / "main.py")]
SMALL = "format = 1\n[training]\nsteps = 20\n"


def initscope(
    *words: str | Path, cwd: Path = ROOT, **options: Any
) -> subprocess.CompletedProcess[str]:
    return processes.run([*MAIN, *map(str, words)], cwd=cwd, timeout=60, **options)


def assert_failed(done: subprocess.CompletedProcess[str], code: int, sentence: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("initscope: ")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr
    assert not done.stdout


def test_list_prints_every_name_with_its_title() -> None:
    done = initscope("list", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(BUILT_INS)
    assert "Zero against random" in done.stdout
    assert r"\xd7 0.01" in done.stdout  # what the terminal lacks is spelt out


def test_list_as_json_is_one_document() -> None:
    done = initscope("list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["name"]: row["title"] for row in json.loads(done.stdout)} == titles()


def test_the_summary_of_a_regression_has_no_accuracy(tmp_path: Path) -> None:
    file = tmp_path / "regression.toml"
    file.write_text(
        "format = 1\n[data]\npoints = [[0.5, 1.0, 0.2], [1.5, -1.0, 2.0]]\n[network]\n"
        'output = "linear"\nloss = "mean-squared-error"\n[training]\nsteps = 3\n'
    )
    done = initscope("run", str(file), "-o", str(tmp_path / "out.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "loss" in done.stdout
    assert "accuracy" not in done.stdout


def test_progress_is_reported_as_json(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    file.write_text("format = 1\n[training]\nsteps = 20000\n")
    out = tmp_path / "out.tidy.csv"
    done = initscope("run", file, "-o", out, "--progress=json")
    assert (done.returncode, done.stderr) == (0, "")
    reported = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert {line["stage"] for line in reported} == {"training", "writing"}
    written = [line["done"] for line in reported if line["stage"] == "writing"]
    assert written == sorted(written)
    assert all(0 <= line["done"] <= line["total"] for line in reported)
    assert all(line["seconds_left"] >= 0.0 for line in reported)
    assert out.read_text().startswith("run,step,parameter,row,column,value,gradient\n")


def test_run_prints_a_summary_of_each_run() -> None:
    done = initscope("run", "broken-by-hand")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == built_in("broken-by-hand").title
    assert [line for line in lines if line[:1] in ("A", "B")] == [
        "A  left alone",
        "B  touched at 100",
    ]
    assert "   loss      0.728555 at first, 0.0309413 at the end" in lines
    assert "   accuracy  25.0% at first, 100.0% at the end" in lines
    assert any(line.startswith("   frame    100  symmetry broken") for line in lines)


def test_run_writes_every_frame_and_a_json_summary(tmp_path: Path) -> None:
    done = initscope("run", "constant", "-o", tmp_path / "out.npz", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    summary = json.loads(done.stdout)
    assert summary["title"] == built_in("constant").title
    recordings = train(built_in("constant"))
    with np.load(tmp_path / "out.npz") as table:
        for run, recording in enumerate(recordings):
            assert np.array_equal(table[f"run{run}/loss"], recording.losses)
            reported = summary["runs"][run]
            assert reported["name"] == recording.run.name
            assert reported["frames"] == 401
            assert reported["finish"] == "completed"
            assert reported["loss"] == {"first": recording.losses[0], "last": recording.losses[-1]}
    solved = [event for event in summary["runs"][1]["events"] if event["kind"] == "solved"]
    assert solved == [{"frame": 61, "kind": "solved", "text": solved[0]["text"]}]


def test_run_replaces_an_older_table(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    (tmp_path / "a.toml").write_text(SMALL)
    assert initscope("run", "a.toml", "--output=out.csv", cwd=tmp_path).returncode == 0
    first = file.read_bytes()
    assert first.startswith(b'run,step,loss,"W1[0,0]"')
    file.write_text("old")
    assert initscope("run", tmp_path / "a.toml", "-o", file).returncode == 0
    assert file.read_bytes() == first
    assert len(list(tmp_path.iterdir())) == 2


def test_a_diverging_run_is_reported_and_exits_with_0(tmp_path: Path) -> None:
    (tmp_path / "wild.toml").write_text(
        "format = 1\n[network]\nloss = 'mean-squared-error'\noutput = 'linear'\nhidden = 'linear'\n"
        "[training]\nlearning_rate = 1e6\n[[run]]\ninit = 'ones'\n"
    )
    done = initscope("run", "wild.toml", "-o", "x.npz", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "diverged" in done.stdout
    with np.load(tmp_path / "x.npz") as table:
        assert 0 < len(table["run0/loss"]) < 401
        assert np.isfinite(table["run0/loss"]).all()


@pytest.mark.parametrize(
    "name", ["-odd.toml", "Grüße ✓ 漢.toml", "list", "constant.toml", "a b'\"$.toml"]
)
def test_files_may_have_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(SMALL)
    words = ["run", "--", name if name != "list" else "./list"]
    done = initscope(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(Experiment().title)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run"], "the following arguments are required: EXPERIMENT"),
        (["run", "constant", "--wrong"], "unrecognized arguments: --wrong"),
        (["run", "constan"], 'did you mean "constant"?'),
        (["run", ""], "there is neither"),
        (["run", "missing.toml"], "missing.toml: there is no such file"),
        (["run", "missing.gif"], "missing.gif: there is no such file"),
        (["run", "missing/"], "missing: there is no such file"),
        (["run", "constant", "-o", "out.txt"], "out.txt: a table ends in .csv, .tidy.csv or .npz"),
        (["list", "constant"], "unrecognized arguments: constant"),
        (["list", "--js"], "unrecognized arguments: --js"),
        (["constant", "more"], "unrecognized arguments: more"),
    ],
)
def test_wrong_arguments_are_refused(words: list[str], sentence: str, tmp_path: Path) -> None:
    assert_failed(initscope(*words, cwd=tmp_path), 2, sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"format = 1\n[training]\nlearning_rate = nan",
            "training.learning_rate: expected a number",
        ),
        (
            b"format = 1\n[data]\nsamples = 1_000_000_000",
            "data.samples: expected a whole number, at most 100,000",
        ),
        (
            b"format = 1\n[training]\nsteps = 1_000_000_000",
            "training.steps: expected a whole number, at most",
        ),
        (b"format = 1\n[network", "is not TOML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text"),
        (
            b"format = 1\n[[run]]\ninit = { scheme = 'constant', value = 1e12 }\n[network]\n"
            b"output = 'linear'\nloss = 'mean-squared-error'\nhidden = 'linear'\n"
            b"layers = [2, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 1]",
            "run[0].init: the first loss is not finite",
        ),
    ],
)
def test_wrong_files_are_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(content)
    done = initscope("run", "bad.toml", "-o", "out.npz", cwd=tmp_path)
    assert_failed(done, 2, sentence)
    assert [entry.name for entry in tmp_path.iterdir()] == ["bad.toml"]


def test_pipes_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert_failed(initscope("run", "pipe.toml", cwd=tmp_path), 2, "not a regular file")
    assert_failed(initscope("run", "/dev/zero"), 2, "not a regular file")


def test_targets_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "full.npz").symlink_to("/dev/full")
    for target in ("missing/x.npz", "folder.npz", "full.npz", "/proc/x.npz"):
        done = initscope("run", "constant", "-o", target, cwd=tmp_path)
        assert_failed(done, 1, f"cannot write {target}: ")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder.npz", "full.npz"]
    assert (tmp_path / "full.npz").is_symlink()


def test_standard_output_that_cannot_be_written_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        for words in (["list"], ["--help"], ["--version"], ["run", "constant"]):
            done = initscope(*words, stdout=full)
            assert done.returncode == 1
            assert done.stderr == "initscope: No space left on device\n"


def test_a_closed_pipe_prints_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = initscope("list", stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_without_standard_output_a_table_is_still_written(tmp_path: Path) -> None:
    command = ["sh", "-c", '"$@" >&- 2>&-', "sh", *MAIN, "run", "constant", "-o", "x.npz"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "x.npz").exists()


def test_a_disk_that_fills_up_leaves_the_old_table(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_text("old")
    done = initscope("run", "constant", "-o", "x.npz", cwd=tmp_path, largest_file=4096)
    assert_failed(done, 1, "cannot write x.npz: file too large")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.npz"]
    assert (tmp_path / "x.npz").read_text() == "old"


def start(folder: Path, steps: int, table: str) -> Started:
    (folder / "long.toml").write_text(f"format = 1\n[training]\nsteps = {steps}\n")
    (folder / table).write_text("old")
    return processes.start(
        [*MAIN, "run", "long.toml", "-o", table],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def assert_stopped(process: Started, number: int, folder: Path, table: str) -> None:
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert (out, err) == ("", "initscope: cancelled\n")
    assert (folder / table).read_text() == "old"
    assert sorted(entry.name for entry in folder.iterdir()) == ["long.toml", table]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_training(number: int, tmp_path: Path) -> None:
    process = start(tmp_path, 10_000_000, "x.npz")
    time.sleep(0.7)
    assert process.poll() is None
    assert_stopped(process, number, tmp_path, "x.npz")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_writing_and_leaves_the_old_table(number: int, tmp_path: Path) -> None:
    process = start(tmp_path, 60_000, "x.csv")
    while not list(tmp_path.glob(".x.*.part.csv")):
        assert process.poll() is None
        time.sleep(0.01)
    assert_stopped(process, number, tmp_path, "x.csv")


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_text("format = 1\n[training]\nsteps = 40_000\n")
    terminal, line = pty.openpty()
    try:
        done = initscope("run", "long.toml", "--json", cwd=tmp_path, stderr=line)
        shown = os.read(terminal, 100_000).decode()
    finally:
        os.close(terminal)
        os.close(line)
    assert done.returncode == 0
    assert json.loads(done.stdout)["runs"][0]["frames"] == 40_001
    assert "training: " in shown
    assert " of 40,000 steps, " in shown
    assert shown.endswith("\r\x1b[K")


@pytest.mark.parametrize("words", [["list"], ["run", "constant"], ["--help"], ["run", "--help"]])
def test_commands_load_no_qt(words: list[str]) -> None:
    program = (
        "import sys, main\n"
        f"code = main.main({words!r})\n"
        "print(*{'PySide6', 'shiboken6', 'pyqtgraph', 'av'} & set(sys.modules), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "\n")


def test_help_lists_every_command_and_the_version_is_that_of_the_project() -> None:
    done = initscope("--help")
    assert done.returncode == 0
    for command in ("list", "run", "export", "claims"):
        assert f"\n  {command} " in done.stdout
        assert command not in BUILT_INS
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert initscope("--version").stdout == f"Initscope {project['version']}\n"


def test_an_unexpected_error_is_one_sentence_or_a_traceback() -> None:
    imports = "import sys\nfrom gui.process.exit_codes import run_to_end\n"
    program = imports + "sys.exit(run_to_end(lambda: 1 // 0))"
    command = [sys.executable, "-c", program]
    done = processes.run(command, cwd=ROOT)
    assert_failed(done, 1, "unexpected error (ZeroDivisionError: ")
    environment = os.environ | {"INITSCOPE_DEBUG": "1"}
    done = processes.run(command, cwd=ROOT, env=environment)
    assert "Traceback" in done.stderr
