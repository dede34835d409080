"""Reports of attacks are stored for the version of the engine that made them."""

from pathlib import Path

import pytest

from engine.claims import reports
from engine.claims.attack.attack import Attack, Finding
from engine.claims.claim import REGISTERED
from engine.claims.reports import Report, attack_all, attacks, report_of, stored_reports
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment

RULE = "rate-law-in-floats"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Store reports in a temporary folder, and attack one claim only."""
    attack = attacks()[RULE]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(reports, "attacks", lambda: {RULE: attack})
    return tmp_path


def test_reports_are_stored_and_read_back() -> None:
    assert stored_reports() == {}
    found = attack_all(0.01, seed=2)
    assert found.keys() == {RULE}
    assert found[RULE].tried > 0
    assert found[RULE].contradicted == ()
    assert 0 < len(found[RULE].closest) <= 3
    assert stored_reports() == found


def test_reports_of_another_engine_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    attack_all(0.01)
    monkeypatch.setattr(reports, "fingerprint", lambda: "another")
    assert stored_reports() == {}


def test_unreadable_reports_are_ignored() -> None:
    attack_all(0.01)
    reports.storage_path().write_text("{}", "utf-8")
    assert stored_reports() == {}


def test_attack_succeeds_where_nothing_can_be_stored(folder: Path) -> None:
    (folder / "initscope").write_text("no folder", "utf-8")
    assert attack_all(0.01)[RULE].tried > 0


def test_report_names_its_experiments() -> None:
    claim, experiment = REGISTERED["zero-does-not-learn"], built_in("zero-tanh-xor")
    assert isinstance(claim.attack, Attack)
    report = report_of(claim, Finding(9, 5, (experiment,), ((0.5, experiment),)))
    assert (report.tried, len(report.contradicted), len(report.closest)) == (5, 1, 1)
    (against,) = map(parse_experiment, report.contradicted)
    assert against.title == "zero-does-not-learn: counterexample 1"
    assert claim.says in against.notes
    assert against.computes_like(experiment)
    assert Report() == Report(0, (), ())
