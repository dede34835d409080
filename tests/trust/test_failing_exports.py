"""Failing exports are refused early, end in one sentence, and leave no partial file."""

import json
import signal
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.export.formats.registry import FORMATS
from gui.export.job import ExportJob
from gui.export.plan import ExportPlan
from tests.gui.export.pictures import read
from tests.trust.programs import (
    ENDLESS,
    SHORT,
    SMALL,
    assert_done,
    assert_refused,
    contents,
    ended,
    names,
    ordinary,
    own_mounts,
    run,
    short,
    start,
)


@pytest.mark.slow
def test_read_only_targets_are_refused_before_training(tmp_path: Path) -> None:
    under, endless = ordinary(), short(tmp_path, ENDLESS)
    locked, target = tmp_path / "locked", tmp_path / "x.gif"
    locked.mkdir()
    locked.chmod(0o555)
    target.write_text("old")
    target.chmod(0o444)
    for path, reason in ((locked / "x.mp4", "locked is not writable"), (target, "read-only")):
        done = run("export", endless, "-o", path, "--overwrite", under=under)
        assert_refused(done, 1, reason)
    (tmp_path / "closed").mkdir(mode=0o000)
    done = run("export", endless, "-o", tmp_path / "closed" / "x.mp4", under=under)
    assert_refused(done, 1, "cannot write")
    assert target.read_text() == "old"
    assert not names(locked)
    assert not names(tmp_path / "closed")


def test_devices_are_refused_before_training(tmp_path: Path) -> None:
    endless = short(tmp_path, ENDLESS)
    (tmp_path / "x.gif").symlink_to("/dev/full")
    done = run("export", endless, "-o", tmp_path / "x.gif", "--overwrite")
    assert_refused(done, 1, "it is not a regular file")
    assert_refused(run("export", endless, "-o", "/dev/full"), 2, "the name must end in one of")
    assert names(tmp_path) == ["recipes", "x.gif"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_disk_that_fills_up_leaves_the_older_target(suffix: str, tmp_path: Path) -> None:
    recipe, path = short(tmp_path), tmp_path / f"x{suffix}"
    path.write_text("old")
    words = ("export", recipe, "-o", path, "--size", "640x360", "--overwrite")
    assert_refused(run(*words, largest_file=4096), 1, f"cannot write {path}: ")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".png"])
def test_a_small_disk_that_fills_up_is_unchanged(suffix: str, tmp_path: Path) -> None:
    recipe, disk, files = short(tmp_path), tmp_path / "disk", tmp_path / "files"
    disk.mkdir()
    script = (
        f"mount -t tmpfs -o size=40k none '{disk}'; printf old > '{disk}/x{suffix}'\n"
        f"\"$@\" || code=$?; ls -A '{disk}' > '{files}'; cat '{disk}/x{suffix}' >> '{files}'\n"
        "exit $code"
    )
    words = ("-o", disk / f"x{suffix}", "--size", "1280x720", "--overwrite")
    done = run("export", recipe, *words, under=own_mounts(script))
    assert_refused(done, 1, "no space left on device")
    assert files.read_text() == f"x{suffix}\nold"


def test_an_export_after_a_failed_one_makes_all_frames(tmp_path: Path) -> None:
    recipe = short(tmp_path)
    path, undisturbed = tmp_path / "x.png", tmp_path / "y.png"
    assert_done(run("export", recipe, "-o", undisturbed, "--size", "640x360"))
    limit = len(contents(undisturbed)[0])  # the first frame is written, and a later one too large
    assert max(map(len, contents(undisturbed))) > limit
    words = ("export", recipe, "-o", path, "--size", "640x360")
    done = run(*words, largest_file=limit)
    assert_refused(done, 1, "file too large")
    assert names(tmp_path) == ["recipes", "y.png"]
    assert_done(run(*words))
    assert contents(path) == contents(undisturbed)


@pytest.mark.parametrize("suffix", [".mp4", ".png"])
def test_a_killed_export_leaves_a_staged_output_that_the_next_one_removes(
    suffix: str, tmp_path: Path
) -> None:
    recipe, path = short(tmp_path), tmp_path / f"x{suffix}"
    path.write_text("old")
    words = ("export", recipe, "-o", path, *SMALL, "--overwrite")
    process = start(*words, "--hold-last", "100000", "--progress", "json")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["stage"] == "rendering":
            break
    process.kill()
    assert ended(process).returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    (part,) = set(names(tmp_path)) - {"recipes", path.name}
    assert part.startswith(".x.")
    assert part.endswith(f".part{suffix}")
    if suffix == ".png":
        path.unlink()  # a file is no folder's older version
    assert_done(run(*words))
    assert len(read(path).frames) == 11
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [pytest.param(1, marks=pytest.mark.soak), 10])
@pytest.mark.parametrize("percent", [1, 50, 99])
def test_a_cancelled_export_ends_within_a_second_or_ten_on_a_busy_machine(
    percent: int, seconds: int, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "x.mp4"
    job = ExportJob(SHORT, ExportPlan(path, size=(1280, 720), hold_last=240))
    ends: list[tuple[str, float]] = []
    asked = 0.0

    def follow(done: int, total: int) -> None:
        nonlocal asked
        if not asked and done >= percent / 100 * total:
            asked = time.monotonic()
            job.cancel()

    job.progress.connect(follow)
    for name in ("finished", "failed", "cancelled"):
        getattr(job, name).connect(lambda *_, name=name: ends.append((name, time.monotonic())))
    job.start()
    qtbot.waitUntil(lambda: bool(ends), timeout=60_000)
    ((end, at),) = ends
    assert at - asked < seconds
    if percent == 99 and end == "finished":  # before it could be asked
        assert len(read(path).frames) == 251
        path.unlink()
    else:
        assert end == "cancelled"
    assert not names(tmp_path)
    again = ExportJob(SHORT, ExportPlan(path, size=(320, 180)))
    with qtbot.waitSignal(again.finished, timeout=60_000):
        again.start()
    assert names(tmp_path) == ["x.mp4"]
    assert len(read(path).frames) == 11
