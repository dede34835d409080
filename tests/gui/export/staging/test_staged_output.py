"""Part files: beside the target, locked, gone whatever happens."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from gui.export.staging.staged_output import CHECKSUMS, StagedOutput, probe, remove_stale

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("folder", [False, True])
def test_what_a_killed_export_left_is_removed_by_the_next(folder: bool, tmp_path: Path) -> None:
    target = tmp_path / "ü 1.png"
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "from gui.export.staging.staged_output import Part\n"
        f"part = Part(Path(sys.argv[1]), overwrite=False, folder={folder})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(target)], cwd=ROOT, check=False)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".ü 1.")
    assert left.name.endswith(".part.png")
    assert left.is_dir() == folder
    StagedOutput(target, overwrite=False, folder=folder).commit()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("folder", [False, True])
def test_what_another_export_writes_is_left_alone(folder: bool, tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    one = StagedOutput(target, overwrite=False, folder=folder)
    two = StagedOutput(target, overwrite=False, folder=folder)
    remove_stale(target)
    assert one.path.exists()
    assert two.path.exists()
    one.commit()
    with pytest.raises(InitscopeError, match="there already"):
        two.commit()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("folder", [False, True])
def test_of_many_that_end_at_once_each_finds_what_the_one_before_left(
    folder: bool, tmp_path: Path
) -> None:
    def refusal(part: StagedOutput) -> str:
        try:
            part.commit()
        except InitscopeError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            target = tmp_path / f"{number}.png"
            parts = [StagedOutput(target, overwrite=False, folder=folder) for _ in range(8)]
            winner, *others = sorted(threads.map(refusal, parts))
            assert not winner
            assert all("it is there already" in other for other in others)
            parts = [StagedOutput(target, overwrite=True, folder=folder) for _ in range(8)]
            assert not any(threads.map(refusal, parts))
    assert len(list(tmp_path.iterdir())) == 20


def test_files_that_only_look_alike_stay(tmp_path: Path) -> None:
    others = [".x.part.gif", ".x.0123abcd.part.mp4", ".x.0123abcd.part.gif.old", "x.part.gif"]
    for name in others:
        (tmp_path / name).write_text("")
    remove_stale(tmp_path / "x.gif")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(others)


def test_a_probe_leaves_nothing(tmp_path: Path) -> None:
    probe(tmp_path / "x.gif", overwrite=False)
    assert not list(tmp_path.iterdir())
    with pytest.raises(InitscopeError, match="there is no folder"):
        probe(tmp_path / "none" / "x.gif", overwrite=False)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    # A long name fails in every folder, whoever asks; part names are cut, targets are not.
    with pytest.raises(InitscopeError, match=r"cannot write .*name too long"):
        StagedOutput(tmp_path / ("x" * 300 + ".gif"), overwrite=False).commit()
    assert not list(tmp_path.iterdir())
    with pytest.raises(InitscopeError, match="cannot write"):
        StagedOutput(Path("/proc/x.gif"), overwrite=False)
    with pytest.raises(InitscopeError, match="no ordinary file"):
        StagedOutput(Path("/dev/null"), overwrite=True)


def sealed_part(target: Path) -> StagedOutput:
    """Return a part that another may go on from."""
    part = StagedOutput(target, overwrite=False, folder=True, resume=True)
    (part.path / "frame_000000.png").write_text("one")
    (part.path / CHECKSUMS).write_text("a seal")
    return part


LOCKED_FOLDERS = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")


@LOCKED_FOLDERS
def test_a_part_that_holds_sealed_frames_is_left_and_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    left = sealed_part(target)
    beside = StagedOutput(target, overwrite=False, folder=True, resume=True)
    assert beside.path != left.path  # it is not left yet
    beside.discard()
    left.discard()
    left.discard()  # whoever gives up twice takes nothing from another
    probe(target, overwrite=False, folder=True, resume=True)
    assert list(tmp_path.iterdir()) == [left.path]
    part = StagedOutput(target, overwrite=False, folder=True, resume=True)
    assert part.path == left.path
    remove_stale(target)
    left.discard()
    assert (part.path / "frame_000000.png").read_text() == "one"
    part.commit()
    assert list(tmp_path.iterdir()) == [target]
    assert [file.name for file in target.iterdir()] == ["frame_000000.png"]


@LOCKED_FOLDERS
def test_a_part_without_sealed_frames_is_not_left(tmp_path: Path) -> None:
    for missing in ("frame_000000.png", CHECKSUMS):
        part = sealed_part(tmp_path / "x.png")
        (part.path / missing).unlink()
        part.discard()
        assert not list(tmp_path.iterdir())


@LOCKED_FOLDERS
def test_who_does_not_resume_removes_what_was_left(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    for folder in (True, False):
        sealed_part(target).discard()
        assert list(tmp_path.iterdir())
        probe(target, overwrite=False, folder=folder)
        assert not list(tmp_path.iterdir())


@LOCKED_FOLDERS
def test_a_target_that_came_to_be_meanwhile_leaves_the_frames(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    part = sealed_part(target)
    target.mkdir()
    with pytest.raises(InitscopeError, match="there already"):
        part.commit()
    assert sorted(file.name for file in part.path.iterdir()) == ["frame_000000.png", CHECKSUMS]
    StagedOutput(target, overwrite=True, folder=True, resume=True).commit()
    assert [file.name for file in target.iterdir()] == ["frame_000000.png"]


def test_a_part_that_cannot_be_locked_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.export.staging.staged_output._take_lock", lambda path: None)
    sealed_part(tmp_path / "x.png").discard()
    assert not list(tmp_path.iterdir())
