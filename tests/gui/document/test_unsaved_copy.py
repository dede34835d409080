"""Copies of unsaved changes: found when their session has ended, and never lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.library.experiment_file import read_experiment, write_experiment
from gui.document.opening import Opened, open_experiment
from gui.document.unsaved_copy import UnsavedCopy, find_copies

ROOT = Path(__file__).parents[3]


def leave_copy(
    folder: Path, experiment: Experiment, path: Path | None = None, version: str | None = None
) -> None:
    """Leave a copy as a killed session does."""
    copy = UnsavedCopy(folder)
    copy.write(Opened(experiment, path, version))
    copy.close(keep=True)


def names(folder: Path) -> list[str]:
    return sorted(entry.suffix for entry in folder.iterdir())


@pytest.mark.parametrize("path", [None, Path("/home/ü 日/a\nb\udc80.toml")])
def test_a_copy_is_found_with_its_path(tmp_path: Path, path: Path | None) -> None:
    experiment, version = Experiment(title="mine", notes='# path = "/other"'), "0a1b"
    leave_copy(tmp_path, experiment, path, version)
    recovered, others, errors = find_copies(tmp_path)
    assert recovered
    assert recovered.content == Opened(experiment, path, version)
    assert recovered.stored is None
    assert (others, errors) == (0, ())
    recovered.copy.close()
    assert not names(tmp_path)


def test_a_copy_is_written_again_after_its_folder_has_vanished(tmp_path: Path) -> None:
    folder = tmp_path / "unsaved"
    copy = UnsavedCopy(folder)
    copy.write(Opened(Experiment(title="first")))
    shutil.rmtree(folder)
    copy.write(Opened(Experiment(title="second")))
    copy.close(keep=True)
    recovered = find_copies(folder).recovered
    assert recovered
    assert recovered.content.experiment.title == "second"
    recovered.copy.close()


def test_path_in_the_notes_is_ignored(tmp_path: Path) -> None:
    leave_copy(tmp_path, Experiment(notes='a\n# path = "/other"\n# version = "1"\nb'))
    recovered = find_copies(tmp_path).recovered
    assert recovered
    assert recovered.content.path is None


def test_a_copy_is_an_experiment_file(tmp_path: Path) -> None:
    leave_copy(tmp_path, Experiment(title="mine"), tmp_path / "mine.toml")
    (file,) = tmp_path.glob("[!.]*.toml")
    assert open_experiment(file) == Experiment(title="mine")


def test_the_copy_of_a_running_session_is_not_found(tmp_path: Path) -> None:
    running = UnsavedCopy(tmp_path)
    running.write(Opened(Experiment(title="running")))
    assert find_copies(tmp_path).recovered is None
    running.write(Opened(Experiment(title="still running")))
    running.close()
    assert not names(tmp_path)


HOLDER = """
import sys, time
from pathlib import Path
from engine.experiment.experiment import Experiment
from gui.document.opening import Opened
from gui.document.unsaved_copy import UnsavedCopy
copy = UnsavedCopy(Path(sys.argv[1]))
copy.write(Opened(Experiment(title="mine")))
print("written", flush=True)
time.sleep(60)
"""


def test_the_copy_of_another_process_is_found_when_it_is_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "written\n"
        assert find_copies(tmp_path).recovered is None
        holder.kill()
    recovered = find_copies(tmp_path).recovered
    assert recovered
    assert recovered.content.experiment.title == "mine"
    recovered.copy.close()
    assert not names(tmp_path)


def test_the_latest_copy_is_found_first(tmp_path: Path) -> None:
    for age, title in enumerate(["new", "old", "older"]):
        leave_copy(tmp_path, Experiment(title=title))
        newest = max(tmp_path.glob("[!.]*.toml"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1_000_000 - age, 1_000_000 - age))
    seen = []
    for remaining in (2, 1, 0):
        recovered, others, _ = find_copies(tmp_path)
        assert recovered
        assert others == remaining
        seen.append(recovered.content.experiment.title)
        recovered.copy.close()
    assert seen == ["new", "old", "older"]
    assert find_copies(tmp_path).recovered is None


@pytest.mark.parametrize(
    "content", [b"", b"format = 1\ntitle = [", b"\xff\xfe", b"format = 99\n", b"import os\n"]
)
def test_a_broken_copy_is_renamed_and_the_next_is_found(tmp_path: Path, content: bytes) -> None:
    leave_copy(tmp_path, Experiment(title="old"))
    broken = tmp_path / "0123456789ab.toml"
    broken.write_bytes(content)
    os.utime(broken, (2e9, 2e9))  # the latest
    recovered, _, errors = find_copies(tmp_path)
    assert recovered
    assert recovered.content.experiment.title == "old"
    assert len(errors) == 1
    renamed = broken.with_suffix(".bad")
    assert str(renamed) in errors[0]
    assert renamed.read_bytes() == content
    recovered.copy.close()
    assert names(tmp_path) == [".bad"]
    assert find_copies(tmp_path) == (None, 0, ())


def test_a_copy_that_equals_the_saved_file_is_removed(tmp_path: Path) -> None:
    saved = tmp_path / "mine.toml"
    folder = tmp_path / "unsaved"
    write_experiment(Experiment(title="mine"), saved)
    leave_copy(folder, Experiment(title="mine"), saved)
    assert find_copies(folder) == (None, 0, ())
    assert not names(folder)
    leave_copy(folder, Experiment(title="changed"), saved)
    recovered = find_copies(folder).recovered
    assert recovered
    assert recovered.stored == read_experiment(saved)


def test_partial_copies_and_stale_locks_are_removed(tmp_path: Path) -> None:
    leave_copy(tmp_path, Experiment())
    (file,) = tmp_path.glob("[!.]*.toml")
    (tmp_path / f".{file.stem}.0a1b2c3d.part.toml").write_text("half")
    (tmp_path / "fedcba987654.lock").touch()
    (tmp_path / "notes.txt").write_text("not ours")
    recovered = find_copies(tmp_path).recovered
    assert recovered
    recovered.copy.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    copy = UnsavedCopy(tmp_path / "file" / "unsaved")
    with pytest.raises(InitscopeError, match="cannot write"):
        copy.write(Opened(Experiment()))
    copy.close()
    assert find_copies(tmp_path / "file" / "unsaved") == (None, 0, ())
