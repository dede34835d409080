"""The command export in a separate process: exact files, clear errors, and no partial files."""

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.library.experiment_file import write_experiment
from engine.nn.initializers import Normal
from engine.training.comparison import compare
from gui.document.opening import open_experiment
from gui.export.formats.registry import FORMATS
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer
from tests.gui.export.pictures import read
from tests.processes import processes
from tests.processes.processes import Started

ROOT = Path(__file__).parents[3]
SHORT = Experiment(title="Short", training=TrainingSpec(steps=10))
ENDLESS = Experiment(title="Endless", training=TrainingSpec(steps=10_000_000))


def command(*words: str | Path, **variables: str) -> Started:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return processes.start(
        [sys.executable, str(ROOT / "main.py"), "export", *map(str, words)],
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def export(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return processes.finish(command(*words, **variables), 60)


@pytest.fixture
def short(tmp_path: Path) -> Path:
    folder = tmp_path / "recipes"
    folder.mkdir()
    write_experiment(SHORT, folder / "short.toml")
    return folder / "short.toml"


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_has_exact_times_and_its_recipe(
    suffix: str, short: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"x{suffix}"
    done = export(short, "-o", path, "--size", "320x180", "--fps", "20", "--hold-last", "5")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.startswith(f"{path}: 16 frames of 320x180")
    found = read(path)
    assert [frame.shape for frame in found.frames] == [(180, 320, 3)] * 16
    if suffix != ".png":
        assert sum(found.seconds) == pytest.approx(16 / 20, abs=1e-5)
    assert open_experiment(path) == SHORT
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["recipes", path.name]


def test_exported_pixels_are_those_of_the_stage(qtbot: QtBot, short: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    words = ("--size", "640x360", "--theme", "dark", "--panels", "network,loss")
    # Neither the desktop's scale nor the decimal comma changes a pixel.
    desktop = {"QT_SCALE_FACTOR": "2", "QT_FONT_DPI": "200", "LC_ALL": "de_DE.UTF-8"}
    done = export(short, "-o", path, "--frames", "::-5", *words, **desktop)
    assert done.returncode == 0, done.stderr
    plan = ExportPlan(path, size=(640, 360), theme="dark", panels=("network", "loss"))
    renderer = Renderer(compare(SHORT), plan)
    for file, index in zip(sorted(path.iterdir()), [10, 5, 0], strict=True):
        shown = renderer.pixels(index)[..., 2::-1]
        assert np.array_equal(np.asarray(Image.open(file).convert("RGB")), shown)


def test_an_exported_file_is_exported_again(short: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "ü %d.gif", tmp_path / "y.mp4"
    assert export(short, "-o", one, "--size", "320x180").returncode == 0
    done = export(one, "-o", other, "--size", "320x180")
    assert done.returncode == 0, done.stderr
    assert len(read(other).frames) == 11
    assert open_experiment(other) == SHORT


def test_one_frame_of_a_built_in_experiment_is_exported(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    done = export("zero-vs-random", "-o", path, "--frames=-1", "--size", "640x360")
    assert done.stdout == f"{path}: 1 frame of 640x360\n", done.stderr
    assert path.is_file()
    assert open_experiment(path) == built_in("zero-vs-random")


def test_a_diverging_run_is_exported_up_to_its_last_frame(tmp_path: Path) -> None:
    wild = SHORT.replace(
        training=TrainingSpec(steps=1000, learning_rate=1e6),
        runs=(Run(name="wild", init=Normal(scale=1.0, seed=1)),),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
    )
    last = compare(wild).last_index
    assert 0 < last < 1000
    write_experiment(wild, tmp_path / "wild.toml")
    path = tmp_path / "x.gif"
    done = export(tmp_path / "wild.toml", "-o", path, "--size", "320x180")
    assert done.returncode == 0, done.stderr
    assert len(read(path).frames) == last + 1


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["-o", "{}/x.avi"], 2, "unknown export format"),
        (["-o", "{}/x.gif", "--fps", "60"], 2, "GIF supports 0.1 to 50 frames per second"),
        (["-o", "{}/x.mp4", "--size", "641x361"], 2, "even sizes only"),
        (["-o", "{}/x.gif", "--frames", "20000000:"], 2, "selects none of the frames 0 to"),
        (["-o", "{}/x.gif", "--hold-last", "two"], 2, "--hold-last"),
        (["-o", "{}/none/x.gif"], 1, "there is no folder"),
        (["-o", "{}/old.gif"], 1, "it already exists; choose another name, or use --overwrite"),
        (["-o", "{}/folder.gif"], 1, "it is a folder"),
        ([], 2, "required: -o"),
    ],
)
def test_errors_are_found_before_the_training(
    words: list[str], code: int, sentence: str, tmp_path: Path
) -> None:
    write_experiment(ENDLESS, tmp_path / "endless.toml")
    (tmp_path / "old.gif").write_text("old")
    (tmp_path / "folder.gif").mkdir()
    done = export(tmp_path / "endless.toml", *(word.format(tmp_path) for word in words))
    assert done.returncode == code
    assert done.stderr.startswith("initscope: ")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "old.gif").read_text() == "old"
    names = sorted(entry.name for entry in tmp_path.iterdir())
    assert names == ["endless.toml", "folder.gif", "old.gif"]


@pytest.mark.parametrize(
    ("number", "code", "stage", "suffix"),
    [
        (signal.SIGINT, 130, "training", ".gif"),
        (signal.SIGTERM, 143, "training", ".mp4"),
        (signal.SIGINT, 130, "rendering", ".mp4"),
        (signal.SIGTERM, 143, "rendering", ".png"),
    ],
)
def test_a_signal_ends_the_export_and_leaves_nothing(
    number: int, code: int, stage: str, suffix: str, tmp_path: Path
) -> None:
    steps = 10_000_000 if stage == "training" else 20_000
    experiment = SHORT.replace(training=TrainingSpec(steps=steps))
    write_experiment(experiment, tmp_path / "long.toml")
    target = tmp_path / f"x{suffix}"
    target.write_text("old")
    process = command(
        *(tmp_path / "long.toml", "-o", target, "--size", "320x180"),
        *("--overwrite", "--progress", "json"),
    )
    assert process.stdout is not None
    for line in process.stdout:
        reported = json.loads(line)
        if reported["stage"] == stage and reported["done"] > 3:
            break
    process.send_signal(number)
    _, error = process.communicate(timeout=20)
    assert process.returncode == code
    assert error == "initscope: cancelled\n"
    assert target.read_text() == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["long.toml", target.name]


def test_progress_is_reported_as_json(short: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    done = export(short, "-o", path, "--size", "320x180", "--progress", "json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[-1] == {"stage": "rendering", "done": 11, "total": 11, "seconds_left": 0.0}
    assert {line["stage"] for line in lines} == {"training", "rendering"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_progress_is_shown_on_a_terminal(short: Path, tmp_path: Path) -> None:
    import pty

    main, terminal = pty.openpty()
    words = [str(short), "-o", str(tmp_path / "x.gif"), "--size", "320x180", "--hold-last", "300"]
    process = processes.start(
        [sys.executable, str(ROOT / "main.py"), "export", *words],
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            shown += os.read(main, 1000)
        except OSError:  # the other side is closed
            break
    os.close(main)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"of 311 frames, " in shown
    assert b" left" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert output.startswith(f"{tmp_path / 'x.gif'}: 311 frames of 320x180, 12.44 s")


def test_the_same_recipe_gives_the_same_bytes(short: Path, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        assert export(short, "-o", tmp_path / name, "--size", "320x180").returncode == 0
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_the_summary_contains_the_duration(short: Path, tmp_path: Path) -> None:
    done = export(short, "-o", tmp_path / "x.webm", "--size", "320x180", "--fps", "29.97")
    assert f"11 frames of 320x180, {float(11 / Fraction('29.97')):.2f} s" in done.stdout
