"""The command claims: its output and its exit code."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, measure
from engine.library.built_ins import BUILT_INS
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


def test_an_experiment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["claims", "zero-tanh-xor"]) == 2
    assert "initscope: unrecognized arguments: zero-tanh-xor" in capsys.readouterr().err
