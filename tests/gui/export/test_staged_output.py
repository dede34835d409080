"""Staged files and folders: beside the target, locked, and removed whatever happens."""

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from engine.io.staged_output import StagedFile, StagedOutput, remove_stale
from gui.export.formats.staged_folder import CHECKSUMS, StagedFolder

ROOT = Path(__file__).parents[3]
KINDS = pytest.mark.parametrize("kind", [StagedFile, StagedFolder])
Kind = type[StagedFile] | type[StagedFolder]


@KINDS
def test_the_output_of_a_killed_process_is_removed_by_the_next(kind: Kind, tmp_path: Path) -> None:
    target = tmp_path / "ü 1.png"
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        f"from {kind.__module__} import {kind.__name__}\n"
        f"staged = {kind.__name__}(Path(sys.argv[1]))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(target)], cwd=ROOT, check=False)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".ü 1.")
    assert left.name.endswith(".part.png")
    assert left.is_dir() == (kind is StagedFolder)
    kind(target).commit()
    assert list(tmp_path.iterdir()) == [target]


@KINDS
def test_the_output_of_a_running_process_is_not_removed(kind: Kind, tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    one = kind(target)
    two = kind(target)
    remove_stale(target)
    assert one.path.exists()
    assert two.path.exists()
    one.commit()
    with pytest.raises(InitscopeError, match="already exists"):
        two.commit()
    assert list(tmp_path.iterdir()) == [target]


@KINDS
def test_of_simultaneous_commits_without_overwrite_one_succeeds(kind: Kind, tmp_path: Path) -> None:
    def refusal(staged: StagedOutput) -> str:
        try:
            staged.commit()
        except InitscopeError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            target = tmp_path / f"{number}.png"
            stageds = [kind(target) for _ in range(8)]
            winner, *others = sorted(threads.map(refusal, stageds))
            assert not winner
            assert all("it already exists" in other for other in others)
            stageds = [kind(target, overwrite=True) for _ in range(8)]
            assert not any(threads.map(refusal, stageds))
    assert len(list(tmp_path.iterdir())) == 20


def test_files_with_similar_names_are_not_removed(tmp_path: Path) -> None:
    others = [".x.part.gif", ".x.0123abcd.part.mp4", ".x.0123abcd.part.gif.old", "x.part.gif"]
    for name in others:
        (tmp_path / name).write_text("")
    remove_stale(tmp_path / "x.gif")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(others)


def test_a_discarded_output_leaves_nothing(tmp_path: Path) -> None:
    StagedFile(tmp_path / "x.gif").discard()
    assert not list(tmp_path.iterdir())
    with pytest.raises(InitscopeError, match="there is no folder"):
        StagedFile(tmp_path / "none" / "x.gif")


def test_targets_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    # A long name fails in every folder, for every user; staged names are cut, targets are not.
    with pytest.raises(InitscopeError, match=r"cannot write .*name too long"):
        StagedFile(tmp_path / ("x" * 300 + ".gif")).commit()
    assert not list(tmp_path.iterdir())
    with pytest.raises(InitscopeError, match="cannot write"):
        StagedFile(Path("/proc/x.gif"))
    with pytest.raises(InitscopeError, match="not a regular file"):
        StagedFile(Path("/dev/null"), overwrite=True)


def folder_with_frame(target: Path) -> StagedFolder:
    """Return a staged folder with a complete frame."""
    staged = StagedFolder(target, resume=True)
    (staged.path / "frame_000000.png").write_text("one")
    (staged.path / CHECKSUMS).write_text("a checksum")
    return staged


LOCKED_FOLDERS = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")


@LOCKED_FOLDERS
def test_a_folder_with_complete_frames_is_left_and_resumed(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    left = folder_with_frame(target)
    beside = StagedFolder(target, resume=True)
    assert beside.path != left.path  # it is not left yet
    beside.discard()
    left.discard()
    left.discard()  # discarding twice removes nothing of another output
    StagedFolder(target, resume=True).discard()
    assert list(tmp_path.iterdir()) == [left.path]
    staged = StagedFolder(target, resume=True)
    assert staged.path == left.path
    remove_stale(target)
    left.discard()
    assert (staged.path / "frame_000000.png").read_text() == "one"
    staged.commit()
    assert list(tmp_path.iterdir()) == [target]
    assert [file.name for file in target.iterdir()] == ["frame_000000.png"]


@LOCKED_FOLDERS
def test_a_folder_without_complete_frames_is_removed(tmp_path: Path) -> None:
    for missing in ("frame_000000.png", CHECKSUMS):
        staged = folder_with_frame(tmp_path / "x.png")
        (staged.path / missing).unlink()
        staged.discard()
        assert not list(tmp_path.iterdir())


@LOCKED_FOLDERS
def test_output_without_resume_removes_staged_frames(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    for kind in (StagedFolder, StagedFile):
        folder_with_frame(target).discard()
        assert list(tmp_path.iterdir())
        kind(target).discard()
        assert not list(tmp_path.iterdir())


@LOCKED_FOLDERS
def test_a_target_that_appears_meanwhile_leaves_the_frames(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    staged = folder_with_frame(target)
    target.mkdir()
    with pytest.raises(InitscopeError, match="already exists"):
        staged.commit()
    assert sorted(file.name for file in staged.path.iterdir()) == ["frame_000000.png", CHECKSUMS]
    StagedFolder(target, overwrite=True, resume=True).commit()
    assert [file.name for file in target.iterdir()] == ["frame_000000.png"]


@LOCKED_FOLDERS
def test_a_folder_that_cannot_be_locked_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    folder_with_frame(tmp_path / "x.png").discard()
    assert not list(tmp_path.iterdir())
