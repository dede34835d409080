"""An edited experiment is detected even if no number of a claim changes."""

import json
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.claims import digests
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Outcome, clear_cache, measure
from engine.claims.digests import TABLE, digest, is_edited, table_of
from engine.library import built_ins as library
from engine.library.built_ins import built_in

CLAIM = REGISTERED["rate-lies-between-zero-and-one"]
"""A claim that is measured on AND and shows two clouds."""
SHOWN = "perceptron-clouds"
EDITED = f"its experiment {SHOWN} was edited: its picture may no longer show this; restore the file"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the library read a copy of all experiments."""
    folder = tmp_path / "experiments"
    shutil.copytree(TABLE.parent, folder)
    files = {name: folder / file.relative_to(TABLE.parent) for name, file in library.FILES.items()}
    monkeypatch.setattr(library, "FILES", files)
    built_in.cache_clear()
    clear_cache()
    yield folder
    built_in.cache_clear()
    clear_cache()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_stored_digests_are_those_of_the_experiments() -> None:
    names = {name for claim in CLAIMS for name in claim.shown}
    changed = [name for name in names if is_edited(name)]
    lines = "\n".join(f'  "{name}": "{digest(name)}"' for name in sorted(changed))
    assert not changed, (
        f"if these were meant to change, run python -m engine.claims, which writes\n{lines}"
    )
    assert json.loads(TABLE.read_text("utf-8")).keys() == names
    assert TABLE.read_text("utf-8") == table_of(names)


def test_unchanged_copy_is_not_edited(copy: Path) -> None:
    assert measure(CLAIM).agrees


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rates = [0.05, 0.5, 5.0]", "rates = [0.05, 0.5]"),
        ("noise = 0.35", "noise = 0.36"),
        ("start = [2.0,", "start = [2.5,"),
    ],
)
def test_edit_that_changes_no_number_is_detected(copy: Path, old: str, new: str) -> None:
    edit(copy / f"{SHOWN}.toml", old, new)
    assert measure(CLAIM) == Outcome(CLAIM, {}, EDITED)


def test_edit_of_the_points_is_detected(copy: Path) -> None:
    points = copy / "scenarios" / "unbalanced.csv"
    last = points.read_text("utf-8").splitlines()[-1]
    edit(points, last, "9" + last.lstrip("-"))
    assert "half-and-third was edited" in measure(REGISTERED["rows-become-half-and-third"]).problem


def test_changed_title_notes_and_panels_are_no_edit(copy: Path) -> None:
    file = copy / f"{SHOWN}.toml"
    edit(file, 'title = "', 'title = "New: ')
    edit(file, 'notes = """\n', 'notes = """\nMore words. ')
    edit(file, "\n[data]", 'panels = ["weights"]\n\n[data]')
    assert measure(CLAIM).agrees


def test_missing_file_is_detected(copy: Path) -> None:
    (copy / f"{SHOWN}.toml").unlink()
    assert "there is no such file" in measure(CLAIM).problem


def test_module_writes_the_table(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "TABLE", tmp_path / "digests.json")
    runpy.run_module("engine.claims", run_name="__main__")
    assert (tmp_path / "digests.json").read_text("utf-8") == TABLE.read_text("utf-8")
