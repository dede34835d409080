"""Copies of unsaved changes: found where their session runs no more, and never lost."""

import os
from pathlib import Path

import pytest

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.library.experiment_file import read_experiment, write_experiment
from gui.document.opening import open_experiment
from gui.document.unsaved_copy import UnsavedCopy, find_left


def left_behind(folder: Path, experiment: Experiment, path: Path | None = None) -> None:
    """Leave a copy as a session does that is killed."""
    copy = UnsavedCopy(folder)
    copy.write(experiment, path)
    copy.close(keep=True)


def names(folder: Path) -> list[str]:
    return sorted(entry.suffix for entry in folder.iterdir())


@pytest.mark.parametrize("path", [None, Path("/home/ü 日/a\nb\udc80.toml")])
def test_a_copy_comes_back_with_its_path(tmp_path: Path, path: Path | None) -> None:
    left_behind(tmp_path, Experiment(title="mine", notes='# path = "/other"'), path)
    left, others, sentences = find_left(tmp_path)
    assert left
    assert (left.experiment.title, left.path, left.stored) == ("mine", path, None)
    assert (others, sentences) == (0, ())
    left.copy.close()
    assert not names(tmp_path)


def test_notes_are_no_path(tmp_path: Path) -> None:
    left_behind(tmp_path, Experiment(notes='a\n# path = "/other"\nb'))
    left = find_left(tmp_path).left
    assert left
    assert left.path is None


def test_a_copy_is_an_experiment_file(tmp_path: Path) -> None:
    left_behind(tmp_path, Experiment(title="mine"), tmp_path / "mine.toml")
    (file,) = tmp_path.glob("*.toml")
    assert open_experiment(file) == Experiment(title="mine")


def test_a_session_that_runs_is_left_alone(tmp_path: Path) -> None:
    running = UnsavedCopy(tmp_path)
    running.write(Experiment(title="running"), None)
    assert find_left(tmp_path).left is None
    running.write(Experiment(title="still running"), None)
    running.close()
    assert not names(tmp_path)


def test_the_latest_comes_first_and_then_the_others(tmp_path: Path) -> None:
    for age, title in enumerate(["new", "old", "older"]):
        left_behind(tmp_path, Experiment(title=title))
        newest = max(tmp_path.glob("*.toml"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1_000_000 - age, 1_000_000 - age))
    seen = []
    for remaining in (2, 1, 0):
        left, others, _ = find_left(tmp_path)
        assert left
        assert others == remaining
        seen.append(left.experiment.title)
        left.copy.close()
    assert seen == ["new", "old", "older"]
    assert find_left(tmp_path).left is None


@pytest.mark.parametrize(
    "content", [b"", b"format = 1\ntitle = [", b"\xff\xfe", b"format = 99\n", b"import os\n"]
)
def test_a_broken_copy_is_put_aside_and_the_next_is_found(tmp_path: Path, content: bytes) -> None:
    left_behind(tmp_path, Experiment(title="old"))
    broken = tmp_path / "0123456789ab.toml"
    broken.write_bytes(content)
    os.utime(broken, (2e9, 2e9))  # the latest
    left, _, sentences = find_left(tmp_path)
    assert left
    assert left.experiment.title == "old"
    assert len(sentences) == 1
    aside = broken.with_suffix(".bad")
    assert str(aside) in sentences[0]
    assert aside.read_bytes() == content
    left.copy.close()
    assert names(tmp_path) == [".bad"]
    assert find_left(tmp_path) == (None, 0, ())


def test_what_was_saved_just_before_the_end_is_not_found(tmp_path: Path) -> None:
    saved = tmp_path / "mine.toml"
    folder = tmp_path / "unsaved"
    write_experiment(Experiment(title="mine"), saved)
    left_behind(folder, Experiment(title="mine"), saved)
    assert find_left(folder) == (None, 0, ())
    assert not names(folder)
    left_behind(folder, Experiment(title="changed"), saved)
    left = find_left(folder).left
    assert left
    assert left.stored == read_experiment(saved)


def test_leavings_are_swept_up(tmp_path: Path) -> None:
    left_behind(tmp_path, Experiment())
    (file,) = tmp_path.glob("*.toml")
    (tmp_path / f"{file.name}.part0a1b2c3d").write_text("half")
    (tmp_path / "fedcba987654.lock").touch()
    (tmp_path / "notes.txt").write_text("not ours")
    left = find_left(tmp_path).left
    assert left
    left.copy.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_where_no_folder_can_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    copy = UnsavedCopy(tmp_path / "file" / "unsaved")
    with pytest.raises(InitscopeError, match="cannot write"):
        copy.write(Experiment(), None)
    copy.remove()
    copy.close()
    assert find_left(tmp_path / "file" / "unsaved") == (None, 0, ())
