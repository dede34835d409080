"""Interrupted exports of folders: complete frames are stored, and the rest is rendered later."""

import json
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from engine.experiment.experiment import TrainingSpec
from engine.library.experiment_file import write_experiment
from tests.trust.programs import (
    ENDLESS,
    SHORT,
    SMALL,
    assert_done,
    assert_refused,
    contents,
    ended,
    names,
    own_mounts,
    run,
    short,
    start,
)

if sys.platform == "win32":
    pytest.skip("Windows locks no folders", allow_module_level=True)


STORED = re.compile(
    r"([\d,]+) of ([\d,]+) frames are stored: the same command completes the rest\n$"
)
FAILING = """
import sys
import main
from gui.export.renderer import Renderer
pixels = Renderer.pixels
def fail_at_seven(renderer, index):
    if index == 7:
        raise RuntimeError("no such colour")
    return pixels(renderer, index)
Renderer.pixels = fail_at_seven
sys.exit(main.main(sys.argv[1:]))
"""
"""The program with a frame that cannot be rendered."""


def export(recipe: Path, target: Path, *words: str) -> list[str | Path]:
    return ["export", recipe, "-o", target, *SMALL, *words]


def undisturbed(recipe: Path, *words: str) -> list[bytes]:
    """Return the frames of a separate export."""
    path = recipe.with_name("undisturbed.png")
    assert_done(run(*export(recipe, path, "--overwrite", *words)))
    return contents(path)


def part_of(folder: Path) -> Path:
    (part,) = folder.glob(".x.*.part.png")
    return part


def stamps(part: Path) -> dict[str, tuple[int, int]]:
    """Return for each frame which file it is, and when it was written."""
    return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in part.glob("*.png")}


def assert_stored(done: CompletedProcess[str], code: int, words: str, part: Path) -> None:
    """Assert that a command ended with one sentence with the number of stored frames."""
    assert_refused(done, code, words)
    reported = STORED.search(done.stderr)
    assert reported is not None, done.stderr
    assert 0 < int(reported[1]) < int(reported[2])
    assert int(reported[1]) == len(stamps(part))


def assert_resumed(words: Sequence[str | Path], part: Path, target: Path) -> None:
    """Assert that a command completes what is stored, and renders none of it again."""
    stored = stamps(part)
    done = run(*words, "--progress", "json")
    assert_done(done)
    *_, last = map(json.loads, done.stdout.splitlines())
    assert (last["stage"], last["total"]) == ("rendering", len(stamps(target)) - len(stored))
    assert stored.items() <= stamps(target).items()
    assert not part.exists()


def stop(words: Sequence[str | Path], number: int) -> CompletedProcess[str]:
    """Start a command and send it a signal after some frames."""
    process = start(*words, "--progress", "json")
    assert process.stdout is not None
    for line in process.stdout:
        reported = json.loads(line)
        if reported["stage"] == "rendering" and reported["done"] > 7:
            break
    process.send_signal(number)
    return ended(process)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """The file of an experiment that takes a while to export."""
    return short(tmp_path, SHORT.replace(training=TrainingSpec(steps=100)))


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """What is left of an export of `short(tmp_path)` to `x.png`, which has no eighth frame."""
    words = export(short(tmp_path), tmp_path / "x.png", "--resume")
    done = run(*words, program=(sys.executable, "-c", FAILING))
    left = part_of(tmp_path)
    assert_stored(done, 1, "unexpected error (RuntimeError: no such colour)", left)
    return left


@pytest.mark.slow
def test_an_export_resumes_after_a_rendering_error(part: Path, tmp_path: Path) -> None:
    recipe, path = tmp_path / "recipes" / "short.toml", tmp_path / "x.png"
    assert names(tmp_path) == [part.name, "recipes"]
    assert_resumed(export(recipe, path, "--resume"), part, path)
    assert contents(path) == undisturbed(recipe)
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
def test_an_export_resumes_after_a_writing_error(tmp_path: Path) -> None:
    recipe, path = short(tmp_path), tmp_path / "x.png"
    size = ("--size", "640x360")
    whole = undisturbed(recipe, *size)
    limit = len(whole[0])  # the first frame is written, and a later one is too large
    assert max(map(len, whole)) > limit
    words = export(recipe, path, *size, "--resume")
    done = run(*words, largest_file=limit)
    part = part_of(tmp_path)
    assert_stored(done, 1, f"cannot write {path}: file too large; ", part)
    assert_resumed(words, part, path)
    assert contents(path) == whole
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
def test_an_export_resumes_after_a_full_disk(tmp_path: Path) -> None:
    recipe, disk, reported = short(tmp_path), tmp_path / "disk", tmp_path / "reported"
    disk.mkdir()
    whole = undisturbed(recipe)
    size = sum(map(len, whole)) // 2048  # half of what is needed
    script = (
        f"mount -t tmpfs -o size={size}k none '{disk}'; \"$@\" 2> '{reported}' && exit 9\n"
        f"ls '{disk}'/.x.*.part.png >> '{reported}'; mount -o remount,size=9M '{disk}'; \"$@\"\n"
        f"ls -A '{disk}' >> '{reported}'; cp -r '{disk}/x.png' '{tmp_path}'"
    )
    assert_done(run(*export(recipe, disk / "x.png", "--resume"), under=own_mounts(script)))
    sentence, *left, end = reported.read_text().splitlines()
    assert sentence.startswith(f"initscope: cannot write {disk}/x.png: no space left on device; ")
    assert f" {len(left) - 1} of 11 frames are stored" in sentence
    assert left[-1] == "sha256sums"
    assert end == "x.png"
    assert contents(tmp_path / "x.png") == whole


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_signal_leaves_complete_frames_and_the_older_target(
    number: int, code: int, long: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.png"
    assert_done(run(*export(long, path, "--frames=:2")))
    older = contents(path)
    words = export(long, path, "--overwrite", "--resume")
    done = stop(words, number)
    part = part_of(tmp_path)
    if number == signal.SIGKILL:
        assert (done.returncode, done.stderr) == (code, "")
        stored = sorted(part.glob("*.png"))
        stored[-1].write_bytes(stored[-1].read_bytes()[:-1])  # as if killed amid writing it
        done = stop(words, signal.SIGTERM)  # some more
        code = 143
    assert_stored(done, code, "cancelled; ", part)
    assert contents(path) == older
    assert names(tmp_path) == [part.name, "recipes", path.name]
    assert_resumed(words, part, path)
    assert contents(path) == undisturbed(long)
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
def test_damaged_frames_are_rendered_again(part: Path, tmp_path: Path) -> None:
    recipe, path = tmp_path / "recipes" / "short.toml", tmp_path / "x.png"
    cut, garbage, *_ = sorted(part.glob("*.png"))
    cut.write_bytes(cut.read_bytes()[:-20])
    garbage.write_bytes(b"garbage")
    (part / "notes.txt").write_text("no frame")
    (part / "frame_000099.png").write_bytes(b"one too many")
    assert_done(run(*export(recipe, path, "--resume")))
    assert contents(path) == undisturbed(recipe)
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [["--theme", "dark"], ["--panels", "loss"], ["--frames", "::-1"]],
    ids=lambda words: " ".join(words),
)
def test_frames_of_another_plan_are_rendered_again(
    words: list[str], part: Path, tmp_path: Path
) -> None:
    recipe, path = tmp_path / "recipes" / "short.toml", tmp_path / "x.png"
    assert_done(run(*export(recipe, path, "--resume", *words)))
    assert contents(path) == undisturbed(recipe, *words)
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
def test_frames_of_another_experiment_are_rendered_again(part: Path, tmp_path: Path) -> None:
    recipe, path = tmp_path / "recipes" / "short.toml", tmp_path / "x.png"
    changed = SHORT.replace(title="Another")
    write_experiment(changed, recipe)
    done = run(*export(recipe, path, "--resume", "--progress", "json"))
    assert_done(done)
    assert json.loads(done.stdout.splitlines()[-1])["total"] == 11
    assert contents(path) == undisturbed(recipe)


@pytest.mark.slow
def test_an_export_without_resume_starts_again(part: Path, tmp_path: Path) -> None:
    recipe, path = tmp_path / "recipes" / "short.toml", tmp_path / "x.png"
    done = run(*export(recipe, path), largest_file=1000)
    assert_refused(done, 1, "file too large\n")
    assert names(tmp_path) == ["recipes"]
    assert_done(run(*export(recipe, path)))
    assert contents(path) == undisturbed(recipe)
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
def test_an_export_stopped_in_training_leaves_the_frames(part: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipes" / "endless.toml"
    write_experiment(ENDLESS, recipe)
    stored = stamps(part)
    process = start(*export(recipe, tmp_path / "x.png", "--resume", "--progress", "json"))
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    assert_refused(ended(process), 143, "cancelled")
    assert stamps(part) == stored
    fresh = export(recipe.with_name("short.toml"), tmp_path / "y.png", "--resume")
    done = run(*fresh, largest_file=1000)
    assert_refused(done, 1, "file too large\n")  # no frame is complete
    assert names(tmp_path) == [part.name, "recipes"]


def test_resume_without_stored_frames_is_an_ordinary_export(tmp_path: Path) -> None:
    recipe, path = short(tmp_path), tmp_path / "x.png"
    words = export(recipe, path, "--resume")
    assert_done(run(*words))
    assert contents(path) == undisturbed(recipe)
    assert names(tmp_path) == ["recipes", path.name]
    assert_refused(run(*words), 1, "it already exists; choose another name, or use --overwrite")
    assert_done(run(*words, "--overwrite"))
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.parametrize(
    "words", [["-o", "x.mp4"], ["-o", "x.png", "--frames=3"], ["-o", "x.svg", "--frames=3"]]
)
def test_resume_of_a_single_file_is_refused_before_training(
    words: list[str], tmp_path: Path
) -> None:
    endless = short(tmp_path, ENDLESS)
    done = run("export", endless, *words, "--resume", cwd=tmp_path)
    assert_refused(done, 2, "or omit --resume")
    assert names(tmp_path) == ["recipes"]
