"""Part files: beside the target, locked, gone whatever happens."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from gui.export.part import Part, probe, remove_stale

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("folder", [False, True])
def test_what_a_killed_export_left_is_removed_by_the_next(folder: bool, tmp_path: Path) -> None:
    target = tmp_path / "ü 1.png"
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom gui.export.part import Part\n"
        f"part = Part(Path(sys.argv[1]), overwrite=False, folder={folder})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(target)], cwd=ROOT, check=False)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".ü 1.")
    assert left.name.endswith(".part.png")
    assert left.is_dir() == folder
    Part(target, overwrite=False, folder=folder).commit()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("folder", [False, True])
def test_what_another_export_writes_is_left_alone(folder: bool, tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    one = Part(target, overwrite=False, folder=folder)
    two = Part(target, overwrite=False, folder=folder)
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
    def refusal(part: Part) -> str:
        try:
            part.commit()
        except InitscopeError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            target = tmp_path / f"{number}.png"
            parts = [Part(target, overwrite=False, folder=folder) for _ in range(8)]
            winner, *others = sorted(threads.map(refusal, parts))
            assert not winner
            assert all("it is there already" in other for other in others)
            parts = [Part(target, overwrite=True, folder=folder) for _ in range(8)]
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
        Part(tmp_path / ("x" * 300 + ".gif"), overwrite=False).commit()
    assert not list(tmp_path.iterdir())
    with pytest.raises(InitscopeError, match="cannot write"):
        Part(Path("/proc/x.gif"), overwrite=False)
    with pytest.raises(InitscopeError, match="no ordinary file"):
        Part(Path("/dev/null"), overwrite=True)
