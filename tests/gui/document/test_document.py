"""The document: undo and redo with their texts, and its modified state."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment, Run
from engine.library.built_ins import built_in
from engine.library.experiment_file import read_experiment
from gui.document.document import Document


def titled(title: str) -> Experiment:
    return Experiment(title=title)


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(titled("one"))


def test_a_new_document_has_nothing_to_undo(document: Document) -> None:
    assert (document.undo_text, document.redo_text) == ("", "")
    document.undo()
    document.redo()
    assert document.experiment == titled("one")
    assert not document.is_modified


def test_undo_and_redo_name_the_change(document: Document) -> None:
    document.apply(titled("two"), "Change title")
    document.apply(titled("three"), "Change title again")
    assert (document.undo_text, document.redo_text) == ("Change title again", "")
    document.undo()
    assert document.experiment == titled("two")
    assert (document.undo_text, document.redo_text) == ("Change title", "Change title again")
    document.undo()
    assert not document.is_modified
    document.redo()
    document.redo()
    assert document.experiment == titled("three")


def test_a_new_change_clears_redo(document: Document) -> None:
    document.apply(titled("two"), "a")
    document.undo()
    document.apply(titled("three"), "b")
    assert (document.undo_text, document.redo_text) == ("b", "")


def test_an_equal_experiment_is_no_change(document: Document, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(document.changed):
        document.apply(titled("one"), "Change nothing")
    assert document.undo_text == ""


def test_a_saved_experiment_is_opened_again(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    document.apply(titled("mine"), "Change title")
    assert document.is_modified
    document.save(path)
    assert (document.is_modified, document.path) == (False, path)
    assert read_experiment(path) == titled("mine")
    other = Document(titled("other"))
    other.open(str(path))
    assert (other.experiment, other.path) == (titled("mine"), path)
    assert other.undo_text == "Open mine"
    other.undo()
    assert (other.experiment, other.path) == (titled("other"), None)


def test_undo_past_a_save_is_a_modification(document: Document, tmp_path: Path) -> None:
    document.save(tmp_path / "a.toml")
    document.apply(titled("two"), "a")
    document.save()
    document.undo()
    assert document.is_modified
    document.redo()
    assert not document.is_modified


def test_a_built_in_has_no_path(document: Document) -> None:
    document.open("constant")
    assert (document.experiment, document.path) == (built_in("constant"), None)


@pytest.mark.parametrize("content", [None, b"title = 3", b"\xff\xfe\x00", b"[data]\nname = 'xorr'"])
def test_a_failed_open_changes_nothing(
    document: Document, tmp_path: Path, qtbot: QtBot, content: bytes | None
) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    with qtbot.assertNotEmitted(document.changed), pytest.raises(InitscopeError):
        document.open(str(path))
    assert document.experiment == titled("one")


def test_a_failed_save_stays_modified(document: Document, tmp_path: Path) -> None:
    document.apply(titled("two"), "a")
    with pytest.raises(InitscopeError):
        document.save(tmp_path / "missing" / "a.toml")
    assert (document.is_modified, document.path) == (True, None)


def test_every_opening_has_its_own_source(document: Document) -> None:
    first = document.state.source
    document.apply(document.experiment.replace(notes="x"), "a")
    assert document.state.source is first
    document.open("constant")
    assert document.state.source is not first


def test_unsaved_experiments_are_distinguished_by_their_opening(
    document: Document, tmp_path: Path
) -> None:
    document.open("constant")
    document.apply(titled("first"), "a")
    document.open("constant")  # the same again
    document.apply(titled("second"), "b")
    first, second = document.unsaved
    assert [first.experiment.title, second.experiment.title] == ["first", "second"]
    document.save(tmp_path / "first.toml", first)
    assert read_experiment(tmp_path / "first.toml") == titled("first")
    assert document.unsaved == (second,)
    assert document.path is None
    document.undo()
    assert not document.unsaved


def with_runs(*names: str) -> Experiment:
    return Experiment(runs=tuple(Run(name=name) for name in names))


def test_undo_restores_the_selected_run(qapp: object) -> None:
    document = Document(with_runs("a", "b"))
    document.apply(with_runs("a", "b", "c"), "Fork run A")
    assert document.state.chosen == 2
    document.choose(1)
    document.undo()
    assert document.state.chosen == 0
    document.choose(1)
    document.redo()
    assert document.state.chosen == 1
    assert (document.undo_text, document.redo_text) == ("Fork run A", "")


@pytest.mark.parametrize(
    ("chosen", "left", "after"),
    [(2, "bc", 1), (2, "ab", 1), (1, "bc", 0), (0, "bc", 0), (1, "ab", 1), (2, "x", 0)],
)
def test_the_selected_run_stays_selected_when_another_is_removed(
    qapp: object, chosen: int, left: str, after: int
) -> None:
    document = Document(with_runs(*"abc"))
    document.choose(chosen)
    document.apply(with_runs(*left), "Remove a run")
    assert document.state.chosen == after
    document.undo()
    assert document.state.chosen == chosen


def test_an_opened_experiment_has_its_first_run_selected(qapp: object) -> None:
    document = Document(with_runs("a", "b"))
    document.choose(1)
    document.open("constant")
    assert document.state.chosen == 0
    document.undo()
    assert document.state.chosen == 1


def test_undo_after_the_first_save_keeps_the_file(document: Document, tmp_path: Path) -> None:
    document.apply(titled("two"), "a")
    document.save(tmp_path / "a.toml")
    document.undo()
    assert (document.path, document.is_modified) == (tmp_path / "a.toml", True)
    document.save()
    assert read_experiment(tmp_path / "a.toml") == titled("one")
