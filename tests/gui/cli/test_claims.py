"""The command claims: its output and its exit code."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import main
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, measure
from engine.claims.reports import Report
from engine.library.built_ins import BUILT_INS, built_in
from engine.library.experiment_file import format_experiment, read_experiment
from gui.cli import claims
from tests.processes import processes

ROOT = Path(__file__).parents[3]
QUICK = [REGISTERED["zero-does-not-learn"], REGISTERED["randn-takes-a-shape"]]


def only(monkeypatch: pytest.MonkeyPatch, *outcomes: Outcome) -> None:
    def measured() -> Iterator[Outcome]:
        yield from outcomes

    monkeypatch.setattr(claims, "measure_all", measured)


def with_numbers_of(claim: Claim, **others: float) -> Outcome:
    return Outcome(claim, {**measure(claim).measured, **others})


@pytest.mark.slow
def test_the_command_measures_every_claim() -> None:
    done = processes.run([sys.executable, "main.py", "claims", "--json"], cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [row["id"] for row in rows] == [claim.id for claim in CLAIMS]
    keys = ["id", "text", "says", "verdict", "condition", "measured", "expected", "experiments"]
    keys += ["derived", "domain", "not_attacked", "tried", "contradicted"]
    for row in rows:
        assert list(row) == keys
        assert row["verdict"].split(" when ")[0] in ("holds", "does not hold")
        assert row["measured"].keys() == row["expected"].keys()
        for name, (low, high) in row["expected"].items():
            assert low <= row["measured"][name] <= high
        assert set(row["experiments"]) <= set(BUILT_INS)


def test_the_table_has_a_line_for_each_claim(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only(monkeypatch, *map(measure, QUICK))
    assert main.main(["claims"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert lines[-1] == "2 claims: 1 holds when, 1 does not hold"
    for claim, line in zip(QUICK, lines, strict=False):
        assert line.startswith(claim.id)
        assert claim.text.value in line
        assert claim.stated.value in line
        assert line.endswith(claim.says)


def test_lines_fit_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only(monkeypatch, *map(measure, QUICK))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert main.main(["claims"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


def test_a_different_verdict_is_reported_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "loss, sigmoid, AND, 150 steps"
    only(monkeypatch, with_numbers_of(QUICK[0], **{name: 0.5}), measure(QUICK[1]))
    assert main.main(["claims"]) == 1
    printed = capsys.readouterr()
    assert "2 claims: 1 does not hold, 1 differs from what is stated\n" in printed.out
    assert re.match(rf"{QUICK[0].id}  {QUICK[0].text.value} +differs from", printed.out)
    assert "    stated as: holds when\n" in printed.out
    assert f"    {name}: 0.5, expected 0.00767722 to 0.00769258\n" in printed.out
    assert printed.err == (
        "initscope: 1 of 2 claims differ from their statement: zero-does-not-learn\n"
    )


def test_numbers_that_are_not_finite_are_null_in_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "loss, sigmoid, AND, 150 steps"
    only(monkeypatch, with_numbers_of(QUICK[0], **{name: float("inf")}))
    assert main.main(["claims", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert row["measured"][name] is None
    assert row["verdict"] == "differs from what is stated"


def test_a_claim_that_cannot_be_measured_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only(monkeypatch, Outcome(QUICK[0], {}, "the file is gone"))
    assert main.main(["claims"]) == 1
    assert "    not measured: the file is gone\n" in capsys.readouterr().out
    assert main.main(["claims", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["verdict"], row["measured"]) == ("not measured", {})
    assert row["reason"] == "the file is gone"


def attacked(monkeypatch: pytest.MonkeyPatch, **reports: Report) -> list[tuple[float, int]]:
    """Let an attack find these reports, by ids with underscores; return its arguments."""
    asked = []

    def attack_all(seconds: float, seed: int, report: Callable[[float], None]) -> dict[str, Report]:
        asked.append((seconds, seed))
        report(0.5)
        return {id.replace("_", "-"): report for id, report in reports.items()}

    monkeypatch.setattr(claims, "attack_all", attack_all)
    only(monkeypatch, *map(measure, QUICK))
    return asked


AGAINST = format_experiment(built_in("zero-tanh-xor"))


def test_attack_is_reported_in_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = attacked(monkeypatch, zero_does_not_learn=Report(7))
    assert main.main(["claims", "--json", "--attack"]) == 0
    one, other = json.loads(capsys.readouterr().out)
    assert (one["tried"], one["contradicted"], one["not_attacked"]) == (7, [], None)
    assert one["domain"].startswith("trainings from zero")
    assert (other["tried"], other["contradicted"], other["domain"]) == (0, [], None)
    assert other["not_attacked"].endswith(".")
    assert main.main(["claims", "--json", "--attack", "2.5", "--seed", "3"]) == 0
    assert asked == [(claims.SECONDS, 0), (2.5, 3)]


def test_without_attack_nothing_was_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = attacked(monkeypatch)
    assert main.main(["claims", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["tried"], row["contradicted"]) for row in rows] == [(0, [])] * 2
    assert asked == []


def test_contradicted_claim_exits_with_1_and_names_the_experiment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    attacked(monkeypatch, zero_does_not_learn=Report(7, (AGAINST,)))
    assert main.main(["claims", "--attack", "1"]) == 1
    file = "zero-does-not-learn-counterexample-1.toml"
    printed = capsys.readouterr()
    assert f"    contradicted by {file}\n" in printed.out
    assert printed.out.endswith("1 claim checked 7 times: 1 is contradicted\n")
    assert printed.err == "initscope: 1 claim contradicted by experiments: zero-does-not-learn\n"
    assert read_experiment(tmp_path / file) == built_in("zero-tanh-xor")
    assert main.main(["claims", "--attack", "1", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["contradicted"] == [AGAINST]


@pytest.mark.parametrize("wrong", [["--attack", "0"], ["--attack=-1"], ["--seed", "-1"]])
def test_wrong_arguments_of_an_attack_are_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["claims", *wrong]) == 2
    assert f"argument {wrong[0].partition('=')[0]}: expected" in capsys.readouterr().err


def test_an_experiment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["claims", "zero-tanh-xor"]) == 2
    assert "initscope: unrecognized arguments: zero-tanh-xor" in capsys.readouterr().err
