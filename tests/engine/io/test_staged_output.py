"""Staged files: committed completely or not at all, and nothing partial is left."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from engine.io.staged_output import StagedFile, check_target, write_text


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_appears_when_it_is_committed(tmp_path: Path) -> None:
    target = tmp_path / "new.txt"
    with StagedFile(target, overwrite=True) as staged:
        assert staged.path.parent == tmp_path
        assert re.fullmatch(r"\.new\.[0-9a-f]{8}\.part\.txt", staged.path.name)
        staged.path.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert names(tmp_path) == ["new.txt"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "old.txt"
    target.write_text("old")

    def write_half() -> None:
        with StagedFile(target, overwrite=True) as staged:
            staged.path.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["old.txt"]


def test_a_staged_file_that_was_removed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InitscopeError), StagedFile(tmp_path / "x") as staged:
        staged.path.unlink()
    assert not names(tmp_path)


def test_permissions_follow_the_umask_or_the_replaced_file(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    before = os.umask(0o027)
    try:
        write_text(target, "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.chmod(0o604)
    write_text(target, "newer")
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file.txt"
    target.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert names(tmp_path / "real") == ["file.txt"]


def test_the_longest_possible_file_names_are_written(tmp_path: Path) -> None:
    for name in ("a" * 255, "é" * 127, "漢" * 85, "💡" * 63, "x." + "💡" * 62):
        write_text(tmp_path / name, "x")
        assert (tmp_path / name).read_text() == "x"
    with pytest.raises(InitscopeError, match="name too long"):
        write_text(tmp_path / ("a" * 256), "x")


def test_targets_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("")
    for target, message in {
        tmp_path: "it is a folder",
        tmp_path / "missing" / "x.txt": "there is no folder",
        tmp_path / "file" / "x.txt": "there is no folder",
        tmp_path / "pipe": "it is not a regular file",
        Path("/dev/full"): "it is not a regular file",
        Path("/proc/x.txt"): "",
        Path("a\0b"): "",
    }.items():
        before = names(tmp_path)
        with pytest.raises(InitscopeError) as caught:
            write_text(target, "x")
        assert str(caught.value).startswith(f"cannot write {target}: ")
        assert message in str(caught.value)
        assert names(tmp_path) == before


def test_read_only_targets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file.txt").write_text("old")
    refused: list[Path] = []
    # The superuser, who may run this, may write everywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) not in refused)
    refused.append(tmp_path / "file.txt")
    with pytest.raises(InitscopeError, match="the file is read-only"):
        check_target(tmp_path / "file.txt")
    refused.append(tmp_path)
    with pytest.raises(InitscopeError, match="is not writable"):
        check_target(tmp_path / "new.txt")


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    program = (
        "import resource, sys\n"
        "from engine.io.staged_output import write_text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_text(sys.argv[1], 'x' * 5000)\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"InitscopeError cannot write {target}: file too large\n"
    assert target.read_text() == "old"
    assert names(tmp_path) == ["x.txt"]


def test_check_target_returns_the_file_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real.txt")
    assert check_target(tmp_path / "link") == tmp_path / "real.txt"
