"""The command `data`, and files of points in place of an experiment."""

import json
from pathlib import Path

import pytest

from gui.cli.commands import main

DIAGNOSES = "id,diagnosis,radius,area\n7,M,1.5,1.8\n9,B,-0.4,-0.5\n8,B,,-0.7\n"
COMPLETE = DIAGNOSES.replace("B,,", "B,-0.9,")


def test_decisions_are_printed_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "diagnoses.csv"
    path.write_text(DIAGNOSES)
    assert main(["data", str(path), "--skip-incomplete", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "encoding": "utf-8",
        "separator": ",",
        "decimal": ".",
        "header": "names",
        "inputs": ["radius", "area"],
        "targets": ["diagnosis"],
        "dropped": [{"column": "id", "why": "an index: all its values are different"}],
        "classes": {"B": 0, "M": 1},
        "task": "binary",
        "examples": 2,
        "skipped": [{"line": 4, "why": "no value for radius"}],
        "notes": [],
    }


def test_decisions_are_printed_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "diagnoses.csv"
    path.write_text(DIAGNOSES)
    assert main(["data", str(path), "--skip-incomplete"]) == 0
    printed = capsys.readouterr().out
    for line in (
        "inputs     radius, area",
        "targets    diagnosis",
        "classes    B → 0, M → 1",
        "dropped    id: an index: all its values are different",
        "skipped    1 line; line 4 has no value for radius",
    ):
        assert f"{line}\n" in printed


def test_incomplete_rows_are_refused_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "diagnoses.csv"
    path.write_text(DIAGNOSES)
    assert main(["data", str(path)]) == 2
    assert "line 4: no value for radius" in capsys.readouterr().err


def test_columns_are_chosen_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "diagnoses.csv"
    path.write_text(COMPLETE)
    words = ["data", str(path), "--inputs", "radius", "--targets", "area", "--json"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["inputs"], document["targets"]) == (["radius"], ["area"])
    assert document["task"] == "regression"


def test_file_of_points_is_the_default_experiment_fitted_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "diagnoses.csv"
    path.write_text(COMPLETE)
    assert main(["run", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["title"] == "diagnoses"
    assert "imported 3 points; target diagnosis; B → 0, M → 1; column id dropped" in caplog.text


def test_text_that_is_an_experiment_is_no_file_of_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.txt"
    path.write_text('# mine\nformat = 1\ntitle = "Mine"\n[training]\nsteps = 2\n')
    assert main(["run", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Mine"
